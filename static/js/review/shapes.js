// What can be drawn: points in pixels of the clip, x to the right, y down.  No page, no canvas.

export const POINTS = { line: 2, arrow: 2, angle: 3, circle: 2, path: 2, text: 1 };
export const MOST = { shapes: 40, points: 400, text: 120 };

export const apart = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay);

/** The angle between the two drawn lines, 0..180 degrees: of the drawing, on square pixels, not of the body. */
export function drawnAngle([first, corner, last]) {
  const turn = Math.atan2(first[1] - corner[1], first[0] - corner[0]) - Math.atan2(last[1] - corner[1], last[0] - corner[0]);
  const angle = Math.abs((turn * 180) / Math.PI) % 360;
  return angle > 180 ? 360 - angle : angle;
}

export const middle = (points) => [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);

/** Distance from a point to a shape's lines. */
export function away(shape, at) {
  const { kind, points } = shape;
  if (kind === "circle") return Math.abs(apart(points[0], at) - apart(...points));
  if (points.length === 1) return apart(points[0], at);
  return Math.min(...points.slice(1).map((to, n) => fromLine(at, points[n], to)));
}

function fromLine(at, from, to) {
  const long = apart(from, to);
  if (!long) return apart(at, from);
  const dot = (at[0] - from[0]) * (to[0] - from[0]) + (at[1] - from[1]) * (to[1] - from[1]);
  const share = Math.max(0, Math.min(1, dot / long ** 2));
  return apart(at, [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
}

export const inside = ([x, y], [wide, high]) => [
  Math.round(10 * Math.max(0, Math.min(wide, x))) / 10, Math.round(10 * Math.max(0, Math.min(high, y))) / 10,
];

/** The whole shape elsewhere; it stops at the picture's edge. */
export function moved(shape, by, size) {
  const step = [0, 1].map((axis) => {
    const places = shape.points.map((point) => point[axis]);
    return Math.max(-Math.min(...places), Math.min(size[axis] - Math.max(...places), by[axis]));
  });
  return { ...shape, points: shape.points.map((point) => inside([point[0] + step[0], point[1] + step[1]], size)) };
}

export function reshaped(shape, number, to, size) {
  return { ...shape, points: shape.points.map((point, at) => (at === number ? inside(to, size) : point)) };
}

/** From a point straight across, up or diagonally: what Shift does. */
export function straight(from, to) {
  const turn = Math.round(Math.atan2(to[1] - from[1], to[0] - from[0]) / (Math.PI / 4)) * (Math.PI / 4), long = apart(from, to);
  return [from[0] + long * Math.cos(turn), from[1] + long * Math.sin(turn)];
}

/** A line by hand with as few points as show it, never more than MOST.points. */
export function thinned(points, reach) {
  const kept = reduce(points, reach);
  return kept.length <= MOST.points ? kept : thinned(points, reach * 1.5);
}

function reduce(points, reach) {
  if (points.length < 3) return points;
  const from = points[0], to = points[points.length - 1];
  let far = 0, at = 0;
  for (let n = 1; n < points.length - 1; n += 1) {
    const off = fromLine(points[n], from, to);
    if (off > far) [far, at] = [off, n];
  }
  if (far <= reach) return [from, to];
  return [...reduce(points.slice(0, at + 1), reach).slice(0, -1), ...reduce(points.slice(at), reach)];
}
