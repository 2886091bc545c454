// The colours of the charts.  A figure says what each trace and shape is (meta, name); the page's tokens say how it looks.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const line = (name) => () => ({ line: { color: token(name) } });
const fill = (name) => () => ({ fillcolor: token(name) });

const TRACES = {
  mean: line("--accent"),
  spread: fill("--chart-spread"),
  "side-right": line("--series-right"),
  "side-left": line("--series-left"),
  "spread-right": fill("--series-right-soft"),
  "spread-left": fill("--series-left-soft"),
  stride: () => ({ line: { color: token("--line-strong") }, marker: { color: token("--accent") } }),
};
const SHAPES = {
  "ok-band": fill("--ok-tint"),
  interval: fill("--chart-spread"),
  stride: fill("--chart-stride"),
  "contact-right": fill("--series-right"),
  "contact-left": fill("--series-left"),
};

export function paintTrace(trace) {
  const paint = TRACES[trace.meta]?.() ?? {};
  return { ...trace, ...paint, line: { ...trace.line, ...paint.line }, marker: { ...trace.marker, ...paint.marker } };
}

export function paintLayout(layout) {
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
