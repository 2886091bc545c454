// A line over a chart that follows the clip, and leads it: by click, drag, hovering mouse (while the clip stands still)
// and arrow keys.  The player and the charts know each other by two events alone: "clipframe" and "clipseek".

export class Cursor {
  constructor(slider, figure, part) {
    Object.assign(this, { slider, part, kind: slider.dataset.cursor, clip: slider.dataset.clip });
    const { margin, xaxis } = figure.layout;
    this.whole = xaxis.range;
    this.range = part?.range ?? this.whole;
    this.curve = figure.data.find((trace) => ["mean", "stride"].includes(trace.meta));
    this.suffix = figure.layout.yaxis.ticksuffix ?? "";
    this.line = slider.querySelector(".cursor__line");
    this.said = slider.closest(".chart").querySelector("[data-now]");
    for (const [side, room] of [["left", margin.l], ["right", margin.r], ["top", margin.t], ["bottom", margin.b]]) {
      slider.style[side] = `${room}px`;
    }
    slider.setAttribute("aria-valuemin", this.whole[0]);
    slider.setAttribute("aria-valuemax", this.whole[1]);
    slider.hidden = false;
    this.listen();
  }

  listen() {
    const { slider } = this;
    slider.addEventListener("pointerdown", (event) => {
      slider.setPointerCapture(event.pointerId);
      this.lead(this.at(event));
    });
    slider.addEventListener("pointermove", (event) => {
      if (event.buttons) this.lead(this.at(event));
      else if (event.pointerType === "mouse") this.lead(this.at(event), true);
    });
    slider.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key];
      const end = { Home: 0, End: 1 }[event.key];
      if (by) this.ask({ by });
      else if (end !== undefined) this.lead(this.whole[end]);
      else return;
      event.preventDefault();
    });
  }

  at(event) {
    const box = this.slider.getBoundingClientRect(), [from, to] = this.range;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return from + share * (to - from);
  }

  lead(x, hovering = false) {
    this.ask({ ...(this.kind === "time" ? { t_s: x } : { phase: x / 100 }), hovering });
  }

  ask(detail) {
    document.dispatchEvent(new CustomEvent("clipseek", { detail: { clip: this.clip, ...detail } }));
  }

  /** The clip shows another picture. */
  follow(now) {
    this.part?.follow(now.t_s);
    this.place(now);
  }

  place({ t_s, phase }) {
    const x = this.kind === "time" ? t_s : phase === null ? null : 100 * phase, [from, to] = this.range;
    const outside = x === null || x < from || x > to;
    this.line.hidden = outside;
    if (outside) return;
    this.line.style.left = `${(100 * (x - from)) / (to - from)}%`;
    const value = this.valueAt(x);
    const place = this.kind === "time" ? `${x.toFixed(2)} s` : `${x.toFixed(0)} %`;
    const text = value === null ? place : `${place}: ${value}${this.suffix}`;
    this.slider.setAttribute("aria-valuenow", x.toFixed(2));
    this.slider.setAttribute("aria-valuetext", text);
    if (this.said) this.said.textContent = text;
  }

  valueAt(x) {
    if (!this.curve) return null;
    const { x: places, y } = this.curve;
    let best = 0;
    for (let i = 1; i < places.length; i += 1) if (Math.abs(places[i] - x) < Math.abs(places[best] - x)) best = i;
    if (y[best] === null) return null;
    const span = Math.max(...y) - Math.min(...y);
    return y[best].toFixed(span < 1 ? 2 : 1).replace("-", "−");
  }
}
