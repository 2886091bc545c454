// Paper is narrower than the window and does not scroll: a chart that is drawn is scaled to fit, one that is not drawn yet
// is read as its table.

const unfolded = new Set();

function fit(plot, drawings) {
  const [width, height] = ["width", "height"].map((name) => drawings[0].getAttribute(name));
  for (const drawing of drawings) drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.style.aspectRatio = `${width} / ${height}`;
}

function unfold(plot) {
  const table = plot.closest(".chart")?.querySelector(".chart__table:not([open])");
  if (!table) return;
  table.open = true;
  unfolded.add(table);
}

addEventListener("beforeprint", () => {
  for (const plot of document.querySelectorAll("[data-figure]")) {
    const drawings = plot.querySelectorAll(".main-svg");
    if (drawings.length) fit(plot, drawings); else unfold(plot);
  }
});

addEventListener("afterprint", () => {
  for (const plot of document.querySelectorAll("[data-figure]")) {
    plot.style.aspectRatio = "";
    plot.querySelectorAll(".main-svg").forEach((drawing) => drawing.removeAttribute("viewBox"));
  }
  for (const table of unfolded) table.open = false;
  unfolded.clear();
});
