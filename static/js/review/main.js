// Notes beside every player that is opened: to read for everybody, to draw and to speak for the coach who reviews.

import { Board } from "./board.js";
import { Cross } from "./cross.js";
import { Drawings } from "./drawings.js";
import { Editor } from "./editor.js";
import { listenToKeys } from "./keys.js";
import { Panel } from "./panel.js";
import { listenToPointers } from "./pointer.js";
import { post } from "./send.js";
import { Store } from "./store.js";
import { Tools } from "./tools.js";
import { Voice } from "./voice.js";
import { Write } from "./write.js";

const COLOURS = ["yellow", "cyan", "magenta", "white"];

async function open(root) {
  const { player } = root, place = root.querySelector("[data-notes]");
  if (!place || place.dataset.opened) return;
  place.dataset.opened = "yes";
  const panel = new Panel(player, place), board = new Board(player, { drawn: place.dataset.drawn });
  board.notes = await panel.open();
  const tools = place.querySelector("[data-draw]"), voice = place.querySelector("[data-voice]"), words = place.querySelector("[data-comment]");
  const write = words && new Write(words, player, () => panel.renew());
  listenToKeys(root, { panel, write, ...(tools && draw(tools, board, panel)) });
  if (voice) new Voice(voice, player, () => panel.renew());
  wipe(place, board, panel, tools);
  place.addEventListener("submit", (event) => rewrite(event, panel));
  player.draw();
}

/** All that it takes to draw; what the keyboard needs of it. */
function draw(root, board, panel) {
  const tools = new Tools(root, board), { stage } = board.player;
  const store = new Store(root.dataset.save, board.size, { say: (word, text) => tools.say(word, text), saved: () => panel.renew() });
  const does = { save: (note) => store.save(note), say: (word) => tools.say(word), changed: () => tools.show() };
  const drawings = new Drawings(board, does);
  const editor = new Editor(board, drawings, (at, before, done) => tools.ask(at, before, done)), cross = new Cross(editor);
  const enter = () => tools.take("line");
  const leave = () => {
    cross.hide();
    editor.use(null);
    tools.opener.focus({ preventScroll: true });
  };
  const colour = () => editor.paint(COLOURS[(COLOURS.indexOf(editor.colour) + 1) % COLOURS.length]);
  // Under the picture that one draws on.
  stage.after(root);
  tools.wire({ editor, drawings, enter, leave });
  stage.addEventListener("pointerdown", () => cross.hide(), true);
  listenToPointers(editor);
  root.drawings = drawings;
  return { editor, drawings, cross, enter, leave, colour };
}

/** Deleting from the list: a drawing can come back by undo, a recording cannot. */
function wipe(place, board, panel, tools) {
  place.addEventListener("click", async ({ target }) => {
    const { wipe: code, delete: url } = target.closest("button")?.dataset ?? {};
    const note = code && board.notes.find((one) => one.code === code);
    if (note) tools.drawings.change(note, []);
    if (url && confirm(place.dataset.sure) && (await post(url)).ok) await panel.renew();
  });
}

/** Other words beside a recording. */
async function rewrite(event, panel) {
  const form = event.target.closest("[data-rewrite]");
  if (!form) return;
  event.preventDefault();
  const answer = await post(form.action, new FormData(form));
  if (answer.ok) await panel.renew();
  else form.querySelector("[role=status]").textContent = answer.error ?? panel.place.dataset.lost;
}

async function start(root) {
  try {
    await open(root);
  } catch (error) {
    const place = root.querySelector("[data-notes]");
    place.textContent = place.dataset.lost;
    throw error;
  }
}

document.addEventListener("player", ({ target }) => start(target));
for (const root of document.querySelectorAll("[data-player]")) if (root.player) start(root);
