// What a press, a move and a release mean for each tool.  Points are picture coordinates.

import { POINTS, apart, inside, moved, reshaped, straight, thinned } from "./shapes.js";

export const TOOLS = ["select", "line", "arrow", "angle", "circle", "path", "text"];
const REACH_PX = 14; // CSS pixels: a finger's idea of "on it"

export class Editor {
  /** ``ask(at, text, done)`` lets the coach write on the picture. */
  constructor(board, drawings, ask) {
    Object.assign(this, { board, drawings, ask, tool: null, colour: "yellow", grabbed: null });
  }

  get reach() { return REACH_PX / this.board.fit.scale; }

  use(tool) {
    this.drop();
    this.tool = tool;
    this.board.editing = tool !== null;
    if (tool) this.board.player.film.pause();
    if (tool !== "select") this.board.chosen = null;
    this.drawings.refresh();
  }

  /** Colours what is drawn next, and what is chosen. */
  paint(colour) {
    const { shape } = this.drawings;
    this.colour = colour;
    if (shape && shape.colour !== colour) this.drawings.replace({ ...shape, colour });
    this.drawings.refresh();
  }

  down(at, shift = false) {
    const to = inside(at, this.board.size), { draft, player } = this.board;
    if (player.film.playing) player.film.pause();
    if (this.tool === "select") return this.grab(to);
    if (this.tool === "text") return this.write(to);
    this.began = !draft;
    if (draft) return this.aim(to, shift);
    this.board.draft = { kind: this.tool, colour: this.colour, points: [to] };
    this.fixed = 1;
    return this.drawings.choose(null);
  }

  move(at, shift = false) {
    const to = inside(at, this.board.size);
    if (this.grabbed) this.drag(to);
    else if (this.board.draft) this.aim(to, shift);
  }

  /** ``far``: the pointer has travelled since it went down, so its place is the next point; else a later press sets it. */
  up(at, far = true, shift = false) {
    const { draft } = this.board;
    if (this.grabbed) return this.release();
    if (!draft) return undefined;
    if (draft.kind === "path") return draft.points.length > 1 ? this.finish() : this.drop();
    if (!far && this.began) {
      draft.points.length = 1;
      return undefined;
    }
    this.aim(inside(at, this.board.size), shift);
    this.fixed = draft.points.length;
    return this.fixed >= POINTS[draft.kind] ? this.finish() : undefined;
  }

  /** The next point follows. */
  aim(to, shift) {
    const { draft } = this.board;
    if (draft.kind === "path") {
      if (apart(draft.points.at(-1), to) > this.reach / 6) draft.points.push(to);
    } else {
      const from = draft.points[this.fixed - 1];
      draft.points[this.fixed] = shift ? inside(straight(from, to), this.board.size) : to;
    }
    this.board.draw();
  }

  drop() {
    this.board.draft = this.grabbed = null;
    this.board.draw();
  }

  finish() {
    const { draft } = this.board, { kind, points } = draft;
    this.board.draft = null;
    const speck = kind !== "path" && points.slice(1).some((point, before) => apart(point, points[before]) < 1);
    if (speck) this.drop();
    else this.drawings.add(kind === "path" ? { ...draft, points: thinned(points, 1.2 / this.board.fit.scale) } : draft);
  }

  grab(at) {
    const { drawings } = this, { shape } = drawings, ends = shape && POINTS[shape.kind] > 1 && shape.kind !== "path" ? shape.points : [];
    const point = ends.findIndex((end) => apart(end, at) <= this.reach);
    if (point < 0) drawings.choose(drawings.near(at, this.reach));
    if (drawings.shape) this.grabbed = { at, point, shape: drawings.shape, before: drawings.chosen.note.shapes };
  }

  drag(to) {
    const { at, point, shape } = this.grabbed, { note, number } = this.drawings.chosen, { size } = this.board;
    const now = point < 0 ? moved(shape, [to[0] - at[0], to[1] - at[1]], size) : reshaped(shape, point, to, size);
    note.shapes = note.shapes.map((old, n) => (n === number ? now : old));
    this.board.draw();
  }

  release() {
    const { before } = this.grabbed, { note } = this.drawings.chosen, after = note.shapes;
    this.grabbed = null;
    if (after === before) return;
    note.shapes = before;
    this.drawings.change(note, after);
  }

  /** New words, or those that one presses on. */
  write(at) {
    const { drawings, colour } = this, found = drawings.near(at, this.reach), old = found?.note.shapes[found.number];
    if (old?.kind !== "text") {
      this.ask(at, "", (text) => text && drawings.add({ kind: "text", colour, points: [at], text }));
      return;
    }
    drawings.choose(found);
    this.ask(old.points[0], old.text, (text) => (text ? drawings.replace({ ...old, text }) : drawings.remove()));
  }
}
