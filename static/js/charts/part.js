// The part of a long clip that its chart shows: how much of it and from when on.  It turns the page when the clip leaves it.

const PX_PER_S = 25;

export class Part {
  constructor(root, whole, width, onChange) {
    Object.assign(this, { whole, onChange, root });
    this.spans = root.querySelector("select");
    this.slider = root.querySelector("input");
    this.spans.addEventListener("change", () => this.show(this.middle - this.span / 2));
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    root.hidden = false;
    // The longest that can be read on this screen.
    const fits = [...this.spans.options].find(({ value }) => width / Number(value) >= PX_PER_S);
    this.spans.value = (fits ?? this.spans.options[this.spans.options.length - 1]).value;
    this.place(whole[0]);
  }

  get span() { return Number(this.spans.value); }

  /** Where the clip is, or else the middle of what is on show. */
  get middle() {
    const [from, to] = this.range;
    return this.now >= from && this.now <= to ? this.now : (from + to) / 2;
  }

  place(from_s) {
    const [first, end] = this.whole, last = end - this.span;
    const from = Math.max(first, Math.min(from_s, last));
    this.range = [from, Math.min(end, from + this.span)];
    Object.assign(this.slider, { min: first, max: Math.max(first, last), value: from, disabled: last <= first });
    this.slider.setAttribute("aria-valuetext", `${from.toFixed(1)} s`);
  }

  show(from_s) {
    this.place(from_s);
    this.onChange();
  }

  /** The clip goes on beyond the edge. */
  follow(t_s) {
    this.now = t_s;
    const [from, to] = this.range, [first, end] = this.whole;
    if (t_s >= first && t_s <= end && (t_s < from || t_s > to)) this.show(t_s - 0.1 * this.span);
  }
}
