// The page of a review: draft, working time, keys, and comments on the moment that a clip shows.

import { watchWork } from "./clock.js";
import { Draft } from "./draft.js";
import { listenToKeys } from "./keys.js";
import { offerMoment } from "./moment.js";
import { arrange } from "./tips.js";

const form = document.querySelector("form[data-draft]");

/** How much is judged already, in the bar. */
function count() {
  const place = document.querySelector("[data-judged-count]");
  const all = [...document.querySelectorAll(".findings [data-judge]")];
  const done = all.filter((one) => one.querySelector("input[type=radio]:checked"));
  if (place && all.length) {
    place.textContent = form.dataset.of.replace("{n}", done.length).replace("{all}", all.length);
  }
}

if (form) {
  const draft = new Draft(form, document.querySelector("[data-draft-state]"));
  arrange(form, () => draft.changed());
  watchWork(form.dataset.beat, () => draft.say("ended"));
  document.addEventListener("change", count);
  count();
}
/** What was chosen before htmx listened is sent as well. */
function catchUp() {
  for (const radio of document.querySelectorAll("[data-judge] input[type=radio]:checked")) {
    if (!radio.defaultChecked) radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

addEventListener("DOMContentLoaded", catchUp);
listenToKeys(form);
offerMoment();
