// Saves the draft while one writes, and loses nothing: what is not stored yet lies in this browser, and of two versions
// neither is thrown away.

import { fill, worth } from "./tips.js";

const PAUSE_MS = 800, AGAIN_MS = 5000;

export class Draft {
  constructor(form, state) {
    Object.assign(this, { form, state, timer: 0, sending: null, dirty: false, left: false });
    this.key = `draft-${form.dataset.draft}`;
    this.stored = this.text();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    form.querySelector("[data-keep-mine]").addEventListener("click", () => this.keepMine());
    form.querySelector("[data-take-other]").addEventListener("click", () => this.takeOther());
    addEventListener("beforeunload", (event) => { if (this.dirty && !this.left) event.preventDefault(); });
    addEventListener("online", () => this.save());
    this.restore();
    // Written while this script was still on its way.
    const early = [...form.elements].some(({ type, value, defaultValue }) => type === "textarea" && value !== defaultValue);
    if (early && !this.dirty) {
      this.stored = "";
      this.changed();
    }
    form.dataset.ready = "";
  }

  get version() { return this.form.elements.version; }

  say(word) {
    this.state.dataset.state = word;
    this.state.textContent = this.form.dataset[word] ?? "";
  }

  /** Everything but the version, as it would be sent. */
  text() {
    const data = new FormData(this.form);
    for (const name of ["version", "csrfmiddlewaretoken", "from"]) data.delete(name);
    return new URLSearchParams(data).toString();
  }

  changed() {
    this.dirty = this.text() !== this.stored;
    if (!this.dirty) return;
    localStorage.setItem(this.key, JSON.stringify({ version: this.version.value, fields: [...new FormData(this.form)] }));
    this.say("changed");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  /** One request at a time; what is written meanwhile goes with the next one. */
  async save() {
    if (this.sending || !this.dirty || !this.form.querySelector("[data-conflict]").hidden) return this.sending;
    const sent = this.text();
    this.say("saving");
    this.sending = this.send(sent).finally(() => { this.sending = null; });
    return this.sending;
  }

  async send(sent) {
    let answer;
    try {
      answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form), headers: { Accept: "application/json" } });
      if (answer.status >= 500) throw new Error(`${answer.status}`);
    } catch {
      this.say("waiting");
      this.timer = setTimeout(() => this.save(), AGAIN_MS);
      return;
    }
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok && said.version) this.done(sent, said.version);
    else if (answer.status === 409 && said.version) await this.conflict(said);
    else this.refused(said.error);
  }

  done(sent, version) {
    this.version.value = version;
    this.stored = sent;
    this.dirty = this.text() !== sent;
    if (this.dirty) this.timer = setTimeout(() => this.save(), PAUSE_MS);
    else localStorage.removeItem(this.key);
    this.say(this.dirty ? "changed" : "saved");
  }

  refused(error) {
    this.state.dataset.state = "refused";
    this.state.textContent = error ?? this.form.dataset.waiting;
  }

  async conflict({ error, version }) {
    const box = this.form.querySelector("[data-conflict]");
    box.hidden = false;
    box.dataset.version = version;
    box.querySelector("[data-conflict-text]").textContent = error;
    this.refused(error);
    const answer = await fetch(this.form.dataset.stored);
    if (answer.ok) box.querySelector("[data-conflict-stored]").innerHTML = await answer.text();
  }

  keepMine() {
    const box = this.form.querySelector("[data-conflict]");
    this.version.value = box.dataset.version;
    box.hidden = true;
    this.dirty = true;
    this.save();
  }

  takeOther() {
    this.left = true;
    localStorage.removeItem(this.key);
    location.reload();
  }

  /** The buttons of the form: whatever is on its way comes first, so that the version is the newest. */
  async submit(event) {
    if (this.left) return;
    clearTimeout(this.timer);
    const conflict = this.form.querySelector("[data-conflict]"), { submitter } = event;
    if (this.sending || !conflict.hidden) {
      event.preventDefault();
      await this.sending;
      if (conflict.hidden) this.form.requestSubmit(submitter);
    } else this.left = true;
  }

  /** Words of this browser that never reached the server, after a crash or without a connection. */
  restore() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    if (!kept || worth(kept.fields) === worth([...new FormData(this.form)])) {
      localStorage.removeItem(this.key);
      return;
    }
    fill(this.form, kept.fields);
    this.changed();
    this.say("found");
    if (kept.version !== this.version.value) this.conflict({ error: this.form.dataset.found, version: this.version.value });
  }
}
