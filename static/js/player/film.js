// The video, by picture numbers: which one is on show, seek, step, play forwards and backwards, loop.

export class Film {
  constructor(video, track, onChange) {
    Object.assign(this, { video, track, onChange });
    this.frame = null; // on show
    this.target = null; // asked for and not yet on show
    this.rate = 1;
    this.loop = null; // [first, last] picture
    this.backwards = null;
    this.exact = "requestVideoFrameCallback" in video;
    if (this.exact) this.listen(); else video.addEventListener("timeupdate", () => this.look());
    for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => this.onChange());
    video.addEventListener("seeked", () => this.arrived());
    video.addEventListener("loadedmetadata", () => this.target !== null && this.go());
  }

  get playing() { return !this.video.paused || this.backwards !== null; }
  get at() { return this.target ?? this.frame ?? 0; }

  listen() {
    this.video.requestVideoFrameCallback((now, { mediaTime }) => {
      this.show(this.track.nearest(mediaTime));
      this.listen();
    });
  }

  /** Without time stamps of pictures: what must be on show at this moment. */
  look() {
    if (!this.video.seeking) this.show(this.track.frameAt(this.video.currentTime));
    if (!this.exact && !this.video.paused) requestAnimationFrame(() => this.look());
  }

  show(frame) {
    this.frame = frame;
    if (frame === this.target) this.target = null;
    if (this.loop && !this.video.paused && this.target === null && frame >= this.loop[1]) this.seek(this.loop[0]);
    this.onChange();
  }

  seek(frame) {
    this.target = Math.max(0, Math.min(this.track.frames - 1, Math.round(frame)));
    if (this.video.readyState < 1) {
      this.video.preload = "auto";
      this.video.load();
    } else if (!this.video.seeking) this.go();
    this.onChange();
  }

  go() {
    this.going = this.target;
    this.video.currentTime = this.track.middle_s(this.target);
  }

  arrived() {
    if (this.target !== null && this.target !== this.going) this.go();
    else if (!this.video.paused) this.target = null;
    else {
      clearTimeout(this.wait);
      this.wait = setTimeout(() => this.settle(4), this.exact ? 250 : 0);
    }
  }

  /** A browser may not announce a picture that was on show already, and announces none that is scrolled away. */
  settle(turns) {
    if (this.video.seeking) return;
    const { top, bottom } = this.video.getBoundingClientRect();
    if (this.exact && this.frame !== this.going && turns && bottom > 0 && top < innerHeight) {
      this.wait = setTimeout(() => this.settle(turns - 1), 250);
      return;
    }
    this.target = null;
    if (this.frame !== this.going) this.look();
    this.onChange();
  }

  step(count) {
    this.pause();
    this.seek(this.at + count);
  }

  play() {
    this.stopBackwards();
    if (this.loop && (this.at < this.loop[0] || this.at >= this.loop[1])) this.seek(this.loop[0]);
    this.video.playbackRate = this.rate;
    return this.video.play()?.catch(() => this.onChange());
  }

  /** No browser plays backwards: one seek after the other, as fast as they come, in the right tempo. */
  playBackwards() {
    this.video.pause();
    const from_s = this.track.middle_s(this.at), began = performance.now(), [first] = this.loop ?? [0];
    this.stopBackwards();
    const turn = () => {
      const t_s = from_s - (this.rate * (performance.now() - began)) / 1000;
      const frame = Math.max(first, this.track.frameAt(Math.max(0, t_s)));
      if (this.target === null && frame < this.frame) this.seek(frame);
      if (frame > first) this.backwards = requestAnimationFrame(turn);
      else { this.stopBackwards(); this.onChange(); }
    };
    this.backwards = requestAnimationFrame(turn);
    this.onChange();
  }

  stopBackwards() {
    cancelAnimationFrame(this.backwards);
    this.backwards = null;
  }

  pause() {
    this.stopBackwards();
    this.video.pause();
    this.onChange();
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }

  setRate(rate) {
    this.rate = rate;
    this.video.playbackRate = rate;
    if (this.backwards !== null) this.playBackwards();
    this.onChange();
  }
}
