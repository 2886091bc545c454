// Draws the charts when they scroll near: the library and the figures are fetched only then.

import "./charts/paper.js";
import { Cursor } from "./charts/cursor.js";
import { paintLayout, paintTrace } from "./charts/paint.js";
import { Part } from "./charts/part.js";

const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false };

let library;
const figures = new Map();
const drawn = new Set();
const cursors = new Map();
const parts = new Map(); // plot -> the part of the clip that it shows
const shown = new Map(); // clip -> what its player shows

function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("script[data-plotly]").dataset.plotly;
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function loadFigures(url) {
  if (!figures.has(url)) {
    figures.set(url, fetch(url, { headers: { accept: "application/json" } }).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json();
    }));
  }
  return figures.get(url);
}

/** The figure stands beside the chart, or in the file of its clip. */
async function figureOf(plot) {
  const own = plot.parentElement.querySelector("script[type='application/json']");
  if (own) return JSON.parse(own.textContent);
  return (await loadFigures(plot.closest("[data-figures]").dataset.figures))[plot.dataset.figure];
}

async function draw(plot) {
  try {
    const [Plotly, figure] = await Promise.all([loadLibrary(), figureOf(plot)]);
    if (!plot.isConnected) return;
    if (!drawn.has(plot)) plot.replaceChildren();
    drawn.add(plot);
    addPart(plot, figure);
    addCursor(plot, figure);
    await Plotly.react(plot, figure.data.map(paintTrace), paintLayout(partOf(plot, figure.layout)), CONFIG);
  } catch {
    plot.querySelector("p").textContent = plot.dataset.failed;
  }
}

function addPart(plot, figure) {
  const root = plot.closest(".chart").querySelector("[data-part]");
  if (!root || parts.has(plot)) return;
  const part = new Part(root, figure.layout.xaxis.range, plot.clientWidth, () => {
    const cursor = cursors.get(cursorOf(plot));
    if (cursor) cursor.range = part.range;
    draw(plot);
    if (cursor && shown.has(cursor.clip)) cursor.place(shown.get(cursor.clip));
  });
  parts.set(plot, part);
}

function partOf(plot, layout) {
  const range = parts.get(plot)?.range;
  return range ? { ...layout, xaxis: { ...layout.xaxis, range } } : layout;
}

const cursorOf = (plot) => plot.parentElement.querySelector("[data-cursor]");

function addCursor(plot, figure) {
  const slider = cursorOf(plot);
  // A clip without a player has nothing to lead.
  if (!slider || cursors.has(slider) || !document.querySelector(`[data-player="${slider.dataset.clip}"]`)) return;
  const cursor = new Cursor(slider, figure, parts.get(plot)), now = shown.get(slider.dataset.clip);
  cursors.set(slider, cursor);
  if (now) cursor.follow(now);
}

document.addEventListener("clipframe", ({ detail }) => {
  shown.set(detail.clip, detail);
  for (const [slider, cursor] of cursors) {
    if (!slider.isConnected) cursors.delete(slider);
    else if (cursor.clip === detail.clip) cursor.follow(detail);
  }
});

const near = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((e) => e.isIntersecting)) {
    near.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "400px" });

const watch = (part) => part.querySelectorAll("[data-figure]").forEach((plot) => near.observe(plot));
watch(document);
document.addEventListener("htmx:load", ({ target }) => watch(target));
document.addEventListener("themechange", () => {
  for (const plot of drawn) if (plot.isConnected) draw(plot); else drawn.delete(plot);
});
// What was to come and did not.
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, ({ target }) => {
    const note = target.querySelector?.("[data-wait]");
    if (note) note.textContent = note.dataset.failed;
  });
}
