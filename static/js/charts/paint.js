// The colours of the charts.  A figure says what each trace and shape is (meta, name); the page's tokens say how it looks.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const line = (name) => () => ({ line: { color: token(name) } });
const fill = (name) => () => ({ fillcolor: token(name) });

const TRACES = {
  mean: line("--accent"),
  before: line("--ink-soft"),
  "spread-before": fill("--chart-before"),
  spread: fill("--chart-spread"),
  "side-right": line("--series-right"),
  "side-left": line("--series-left"),
  "spread-right": fill("--series-right-soft"),
  "spread-left": fill("--series-left-soft"),
  stride: () => ({ line: { color: token("--line-strong") }, marker: { color: token("--accent") } }),
  joins: line("--accent"),
  points: () => ({
    marker: { color: token("--accent"), line: { width: 2, color: token("--accent") } },
    error_y: { color: token("--line-strong") },
  }),
  marks: () => ({ marker: { color: token("--watch-mark") } }),
};
const SHAPES = {
  "ok-band": fill("--ok-tint"),
  "mdc-band": () => ({ fillcolor: token("--ink-soft"), opacity: 0.22 }),
  break: line("--line-strong"),
  interval: fill("--chart-spread"),
  stride: fill("--chart-stride"),
  "contact-right": fill("--series-right"),
  "contact-left": fill("--series-left"),
};

export function paintTrace(trace) {
  return painted(trace, TRACES[trace.meta]?.() ?? {});
}

/** Colours come to what stands there already: widths, dashes, errors. */
function painted(part, paint) {
  const whole = { ...part, ...paint };
  for (const name of ["line", "marker", "error_y"]) {
    if (part[name] || paint[name]) whole[name] = { ...part[name], ...paint[name] };
  }
  return whole;
}

export function paintLayout(layout) {
  const axis = { color: token("--ink-soft"), gridcolor: token("--line"), linecolor: token("--line-strong") };
  return {
    ...layout,
    xaxis: { ...layout.xaxis, ...axis },
    yaxis: { ...layout.yaxis, ...axis },
    shapes: layout.shapes.map((shape) => painted(shape, SHAPES[shape.name]?.() ?? {})),
    annotations: layout.annotations.map((note) => ({ ...note, font: { ...note.font, color: token("--card") } })),
    font: { family: token("--font"), size: 13, color: token("--ink") },
    hoverlabel: { bgcolor: token("--ink"), font: { color: token("--card") } },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
  };
}
