// A shape as SVG in the stage's CSS pixels: lines keep their weight at any zoom, and their dark rim shows on any clip.

import { apart, drawnAngle } from "./shapes.js";

const SVG = "http://www.w3.org/2000/svg";

export function element(name, values = {}, ...inside) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

export const onStage = ({ scale, left, top }, [x, y]) => [left + scale * x, top + scale * y];
export const onPicture = ({ scale, left, top }, [x, y]) => [(x - left) / scale, (y - top) / scale];

const lines = (points) => points.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");

function circle([centre, edge]) {
  const r = apart(centre, edge), [x, y] = centre;
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

function arrow([from, to], unit) {
  const way = Math.atan2(to[1] - from[1], to[0] - from[0]), long = Math.min(5 * unit, apart(from, to) / 2);
  const wing = (turn) => [to[0] - long * Math.cos(way + turn), to[1] - long * Math.sin(way + turn)];
  return lines([from, to]) + lines([wing(0.5), to, wing(-0.5)]);
}

function angle([first, corner, last], unit) {
  if (!last) return lines([first, corner]);
  const r = Math.min(9 * unit, apart(first, corner), apart(last, corner));
  const ends = [first, last].map((end) => {
    const long = apart(corner, end) || 1;
    return corner.map((from, axis) => from + (r / long) * (end[axis] - from));
  });
  const turn = (ends[0][0] - corner[0]) * (ends[1][1] - corner[1]) - (ends[0][1] - corner[1]) * (ends[1][0] - corner[0]);
  const arc = `M${ends[0]}A${r} ${r} 0 0 ${turn > 0 ? 1 : 0} ${ends[1]}`;
  return lines([first, corner, last]) + (r > unit ? arc : "");
}

const OUTLINES = { line: lines, path: lines, arrow, angle, circle };

/** `words.drawn` names the angle for what it is: "{n}° drawn". */
export function ink(shape, fit, unit, words) {
  const points = shape.points.map((point) => onStage(fit, point)), { kind, colour } = shape;
  const group = element("g", { class: `ink ink--${colour}`, "data-ink": kind });
  if (kind !== "text" && points.length > 1) {
    const d = OUTLINES[kind](points, unit);
    group.append(element("path", { class: "ink__rim", d, "stroke-width": unit * 1.9 }),
      element("path", { class: "ink__line", d, "stroke-width": unit }));
  }
  const said = kind === "angle" && points.length === 3
    ? words.drawn.replace("{n}", drawnAngle(shape.points).toFixed(0)) : kind === "text" ? shape.text : "";
  if (said) group.append(label(said, kind === "angle" ? beside(points, unit) : points[0], unit));
  return group;
}

/** Outside of the angle, behind its corner, where none of its lines is. */
function beside([first, corner, last], unit) {
  const way = [first, last].map((end) => Math.atan2(end[1] - corner[1], end[0] - corner[0]));
  const turn = Math.atan2(Math.sin(way[0]) + Math.sin(way[1]), Math.cos(way[0]) + Math.cos(way[1]));
  return [corner[0] - 15 * unit * Math.cos(turn), corner[1] - 6 * unit * Math.sin(turn)];
}

function label(said, [x, y], unit) {
  const size = Math.max(13, 5.5 * unit);
  const text = element("text", { class: "ink__text", x, y, "font-size": size, "stroke-width": size / 3.5 });
  text.textContent = said;
  return text;
}
