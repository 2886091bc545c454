// What can be put right on the clip: who is followed, where a point lies, when a foot lands, where the belt's edge is.

import { Handle } from "./handle.js";

const round = (value, digits = 4) => Number(value.toFixed(digits));
const NEAR_S = 0.15;

class Tool {
  constructor(bench) {
    Object.assign(this, bench, { inUse: false });
    const view = () => this.player.view.fit;
    this.places = {
      toStage: ({ x, y }) => ({ x: view().left + view().scale * x, y: view().top + view().scale * y }),
      toClip: ({ x, y }) => {
        const [wide, high] = this.player.track.head.size, { left, top, scale } = view();
        return { x: Math.max(0, Math.min(wide, (x - left) / scale)), y: Math.max(0, Math.min(high, (y - top) / scale)) };
      },
    };
    this.make();
  }

  make() {}
  follow() {}
  act() {}
  use(inUse) {
    this.inUse = inUse;
    if (inUse) this.player.film.pause();
    this.follow();
  }

  get frame() { return this.player.film.frame ?? this.player.film.at; }
  get t_s() { return round(this.player.track.starts[this.frame]); }
  text(name, what) { return this.words[name].replace("{t}", this.t_s.toFixed(2)).replace("{name}", what ?? ""); }
  handle(label, onDone) { return new Handle(this.player.stage, label, this.places, { onDone, onMove: () => this.player.draw() }); }
}

/** A tap on the person; or a ring in the middle that the arrow keys move. */
class Runner extends Tool {
  make() {
    this.ring = this.handle(this.words.target, () => this.keep());
    this.player.stage.addEventListener("click", (event) => {
      if (!this.inUse || !this.player.view.tapped || event.target.closest("button")) return;
      event.stopImmediatePropagation();
      this.point(this.places.toClip(Object.fromEntries(this.player.view.place(event).map((at, n) => ["xy"[n], at]))));
    }, { capture: true });
  }

  act() {
    const [wide, high] = this.player.track.head.size;
    this.point({ x: wide / 2, y: high / 2 });
    this.ring.button.focus();
  }

  point(at) {
    this.player.film.pause();
    this.at = this.frame;
    this.ring.put(at);
    this.keep();
  }

  keep() {
    const { x, y } = this.ring.at;
    this.put("runner", { kind: "runner", t_s: this.t_s, at: [round(x, 1), round(y, 1)] }, this.text("runner"));
  }

  follow() {
    this.ring.button.hidden = !this.inUse || !this.ring.at || this.at !== this.frame;
    this.ring.show();
  }
}

class Point extends Tool {
  make() {
    this.choice = this.find("point");
    this.moved = new Map();
    this.ring = this.choice && this.handle(this.words.place, (at) => this.keep(at));
    this.choice?.addEventListener("change", () => this.follow());
  }

  get name() { return `point ${this.choice.value} ${this.frame}`; }

  follow() {
    if (!this.ring) return;
    const paused = this.inUse && !this.player.film.playing;
    // While it is dragged it stays where the finger holds it.
    if (this.ring.button.matches(":active")) return this.ring.show();
    const found = this.player.track.point(Number(this.choice.value), this.frame);
    this.ring.put(paused ? this.moved.get(this.name) ?? (found && { x: found.x, y: found.y }) : null);
  }

  keep({ x, y }) {
    this.moved.set(this.name, { x, y });
    const point = Number(this.choice.value), item = { kind: "landmark", t_s: this.t_s, point, to: [round(x, 1), round(y, 1)] };
    this.put(this.name, item, this.text("landmark", this.choice.selectedOptions[0].textContent));
  }
}

class Event extends Tool {
  act(action) {
    const choice = this.find("event"), [event, side] = choice.value.split(" "), { track } = this.player;
    const same = track.head.events.filter(([, kind, leg]) => kind === event && leg === side);
    const away = ([at]) => Math.abs(track.starts[at] - this.t_s);
    const nearest = same.sort((a, b) => away(a) - away(b))[0];
    if (action !== "add" && !(nearest && away(nearest) <= NEAR_S)) return this.say(this.words.none);
    this.say("");
    const own = action === "add" ? this.t_s : round(track.starts[nearest[0]]);
    const item = { kind: "event", event, side, action, t_s: own, to_s: action === "move" ? this.t_s : null };
    const when = this.words[action].replace("{t}", (action === "remove" ? own : this.t_s).toFixed(2));
    this.put(`${event} ${side} ${own}`, item, when.replace("{name}", choice.selectedOptions[0].textContent));
  }
}

/** Two rings, and the line between them drawn over the clip. */
class Deck extends Tool {
  make() {
    this.ends = [0.25, 0.75].map(() => this.handle(this.words.end, () => {}));
    this.player.overlays.add(() => this.line());
  }

  follow() {
    const [wide, high] = this.player.track.head.size;
    this.ends.forEach((end, n) => {
      if (this.inUse && !end.at) end.put({ x: wide * (n ? 0.75 : 0.25), y: 0.9 * high });
      end.button.hidden = !this.inUse;
      end.show();
    });
  }

  line() {
    if (!this.inUse || !this.ends[0].at) return;
    const points = this.ends.map(({ at }) => ({ ...this.places.toStage(at), seen: 1 }));
    this.player.pen.line(points, "rgb(200 232 74)", { weight: 1.2 });
  }

  act() {
    const ends = this.ends.map(({ at }) => [round(at.x, 1), round(at.y, 1)]);
    this.put("deck", { line: "deck_line", t_s: this.t_s, ends }, this.text("deck"), this.root.dataset.marks);
  }
}

export const TOOLS = { runner: Runner, landmark: Point, event: Event, deck: Deck };
