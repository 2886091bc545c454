// A voice note: record, listen, write it down, save.

import { Recorder, able, trouble } from "./recorder.js";
import { post } from "./send.js";

export class Voice {
  constructor(root, player, saved) {
    Object.assign(this, { root, player, saved, words: root.dataset, take: null });
    const find = (name) => root.querySelector(`[data-${name}]`);
    for (const name of ["record", "stop", "level", "time", "said", "playback", "here", "keep", "discard"]) this[name] = find(name);
    this.part = find("recorded-part");
    this.text = root.querySelector("textarea");
    this.record.addEventListener("click", () => this.start());
    this.stop.addEventListener("click", () => this.recorder.stop());
    this.discard.addEventListener("click", () => this.clear());
    this.keep.addEventListener("click", () => this.save());
    root.addEventListener("toggle", () => root.open && !able() && this.refuse("unable"));
    addEventListener("beforeunload", (event) => this.take && event.preventDefault());
  }

  say(word, text = this.words[word]) {
    this.said.textContent = text ?? "";
    this.said.dataset.said = word;
  }

  refuse(word) {
    this.say(word);
    this.show({ recording: false });
  }

  show({ recording }) {
    const had = document.activeElement === (recording ? this.record : this.stop);
    // What is recorded is saved or thrown away first.
    this.record.hidden = recording || Boolean(this.take);
    this.stop.hidden = this.level.hidden = !recording;
    this.part.hidden = !this.take;
    if (had) (recording ? this.stop : this.take ? this.playback : this.record).focus();
  }

  clock(seconds) {
    const text = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s) % 60).padStart(2, "0")}`;
    this.time.textContent = this.words.clock.replace("{t}", text(seconds)).replace("{most}", text(Number(this.words.most)));
  }

  async start() {
    if (!able()) return this.refuse("unable");
    this.player.film.pause();
    this.clear();
    const { most, bytes } = this.words;
    this.recorder = new Recorder(Number(most), Number(bytes), {
      heard: (level, seconds) => {
        this.level.value = level;
        this.clock(seconds);
      },
      ended: (sound, seconds) => this.ended(sound, seconds),
    });
    try {
      await this.recorder.start();
    } catch (error) {
      return this.refuse(trouble(error));
    }
    this.say("recording");
    return this.show({ recording: true });
  }

  ended(sound, seconds) {
    this.take = { sound, seconds };
    this.playback.src = URL.createObjectURL(sound);
    this.clock(seconds);
    this.say(seconds >= Number(this.words.most) ? "end" : "recorded");
    this.show({ recording: false });
  }

  clear() {
    if (this.playback.src) URL.revokeObjectURL(this.playback.src);
    this.playback.removeAttribute("src");
    this.take = null;
    this.time.textContent = "";
    this.say("");
    this.show({ recording: false });
  }

  async save() {
    if (!this.text.value.trim()) {
      this.say("write");
      return this.text.focus();
    }
    const { film, track } = this.player, form = new FormData();
    form.append("sound", this.take.sound, "voice");
    form.append("seconds", this.take.seconds.toFixed(1));
    form.append("text", this.text.value);
    if (this.here.checked) {
      form.append("frame", film.at);
      form.append("t_s", track.starts[film.at]);
    }
    this.keep.disabled = true;
    const answer = await post(this.words.voice, form);
    this.keep.disabled = false;
    if (!answer.ok) return this.say("failed", answer.error);
    this.text.value = "";
    this.clear();
    this.say("saved");
    this.record.focus();
    return this.saved();
  }
}
