/** A numbered button a frame, to go there. */
export function makeDots(list, frames, label, go) {
  for (const [number, frame] of frames.entries()) {
    const item = document.createElement("li"), button = document.createElement("button");
    item.className = frame.between ? "is-between" : "";
    Object.assign(button, { type: "button", textContent: number + 1 });
    button.setAttribute("aria-label", label.replace("{n}", number + 1));
    button.addEventListener("click", () => go(number));
    item.append(button);
    list.append(item);
  }
}

/** Which frame is on show, and which are marked. */
export function showDots(list, at, isMarked) {
  for (const [number, dot] of [...list.children].entries()) {
    dot.firstChild.setAttribute("aria-current", number === at ? "step" : "false");
    dot.classList.toggle("is-marked", isMarked(number));
  }
}
