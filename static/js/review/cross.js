// A cross on the picture for those who draw with the keyboard: arrows move it, Enter sets a point.

import { element, onPicture, onStage } from "./ink.js";

const STEP_PX = 8;
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Cross {
  constructor(editor) {
    Object.assign(this, { editor, board: editor.board, at: null });
    this.mark = element("path", { class: "board__cross", d: "M-14 0H-3M3 0H14M0 -14V-3M0 3V14" });
    this.board.player.overlays.add(() => this.draw());
  }

  hide() {
    this.at = null;
    this.mark.remove();
  }

  draw() {
    if (!this.at) return;
    const [x, y] = onStage(this.board.fit, this.at);
    this.mark.setAttribute("transform", `translate(${x} ${y})`);
    if (!this.mark.isConnected || this.mark.nextSibling) this.board.svg.append(this.mark);
  }

  /** The first press of an arrow shows it in the middle of what one sees. */
  move([x, y], fine) {
    const { fit, size, player } = this.board, step = (fine ? 1 : STEP_PX) / fit.scale;
    const here = this.at ?? onPicture(fit, [player.stage.clientWidth / 2, player.stage.clientHeight / 2]);
    this.at = [0, 1].map((axis) => Math.max(0, Math.min(size[axis], here[axis] + [x, y][axis] * step)));
    this.editor.move(this.at);
    this.draw();
  }

  press() {
    const { editor } = this;
    if (!this.at) return this.move([0, 0]);
    if (editor.tool === "path" && editor.board.draft) return editor.up(this.at);
    editor.down(this.at);
    if (editor.tool !== "path" && editor.tool !== "text") editor.up(this.at, false);
    return this.draw();
  }
}
