// What a clip can give, from what it is: compares with the limits that the server wrote into the page.

import { limits, rounded, say, views } from "./words.js";

/** Sentences about a clip, each "good", "watch" or "bad". `seconds` is the length of what will be analysed. */
export function notes(facts, file, kind, seconds) {
  if (!file.size) return [["bad", say("empty")]];
  if (!facts.readable) return [["watch", say("unreadable")]];
  const found = [...ofLength(kind, seconds), ...ofPictures(facts, kind)];
  if (facts.height < limits.smallPx) found.push(["watch", say("small", { height: facts.height })]);
  else if (facts.width > facts.height) found.push(["note", say("across")]);
  if (!found.some(([level]) => level !== "note")) found.unshift(["good", say("good")]);
  if (!facts.playable) found.push(["note", say("unplayable", { codec: NAMES[facts.codec] ?? facts.codec })]);
  return found;
}

const NAMES = { hevc: "HEVC / H.265", av1: "AV1", vp9: "VP9", vp8: "VP8", avc: "H.264" };

function ofLength(kind, seconds) {
  if (!seconds) return [];
  if (kind === "standing") return seconds < limits.standing ? [["bad", say("shortStanding")]] : [];
  const n = Math.floor(seconds / limits.stride);
  const values = { seconds: rounded(seconds), n, min: limits.stridesMin };
  if (n < limits.stridesMin) return [["bad", say("short", values)]];
  return n < limits.stridesGood ? [["watch", say("few", values)]] : [];
}

function ofPictures({ fps }, kind) {
  if (!fps || kind === "standing") return [];
  if (fps < limits.fpsMin * 0.98) return [["bad", say("fewPictures", { fps: rounded(fps, 0) })]];
  return fps < limits.fpsFeet ? [["watch", say("noFeet", { fps: rounded(fps, 0) })]] : [];
}

/** The metrics of a view that this clip can give, and those that its frame rate costs. */
export function gives(facts, kind, view) {
  const all = views[kind === "standing" ? "standing" : view];
  if (!all) return null;
  const slow = kind !== "standing" && facts.fps && facts.fps < limits.fpsFeet;
  return { able: all.filter((one) => !(slow && one.timed)), lost: slow ? all.filter((one) => one.timed) : [], all };
}
