// Pictures of chosen moments, cut out of the clip, level and large; fetched one after the other, the wanted one first.

export class Shots {
  constructor(video, track, roll_deg) {
    Object.assign(this, { video, track, turn: (-roll_deg * Math.PI) / 180, kept: new Map(), waiting: [], busy: false });
  }

  /** The picture of a box (x, y, width, height in pixels of the clip) at a moment; the last one asked for comes first. */
  get(t_s, box, first = true) {
    const name = `${t_s} ${box}`;
    if (!this.kept.has(name)) {
      this.kept.set(name, new Promise((found, failed) => {
        this.waiting[first ? "unshift" : "push"]({ t_s, box, found, failed });
      }));
      this.work();
    } else if (first) {
      const at = this.waiting.findIndex((one) => one.t_s === t_s && `${one.box}` === `${box}`);
      if (at > 0) this.waiting.unshift(...this.waiting.splice(at, 1));
    }
    return this.kept.get(name);
  }

  async work() {
    if (this.busy) return;
    this.busy = true;
    while (this.waiting.length) {
      const { t_s, box, found, failed } = this.waiting.shift();
      try {
        await this.seek(t_s);
        found(this.cut(box));
      } catch (error) {
        failed(error);
      }
    }
    this.busy = false;
  }

  async seek(t_s) {
    const { video, track } = this, at = track.middle_s(track.nearest(t_s));
    if (video.error) throw video.error;
    if (video.readyState < 1) await event(video, "loadedmetadata");
    if (Math.abs(video.currentTime - at) < 1e-4 && video.readyState >= 2 && !video.seeking) return;
    video.currentTime = at;
    await event(video, "seeked");
    if (video.readyState < 2) await event(video, "loadeddata");
  }

  /** The box turned level, at the clip's own resolution times two. */
  cut([x, y, wide, high]) {
    const sheet = document.createElement("canvas"), [width, height] = this.track.head.size;
    sheet.width = 2 * wide;
    sheet.height = 2 * high;
    const to = sheet.getContext("2d");
    to.imageSmoothingQuality = "high";
    to.scale(2, 2);
    to.translate(wide / 2, high / 2);
    to.rotate(this.turn);
    to.translate(-x - wide / 2, -y - high / 2);
    to.drawImage(this.video, 0, 0, width, height);
    return sheet;
  }
}

function event(target, name) {
  return new Promise((done, failed) => {
    target.addEventListener(name, done, { once: true });
    target.addEventListener("error", () => failed(target.error), { once: true });
  });
}
