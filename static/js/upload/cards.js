// The clips of this FormCheck below each other: a new one is shown, and all are followed to the results.

export function showCard(answer, form) {
  const old = document.getElementById(`clip-${answer.clip}`);
  if (answer.outcome === "duplicate" && !old) {
    location.assign(answer.next);
    return;
  }
  htmx.ajax("GET", answer.card, old ? { target: old, swap: "outerHTML" } : { target: "#clips", swap: "beforeend" });
  const said = form.querySelector("[data-said]");
  said.textContent = answer.note || form.dataset.textDone;
  said.hidden = false;
}

/** `isBusy` tells whether somebody is still choosing or sending here: then nobody is led away. */
export function follow(isBusy) {
  // Every clip of this FormCheck is analysed: go and see.
  document.body.addEventListener("runform:results", (event) => {
    if (!isBusy()) location.assign(event.detail.url);
  });
  // The clip is gone, or the login has ended: stop asking, and let the page itself say so.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const elsewhere = new URL(xhr.responseURL || location.href).pathname !== requestConfig.path;
    if (xhr.status !== 404 && !(xhr.status === 200 && elsewhere)) return;
    event.detail.shouldSwap = false;
    if (!isBusy()) location.reload();
  });
}
