// A point on a picture that is dragged with mouse, finger or arrow keys.

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Handle {
  /** ``places``: toStage and toClip, from pixels of the clip to those of the stage and back. */
  constructor(stage, label, places, { onMove = () => {}, onDone = () => {} } = {}) {
    Object.assign(this, { stage, places, onMove, onDone, at: null });
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "handle";
    this.button.hidden = true;
    this.button.setAttribute("aria-label", label);
    stage.append(this.button);
    this.button.addEventListener("pointerdown", (event) => this.grab(event));
    this.button.addEventListener("keydown", (event) => this.key(event));
    this.button.addEventListener("click", (event) => event.stopPropagation());
  }

  put(at) {
    this.at = at;
    this.button.hidden = !at;
    this.show();
  }

  show() {
    if (!this.at) return;
    const { x, y } = this.places.toStage(this.at);
    this.button.style.left = `${x}px`;
    this.button.style.top = `${y}px`;
  }

  /** The finger may lie beside the point: what counts is how far it moves. */
  grab(event) {
    event.preventDefault();
    event.stopPropagation();
    this.button.focus({ preventScroll: true });
    const from = this.places.toStage(this.at), { clientX, clientY } = event;
    this.button.setPointerCapture(event.pointerId);
    const move = (now) => {
      now.stopPropagation();
      this.moveTo(this.places.toClip({ x: from.x + now.clientX - clientX, y: from.y + now.clientY - clientY }));
    };
    const end = (now) => {
      now.stopPropagation();
      this.button.removeEventListener("pointermove", move);
      this.onDone(this.at);
    };
    this.button.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.button.addEventListener(name, end, { once: true });
  }

  key(event) {
    const way = KEYS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 10 : 1, from = this.places.toStage(this.at);
    this.moveTo(this.places.toClip({ x: from.x + way[0] * step, y: from.y + way[1] * step }));
    clearTimeout(this.wait);
    this.wait = setTimeout(() => this.onDone(this.at), 400);
  }

  moveTo(at) {
    this.at = at;
    this.show();
    this.onMove(at);
  }
}
