// A stride as the server aligned it: [phase, seconds of the clip] from [0, begin] to [1, end], rising.

export function timeAt(stride, phase) { return between(stride, phase, 0, 1); }

export function phaseAt(stride, t_s) { return between(stride, t_s, 1, 0); }

function between(stride, value, from, to) {
  const last = stride.length - 1;
  let at = 1;
  while (at < last && stride[at][from] < value) at += 1;
  const a = stride[at - 1], b = stride[at];
  const share = (value - a[from]) / (b[from] - a[from]);
  return a[to] + Math.max(0, Math.min(1, share)) * (b[to] - a[to]);
}
