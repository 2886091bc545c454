// Makes a player of every clip on the page when it is scrolled to or asked for; without this script the browser's own
// controls remain.

import { Player } from "./player.js";
import { loadTrack } from "./track.js";

const players = new Map();

async function make(root) {
  try {
    return new Player(root, await loadTrack(root.dataset.landmarks));
  } catch (error) {
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

document.querySelectorAll("[data-player]").forEach((root) => near.observe(root));

// A finding or a picture leads to its moment in the clip.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-show-in]");
  const root = link && document.querySelector(`[data-player="${link.dataset.showIn}"]`);
  if (!root || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const stage = root.querySelector("[data-stage]");
  root.scrollIntoView({ block: "center" });
  stage.focus({ preventScroll: true });
  (await open(root)).goTo(Number(link.dataset.moment));
});
