// Goes on by itself after a line: then a frame takes one movement and no key.

// As long as one looks at the line before one would press a key.
const SEEN_MS = 500, OFF = "mark-by-hand";

export class Pace {
  constructor(box, next) {
    Object.assign(this, { box, next, timer: 0, went: -Infinity });
    box.checked = !localStorage.getItem(OFF);
    box.addEventListener("change", () => {
      this.stop();
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "yes");
    });
  }

  /** A new line is there. */
  begin() {
    this.stop();
    if (!this.box.checked) return;
    this.timer = setTimeout(() => {
      this.went = performance.now();
      this.next();
    }, SEEN_MS);
  }

  /** Somebody is not done with it, or was quicker. */
  stop() { clearTimeout(this.timer); }

  /** A key that came a moment too late meant the frame before. */
  get justWent() { return performance.now() - this.went < SEEN_MS; }
}
