// Mouse, pen and finger on the stage while one draws.  A second finger, the wheel and the other mouse buttons still zoom and
// move the picture.

import { onPicture } from "./ink.js";

const FAR_PX = 6;

export function listenToPointers(editor) {
  const { player } = editor.board, { stage, view } = player;
  const fingers = new Map();
  let from = null;

  const place = (event) => onPicture(view.fit, view.place(event));
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const on = (name, act) => stage.addEventListener(name, (event) => editor.tool && act(event), true);

  on("pointerdown", (event) => {
    if (event.target.closest("button, input") || (event.pointerType === "mouse" && event.button)) return;
    fingers.set(event.pointerId, event);
    if (fingers.size > 1) {
      // What the first finger began was not meant as a line.
      editor.drop();
      if (from) view.down(from);
      from = null;
      return;
    }
    take(event);
    from = event;
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    editor.down(place(event), event.shiftKey);
  });
  on("pointermove", (event) => {
    if (fingers.size > 1 || (fingers.size && !from)) return;
    take(event);
    editor.move(place(event), event.shiftKey);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    on(name, (event) => {
      const drew = from?.pointerId === event.pointerId;
      fingers.delete(event.pointerId);
      if (!drew) return;
      const far = Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > FAR_PX;
      take(event);
      from = null;
      if (name === "pointerup") editor.up(place(event), far, event.shiftKey); else editor.drop();
    });
  }
  // A press draws; it does not play, zoom, or take the focus from what one writes.
  for (const name of ["mousedown", "click", "dblclick"]) on(name, (event) => event.target.closest("button, input") || take(event));
}
