"""The shoulder line in the frontal plane: a shoulder that hangs, shoulders that dip with each step."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analysis.direction import Heading
from analysis.metrics import marked
from analysis.metrics.estimate import Z95, Method, mean_of, not_negative, rom_of
from analysis.metrics.spec import (
    Advice,
    Band,
    Drill,
    Grade,
    Group,
    Measured,
    MetricSpec,
    NotMeasured,
    Reference,
)
from analysis.types import Evidence, ViewName

# The model draws the picture's right shoulder 0.6 deg low, which is the runner's right one from behind and the left
# one from the front: truth clips of both views and their mirror images alike.  From the front it shows less of a tilt
# (4.0 as 3.2 deg, and mirrored).  Six bodies in other clothes differ by 1.2 deg.
MEAN: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=1.2, offset=-0.6, gain=0.92),
    ViewName.FRONT: Method(error_sd=1.2, offset=0.6, gain=0.82),
}
# The shoulder that goes forwards is the lower one.  Behind the runner it also goes away from the camera, in front it
# comes nearer: seen from below the shoulders its drop looks larger from behind and smaller from the front, by the turn
# of the shoulder line times the tangent of the rise to the shoulders.  Captured motion, pinhole camera at 3.4 m,
# true ROM 8.0 deg: lens at 0.7 m 15.6 from behind and 2.3 from the front, 1.2 m 10.9 and 6.0, 1.5 m 7.8 and 9.2.  The
# model follows: a body with the lens at 0.7, 1.2, 1.7 m shows 11.5, 10.7, 3.6 deg from behind, 3.1, 6.0, 9.4 in front.
TURN_ROM_DEG, TURN_ROM_SD_DEG = 29.0, 9.0  # docs/biomechanics.md M1
AWAY: Mapping[ViewName, float] = {ViewName.REAR: 1.0, ViewName.FRONT: -1.0}
ROM: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=1.4, gain=0.93),
    ViewName.FRONT: Method(error_sd=1.2, gain=0.8),
}

_OTHER_VIEW = "The shoulder line's tilt shows from behind or in front only."
_GRADES = {ViewName.SIDE: Grade.X, ViewName.REAR: Grade.B, ViewName.FRONT: Grade.A}
_REFERENCES = (Reference("Motion capture of 6-8 healthy runners at 2-5 m/s: ROM 4.3-7.4 deg, mean within 6.3 deg"),)
_DRILLS = (
    Drill("Light suitcase carry on the hanging side", "3 x 30 m, twice a week"),
    Drill("Scapular wall slides", "2 x 10, three times a week"),
    Drill("Band row, mid back", "3 x 12, three times a week"),
)
_CUE = "Two equal gaps between earrings and shoulders."
_WHY = "A shoulder that hangs pulls the trunk off the middle; often a bag, a phone or a watch side is behind it."


def compute_mean(evidence: Evidence) -> Measured | NotMeasured:
    """Mean tilt of the shoulder line against the horizontal."""
    method = MEAN.get(evidence.view.name)
    tilts = marked.tilts_of(evidence, "shoulders")
    if method is not None and marked.fewest(tilts) >= marked.MARKS_A_SIDE:
        return marked.compute_mean(tilts, marked.marked_by(evidence, "shoulders"))
    return NotMeasured(_OTHER_VIEW) if method is None else mean_of(evidence, "shoulder_tilt", method)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the same tilt over the mean stride, less what the camera's height adds."""
    method = ROM.get(evidence.view.name)
    if method is None:
        return NotMeasured(_OTHER_VIEW)
    tilts = marked.tilts_of(evidence, "shoulders")
    if marked.fewest(tilts) >= marked.MARKS_A_SIDE and marked.has_between(tilts):
        # The camera's height adds to a drawn line as it does to the model's.
        shown: Measured | NotMeasured = marked.compute_swing(tilts, marked.marked_by(evidence, "shoulders"))
    else:
        shown = rom_of(evidence, "shoulder_tilt", method)
    return shown if isinstance(shown, NotMeasured) else _from_level(shown, evidence)


def _from_level(shown: Measured, evidence: Evidence) -> Measured | NotMeasured:
    """The ROM as a camera at the height of the shoulders would show it."""
    added, sd = compute_added(evidence.view.name, evidence.heading)
    value = shown.value - added
    low, high = (float(np.hypot(end - shown.value, Z95 * sd)) for end in (shown.low, shown.high))
    return not_negative(replace(shown, value=value, low=value - low, high=value + high))


def compute_added(view: ViewName, heading: Heading) -> tuple[float, float]:
    """What the camera's height adds to the ROM, degrees, and its error (1 SD)."""
    per_turn = float(np.tan(np.radians(heading.rise_deg)))
    per_turn_sd = float(np.radians(heading.rise_sd_deg))
    added = AWAY[view] * per_turn * TURN_ROM_DEG
    return added, float(np.hypot(per_turn * TURN_ROM_SD_DEG, per_turn_sd * TURN_ROM_DEG))


SHOULDER_TILT_MEAN = MetricSpec(
    key="shoulder_tilt_mean",
    label="Shoulder tilt",
    unit="deg",
    group=Group.TORSO,
    question="Does one shoulder hang lower than the other?",
    definition="Mean tilt of the line between the shoulders against the horizontal, seen from behind or in front.",
    sign="+ = right shoulder higher.",
    grades=_GRADES,
    mdc=4.0,
    references=_REFERENCES,
    errors="About 1 deg on clips with known truth. A camera that is not level adds its own tilt in full.",
    compute=compute_mean,
    bands=(Band(ok=(-3.0, 3.0), watch=(-6.0, 6.0)),),
    praise="Your shoulders are level.",
    advice_high=Advice(title="Left shoulder hangs", cue=_CUE, drills=_DRILLS, why=_WHY, source="Coaching practice"),
    advice_low=Advice(title="Right shoulder hangs", cue=_CUE, drills=_DRILLS, why=_WHY, source="Coaching practice"),
    waveform="shoulder_tilt",
    posture=True,
)

SHOULDER_TILT_ROM = MetricSpec(
    key="shoulder_tilt_rom",
    label="Shoulder dip",
    unit="deg",
    group=Group.TORSO,
    question="Do your shoulders dip from side to side?",
    definition="Peak-to-peak of the shoulder line's tilt over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=4.0,
    references=_REFERENCES,
    errors=(
        "About 1.5 deg. A camera below the shoulders adds to it from behind and hides some of it from the front: film "
        "from chest height."
    ),
    compute=compute_rom,
    bands=(Band(ok=(None, 9.0), watch=(None, 13.0)),),
    praise="Your shoulders stay level.",
    advice_high=Advice(
        title="Shoulders dip from side to side",
        cue=_CUE,
        drills=_DRILLS,
        why="The trunk is the foundation that arms and legs work from: what rocks there, they have to catch.",
        source="Coaching practice",
    ),
    waveform="shoulder_tilt",
    shown_at="peak",
)
