// The clip with tools that put right what was found on it.  What is put right is sent together.

import "../player/main.js";
import { send } from "./send.js";
import { TOOLS } from "./tools.js";

const root = document.querySelector("[data-bench]"), find = (name) => root.querySelector(`[data-${name}]`);
const words = find("words").dataset, kept = `put-right ${root.dataset.clip}`;
// Kept until they are sent: [{item, url, text}].
let pending = JSON.parse(sessionStorage.getItem(kept) ?? "[]");

function tell() {
  sessionStorage.setItem(kept, JSON.stringify(pending));
  find("pending").replaceChildren(...pending.map((one, number) => {
    const line = document.createElement("li"), text = document.createElement("span"), undo = document.createElement("button");
    text.textContent = one.text;
    Object.assign(undo, { type: "button", className: "btn btn-secondary btn-sm", textContent: words.undo });
    undo.setAttribute("aria-label", `${words.undo}: ${one.text}`);
    undo.addEventListener("click", () => { pending.splice(number, 1); tell(); });
    line.append(text, undo);
    return line;
  }));
  root.querySelector("[data-act=send]").disabled = !pending.length;
}

/** One more; the same thing on the same picture is moved, not doubled. */
function put(name, item, text, url = root.dataset.url) {
  pending = [...pending.filter((one) => one.name !== name), { name, item, text, url }];
  tell();
}

async function submit() {
  const items = pending.filter((one) => one.url === root.dataset.url).map(({ item }) => item);
  find("said").textContent = "";
  try {
    for (const { item, url } of pending) if (url !== root.dataset.url) await send(url, item);
    const { next } = items.length ? await send(root.dataset.url, items) : await send(root.dataset.compute);
    pending = [];
    tell();
    location.assign(next);
  } catch (error) {
    find("said").textContent = error.message || words.lost;
  }
}

function start(player) {
  const bench = { root, find, words, player, put, say: (text) => { find("said").textContent = text; } };
  const tools = Object.fromEntries(Object.entries(TOOLS).map(([name, Tool]) => [name, new Tool(bench)]));
  const choose = (mode) => {
    root.dataset.mode = mode;
    for (const part of root.querySelectorAll("div[data-mode]")) part.hidden = part.dataset.mode !== mode;
    for (const [name, tool] of Object.entries(tools)) tool.use(name === mode);
  };
  player.overlays.add(() => Object.values(tools).forEach((tool) => tool.follow()));
  root.addEventListener("change", ({ target }) => target.name === "mode" && choose(target.value));
  root.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-act]")?.dataset.act;
    if (act === "send") submit();
    else if (act) tools[root.dataset.mode].act(act);
  });
  find("tools").hidden = false;
  choose("runner");
}

tell();
const holder = root.querySelector("[data-player]");
if (holder?.player) start(holder.player);
else holder?.addEventListener("player", () => queueMicrotask(() => start(holder.player)), { once: true });
