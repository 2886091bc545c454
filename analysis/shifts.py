"""Where the rhythm of the steps shifts at once: a join that is in step almost, or a belt that was set to another speed.

`analysis.stretch` finds the great changes from stride to stride; these are smaller than one stride's own scatter may
be, and show in the mean of the steps before and after.
"""

from typing import NamedTuple

import numpy as np

from analysis.steps import Steps, step_numbers

# The steps looked at on either side, in which the strides must agree within REGULAR of their duration.
JUMP_STEPS, TEMPO_STEPS, REGULAR = 4, 5, 0.08
# The rhythm jumps by this share of a step: steady runs 0.07 at most (99 clips and their copies in other codecs), joins
# 0.16 and more.
JUMP_MIN = 0.14
# The stride becomes longer or shorter by this share: steady runs 0.045 at most, joins of other speeds 0.10 and more;
# and by more than the strides differ on either side, so that a ramp stays in one piece.
TEMPO_MIN, TEMPO_OVER_SCATTER = 0.075, 1.5


class Shift(NamedTuple):
    """Between the steps ``after - 1`` and ``after``; ``tempo`` is the stride's duration after it over that before."""

    after: int
    tempo: float


def find_shifts(steps: Steps) -> list[Shift]:
    """Every shift of tempo or of rhythm, in order; none where the steps are few or uneven."""
    count = len(steps.t_s)
    tempos = [(abs(np.log(ratio)), Shift(i, ratio)) for i in range(count) if (ratio := _tempo(steps, i)) is not None]
    jumps = [(size, Shift(i, 1.0)) for i in range(count) if (size := _jump(steps, i)) is not None]
    # A change of tempo looks like a jump, too.
    found = _peaks(tempos)
    found += [s for s in _peaks(jumps) if all(abs(s.after - other.after) > TEMPO_STEPS for other in found)]
    return sorted(found)


def _peaks(shifts: list[tuple[float, Shift]]) -> list[Shift]:
    """The largest of every few in a row."""
    out: list[Shift] = []
    for _, shift in sorted(shifts, reverse=True):
        if all(abs(shift.after - other.after) > TEMPO_STEPS for other in out):
            out.append(shift)
    return out


def _tempo(steps: Steps, at: int) -> float | None:
    """The stride's duration from step ``at`` on over that up to the step before; None where it stays the same."""
    if at < TEMPO_STEPS or at + TEMPO_STEPS > len(steps.t_s):
        return None
    before, after = steps.strides_s[at - TEMPO_STEPS : at - 2], steps.strides_s[at : at + TEMPO_STEPS - 2]
    change = float(np.log(np.median(after) / np.median(before)))
    scatter = max(np.ptp(np.log(before)), np.ptp(np.log(after)))
    return float(np.exp(change)) if abs(change) > max(TEMPO_MIN, TEMPO_OVER_SCATTER * scatter) else None


def _jump(steps: Steps, at: int) -> float | None:
    """How far the steps from ``at`` on are out of the rhythm before, steps; None where they are in it, or uneven."""
    if at < JUMP_STEPS or at + JUMP_STEPS > len(steps.t_s):
        return None
    first, last = at - JUMP_STEPS, at + JUMP_STEPS
    strides = np.concatenate([steps.strides_s[first : at - 2], steps.strides_s[at : last - 2]])
    if np.ptp(np.log(strides)) > REGULAR:
        return None
    t_s, numbers = steps.t_s[first:last], step_numbers(steps)[first:last]
    apart_s, apart = (float(np.mean(v[JUMP_STEPS:]) - np.mean(v[:JUMP_STEPS])) for v in (t_s, numbers))
    late = apart_s / (float(np.median(strides)) / 2) - apart
    size = abs(late - round(late))
    return size if size > JUMP_MIN else None
