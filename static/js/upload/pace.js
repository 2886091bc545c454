// How fast it goes and how long it still takes, over the last seconds.

import { rounded, say } from "./words.js";

const WINDOW_MS = 8000, ENOUGH_MS = 2000;

export class Pace {
  constructor() { this.seen = []; }

  text(sent, total) {
    const now = performance.now();
    this.seen = [...this.seen.filter(([at]) => now - at < WINDOW_MS), [now, sent]];
    const [[at, first]] = this.seen;
    if (now - at < ENOUGH_MS || sent <= first) return "";
    const speed = (1000 * (sent - first)) / (now - at);
    return ` · ${say("speed", { speed: rounded(speed / 1e6, speed < 1e6 ? 2 : 1), left: left((total - sent) / speed) })}`;
  }
}

function left(seconds) {
  return seconds < 90 ? say("seconds", { n: Math.ceil(seconds) }) : say("minutes", { n: Math.ceil(seconds / 60) });
}
