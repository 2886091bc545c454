// Writes into a draft what was found out.

import { grades, limits, rounded, say } from "./words.js";

export function describe({ seconds, width, height, fps }) {
  if (!width) return "";
  return say(fps ? "facts" : "factsShort", { seconds: rounded(seconds), width, height, fps: rounded(fps, 0) });
}

function item(text, className) {
  return Object.assign(document.createElement("li"), { textContent: text, className });
}

export function showNotes(list, notes) {
  list.replaceChildren(...notes.map(([level, text]) => item(text, `draft__note draft__note--${level}`)));
}

/** `found` is null until the view is known. */
export function showPromise(box, found, facts) {
  const title = box.querySelector("[data-gives-title]"), list = box.querySelector("[data-gives-list]");
  box.hidden = false;
  list.hidden = !found;
  title.textContent = found ? say("count", { n: found.able.length, all: found.all.length }) : say("chooseView");
  if (!found) return;
  const lines = ["A", "B", "C"].map((grade) => [grades[grade], found.able.filter((one) => one.grade === grade)]);
  if (found.lost.length) lines.push([say("notAtThisRate", { fps: rounded(facts.fps ?? limits.fpsFeet, 0) }), found.lost]);
  list.replaceChildren(...lines.filter(([, metrics]) => metrics.length).map(([label, metrics]) => line(label, metrics)));
}

function line(label, metrics) {
  const row = item("", "");
  const name = (one) => (one.tape ? `${one.label} (${say("tape")})` : one.label);
  row.append(Object.assign(document.createElement("strong"), { textContent: `${label}: ` }), metrics.map(name).join("; "));
  return row;
}
