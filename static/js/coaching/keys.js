// The keyboard of the review, outside of texts and clips.

const WRITES = "textarea, select, input:not([type=radio], [type=checkbox])";
const ANSWERS = { a: "agree", d: "disagree", u: "cant_tell", m: "missed" };
const SWITCH = "review-keys-off";

const places = () => [...document.querySelectorAll("[data-judge]")].filter((one) => one.offsetParent || !one.closest("details:not([open])"));

function go(way) {
  const all = places(), here = document.activeElement.closest("[data-judge]");
  const at = here ? all.indexOf(here) + way : way > 0 ? 0 : all.length - 1;
  const next = all[(at + all.length) % all.length];
  if (!next) return;
  const radios = [...next.querySelectorAll("input[type=radio]")];
  (radios.find((one) => one.checked) ?? radios[0]).focus({ preventScroll: true });
  next.closest("article, details").scrollIntoView({ block: "center" });
}

function answer(value) {
  const radio = document.activeElement.closest("[data-judge]")?.querySelector(`input[value="${value}"]`);
  if (radio) radio.click();
  else if (value === "missed") document.getElementById("missed-why")?.focus();
}

function comment() {
  const box = document.activeElement.closest("[data-judge]")?.querySelector(".judge__comment");
  if (box) box.open = true;
  (box?.querySelector("textarea") ?? document.getElementById("new-comment"))?.focus();
}

function focusOn(element) {
  element?.scrollIntoView({ block: "center" });
  element?.focus({ preventScroll: true });
}

const KEYS = {
  "]": () => go(1),
  "[": () => go(-1),
  w: () => document.activeElement.closest("[data-judge]")?.querySelector("input[name=why]").focus(),
  c: comment,
  v: () => focusOn(document.querySelector("[data-stage]")),
  t: () => focusOn(document.getElementById("summary-message")),
  "?": () => document.getElementById("review-keys").showModal(),
};

function leave() {
  const { activeElement: here } = document, judge = here.closest("[data-judge]");
  if (judge && here.matches(WRITES)) judge.querySelector("input[type=radio]").focus();
  else here.blur();
}

function withControl(event, form) {
  if (event.key === "s") form.querySelector("button[type=submit]:not([name])").click();
  else if (event.key === "Enter" && form.contains(event.target)) form.querySelector("button[name=publish]").focus();
  else return;
  event.preventDefault();
}

export function listenToKeys(form) {
  const toggle = document.querySelector("[data-keys-on]");
  toggle.checked = !localStorage.getItem(SWITCH);
  toggle.addEventListener("change", () => (toggle.checked ? localStorage.removeItem(SWITCH) : localStorage.setItem(SWITCH, "yes")));
  document.querySelector("[data-review-keys]")?.addEventListener("click", KEYS["?"]);
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) return form && withControl(event, form);
    if (event.key === "Escape") return leave();
    if (!toggle.checked || event.target.matches(WRITES) || event.target.closest("[data-player]")) return;
    const key = event.key.toLowerCase(), act = KEYS[key] ?? (ANSWERS[key] && (() => answer(ANSWERS[key])));
    if (!act) return;
    event.preventDefault();
    act();
  });
}
