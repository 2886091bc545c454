// The bar under the clip: where one is, the analysed stretch, events and the moments of the findings.

const SVG = "http://www.w3.org/2000/svg";

export class Seekbar {
  constructor(root, track, words, go) {
    this.root = root;
    this.track = track;
    this.words = words;
    this.slider = root.querySelector("input");
    this.readout = root.querySelector("output");
    this.slider.max = track.frames - 1;
    this.slider.addEventListener("input", () => go(Number(this.slider.value)));
    this.bar = root.querySelector("[data-marks]");
    this.drawTicks();
  }

  share(frame) { return frame / Math.max(1, this.track.frames - 1); }

  drawTicks() {
    const { track } = this, drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 1000 20");
    drawing.setAttribute("preserveAspectRatio", "none");
    const rectangle = (from, to, name) => this.shape(drawing, "rect", name, {
      x: 1000 * this.share(from), width: Math.max(1, 1000 * this.share(to - from)), y: 8, height: 4,
    });
    rectangle(0, track.frames - 1, "whole");
    if (track.head.rows) rectangle(track.first, track.last, "analysed");
    this.loop = rectangle(0, 0, "loop");
    // One mark a step: the foot strikes, or what else this view shows.
    const kinds = new Set(track.head.events.map(([, kind]) => kind));
    const shown = ["foot_strike", "mid_stance", "toe_off"].find((kind) => kinds.has(kind));
    for (const [frame, kind, side] of track.head.events) {
      if (kind !== shown) continue;
      const x = 1000 * this.share(frame), up = side === "left";
      this.shape(drawing, "line", `tick-${side}`, { x1: x, x2: x, y1: up ? 1 : 13, y2: up ? 7 : 19 });
    }
    this.bar.append(drawing);
  }

  shape(drawing, kind, name, values) {
    const shape = document.createElementNS(SVG, kind);
    shape.setAttribute("class", `seek__${name}`);
    for (const [key, value] of Object.entries(values)) shape.setAttribute(key, value);
    drawing.append(shape);
    return shape;
  }

  /** A mark to click on.  The same moments stand in the list beside the clip, for keyboards and screen readers. */
  mark(frame, title, status, go) {
    const mark = document.createElement("span");
    mark.className = `seek__mark seek__mark--${status}`;
    mark.style.left = `${100 * this.share(frame)}%`;
    mark.title = title;
    mark.addEventListener("click", () => go(frame));
    this.bar.append(mark);
  }

  show(film) {
    const { track, words, slider, readout } = this, frame = film.frame ?? film.at;
    const event = track.eventAt(frame);
    const said = words.readout.replace("{t}", track.starts[frame].toFixed(2))
      .replace("{n}", frame + 1).replace("{all}", track.frames);
    const here = event ? words[`${event[1]}-${event[2]}`] : track.analysed(frame) ? "" : words.outside;
    slider.value = film.at;
    slider.setAttribute("aria-valuetext", here ? `${said}, ${here}` : said);
    readout.firstElementChild.textContent = here;
    readout.lastElementChild.textContent = said;
    const [from, to] = film.loop ?? [0, 0];
    this.loop.setAttribute("x", 1000 * this.share(from));
    this.loop.setAttribute("width", 1000 * this.share(to - from));
  }
}
