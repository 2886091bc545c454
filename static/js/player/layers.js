// What can be drawn over a picture, each with a switch of its own.  Numbers are BlazePose's, left and right the runner's.

import { SEEN } from "./pen.js";

const NOSE = 0, EARS = [7, 8], SHOULDERS = [11, 12], HIPS = [23, 24];
const ARM_AND_LEG = [11, 13, 15, 23, 25, 27, 29, 31];
const LIMBS = [[11, 13], [13, 15], [11, 23], [23, 25], [25, 27], [27, 29], [29, 31]];
// The drawn frames have the same left and right (analysis/drawing.py).
const LEFT = "rgb(86 180 233)", RIGHT = "rgb(240 170 40)", BODY = "rgb(255 255 255)";
const TRUNK = "rgb(200 232 74)", ACROSS = "rgb(245 160 205)", HEAD = "rgb(190 170 255)";
const TURN_OF_FULL = 1.25;

/** The landmarks of one picture on the stage; what is not seen is not there. */
export class Pose {
  constructor(track, frame, fit) { Object.assign(this, { track, frame, fit }); }

  point(number) {
    const found = this.track.point(number, this.frame), { scale, left, top } = this.fit;
    if (!found || found.seen < SEEN) return null;
    return { x: left + scale * found.x, y: top + scale * found.y, seen: found.seen };
  }

  middle([left, right]) { return between(this.point(left), this.point(right)); }

  /** From the side one ear hides the other. */
  get ear() { return this.middle(EARS) ?? this.point(EARS[0]) ?? this.point(EARS[1]); }
}

function between(a, b) {
  return a && b && { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, seen: Math.min(a.seen, b.seen) };
}

function skeleton(pen, pose) {
  for (const pair of [SHOULDERS, HIPS]) pen.line(pair.map((one) => pose.point(one)), BODY, { weight: 0.9 });
  for (const [side, paint] of [[0, LEFT], [1, RIGHT]]) {
    for (const limb of LIMBS) pen.line(limb.map((one) => pose.point(one + side)), paint, { weight: 0.9 });
    for (const joint of ARM_AND_LEG) pen.dot(pose.point(joint + side), paint);
  }
}

function trunk(pen, pose) {
  const hip = pose.middle(HIPS), shoulder = pose.middle(SHOULDERS);
  if (!hip || !shoulder) return;
  const top = { x: hip.x, y: hip.y - TURN_OF_FULL * Math.hypot(shoulder.x - hip.x, shoulder.y - hip.y), seen: 1 };
  pen.line([{ ...hip, seen: 1 }, top], BODY, { weight: 0.6, dotted: true });
  pen.line([hip, shoulder], TRUNK, { weight: 1.3 });
}

function across(pen, pose) {
  for (const [left, right] of [SHOULDERS, HIPS]) {
    const a = pose.point(left), b = pose.point(right);
    if (!a || !b) continue;
    // A little longer than the body is wide, so that its tilt is seen.
    const beyond = (from, to) => ({ x: to.x + 0.3 * (to.x - from.x), y: to.y + 0.3 * (to.y - from.y), seen: to.seen });
    pen.line([beyond(b, a), beyond(a, b)], ACROSS, { weight: 1.2 });
  }
}

function head(pen, pose) {
  const ear = pose.ear;
  pen.line([pose.middle(SHOULDERS), ear], HEAD, { weight: 1.2 });
  if (pose.track.head.view === "side") pen.line([ear, pose.point(NOSE)], HEAD, { weight: 1.2 });
  else pen.line(EARS.map((one) => pose.point(one)), HEAD, { weight: 1.2 });
  pen.dot(ear, HEAD);
}

/** Where head and hips came along during the last stride. */
function paths(pen, pose) {
  const stride = pose.track.strideAt(pose.frame);
  if (!stride || !pose.track.analysed(pose.frame)) return;
  const from = Math.max(pose.track.first, pose.frame - (stride[1] - stride[0]) - 1);
  for (const [paint, place] of [[HEAD, (one) => one.ear], [ACROSS, (one) => one.middle(HIPS)]]) {
    let part = [];
    for (let frame = from; frame <= pose.frame; frame += 1) {
      const point = place(new Pose(pose.track, frame, pose.fit));
      if (point) part.push({ ...point, seen: 1 });
      if (part.length && (!point || frame === pose.frame)) {
        pen.line(part, paint, { weight: 0.7, bare: true });
        part = [];
      }
    }
  }
}

// In the order in which they are drawn.
export const LAYERS = { skeleton, across, trunk, head, paths };
