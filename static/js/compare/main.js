// Two clips on one clock: the share of the stride, from a right foot strike to the next.

import { drawGhost } from "./ghost.js";
import { openSide } from "./side.js";

class Duo {
  constructor(root, sides) {
    Object.assign(this, { root, sides, stride: 0, phase: 0, rate: 0.25, before: null });
    this.range = root.querySelector("[data-phase]");
    this.where = root.querySelector("output");
    root.querySelector("[data-panel]").hidden = false;
    this.range.addEventListener("input", () => { this.pause(); this.go(this.stride, this.range.value / 1000); });
    root.querySelector("[data-toggle]").addEventListener("click", () => (this.before === null ? this.play() : this.pause()));
    for (const button of root.querySelectorAll("[data-stride]")) {
      button.addEventListener("click", () => this.go(this.stride + Number(button.dataset.stride), this.phase));
    }
    root.addEventListener("change", ({ target }) => {
      if (target.matches("[data-rate]")) this.rate = Number(target.value);
      if (target.matches("[data-show]")) this.draw();
    });
    this.go(0, 0);
  }

  /** As many strides as the clip with more of them; the other begins again. */
  get count() { return Math.max(...this.sides.map((side) => side.strides.length)); }

  go(stride, phase) {
    this.stride = (stride + this.count) % this.count;
    this.phase = phase;
    for (const side of this.sides) side.show(this.stride, phase);
    this.range.value = Math.round(1000 * phase);
    const text = this.root.dataset.readout.replace("{n}", this.stride + 1).replace("{pct}", Math.round(100 * phase));
    this.range.setAttribute("aria-valuetext", text);
    this.where.textContent = text;
    this.draw();
  }

  play() {
    this.before = performance.now();
    this.state();
    requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    this.before = null;
    this.state();
  }

  state() {
    const playing = this.before !== null, { play, pause } = this.root.dataset;
    this.root.classList.toggle("is-playing", playing);
    this.root.querySelector("[data-toggle]").setAttribute("aria-label", playing ? pause : play);
  }

  tick(now) {
    if (this.before === null) return;
    const phase = this.phase + (this.rate * (now - this.before)) / 1000 / this.sides[0].seconds(this.stride);
    this.before = now;
    this.go(this.stride + Math.floor(phase), phase % 1);
    requestAnimationFrame((next) => this.tick(next));
  }

  draw() {
    const shown = (what) => this.root.querySelector(`[data-show=${what}]`)?.checked;
    this.sides.forEach((side, at) => {
      side.draw(shown("skeleton"));
      side.root.dataset.frame = side.film.frame ?? "";
      if (shown("ghost")) drawGhost(side, this.sides[1 - at], this.stride, "mirror" in this.root.dataset);
    });
  }
}

async function open(root) {
  const strides = JSON.parse(document.getElementById("duo-strides").textContent);
  const roots = [...root.querySelectorAll("[data-landmarks]")];
  if (roots.length < 2) return;
  let duo = null;
  const redraw = () => duo?.draw();
  try {
    duo = new Duo(root, await Promise.all(roots.map((side, at) => openSide(side, strides[at], redraw))));
    root.classList.add("is-ready");
  } catch (error) {
    const trouble = root.querySelector("[data-trouble]");
    trouble.textContent = root.dataset.failed;
    trouble.hidden = false;
    throw error;
  }
}

document.querySelectorAll("[data-duo]").forEach((root) => open(root));
