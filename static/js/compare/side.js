// One of two clips: shows the picture of a moment of a stride and draws its lines.

import { Film } from "../player/film.js";
import { LAYERS, Pose } from "../player/layers.js";
import { Pen } from "../player/pen.js";
import { loadTrack } from "../player/track.js";
import { timeAt } from "./clock.js";

const HIPS = [23, 24], SHOULDERS = [11, 12];

export async function openSide(root, strides, onChange) {
  return new Side(root, await loadTrack(root.dataset.landmarks), strides, onChange);
}

class Side {
  constructor(root, track, strides, onChange) {
    Object.assign(this, { root, track });
    // A clip without strides, a standing one, is one long stride.
    this.strides = strides.length ? strides : [[[0, track.starts[track.first]], [1, track.starts[track.last]]]];
    this.stage = root.querySelector("[data-stage]");
    this.pen = new Pen(root.querySelector("canvas"));
    this.film = new Film(root.querySelector("video"), track, onChange);
    new ResizeObserver(onChange).observe(this.stage);
  }

  stride(number) { return this.strides[number % this.strides.length]; }

  seconds(number) { const stride = this.stride(number); return stride.at(-1)[1] - stride[0][1]; }

  show(number, phase) {
    const frame = this.track.frameAt(timeAt(this.stride(number), phase));
    if (frame !== this.film.at) this.film.seek(frame);
  }

  get fit() {
    const { clientWidth: wide, clientHeight: high } = this.stage, [width, height] = this.track.head.size;
    const scale = Math.min(wide / width, high / height);
    return { scale, left: (wide - scale * width) / 2, top: (high - scale * height) / 2 };
  }

  draw(skeleton) {
    const { pen, stage, track, film } = this;
    pen.begin(stage.clientWidth, stage.clientHeight);
    if (film.frame === null || !track.analysed(film.frame) || !skeleton) return;
    const pose = new Pose(track, film.frame, this.fit);
    LAYERS.skeleton(pen, pose);
    LAYERS.trunk(pen, pose);
  }

  /** Mean place of the hips and length of the trunk over a stride, in pixels of the clip: what a ghost is laid on. */
  build(number) {
    const stride = this.stride(number), { track } = this;
    const sum = { x: 0, y: 0, trunk: 0, n: 0 };
    for (let at = track.frameAt(stride[0][1]); at < track.frameAt(stride.at(-1)[1]); at += 1) {
      const [hip, shoulder] = [HIPS, SHOULDERS].map((pair) => middle(pair.map((point) => track.point(point, at))));
      if (!hip || !shoulder) continue;
      sum.x += hip.x; sum.y += hip.y; sum.n += 1;
      sum.trunk += Math.hypot(shoulder.x - hip.x, shoulder.y - hip.y);
    }
    return sum.n && { x: sum.x / sum.n, y: sum.y / sum.n, trunk: sum.trunk / sum.n };
  }
}

function middle([a, b]) { return a && b && { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }; }
