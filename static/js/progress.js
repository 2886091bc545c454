// Draws a metric over time when its card scrolls near.  A figure says what each trace and shape is (meta, name); the
// colours come from the page's tokens.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false };

const TRACES = {
  joins: () => ({ line: { color: token("--accent"), width: 2 } }),
  points: ({ marker, error_y }) => ({
    marker: { ...marker, color: token("--accent"), line: { width: 2, color: token("--accent") } },
    error_y: { ...error_y, color: token("--line-strong") },
  }),
  marks: ({ marker }) => ({ marker: { ...marker, color: token("--watch-mark") } }),
};
const SHAPES = {
  "ok-band": () => ({ fillcolor: token("--ok-tint") }),
  "mdc-band": () => ({ fillcolor: token("--ink-soft"), opacity: 0.22 }),
  break: ({ line }) => ({ line: { ...line, color: token("--line-strong") } }),
};

let library, figures;
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
  figures ??= fetch(url, { headers: { accept: "application/json" } }).then((answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  });
  return figures;
}

function paint({ data, layout }) {
  const axis = { color: token("--ink-soft"), gridcolor: token("--line"), linecolor: token("--line-strong") };
  return [
    data.map((trace) => ({ ...trace, ...TRACES[trace.meta](trace) })),
    {
      ...layout,
      xaxis: { ...layout.xaxis, ...axis },
      yaxis: { ...layout.yaxis, ...axis },
      shapes: layout.shapes.map((shape) => ({ ...shape, ...SHAPES[shape.name](shape) })),
      font: { family: token("--font"), size: 13, color: token("--ink") },
      hoverlabel: { bgcolor: token("--ink"), font: { color: token("--card") } },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
    },
  ];
}

async function draw(plot) {
  try {
    const url = plot.closest("[data-figures]").dataset.figures;
    const [Plotly, all] = await Promise.all([loadLibrary(), loadFigures(url)]);
    if (!drawn.has(plot)) plot.replaceChildren();
    drawn.add(plot);
    await Plotly.react(plot, ...paint(all[plot.dataset.figure]), CONFIG);
  } catch {
    plot.textContent = plot.dataset.failed;
  }
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    near.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "400px" });

document.querySelectorAll("[data-figure]").forEach((plot) => near.observe(plot));
document.addEventListener("themechange", () => drawn.forEach(draw));
