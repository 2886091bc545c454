// Words about the picture on show.

import { post } from "./send.js";

export class Write {
  constructor(root, player, saved) {
    Object.assign(this, { root, player, saved, words: root.dataset });
    [this.form, this.text, this.about, this.said] = ["form", "textarea", "[data-about]", "[role=status]"].map((one) => root.querySelector(one));
    root.addEventListener("toggle", () => root.open && player.film.pause());
    this.form.addEventListener("submit", (event) => this.send(event));
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
      else if (event.key === "Escape") this.leave();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    player.overlays.add(() => this.follow());
    addEventListener("beforeunload", (event) => this.text.value.trim() && event.preventDefault());
    this.follow();
  }

  get t_s() { return this.player.track.starts[this.player.film.at]; }

  follow() { this.about.textContent = this.words.about.replace("{t}", this.t_s.toFixed(2)); }

  open() {
    this.root.open = true;
    this.text.focus();
  }

  leave() {
    this.root.open = false;
    this.player.stage.focus({ preventScroll: true });
  }

  async send(event) {
    event.preventDefault();
    const form = new FormData(this.form), button = this.form.querySelector("button");
    form.append("frame", this.player.film.at);
    form.append("t_s", this.t_s.toFixed(4));
    button.disabled = true;
    const answer = await post(this.words.comment, form);
    button.disabled = false;
    this.said.textContent = answer.ok ? this.words.saved : answer.error ?? this.words.failed;
    if (!answer.ok) return;
    this.text.value = "";
    await this.saved();
    this.leave();
  }
}
