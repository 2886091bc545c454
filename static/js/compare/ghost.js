// The other runner's skeleton over this one: hips on hips, as large as this one, at the same moment of the stride.

import { SEEN } from "../player/pen.js";

const BONES = [[11, 12], [23, 24], [11, 23], [12, 24], [11, 13], [13, 15], [12, 14], [14, 16],
  [23, 25], [25, 27], [27, 29], [29, 31], [24, 26], [26, 28], [28, 30], [30, 32]];
const PAINT = "rgb(200 232 74)";

export function drawGhost(here, there, stride, mirror) {
  const own = here.build(stride), other = there.build(stride), frame = there.film.frame;
  if (!own || !other || frame === null || !there.track.analysed(frame)) return;
  const { scale, left, top } = here.fit, size = own.trunk / other.trunk, way = mirror ? -1 : 1;
  const place = (number) => {
    const point = there.track.point(number, frame);
    if (!point || point.seen < SEEN) return null;
    const x = own.x + way * size * (point.x - other.x), y = own.y + size * (point.y - other.y);
    return { x: left + scale * x, y: top + scale * y, seen: 1 };
  };
  for (const bone of BONES) here.pen.line(bone.map(place), PAINT, { weight: 0.8 });
  const head = [7, 8].map(place).filter(Boolean), neck = [11, 12].map(place).filter(Boolean);
  if (head.length && neck.length) here.pen.line([mean(neck), mean(head)], PAINT, { weight: 0.8 });
}

function mean(points) {
  const sum = (axis) => points.reduce((total, point) => total + point[axis], 0) / points.length;
  return { x: sum("x"), y: sum("y"), seen: 1 };
}
