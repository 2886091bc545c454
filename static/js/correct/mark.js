// The page on which a person marks waistband and shoulders, one frame after the other.

import { loadTrack } from "../player/track.js";
import { makeDots, showDots } from "./dots.js";
import { Pace } from "./pace.js";
import { Outbox, send } from "./send.js";
import { Sheet } from "./sheet.js";
import { Shots } from "./shots.js";

const NEEDED = 7, NEXT = ["Enter", "n", " ", "."], BACK = ["p", ",", "Backspace"];
const root = document.querySelector("[data-mark]"), find = (name) => root.querySelector(`[data-${name}]`);
const task = JSON.parse(document.getElementById("mark-task").textContent), words = Object.fromEntries([...document.getElementById("mark-words").attributes]
  .map(({ name, value }) => [name.replace("data-", ""), value]));
const frames = [...task.frames, ...task.between.map((frame) => ({ ...frame, between: true }))];
const lines = new Map(task.marks.map(({ line, t_s, ends }) => [`${line} ${t_s.toFixed(3)}`, ends.sort((a, b) => a[0] - b[0])]));
const undo = [];
let line = "waist", at = 0, shots;

const outbox = new Outbox(root.dataset.url, (state) => { find("saved").textContent = words[state] ?? state; });
const sheet = new Sheet(find("sheet"), task.roll_deg, (ends) => keep(frames[at], ends)), pace = new Pace(find("pace"), next);

function key(frame) { return `${line} ${frame.t_s.toFixed(3)}`; }
function box(frame) { return line === "waist" ? frame.crop : frame.shoulders ?? frame.crop; }
function count(side, between = false) {
  return frames.filter((one) => one.side === side && !!one.between === between && lines.has(key(one))).length;
}

/** Keep a line (image left end first) or take it away (null). */
function keep(frame, ends, remember = true) {
  if (remember && ends && !lines.has(key(frame))) pace.begin();
  if (remember) undo.push({ line, at, frame, ends: lines.get(key(frame)) ?? null });
  if (ends) lines.set(key(frame), ends); else lines.delete(key(frame));
  // In the picture from the front the runner's right is left.
  const own = ends && (task.view === "front" ? [...ends].reverse() : ends);
  outbox.put({ line, t_s: frame.t_s, side: frame.side, ends: own });
  tell();
}

async function show(number) {
  pace.stop();
  at = Math.max(0, Math.min(frames.length - 1, number));
  const frame = frames[at];
  tell();
  sheet.setLine(null);
  root.setAttribute("aria-busy", "true");
  try {
    const picture = await shots.get(frame.t_s, box(frame));
    if (frame !== frames[at]) return;
    sheet.show(picture, box(frame), lines.get(key(frame)) ?? null);
    root.setAttribute("aria-busy", "false");
    root.dataset.shown = at;
    for (const one of frames.slice(at + 1, at + 4)) shots.get(one.t_s, box(one), false).catch(() => {});
  } catch {
    find("failed").hidden = false;
  }
}

/** To the next open frame of this round; at its end one stays, and sees that it is done. */
function next() {
  const same = (one) => !!one && !one.between === !frames[at].between;
  const open = frames.findIndex((one, number) => number > at && same(one) && !lines.has(key(one)));
  if (open > 0) show(open);
  else if (same(frames[at + 1])) show(at + 1);
}

function takeBack() {
  const last = undo.pop();
  if (!last) return;
  choose(last.line);
  at = last.at;
  keep(last.frame, last.ends, false);
  show(last.at);
}

function choose(name) {
  line = name;
  for (const box of root.querySelectorAll("[name=line]")) box.checked = box.value === name;
  root.dataset.line = name;
}

function tell() {
  const frame = frames[at], done = frames.filter((one) => lines.has(key(one))).length;
  const what = frame.between ? words.between : words[`stand-${frame.side}`];
  find("where").textContent = words.where.replace("{n}", at + 1).replace("{all}", frame.between ? frames.length : task.frames.length).replace("{what}", what);
  find("counts").textContent = words.counts.replace("{left}", count("left")).replace("{right}", count("right"))
    .replace("{between}", count("left", true) + count("right", true)).replaceAll("{needed}", NEEDED);
  find("ask").textContent = words[`ask-${line}`];
  const enough = Math.min(count("left"), count("right")) >= NEEDED;
  find("done").disabled = !done;
  find("enough").hidden = !enough;
  find("enough-text").textContent = words[`enough-${line}`];
  find("further").hidden = !enough || frame.between || !task.between.length;
  showDots(find("dots"), at, (number) => lines.has(key(frames[number])));
  find("undo").disabled = !undo.length;
}

async function finish() {
  find("done").disabled = true;
  try {
    await outbox.empty();
    location.assign((await send(root.dataset.compute)).next);
  } catch (error) {
    find("saved").textContent = error.message || words.waiting;
    find("done").disabled = false;
  }
}

const ACTS = {
  next, back: () => show(at - 1), undo: takeBack, done: finish,
  level: () => { sheet.level(); pace.stop(); },
  clear: () => { keep(frames[at], null); sheet.setLine(null); },
  further: () => show(task.frames.length),
};

function wire() {
  find("sheet").addEventListener("pointerdown", () => pace.stop(), true);
  for (const [name, act] of Object.entries(ACTS)) find(name).addEventListener("click", act);
  root.addEventListener("change", ({ target }) => {
    if (target.name !== "line") return;
    choose(target.value);
    show(frames.findIndex((one) => !lines.has(key(one))));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("summary, a")) return;
    // What the control that has the focus does itself.
    const own = event.target.matches("button:not(.handle)") ? [" ", "Enter"] : event.target.matches("input") ? [" "] : [];
    if (own.includes(event.key)) return;
    const act = NEXT.includes(event.key) ? next : BACK.includes(event.key) ? ACTS.back
      : event.key === "u" ? takeBack : event.key === "l" ? ACTS.level : null;
    if (!act) return;
    event.preventDefault();
    if (act !== next || lines.has(key(frames[at])) || !pace.justWent) act();
  });
}

try {
  shots = new Shots(find("film"), await loadTrack(root.dataset.landmarks), task.roll_deg);
  makeDots(find("dots"), frames, words.frame, show);
  wire();
  choose("waist");
  await show(Math.max(0, frames.findIndex((one) => !lines.has(key(one)))));
} catch (error) {
  find("failed").hidden = false;
  throw error;
}
