// One clip with its drawing, bar, buttons and keys.

import { Film } from "./film.js";
import { listen } from "./keys.js";
import { LAYERS, Pose } from "./layers.js";
import { otherEvent, otherStride } from "./moves.js";
import { Pen } from "./pen.js";
import { Seekbar } from "./seekbar.js";
import { Viewport } from "./viewport.js";

// In the page's language.
const WORDS = Object.fromEntries([...document.getElementById("player-words")?.attributes ?? []]
  .map(({ name, value }) => [name.replace("data-", ""), value]));

export class Player {
  constructor(root, track) {
    // What others draw over the clip, each time that it is drawn: functions of (film, fit).
    Object.assign(this, { root, track, overlays: new Set() });
    this.stage = root.querySelector("[data-stage]");
    const video = root.querySelector("video");
    this.pen = new Pen(root.querySelector("canvas"));
    this.film = new Film(video, track, () => this.show());
    this.view = new Viewport(this.stage, video, track.head.size, () => this.draw());
    this.bar = new Seekbar(root.querySelector("[data-seek]"), track, WORDS, (frame) => this.go(frame));
    video.controls = false;
    root.classList.add("is-ready");
    root.querySelector("[data-panel]").hidden = false;
    this.offer();
    this.wire();
    listen(this);
    root.player = this;
    root.dispatchEvent(new CustomEvent("player", { bubbles: true }));
  }

  /** What this clip cannot give is not offered. */
  offer() {
    const { events, strides, rows } = this.track.head;
    const missing = { event: !events.length, stride: !strides.length, loop: !strides.length, full: !document.fullscreenEnabled };
    for (const button of this.root.querySelectorAll("[data-do]")) button.hidden = missing[button.dataset.do] ?? false;
    for (const box of this.root.querySelectorAll("[data-layer]")) {
      box.disabled = !rows || (box.value === "paths" && !strides.length);
      if (box.disabled) box.checked = false;
    }
  }

  wire() {
    const { root, stage } = this;
    root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-do]"), moment = target.closest("[data-at]");
      if (button) this.do(button.dataset.do, Number(button.dataset.by));
      else if (moment) this.goTo(Number(moment.dataset.at));
    });
    root.addEventListener("change", ({ target }) => {
      if (target.matches("[data-rate]")) this.film.setRate(Number(target.value));
      if (target.matches("[data-layer]")) this.draw();
    });
    stage.addEventListener("click", ({ target }) => {
      if (!target.closest("button") && this.view.tapped) this.film.toggle();
    });
    for (const moment of root.querySelectorAll("[data-at]")) {
      const frame = this.track.nearest(Number(moment.dataset.at));
      this.bar.mark(frame, moment.dataset.title, moment.dataset.status, (at) => this.go(at));
    }
  }

  do(what, by) {
    const acts = {
      toggle: () => this.film.toggle(),
      frame: () => this.film.step(by),
      event: () => this.event(by),
      stride: () => this.stride(by),
      loop: () => this.toggleLoop(),
      zoom: () => this.view.by(by > 0 ? 1.5 : 1 / 1.5),
      fit: () => this.view.reset(),
      full: () => this.full(),
      keys: () => this.keys(),
    };
    acts[what]?.();
  }

  go(frame) {
    this.film.pause();
    this.film.seek(frame);
    // A loop follows to the stride that one goes to.
    if (this.film.loop) this.film.loop = this.track.strideAt(frame);
    this.show();
  }

  goTo(t_s) { this.go(this.track.nearest(t_s)); }

  /** The same stride at another share of it, 0..1. */
  goToPhase(phase) {
    const stride = this.track.strideAt(this.film.at);
    if (stride) this.go(stride[0] + Math.round(phase * (stride[1] - stride[0])));
  }

  event(way) { this.go(otherEvent(this.track, this.film.at, way)); }
  stride(way) { this.go(otherStride(this.track, this.film.at, way)); }

  toggleLoop() {
    this.film.loop = this.film.loop ? null : this.track.strideAt(this.film.at);
    this.show();
  }

  keys() { document.getElementById("player-keys").showModal(); }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  /** Charts follow. */
  tell() {
    const { root, film, track } = this, { frame } = film;
    if (frame === null || frame === this.told) return;
    this.told = frame;
    const [from, to] = track.strideAt(frame) ?? [1, 0];
    const phase = frame >= from && frame <= to ? (frame - from) / (to + 1 - from) : null;
    const detail = { clip: root.dataset.player, frame, t_s: track.starts[frame], phase };
    document.dispatchEvent(new CustomEvent("clipframe", { detail }));
  }

  show() {
    const { root, film } = this;
    this.tell();
    root.dataset.frame = film.frame ?? "";
    root.classList.toggle("is-playing", film.playing);
    root.querySelector("[data-do=loop]").setAttribute("aria-pressed", film.loop !== null);
    root.querySelector("[data-do=toggle]").setAttribute("aria-label", film.playing ? WORDS.pause : WORDS.play);
    for (const choice of root.querySelectorAll("[data-rate]")) choice.checked = Number(choice.value) === film.rate;
    this.bar?.show(film);
    this.draw();
  }

  draw() {
    const { pen, stage, film, track, view, root } = this;
    if (!view) return;
    for (const overlay of this.overlays) overlay(film, view.fit);
    pen.begin(stage.clientWidth, stage.clientHeight);
    if (film.playing && film.frame !== null) pen.picture(film.video, view.fit, track.head.size);
    if (film.frame === null || !track.analysed(film.frame)) return;
    const pose = new Pose(track, film.frame, view.fit);
    for (const [name, layer] of Object.entries(LAYERS)) {
      if (root.querySelector(`[data-layer][value=${name}]`).checked) layer(pen, pose);
    }
  }
}
