// Draws on the canvas over the video, crisp at any size: in CSS pixels, lines with a dark rim.

const INK = "rgb(16 20 24)";
const SURE = 0.5;
export const SEEN = 0.35;

export class Pen {
  constructor(canvas) {
    this.canvas = canvas;
    this.to = canvas.getContext("2d");
  }

  /** An empty sheet of the stage's size and the screen's own resolution. */
  begin(wide, high) {
    const ratio = window.devicePixelRatio || 1, { canvas, to } = this;
    const [width, height] = [Math.round(wide * ratio), Math.round(high * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    to.setTransform(ratio, 0, 0, ratio, 0, 0);
    to.clearRect(0, 0, wide, high);
    to.lineCap = to.lineJoin = "round";
    this.unit = Math.max(2.4, Math.min(wide, high) / 180);
  }

  /** The video's picture itself: while it plays, the page may show the next one before the lines follow. */
  picture(video, { scale, left, top }, [width, height]) {
    this.to.drawImage(video, left, top, scale * width, scale * height);
  }

  /** A line through points; one that is not surely seen is dashed. */
  line(points, paint, { weight = 1, dotted = false, bare = false } = {}) {
    if (points.some((point) => !point)) return;
    const { to, unit } = this, unsure = points.some((point) => point.seen < SURE);
    to.beginPath();
    points.forEach(({ x, y }, at) => (at ? to.lineTo(x, y) : to.moveTo(x, y)));
    to.setLineDash(dotted ? [unit * 1.6, unit * 2.8] : unsure ? [unit * 2.2, unit * 2.6] : []);
    this.stroke(paint, unit * weight, bare);
    to.setLineDash([]);
  }

  /** A joint: filled where it is surely seen, else a ring. */
  dot(point, paint, size = 1.5) {
    if (!point) return;
    const { to, unit } = this;
    to.beginPath();
    to.arc(point.x, point.y, unit * size, 0, 2 * Math.PI);
    if (point.seen < SURE) return this.stroke(paint, unit * 0.6);
    to.fillStyle = INK;
    to.fill();
    to.beginPath();
    to.arc(point.x, point.y, unit * size - Math.max(0.8, unit * 0.3), 0, 2 * Math.PI);
    to.fillStyle = paint;
    to.fill();
  }

  stroke(paint, width, bare = false) {
    const { to } = this;
    to.strokeStyle = INK;
    to.lineWidth = width + Math.max(1.4, width * 0.6);
    if (!bare) to.stroke();
    to.strokeStyle = paint;
    to.lineWidth = width;
    to.stroke();
  }
}
