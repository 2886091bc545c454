// The landmarks of a clip, picture by picture.  Reads the file that runform/reports/player.py writes.

export async function loadTrack(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return decode(await answer.arrayBuffer());
}

export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const ticks = new Uint32Array(buffer, 4 + length, head.frames);
  const size = head.points.length * head.rows;
  const places = new Int16Array(buffer, ticks.byteOffset + ticks.byteLength, 2 * size);
  const seen = new Uint8Array(buffer, places.byteOffset + places.byteLength, size);
  // Every place is stored as the step from the picture before; the sum wraps as the steps do.
  for (let at = 0; at < places.length; at += 1) if (at % head.rows) places[at] += places[at - 1];
  return new Track(head, ticks, places, seen);
}

class Track {
  constructor(head, ticks, places, seen) {
    Object.assign(this, { head, places, seen });
    let now = 0;
    this.starts = Float64Array.from(ticks, (span) => (now += span) / head.per_s - span / head.per_s);
    this.end_s = now / head.per_s;
    this.index = new Map(head.points.map((number, at) => [number, at]));
    this.longest = Math.max(...head.size);
  }

  get frames() { return this.head.frames; }
  get first() { return this.head.first; }
  get last() { return this.head.first + this.head.rows - 1; }

  /** The picture that is on show at a moment: the last one that began. */
  frameAt(t_s) {
    let low = 0, high = this.frames - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= t_s + 1e-4) low = middle; else high = middle - 1;
    }
    return low;
  }

  /** The picture that begins nearest to a moment: a time stamp comes with rounding. */
  nearest(t_s) {
    const before = this.frameAt(t_s), after = Math.min(before + 1, this.frames - 1);
    return Math.abs(this.starts[after] - t_s) < Math.abs(this.starts[before] - t_s) ? after : before;
  }

  /** A moment well inside a picture's time: a seek to its edge may find its neighbour. */
  middle_s(frame) {
    return (this.starts[frame] + (this.starts[frame + 1] ?? this.end_s)) / 2;
  }

  analysed(frame) { return frame >= this.first && frame <= this.last; }

  /** A landmark (BlazePose number) on a picture: x, y in pixels of the clip, y down, and 0..1 how surely it is seen. */
  point(number, frame) {
    if (!this.analysed(frame)) return null;
    const { rows, units } = this.head, at = this.index.get(number), row = frame - this.first;
    const scale = this.longest / units;
    return {
      x: this.places[2 * at * rows + row] * scale,
      y: this.places[(2 * at + 1) * rows + row] * scale,
      seen: this.seen[at * rows + row] / 255,
    };
  }

  /** The stride that holds a picture, or the one nearest to it. */
  strideAt(frame) {
    const away = ([from, to]) => Math.max(from - frame, frame - to, 0);
    return this.head.strides.reduce((best, stride) => (!best || away(stride) < away(best) ? stride : best), null);
  }

  eventAt(frame) { return this.head.events.find(([at]) => at === frame); }
}
