// The keyboard, while the focus is in the player.  Keys of other programs for film: J K L, comma and full stop.

const RATES = [0.125, 0.25, 0.5, 1];

const KEYS = {
  " ": (player) => player.film.toggle(),
  k: (player) => player.film.pause(),
  l: (player) => player.film.play(),
  j: (player) => player.film.playBackwards(),
  ",": (player) => player.film.step(-1),
  ".": (player) => player.film.step(1),
  ArrowLeft: (player, { shiftKey }) => (shiftKey ? player.stride(-1) : player.film.step(-1)),
  ArrowRight: (player, { shiftKey }) => (shiftKey ? player.stride(1) : player.film.step(1)),
  n: (player) => player.event(1),
  p: (player) => player.event(-1),
  r: (player) => player.toggleLoop(),
  Home: (player) => player.go(player.track.first),
  End: (player) => player.go(player.track.last),
  "+": (player) => player.view.by(1.5),
  "=": (player) => player.view.by(1.5),
  "-": (player) => player.view.by(1 / 1.5),
  0: (player) => player.view.reset(),
  "<": (player) => slower(player, -1),
  ">": (player) => slower(player, 1),
  f: (player) => player.full(),
  "?": (player) => player.keys(),
};

function slower(player, way) {
  const next = RATES[RATES.indexOf(player.film.rate) + way];
  if (next) player.film.setRate(next);
}

/** A control that has the focus keeps the keys that it needs itself. */
function taken(event) {
  const { target, key } = event;
  if (target.matches("textarea, select, [type=text]")) return true;
  if (key === " " || key === "Enter") return target.matches("button, summary, a, input:not([type=range])");
  return key.startsWith("Arrow") && !event.shiftKey && target.matches("input");
}

export function listen(player) {
  player.root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || taken(event)) return;
    const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act(player, event);
  });
}
