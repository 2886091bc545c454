// The buttons for drawing, the state of saving, and the line to write on the picture.

import { onStage } from "./ink.js";
import { MOST } from "./shapes.js";

export class Tools {
  constructor(root, board) {
    Object.assign(this, { root, board, words: root.dataset });
    this.opener = root.querySelector("[data-draw-open]");
    this.sheet = root.querySelector("[data-draw-tools]");
    this.state = root.querySelector("[data-save-state]");
  }

  /** ``parts``: editor, drawings, enter, leave. */
  wire(parts) {
    Object.assign(this, parts);
    const acts = {
      undo: () => this.drawings.history.undo(), redo: () => this.drawings.history.redo(),
      remove: () => this.drawings.remove(), leave: this.leave,
    };
    this.root.addEventListener("click", ({ target }) => {
      const { tool, colour, act } = target.closest("button")?.dataset ?? {};
      if (target.closest("[data-draw-open]")) this.enter();
      if (tool) this.take(tool);
      if (colour) this.editor.paint(colour);
      if (act) acts[act]();
    });
    this.show();
  }

  /** The tool in hand, and the focus where it works. */
  take(tool) {
    this.editor.use(tool);
    this.board.player.stage.focus({ preventScroll: true });
  }

  show() {
    const { root, editor, drawings, words } = this, { tool } = editor, { stage } = this.board.player;
    this.sheet.hidden = !tool;
    this.opener.hidden = Boolean(tool);
    this.opener.setAttribute("aria-expanded", String(Boolean(tool)));
    for (const button of root.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    for (const button of root.querySelectorAll("[data-colour]")) {
      button.setAttribute("aria-pressed", String(button.dataset.colour === editor.colour));
    }
    const able = { undo: drawings.history.done.length, redo: drawings.history.undone.length, remove: drawings.shape };
    for (const [act, can] of Object.entries(able)) root.querySelector(`[data-act=${act}]`).disabled = !can;
    root.querySelector("[data-hint-text]").textContent = tool === "select" ? words.hintSelect : words.hint;
    this.board.player.root.classList.toggle("is-drawing", Boolean(tool));
    // A screen reader hands the arrows on to what works like a program.
    stage.setAttribute("role", tool ? "application" : "group");
  }

  say(word, text = this.words[word]) {
    this.state.textContent = text ?? "";
    this.state.dataset.saveState = word;
  }

  /** A line to write in at its place on the picture; empty or Escape leaves it as it was. */
  ask(at, before, done) {
    const { stage } = this.board.player, [x, y] = onStage(this.board.fit, at), field = document.createElement("input");
    Object.assign(field, { type: "text", className: "board__text", maxLength: MOST.text, value: before });
    field.setAttribute("aria-label", this.words.write);
    field.style.left = `${Math.max(0, Math.min(stage.clientWidth - 190, x))}px`;
    field.style.top = `${Math.max(0, Math.min(stage.clientHeight - 48, y - 20))}px`;
    let open = true;
    const close = (keep) => {
      if (!open) return;
      open = false;
      const text = field.value.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cs}]/gu, "").trim();
      field.remove();
      stage.focus({ preventScroll: true });
      if (keep && text !== before) done(text);
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") close(event.key === "Enter");
    });
    field.addEventListener("blur", () => close(true));
    stage.append(field);
    // At once: the first letters are not meant for the player.
    field.focus({ preventScroll: true });
  }
}
