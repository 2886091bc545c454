// The upload page: choose clips, see what each can give, send at most two at once, follow the analysis to the results.
// Without this script the form posts as any form does.

import { Draft } from "./draft.js";
import { follow, showCard } from "./cards.js";
import { Queue } from "./queue.js";
import { offerUnfinished } from "./unfinished.js";

const form = document.getElementById("upload");
const queue = new Queue(2);
const drafts = new Set();

function add(files) {
  for (const file of files) {
    if ([...drafts].some((draft) => draft.isOf(file))) continue;
    const draft = new Draft(file, form, { onGone: () => drop(draft), onAgain: () => send(draft) });
    drafts.add(draft);
    form.querySelector("[data-drafts]").append(draft.element);
    draft.look();
  }
  form.elements.file.value = "";
  refresh();
}

function drop(draft) {
  drafts.delete(draft);
  draft.element.remove();
  refresh();
}

async function send(draft) {
  if (draft.sending) return;
  draft.wait();
  refresh();
  const answer = await queue.run(() => draft.send());
  if (answer) {
    drop(draft);
    showCard(answer, form);
  }
  refresh();
}

function refresh() {
  const waiting = [...drafts].filter((draft) => draft.ready);
  const button = form.querySelector("[type=submit]");
  button.disabled = drafts.size > 0 && !waiting.length;
  form.classList.toggle("upload__form--chosen", drafts.size > 0);
}

function listen() {
  const zone = form.querySelector("[data-drop]"), input = form.elements.file;
  input.multiple = true;
  input.required = false;
  input.addEventListener("change", () => add(input.files));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!drafts.size) input.click();
    for (const draft of drafts) if (draft.ready) send(draft);
  });
  form.addEventListener("draft:changed", refresh);
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
    });
  }
  zone.addEventListener("drop", (event) => add(event.dataTransfer.files));
  window.addEventListener("beforeunload", (event) => {
    if ([...drafts].some((draft) => draft.sending)) event.preventDefault();
  });
}

if (form) {
  for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;
  listen();
  offerUnfinished(form);
}
follow(() => drafts.size > 0);
