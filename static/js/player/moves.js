// Where a step leads: the next event, the same moment of the next stride.

export function otherEvent({ head: { events } }, at, way) {
  const ahead = events.map(([frame]) => frame).filter((frame) => (frame - at) * way > 0);
  return ahead.length ? (way > 0 ? Math.min(...ahead) : Math.max(...ahead)) : at;
}

export function otherStride(track, at, way) {
  const { strides } = track.head, here = track.strideAt(at);
  if (!here) return at;
  const inside = at >= here[0] && at <= here[1];
  // Beside the strides: to the nearest one, if it lies that way.
  if (!inside) return (here[0] - at) * way > 0 ? here[0] : at;
  const next = strides[strides.indexOf(here) + way];
  if (!next) return at;
  return Math.round(next[0] + ((at - here[0]) / (here[1] - here[0])) * (next[1] - next[0]));
}
