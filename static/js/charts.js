// Draws the stride charts when they scroll near: the library and the figures are fetched only then.
// A figure says what each trace and shape is (meta, name); the colours come from the page's tokens.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const TRACES = {
  mean: () => ({ "line.color": token("--accent") }),
  spread: () => ({ fillcolor: token("--chart-spread") }),
  "spread-edge": () => ({}),
};
const SHAPES = {
  "ok-band": () => ({ fillcolor: token("--ok-tint") }),
  "contact-right": () => ({ fillcolor: token("--series-right") }),
  "contact-left": () => ({ fillcolor: token("--series-left") }),
};
const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false };

let library;
const figures = new Map();
const drawn = new Set();

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

function paintTrace(trace) {
  const painted = { ...trace, line: { ...trace.line } };
  for (const [path, value] of Object.entries(TRACES[trace.meta]?.() ?? {})) {
    if (path === "line.color") painted.line.color = value;
    else painted[path] = value;
  }
  return painted;
}

function paintLayout(layout) {
  const axis = { color: token("--ink-soft"), gridcolor: token("--line"), linecolor: token("--line-strong") };
  return {
    ...layout,
    xaxis: { ...layout.xaxis, ...axis },
    yaxis: { ...layout.yaxis, ...axis },
    shapes: layout.shapes.map((shape) => ({ ...shape, ...SHAPES[shape.name]?.() })),
    annotations: layout.annotations.map((note) => ({ ...note, font: { ...note.font, color: token("--card") } })),
    font: { family: token("--font"), size: 13, color: token("--ink") },
    hoverlabel: { bgcolor: token("--ink"), font: { color: token("--card") } },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
  };
}

async function draw(plot) {
  const url = plot.closest("[data-figures]").dataset.figures;
  try {
    const [Plotly, all] = await Promise.all([loadLibrary(), loadFigures(url)]);
    const figure = all[plot.dataset.figure];
    if (!drawn.has(plot)) plot.replaceChildren();
    drawn.add(plot);
    await Plotly.react(plot, figure.data.map(paintTrace), paintLayout(figure.layout), CONFIG);
  } catch {
    plot.querySelector("p").textContent = plot.dataset.failed;
  }
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((e) => e.isIntersecting)) {
    near.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "400px" });

document.querySelectorAll("[data-figure]").forEach((plot) => near.observe(plot));
document.addEventListener("themechange", () => drawn.forEach(draw));
// Paper has no scrolling.
addEventListener("beforeprint", () => document.querySelectorAll("[data-figure]").forEach(draw));
