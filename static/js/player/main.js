// Makes a player of every clip on the page when it is scrolled to or asked for; without this script the browser's own
// controls remain.

import { Player } from "./player.js";
import { loadTrack } from "./track.js";

const players = new Map();

async function make(root) {
  try {
    return new Player(root, await loadTrack(root.dataset.landmarks));
  } catch (error) {
    root.classList.remove("is-coming");
    root.querySelector("[data-failed]").hidden = false;
    throw error;
  }
}

function open(root) {
  if (!players.has(root)) {
    near.unobserve(root);
    players.set(root, make(root));
    root.classList.add("is-opening");
  }
  return players.get(root);
}

async function showFirst(root) {
  const player = await open(root), moment = root.querySelector("[data-at]");
  if (player.film.frame === null && player.film.target === null) {
    if (moment) player.goTo(Number(moment.dataset.at)); else player.go(player.track.first);
  }
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) showFirst(target).catch(() => {});
}, { threshold: 0.1 });

document.querySelectorAll("[data-player]").forEach((root) => {
  root.classList.add("is-coming");
  near.observe(root);
});

async function show(root, t_s) {
  root.scrollIntoView({ block: "center" });
  root.querySelector("[data-stage]").focus({ preventScroll: true });
  (await open(root)).goTo(t_s);
}

// A finding or a picture leads to its moment in the clip; so does a link of another page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-show-in]");
  const root = link && document.querySelector(`[data-player="${link.dataset.showIn}"]`);
  if (!root || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(root, Number(link.dataset.moment));
});

const asked = new URLSearchParams(location.search);
const there = asked.has("at") && document.querySelector(`[data-player="${CSS.escape(asked.get("clip"))}"]`);
if (there) show(there, Number(asked.get("at")));

// A chart leads the clip; a mouse that only passes over it wakes no player and stops none.
document.addEventListener("clipseek", async ({ detail: { clip, t_s, phase, by, hovering } }) => {
  const root = document.querySelector(`[data-player="${clip}"]`);
  if (!root || (hovering && !players.has(root))) return;
  const player = await open(root);
  if (hovering && player.film.playing) return;
  if (by) player.go(player.film.at + by);
  else if (phase !== undefined) player.goToPhase(phase);
  else player.goTo(t_s);
});
