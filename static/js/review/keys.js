// The keyboard of the notes, while the focus is in the player; what is not named here goes on to the player.

import { ARROWS } from "./cross.js";
import { TOOLS } from "./editor.js";

const WRITES = "textarea, select, input:not([type=range], [type=radio], [type=checkbox])";

/** Keys of undo, as programs for drawing have them. */
function command({ key, shiftKey }, { history }) {
  if (key.toLowerCase() === "z") return shiftKey ? () => history.redo() : () => history.undo();
  return key.toLowerCase() === "y" ? () => history.redo() : null;
}

function drawing(event, { editor, drawings, cross, leave, colour }) {
  const { key, shiftKey, target } = event, arrow = ARROWS[key], number = TOOLS[Number(key) - 1];
  if (number) return () => editor.use(number);
  if (key === "Escape") return () => (editor.board.draft ? editor.drop() : leave());
  if (key === "Delete" || key === "Backspace") return () => drawings.remove();
  if (key === "c") return colour;
  if (target !== editor.board.player.stage) return null;
  const moves = editor.tool === "select" ? drawings.shape : true;
  if (arrow && moves) {
    const step = (shiftKey ? 1 : 8) / editor.board.fit.scale;
    return editor.tool === "select" ? () => drawings.nudge(arrow.map((one) => one * step)) : () => cross.move(arrow, shiftKey);
  }
  if (key === "Enter" || key === " ") return editor.tool === "select" ? () => drawings.next() : () => cross.press();
  return null;
}

/** ``parts``: panel, and for whoever may write: write, editor, drawings, cross, enter, leave, colour. */
export function listenToKeys(root, parts) {
  root.addEventListener("keydown", (event) => {
    if (event.target.matches(WRITES) || event.altKey) return;
    const { editor, drawings, panel, write, enter } = parts;
    let act = null;
    if (event.ctrlKey || event.metaKey) act = editor ? command(event, drawings) : null;
    else if (event.key.toLowerCase() === "m") act = () => panel.go(event.shiftKey ? -1 : 1);
    else if (editor?.tool) act = drawing(event, parts);
    else if (editor && event.key === "d") act = enter;
    else if (write && event.key === "c") act = () => write.open();
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
}
