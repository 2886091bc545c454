// Zoom and pan of the stage: wheel, pinch, drag, double click.  The video is moved by CSS; the drawing by its numbers.

const MOST = 8;

export class Viewport {
  constructor(stage, video, size, onChange) {
    Object.assign(this, { stage, video, size, onChange, zoom: 1, x: 0, y: 0, moved: 0 });
    this.fingers = new Map();
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, (event) => this.up(event));
    stage.addEventListener("dblclick", (event) => this.by(this.zoom > 1 ? 1 / this.zoom : 2.5, this.place(event)));
    new ResizeObserver(() => this.apply()).observe(stage);
  }

  /** From pixels of the clip to CSS pixels of the stage: scale, left, top. */
  get fit() {
    const { clientWidth: wide, clientHeight: high } = this.stage, [width, height] = this.size;
    const scale = Math.min(wide / width, high / height);
    return {
      scale: scale * this.zoom,
      left: this.x + (this.zoom * (wide - scale * width)) / 2,
      top: this.y + (this.zoom * (high - scale * height)) / 2,
    };
  }

  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left - this.stage.clientLeft, event.clientY - box.top - this.stage.clientTop];
  }

  by(factor, [x, y] = [this.stage.clientWidth / 2, this.stage.clientHeight / 2]) {
    const zoom = Math.max(1, Math.min(MOST, this.zoom * factor)), change = zoom / this.zoom;
    this.x = x - (x - this.x) * change;
    this.y = y - (y - this.y) * change;
    this.zoom = zoom;
    this.apply();
  }

  reset() { this.by(1 / this.zoom); }

  apply() {
    // The picture never leaves the stage.
    this.x = Math.min(0, Math.max(this.stage.clientWidth * (1 - this.zoom), this.x));
    this.y = Math.min(0, Math.max(this.stage.clientHeight * (1 - this.zoom), this.y));
    this.video.style.transform = this.zoom === 1 ? "" : `translate(${this.x}px, ${this.y}px) scale(${this.zoom})`;
    this.stage.classList.toggle("is-zoomed", this.zoom > 1);
    this.onChange();
  }

  /** The page scrolls over the clip as over anything else, unless one holds Ctrl, pinches, or works in the clip. */
  wheel(event) {
    if (!event.ctrlKey && document.activeElement !== this.stage) return;
    if (event.deltaY > 0 && this.zoom === 1 && !event.ctrlKey) return;
    event.preventDefault();
    this.by(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), this.place(event));
  }

  down(event) {
    if (event.target.closest("button")) return;
    if (!this.fingers.size) this.moved = 0;
    this.fingers.set(event.pointerId, this.place(event));
    this.stage.setPointerCapture(event.pointerId);
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = this.place(event), other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    this.moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (other) {
      const span = (at) => Math.max(20, Math.hypot(at[0] - other[0], at[1] - other[1]));
      this.by(span(now) / span(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    }
    if (this.zoom === 1) return;
    this.x += (now[0] - before[0]) / (other ? 2 : 1);
    this.y += (now[1] - before[1]) / (other ? 2 : 1);
    this.apply();
  }

  up(event) { this.fingers.delete(event.pointerId); }

  /** Was the last press a tap, and not a drag? */
  get tapped() { return this.moved < 6; }
}
