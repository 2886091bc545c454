"""The shoulder line in the frontal plane: a shoulder that hangs, shoulders that dip with each step."""

from collections.abc import Mapping

import numpy as np

from analysis.cycle import compute_fundamental, stride_curves
from analysis.direction import Heading
from analysis.metrics import marked
from analysis.metrics.estimate import Method, mean_of, not_negative, of_curves, widened
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
from analysis.types import Evidence, Floats, ViewName

# The model draws the picture's right shoulder 0.6 deg low, which is the runner's right one from behind and the left
# one from the front: truth clips of both views and their mirror images alike.  From the front it shows less of a tilt
# (4.0 as 3.2 deg, and mirrored).  Six bodies in other clothes differ by 1.2 and 0.8 deg.
MEAN: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=1.2, offset=-0.6, gain=0.92),
    ViewName.FRONT: Method(error_sd=0.8, offset=0.6, gain=0.82),
}
# Behind the runner the shoulder that goes forwards goes away from the camera, in front it comes nearer: seen from below
# the shoulders it seems lower from behind and higher from the front, by the turn of the shoulder line times the tangent
# of the rise to the shoulders.  The model follows in full from the front and by half from behind (lens at 0.7, 1.2,
# 1.7 m: 3.1, 6.0, 9.4 deg of ROM in front, 11.5, 10.7, 3.6 behind; a twist of 16 deg more adds 0.1 of 1.7).
TURN_ROM_DEG, TURN_ROM_SD_DEG = 29.0, 9.0  # docs/biomechanics.md M1
FOLLOWED: Mapping[ViewName, float] = {ViewName.REAR: -0.5, ViewName.FRONT: 1.0}
# When in the stride the shoulders turn is read from the model's depth, which does not show how far: two runners on
# seven bodies, 20 +- 15 deg late from behind, 5 +- 15 early in front.
PHASE_SD_DEG = 25.0
ROM: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=1.9),
    ViewName.FRONT: Method(error_sd=1.3, gain=0.8),
}

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
    tilts = marked.tilts_of(evidence, "shoulders")
    if marked.fewest(tilts) >= marked.MARKS_A_SIDE:
        return marked.compute_mean(tilts, marked.marked_by(evidence, "shoulders"))
    return mean_of(evidence, "shoulder_tilt", MEAN)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the same tilt over the mean stride, less what the camera's height adds."""
    view, tilts = evidence.view.name, marked.tilts_of(evidence, "shoulders")
    turn = stride_curves(evidence.waveforms["shoulder_turn"], evidence.t_s, evidence.strides.cuts_s)
    moment = find_moment(turn)
    found: Measured | NotMeasured
    if marked.fewest(tilts) >= marked.MARKS_A_SIDE and marked.has_between(tilts):
        # A person draws what the picture shows.
        added_deg, sd_deg = compute_added(float(np.sign(FOLLOWED[view])), evidence.heading)
        level = {place: one - added_deg * moment[round(100 * place.phase)] for place, one in tilts.items()}
        found = marked.compute_swing(level, marked.marked_by(evidence, "shoulders"))
    else:
        added_deg, sd_deg = compute_added(FOLLOWED[view], evidence.heading)
        added = ROM[view].gain * added_deg * moment
        found = of_curves(evidence, "shoulder_tilt", ROM, lambda curves: float(np.ptp(curves.mean(axis=0) - added)))
    return found if isinstance(found, NotMeasured) else not_negative(widened(found, sd_deg))


def find_moment(turn: Floats) -> Floats:
    """When the shoulders turn over the stride: curves [k, 101] to a wave [101], -1..1, + = right side forward."""
    wave = compute_fundamental(turn) if len(turn) else 1.0
    return np.asarray(np.real(wave / abs(wave) * np.exp(2j * np.pi * np.linspace(0.0, 1.0, turn.shape[1]))))


def compute_added(followed: float, heading: Heading) -> tuple[float, float]:
    """What the camera's height adds, degrees: to the right shoulder's height when it is furthest forward, and the error
    of the ROM (1 SD) when it is taken out, from how far and when the shoulders turn and how high the camera stands.
    ``followed``: the share of it that is read, - from behind.
    """
    rise, rise_sd = float(np.tan(np.radians(heading.rise_deg))), float(np.radians(heading.rise_sd_deg))
    turn_sd = float(np.hypot(TURN_ROM_SD_DEG, TURN_ROM_DEG * np.sin(np.radians(PHASE_SD_DEG))))
    sd = abs(followed) * float(np.hypot(rise * turn_sd, rise_sd * TURN_ROM_DEG))
    return followed * rise * TURN_ROM_DEG / 2, sd


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
        "About 1 to 2 deg, and more from behind with long hair. A camera below or above the shoulders changes it, "
        "which is taken out as far as it is known: film from chest height."
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
