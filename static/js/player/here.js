// "Measure here instead": outside the analysed stretch the player offers to measure from this moment on.  The form comes
// with the words about the report's version, for those who may; it moves into the player.

function place(form) {
  const panel = document.querySelector(`[data-player="${form.dataset.here}"] [data-seek]`);
  if (panel && form.previousElementSibling !== panel) panel.after(form);
}

function follow({ clip, frame, t_s }) {
  // A newer one, further up, takes the place of the one that has moved already.
  const [form, ...older] = document.querySelectorAll(`[data-here="${clip}"]`);
  older.forEach((one) => one.remove());
  const root = document.querySelector(`[data-player="${clip}"]`);
  if (!form || !root?.player) return;
  place(form);
  const { track } = root.player;
  // A clip ends where nothing is left to measure.
  form.hidden = track.analysed(frame) || t_s > track.end_s - 2;
  form.elements.start_s.value = t_s.toFixed(3);
}

document.addEventListener("clipframe", ({ detail }) => follow(detail));
document.addEventListener("htmx:load", () => {
  for (const { player } of document.querySelectorAll("[data-player]")) {
    const frame = player?.film.frame ?? null;
    if (frame !== null) follow({ clip: player.root.dataset.player, frame, t_s: player.track.starts[frame] });
  }
});
