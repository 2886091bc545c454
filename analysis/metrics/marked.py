"""Lines drawn by a person on chosen frames: tilt by the place in the stride, and what of it can be said how surely.

Frames at mid-stance (places 0 and 1/2 of the stride) alone give half the difference between the two stances.  Where the
stride's mean lies between them they do not tell, nor does a level camera: the runner of the truth clips carries the
pelvis 2.6 deg up on the right all along, so that the tilt against the level reads 2.7 and 9.7 deg for a true drop of
5.3 and 7.3.  Frames a quarter of a stride later on either side do tell, for the mean of four places a quarter apart is
the stride's mean for any waveform up to its third harmonic: 5.2 and 7.2 for those, 1.3 and 3.2 for 1.5 and 3.6, 11.2
and 13.2 for 11.3 and 13.2.  They also show the shoulders, whose line is level at mid-stance and steepest in between.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from analysis.cycle import STRIKE_BEFORE_MID_STANCE
from analysis.metrics.estimate import interval
from analysis.metrics.spec import Measured, NotMeasured
from analysis.types import Evidence, Floats, Mark, Side, Strides

# The literature's minimum (Dingenen et al. 2018), and what is enough of the frames in between.
MARKS_A_SIDE, BETWEEN_A_SIDE = 7, 4
# Lines drawn by a person: SDD 2.7-2.8 deg a week apart (Dingenen et al. 2018) is a standard error of 1.0; and lines at
# mid-stance alone do not tell the stride's mean, whose place between the two sides differs by about 1 deg.
MARKED_SD = 1.4
# With the frames in between the stride's mean is known; the deepest moment lies beside mid-stance by up to 0.4 deg.
PHASED_SD = 1.1
# A swing is the difference of two such lines, and the third harmonic is not seen.
SWING_SD = 1.7
# Places of the stride after a mid-stance, strides: nearer to a quarter than to the mid-stance itself.
BETWEEN = (0.125, 0.375)


class Place(NamedTuple):
    """Where in the stride: mid-stance of that side, or a quarter of a stride later."""

    side: Side
    between: bool

    @property
    def phase(self) -> float:
        """Share of the stride since the right foot strike, 0..1."""
        return (STRIKE_BEFORE_MID_STANCE + 0.5 * (self.side is Side.LEFT) + 0.25 * self.between) % 1.0


Tilts = Mapping[Place, Floats]


def tilts_of(evidence: Evidence, line: str) -> Tilts:
    """Tilt of all lines of a kind (waist or shoulders) by place, degrees, + = the runner's right side up."""
    out: dict[Place, list[float]] = {Place(side, between): [] for side in Side for between in (False, True)}
    for mark in evidence.marks:
        if mark.line == line:
            out[Place(mark.side, _is_between(mark, evidence.strides))].append(tilt_deg(mark))
    return {place: np.array(values) for place, values in out.items()}


def tilt_deg(mark: Mark) -> float:
    """Tilt of a drawn line, + = the runner's right side up, whichever way the runner faces."""
    across, up = mark.right[0] - mark.left[0], mark.right[1] - mark.left[1]
    return float(np.degrees(np.arctan2(up, abs(across))))


def marked_by(evidence: Evidence, line: str) -> str:
    """Who drew."""
    return ", ".join(sorted({mark.marked_by for mark in evidence.marks if mark.line == line}))


def compute_drop(tilts: Tilts, side: Side, names: str) -> Measured | NotMeasured:
    """How far the other side lies below the stride's mean while this foot stands.

    With mid-stance frames alone half the difference between the two stances: the drop of both sides together.
    """
    stance = {one: tilts[Place(one, False)] for one in Side}
    count = fewest(tilts)
    if count < MARKS_A_SIDE:
        return NotMeasured(f"Mark the waistband on at least {MARKS_A_SIDE} frames of each side; {count} are marked.")
    if not has_between(tilts):
        value = float(stance[Side.RIGHT].mean() - stance[Side.LEFT].mean()) / 2
        spread = float(np.sqrt(sum(_error2(values) for values in stance.values()))) / 2
        low, high = interval(value, float(np.hypot(spread, MARKED_SD)))
        note = (
            "Lines at mid-stance give the drop of both sides together, not the difference between them; "
            "lines on the frames in between tell the sides apart."
        )
        return Measured(value, low, high, count, "marked", note=note, marked_by=names)
    others = [values for place, values in tilts.items() if place != Place(side, False)]
    sign = 1.0 if side is Side.RIGHT else -1.0
    value = sign * float(stance[side].mean() - np.mean([values.mean() for values in tilts.values()]))
    spread = float(np.sqrt(9 * _error2(stance[side]) + sum(_error2(values) for values in others))) / 4
    low, high = interval(value, float(np.hypot(spread, PHASED_SD)))
    return Measured(value, low, high, count, "marked", marked_by=names)


def compute_mean(tilts: Tilts, names: str) -> Measured:
    """Mean tilt over the stride, from the two mid-stances or from all four places."""
    used = [values for place, values in tilts.items() if has_between(tilts) or not place.between]
    value = float(np.mean([values.mean() for values in used]))
    spread = float(np.sqrt(sum(_error2(values) for values in used))) / len(used)
    low, high = interval(value, float(np.hypot(spread, PHASED_SD)))
    return Measured(value, low, high, fewest(tilts), "marked", marked_by=names)


def compute_swing(tilts: Tilts, names: str, unseen_sd: float = 0.0) -> Measured:
    """Peak-to-peak over the stride, from all four places: twice the size of the fundamental.

    ``unseen_sd`` what the movement's higher harmonics add to the error, degrees.
    """
    means = {place: values.mean() for place, values in tilts.items()}
    halves = [(means[Place(Side.RIGHT, between)] - means[Place(Side.LEFT, between)]) / 2 for between in (False, True)]
    value = 2 * float(np.hypot(*halves))
    spread = float(np.sqrt(sum(_error2(values) for values in tilts.values()) / 2))
    low, high = interval(value, float(np.linalg.norm([spread, SWING_SD, unseen_sd])))
    return Measured(value, low, high, fewest(tilts), "marked", marked_by=names)


def fewest(tilts: Tilts) -> int:
    """Marked mid-stance frames of the side that has fewer."""
    return min(len(values) for place, values in tilts.items() if not place.between)


def has_between(tilts: Tilts) -> bool:
    """Whether the frames between the mid-stances are marked, too."""
    return all(len(values) >= BETWEEN_A_SIDE for place, values in tilts.items() if place.between)


def _is_between(mark: Mark, strides: Strides) -> bool:
    stances = strides.mid_stance.get(mark.side, np.empty(0))
    since = (mark.t_s - stances) / strides.period_s
    return bool(np.any((since > BETWEEN[0]) & (since < BETWEEN[1])))


def _error2(values: Floats) -> float:
    """Squared standard error of a mean."""
    return float(np.var(values, ddof=1)) / len(values) if len(values) > 1 else 0.0
