// A comment on the picture that a clip shows: the form takes it from the player that was used last.

export function offerMoment() {
  const form = document.querySelector(".conversation__new"), choice = form?.querySelector("[data-moment-choice]");
  if (!choice) return;
  let root = null;
  const box = choice.querySelector("[data-at-moment]"), text = choice.querySelector("[data-moment-text]");
  const show = () => {
    const player = root?.player, on = box.checked && player;
    const { report, t_s: moment, frame } = form.elements;
    report.value = on ? root.dataset.player : "";
    frame.value = on ? player.film.at : "";
    moment.value = on ? player.track.starts[player.film.at].toFixed(4) : "";
    if (player) text.textContent = `${player.track.starts[player.film.at].toFixed(2)} s`;
  };
  const opened = (target) => {
    root ??= target;
    choice.hidden = false;
    target.player.overlays.add(() => { if (target === root) show(); });
    show();
  };
  document.addEventListener("player", ({ target }) => opened(target));
  for (const one of document.querySelectorAll("[data-player]")) if (one.player) opened(one);
  document.addEventListener("focusin", ({ target }) => { root = target.closest?.("[data-player]") ?? root; show(); });
  form.addEventListener("submit", show);
  box.addEventListener("change", show);
}
