// Saves drawings by themselves: a moment after each change, one at a time, again when there was no connection.

import { post } from "./send.js";

const QUIET_MS = 600;
const AGAIN_MS = 4000;
const NOTHING = "00000000-0000-0000-0000-000000000000";

/** Also where the page came over plain http, which has no randomUUID. */
function newCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class Store {
  /** ``say(word, text)`` tells the state, ``saved()`` comes when all is safe. */
  constructor(url, size, { say, saved }) {
    Object.assign(this, { url, size, say, saved, waiting: new Set() });
    addEventListener("beforeunload", (event) => this.waiting.size && event.preventDefault());
    addEventListener("pagehide", () => this.waiting.forEach((note) => this.send(note, true)));
  }

  save(note) {
    note.code ??= newCode();
    this.waiting.add(note);
    this.say("saving");
    this.later(note, QUIET_MS);
  }

  later(note, wait_ms) {
    clearTimeout(note.timer);
    note.timer = setTimeout(() => this.send(note), wait_ms);
  }

  async send(note, last = false) {
    clearTimeout(note.timer);
    // What changes meanwhile goes after the answer, which brings the version to name.
    if (note.sending && !last) return;
    const { shapes, frame, t_s, version } = note;
    note.sending = true;
    const drawing = { version: 1, size: this.size, shapes };
    const sent = new URLSearchParams({ note: JSON.stringify({ drawing, frame, t_s, version }) });
    const answer = await post(this.url.replace(NOTHING, note.code), sent, last);
    note.sending = false;
    if (answer.ok) Object.assign(note, { code: answer.code, version: answer.version });
    if (answer.ok && note.shapes === shapes) this.settle(note);
    else if (answer.ok) this.send(note);
    else if (!answer.status || answer.status >= 500) {
      this.say("waiting");
      this.later(note, AGAIN_MS);
    } else {
      this.waiting.delete(note);
      this.say("refused", answer.error);
    }
  }

  settle(note) {
    this.waiting.delete(note);
    if (this.waiting.size) return;
    this.say("saved");
    this.saved();
  }
}
