// Undo and redo: every change knows what a drawing was before and is after it.

export class History {
  constructor(apply) { Object.assign(this, { apply, done: [], undone: [] }); }

  did(note, before, after) {
    this.done.push({ note, before, after });
    this.undone = [];
  }

  undo() {
    const change = this.done.pop();
    if (change) this.undone.push(change);
    return change && this.apply(change.note, change.before);
  }

  redo() {
    const change = this.undone.pop();
    if (change) this.done.push(change);
    return change && this.apply(change.note, change.after);
  }
}
