// The picture to mark: a box of the clip, level, on which one line is drawn and its ends are moved.

import { Handle } from "./handle.js";

const NEAR = 44;

export class Sheet {
  /** ``onLine`` is told of every finished line: two ends in pixels of the clip, image left first; null = taken away. */
  constructor(root, turn_deg, onLine) {
    Object.assign(this, { root, onLine, turn: (-turn_deg * Math.PI) / 180, line: null, box: [0, 0, 1, 1] });
    this.canvas = root.querySelector("canvas");
    const places = { toStage: (at) => this.toStage(at), toClip: (at) => this.toClip(at) };
    const acts = { onMove: () => this.moved(), onDone: () => this.done() };
    this.ends = [root.dataset.first, root.dataset.second].map((label) => new Handle(root, label, places, acts));
    root.addEventListener("pointerdown", (event) => this.down(event));
    new ResizeObserver(() => this.draw()).observe(root);
  }

  show(picture, box, line) {
    Object.assign(this, { picture, box });
    this.root.style.aspectRatio = `${box[2]} / ${box[3]}`;
    this.setLine(line);
  }

  setLine(line) {
    this.line = line;
    this.ends.forEach((end, at) => end.put(line ? { x: line[at][0], y: line[at][1] } : null));
    this.draw();
  }

  get scale() { return this.root.clientWidth / this.box[2]; }

  toStage({ x, y }) {
    const [left, top, wide, high] = this.box, dx = x - left - wide / 2, dy = y - top - high / 2;
    const [c, s] = [Math.cos(this.turn), Math.sin(this.turn)];
    return { x: this.scale * (c * dx - s * dy + wide / 2), y: this.scale * (s * dx + c * dy + high / 2) };
  }

  toClip({ x, y }) {
    const [left, top, wide, high] = this.box;
    const dx = Math.max(0, Math.min(wide, x / this.scale)) - wide / 2;
    const dy = Math.max(0, Math.min(high, y / this.scale)) - high / 2;
    const [c, s] = [Math.cos(this.turn), Math.sin(this.turn)];
    return { x: c * dx + s * dy + left + wide / 2, y: -s * dx + c * dy + top + high / 2 };
  }

  place(event) {
    const box = this.root.getBoundingClientRect();
    return { x: event.clientX - box.left - this.root.clientLeft, y: event.clientY - box.top - this.root.clientTop };
  }

  /** Near an end: that end is moved.  Elsewhere: a new line from here to where one lets go. */
  down(event) {
    if (event.button || !this.picture) return;
    const at = this.place(event);
    const near = this.line && this.ends.find((end) => {
      const { x, y } = this.toStage(end.at);
      return Math.hypot(x - at.x, y - at.y) < NEAR;
    });
    if (near) near.grab(event);
    else this.stroke(event, this.toClip(at));
  }

  stroke(event, from) {
    event.preventDefault();
    const before = this.line, start = this.place(event);
    this.root.setPointerCapture(event.pointerId);
    const move = (now) => {
      const to = this.toClip(this.place(now));
      this.setLine([[from.x, from.y], [to.x, to.y]]);
    };
    const end = (now) => {
      this.root.removeEventListener("pointermove", move);
      const { x, y } = this.place(now);
      // A tap is no line.
      if (now.type === "pointercancel" || Math.hypot(x - start.x, y - start.y) < NEAR / 2) this.setLine(before);
      else this.done();
    };
    this.root.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.root.addEventListener(name, end, { once: true });
  }

  /** For the keyboard: a level line across the middle, whose ends are moved with the arrow keys. */
  level() {
    const { clientWidth: wide, clientHeight: high } = this.root;
    const ends = [0.25, 0.75].map((share) => this.toClip({ x: share * wide, y: 0.62 * high }));
    this.setLine(ends.map(({ x, y }) => [x, y]));
    this.ends[0].button.focus();
    this.done();
  }

  moved() {
    this.line = this.ends.map(({ at }) => [at.x, at.y]);
    this.draw();
  }

  done() {
    const line = this.ends.map(({ at }) => [at.x, at.y]).sort((a, b) => a[0] - b[0]);
    this.setLine(line);
    this.onLine(line.map((end) => end.map((one) => Math.round(100 * one) / 100)));
  }

  draw() {
    const { canvas, root } = this, ratio = window.devicePixelRatio || 1, to = canvas.getContext("2d");
    canvas.width = Math.round(root.clientWidth * ratio);
    canvas.height = Math.round(root.clientHeight * ratio);
    if (this.picture) to.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
    this.ends.forEach((end) => end.show());
    if (!this.line) return;
    to.scale(ratio, ratio);
    const [a, b] = this.line.map(([x, y]) => this.toStage({ x, y }));
    for (const [paint, width] of [["rgb(16 20 24 / 0.7)", 4], ["rgb(200 232 74)", 2]]) {
      to.beginPath();
      to.moveTo(a.x, a.y);
      to.lineTo(b.x, b.y);
      Object.assign(to, { strokeStyle: paint, lineWidth: width });
      to.stroke();
    }
  }
}
