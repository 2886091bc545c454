// A chosen clip before and while it is sent: its facts, what it can give, which part of it, progress.

import { cut } from "./cut.js";
import { inspect } from "./inspect.js";
import { gives, notes } from "./judge.js";
import { describe, showNotes, showPromise } from "./show.js";
import { Transfer } from "./transfer.js";
import { Trim } from "./trim.js";
import { limits, megabytes, say } from "./words.js";

export class Draft {
  constructor(file, form, { onGone, onAgain }) {
    Object.assign(this, { file, form, onGone, facts: {}, state: "looking" });
    this.element = form.querySelector("template").content.firstElementChild.cloneNode(true);
    this.part("name").textContent = `${file.name} · ${megabytes(file.size)} MB`;
    this.trim = new Trim(this.part("trim"), this.part("film"), () => this.judge());
    this.element.addEventListener("change", () => this.judge());
    this.part("cancel").addEventListener("click", () => this.cancel());
    this.part("again").addEventListener("click", onAgain);
  }

  part(name) { return this.element.querySelector(`[data-${name}]`); }
  field(name) { return this.element.querySelector(`[data-field=${name}]`).value; }
  get ready() { return this.state === "ready"; }
  get sending() { return this.state === "sending"; }

  isOf({ name, size, lastModified }) {
    return this.file.name === name && this.file.size === size && this.file.lastModified === lastModified;
  }

  async look() {
    if (this.file.size > limits.maxBytes) return this.refuse(say("large", { max: megabytes(limits.maxBytes) }));
    if (!this.file.size) return this.refuse(say("empty"));
    this.to("ready");
    this.facts = await inspect(this.file, this.part("film"), this.form.dataset.mediabunny);
    this.part("film").hidden = !this.facts.playable;
    this.part("facts").textContent = describe(this.facts);
    if (this.facts.playable) this.trim.open(this.facts.seconds);
    this.judge();
  }

  judge() {
    const kind = this.field("kind");
    this.part("of-view").hidden = kind === "standing";
    showNotes(this.part("notes"), notes(this.facts, this.file, kind, this.trim.seconds ?? this.facts.seconds));
    showPromise(this.part("gives"), gives(this.facts, kind, this.field("view")), this.facts);
    this.trim.say(this.file.size, this.mayCut);
  }

  /** A small part of a file is cut out before it is sent; of the rest only its place is told. */
  get mayCut() {
    const { codec, seconds, slowMotion } = this.facts;
    return Boolean(codec && !slowMotion && this.trim.seconds && this.trim.seconds < 0.8 * seconds);
  }

  wait() {
    this.to("sending");
    this.trim.close();
    this.part("film").pause();
    this.progress(say("waiting"), 0);
  }

  /** The server's answer; nothing when it was cancelled or refused. */
  async send() {
    if (!this.sending) return null;
    const what = await this.toSend();
    if (!this.sending) return null;
    const said = { kind: this.field("kind"), view: this.field("view"), shows: this.form.elements.shows?.value };
    this.transfer = new Transfer(what.file, this.form, { ...what.stretch, ...said });
    const { answer, error } = await this.transfer.run((text, share) => this.progress(text, share));
    if (error) this.fail(error);
    return answer;
  }

  async toSend() {
    const stretch = this.trim.stretch;
    if (!this.mayCut) return { file: this.file, stretch };
    this.progress(say("cutting"), 0);
    return cut(this.file, stretch, this.form.dataset.mediabunny).catch(() => ({ file: this.file, stretch }));
  }

  cancel() {
    this.to("gone");
    this.transfer?.cancel();
    URL.revokeObjectURL(this.part("film").src);
    this.onGone();
  }

  refuse(text) {
    this.to("refused");
    this.error(text);
  }

  fail(text) {
    if (this.state === "gone") return;
    this.to("ready");
    this.part("progress").hidden = true;
    this.part("again").hidden = false;
    this.error(text);
  }

  error(text) { Object.assign(this.part("error"), { textContent: text, hidden: !text }); }

  progress(text, share) {
    this.error("");
    this.part("again").hidden = true;
    this.part("progress").hidden = false;
    this.part("bar").value = 100 * share;
    if (this.part("status").textContent !== text) this.part("status").textContent = text;
  }

  to(state) {
    this.state = this.element.dataset.state = state;
    for (const name of ["kind", "view"]) this.element.querySelector(`[data-field=${name}]`).disabled = state === "sending";
    this.part("cancel").textContent = say(state === "sending" ? "cancel" : "remove");
    this.element.dispatchEvent(new Event("draft:changed", { bubbles: true }));
  }
}
