// The tips of a draft: order and removal.  Their place on the page is their order.

export function arrange(form, changed) {
  const list = form.querySelector("[data-tips]");
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-tip-do]"), tip = button?.closest("[data-tip]");
    if (!tip) return;
    const next = tip.nextElementSibling, before = tip.previousElementSibling;
    if (button.dataset.tipDo === "up") before?.before(tip);
    if (button.dataset.tipDo === "down") next?.after(tip);
    if (button.dataset.tipDo === "remove") {
      tip.remove();
      (next ?? before)?.querySelector("textarea").focus();
    } else button.focus();
    changed();
  });
  list.addEventListener("htmx:afterSwap", () => {
    list.lastElementChild?.querySelector("textarea")?.focus();
    changed();
  });
}

/** What a draft says, whatever the tips are called on the page. */
export function worth(fields) {
  return JSON.stringify(fields.filter(([name]) => /^(message|cue-|why-|drills-)/.test(name)).map(([, value]) => value.trim().replaceAll("\r", "")));
}

/** Put kept fields back, in their order; tips that the page lacks are made, others that were removed go. */
export function fill(form, fields) {
  const list = form.querySelector("[data-tips]"), blank = form.querySelector("[data-blank-tip]").innerHTML;
  list.replaceChildren();
  for (const [name, value] of fields) {
    if (name === "tip") list.insertAdjacentHTML("beforeend", blank.replaceAll("__name__", CSS.escape(value)));
    else if (form.elements[name] && !["version", "csrfmiddlewaretoken", "from"].includes(name)) form.elements[name].value = value;
  }
}
