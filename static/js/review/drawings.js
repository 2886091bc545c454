// The coach's own drawings of a clip: every change goes through here, can be undone, and is saved.

import { History } from "./history.js";
import { MOST, away, moved } from "./shapes.js";

export class Drawings {
  /** ``does``: save(note), say(word), changed(). */
  constructor(board, does) {
    Object.assign(this, { board, does });
    this.history = new History((note, shapes) => this.put(note, shapes));
  }

  get chosen() { return this.board.chosen; }
  get shape() { return this.chosen?.note.shapes[this.chosen.number]; }

  refresh() {
    this.board.draw();
    this.does.changed();
  }

  choose(chosen) {
    this.board.chosen = chosen;
    this.refresh();
  }

  /** That of the picture on show; one that has nothing on it yet is not kept. */
  own() {
    const { board } = this, { frame } = board;
    const found = board.notes.find((note) => note.mine && note.frame === frame);
    return found ?? { code: null, frame, t_s: board.player.track.starts[frame], shapes: [], version: 0, mine: true };
  }

  add(shape) {
    const note = this.own();
    if (note.shapes.length >= MOST.shapes) return this.does.say("full");
    this.change(note, [...note.shapes, shape]);
    return this.choose({ note, number: note.shapes.length - 1 });
  }

  change(note, shapes) {
    this.history.did(note, note.shapes, shapes);
    this.put(note, shapes);
  }

  put(note, shapes) {
    const { board } = this;
    note.shapes = shapes;
    if (!board.notes.includes(note)) board.notes.push(note);
    if (this.chosen && !this.shape) board.chosen = null;
    if (note.frame !== board.frame) board.player.go(note.frame);
    this.does.save(note);
    this.refresh();
  }

  replace(shape) {
    const { note, number } = this.chosen;
    this.change(note, note.shapes.map((old, at) => (at === number ? shape : old)));
  }

  remove() {
    if (!this.shape) return;
    const { note, number } = this.chosen;
    this.board.chosen = null;
    this.change(note, note.shapes.filter((_, at) => at !== number));
  }

  nudge(by) { if (this.shape) this.replace(moved(this.shape, by, this.board.size)); }

  /** What lies under a point, nearest first. */
  near(at, reach) {
    const { shapes } = this.own(), note = this.own();
    const all = shapes.map((shape, number) => ({ note, number, off: away(shape, at) }));
    return all.filter(({ off }) => off <= reach).sort((a, b) => a.off - b.off)[0] ?? null;
  }

  /** The keyboard's way of choosing: one after the other. */
  next() {
    const note = this.own(), { shapes } = note;
    const at = this.chosen?.note === note ? this.chosen.number + 1 : 0;
    this.choose(shapes.length ? { note, number: at % shapes.length } : null);
  }
}
