// Runs so many at once and no more; the others wait in line.

export class Queue {
  constructor(atOnce) {
    this.free = atOnce;
    this.line = [];
  }

  async run(task) {
    if (this.free > 0) this.free -= 1;
    else await new Promise((next) => this.line.push(next));
    try {
      return await task();
    } finally {
      const next = this.line.shift();
      if (next) next(); else this.free += 1;
    }
  }
}
