// The sheet over the clip: shows the drawings of the picture on show, and for a moment around it while it plays.

import { element, ink, onStage } from "./ink.js";

// As long as an eye needs to catch it.
const AROUND_S = 0.25;

export class Board {
  constructor(player, words) {
    Object.assign(this, { player, words, notes: [], draft: null, chosen: null, editing: false });
    this.svg = element("svg", { class: "board", "aria-hidden": "true" });
    player.stage.append(this.svg);
    player.overlays.add(() => this.draw());
  }

  get frame() { return this.player.film.frame ?? this.player.film.at; }
  get fit() { return this.player.view.fit; }
  get size() { return this.player.track.head.size; }
  get unit() { return Math.max(2.2, Math.min(this.player.stage.clientWidth, this.player.stage.clientHeight) / 190); }

  /** Notes on show, with how strongly: a neighbour's lines do not belong to this very picture. */
  shown() {
    const { starts } = this.player.track, at = this.frame;
    const near = (note) => note.frame === at || (!this.editing && Math.abs(starts[note.frame] - starts[at]) <= AROUND_S);
    return this.notes.filter((note) => note.shapes.length && near(note));
  }

  /** The lines follow the picture as one zooms: drawn anew only when something has changed. */
  draw() {
    const { fit, unit, draft, chosen } = this, shown = this.shown();
    const state = JSON.stringify([fit, unit, draft, chosen?.number, shown.map((note) => [note.frame === this.frame, note.shapes])]);
    if (state === this.state) return;
    this.state = state;
    this.svg.replaceChildren(...shown.map((note) => this.sheet(note)));
    if (draft) this.svg.append(ink(draft, fit, unit, this.words), ...this.handles(draft));
  }

  sheet(note) {
    const here = note.frame === this.frame || this.player.film.playing;
    const sheet = element("g", { class: here ? "sheet" : "sheet sheet--near", "data-sheet": note.code });
    note.shapes.forEach((shape, number) => {
      const drawn = ink(shape, this.fit, this.unit, this.words);
      if (this.chosen?.note === note && this.chosen.number === number) {
        drawn.classList.add("is-chosen");
        drawn.append(...this.handles(shape));
      }
      sheet.append(drawn);
    });
    return sheet;
  }

  handles(shape) {
    if (shape.kind === "path" || shape.kind === "text") return [];
    return shape.points.map((point) => {
      const [cx, cy] = onStage(this.fit, point);
      return element("circle", { class: "ink__handle", cx, cy, r: 5 });
    });
  }
}
