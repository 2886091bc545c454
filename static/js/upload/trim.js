// Which part of the clip is to be analysed: two handles, or "from here" and "to here" at the picture on show.

import { megabytes, rounded, say } from "./words.js";

const STEP_S = 0.1;

export class Trim {
  constructor(box, film, onChange) {
    Object.assign(this, { box, film, onChange, whole: 0 });
    for (const name of ["from", "to"]) {
      this.handle(name).addEventListener("input", () => this.moved(name));
      box.querySelector(`[data-${name}-here]`).addEventListener("click", () => {
        this.handle(name).value = film.currentTime;
        this.moved(name);
      });
    }
    film.addEventListener("timeupdate", () => this.stretch && film.currentTime > this.stretch.to_s && film.pause());
  }

  handle(name) { return this.box.querySelector(`[data-${name}]`); }

  open(seconds) {
    if (!Number.isFinite(seconds)) return;
    this.whole = seconds;
    for (const name of ["from", "to"]) Object.assign(this.handle(name), { max: seconds, step: STEP_S });
    this.handle("from").value = 0;
    this.handle("to").value = seconds;
    this.box.hidden = false;
  }

  close() { this.box.disabled = true; }

  moved(name) {
    const from = Number(this.handle("from").value), to = Number(this.handle("to").value);
    if (from > to - 1) this.handle(name).value = name === "from" ? Math.max(0, to - 1) : Math.min(this.whole, from + 1);
    this.film.pause();
    this.film.currentTime = Number(this.handle(name).value);
    this.onChange();
  }

  /** {from_s, to_s}, or nothing for the whole clip. */
  get stretch() {
    const from_s = Number(this.handle("from").value), to_s = Number(this.handle("to").value);
    return this.whole && (from_s > STEP_S || to_s < this.whole - 2 * STEP_S) ? { from_s, to_s } : null;
  }

  get seconds() { return this.stretch && this.stretch.to_s - this.stretch.from_s; }

  say(bytes, isCut) {
    this.box.disabled = false;
    const { stretch, seconds } = this;
    const text = stretch && say("stretch", { from: rounded(stretch.from_s), to: rounded(stretch.to_s), n: rounded(seconds) });
    const less = isCut && say("cut", { mb: megabytes((bytes * seconds) / this.whole), all: megabytes(bytes) });
    this.box.querySelector("[data-stretch]").textContent = [text, less].filter(Boolean).join(" ");
    for (const name of ["from", "to"]) this.handle(name).setAttribute("aria-valuetext", `${rounded(this.handle(name).value)} s`);
  }
}
