// The list of notes beside a clip, and their marks on the bar.  The server writes the list; here it is put in its place.

export class Panel {
  constructor(player, place) {
    Object.assign(this, { player, place, url: place.dataset.notes, marks: [] });
    place.addEventListener("click", ({ target }) => {
      const link = target.closest("[data-go]");
      if (link) player.go(Number(link.dataset.go));
    });
    player.overlays.add(() => this.follow());
  }

  async fetch() {
    const answer = await fetch(this.url, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return new DOMParser().parseFromString(await answer.text(), "text/html").body;
  }

  /** The drawings of the list. */
  async open() {
    this.place.replaceChildren(...(await this.fetch()).childNodes);
    return this.read();
  }

  /** Anew after a change; the tools above and below it stay as they are. */
  async renew() {
    const list = this.place.querySelector("[data-note-list]"), now = (await this.fetch()).querySelector("[data-note-list]");
    if (!list || !now) return this.read();
    // A list that did not change keeps the focus, and the sound that plays.
    const held = list.contains(document.activeElement) ? document.activeElement.dataset.go : undefined;
    if (list.innerHTML !== now.innerHTML) list.replaceWith(now);
    if (held !== undefined) this.place.querySelector(`[data-go="${held}"]`)?.focus();
    return this.read();
  }

  read() {
    this.items = [...this.place.querySelectorAll("[data-note]")];
    this.shown = null;
    this.mark();
    this.follow();
    return this.items.filter(({ dataset }) => dataset.note === "drawing")
      .map((item) => JSON.parse(item.querySelector("script").textContent));
  }

  /** One mark a note; its shape says what kind it is.  Keyboards and screen readers have the list. */
  mark() {
    const { bar } = this.player;
    this.marks.forEach((mark) => mark.remove());
    this.marks = this.items.filter(({ dataset }) => dataset.frame).map((item) => {
      const mark = document.createElement("span"), { note, frame } = item.dataset;
      mark.className = `seek__note seek__note--${note}`;
      mark.dataset.mark = note;
      mark.style.left = `${100 * bar.share(Number(frame))}%`;
      mark.title = item.querySelector("[data-go]").getAttribute("aria-label");
      mark.append(item.querySelector("[data-note-icon] svg").cloneNode(true));
      mark.addEventListener("click", () => this.player.go(Number(frame)));
      return mark;
    });
    bar.bar.append(...this.marks);
    this.player.root.classList.toggle("has-notes", this.marks.length > 0);
  }

  /** Says in the list which notes belong to the picture on show. */
  follow() {
    const { frame } = this.player.film;
    if (frame === this.shown) return;
    this.shown = frame;
    for (const link of this.place.querySelectorAll("[data-go]")) {
      if (Number(link.dataset.go) === frame) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** To the next note after the picture on show, or the one before it. */
  go(way) {
    const { film } = this.player;
    const ahead = this.items.map(({ dataset }) => Number(dataset.frame ?? NaN)).filter((frame) => (frame - film.at) * way > 0);
    if (ahead.length) this.player.go(way > 0 ? Math.min(...ahead) : Math.max(...ahead));
  }
}
