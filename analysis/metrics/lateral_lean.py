"""Leaning to the side: mean, movement, and the difference between left and right."""

from collections.abc import Mapping

import numpy as np

from analysis.metrics.estimate import Method, mean_of, of_curves, rom_of
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

# From behind the model draws everybody 0.5 deg to the left of the picture: truth clips and their mirror images alike.
# From the front it does not (three clips of other bodies and their mirror images), but bodies differ by 0.6 deg.
MEAN: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=0.65, offset=-0.5),
    ViewName.FRONT: Method(error_sd=0.65),
}
# Of the movement the points show 0.85, and some of their own: the hip points wander with clothes and thighs.  That is
# 0.3 deg on the body of the truth clips and -0.4 to 2.3 deg on five others from behind, 0.6 to 1.9 from the front,
# where a trunk that leans forwards seems to swing more: the larger part of the error.
ROM: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=0.65, offset=0.6, gain=0.85),
    ViewName.FRONT: Method(error_sd=0.7, offset=1.4, gain=0.85),
}
LEFT_RIGHT = Method(error_sd=0.45)

_REFERENCES = (
    Reference(
        "Dingenen et al. 2018: lateral trunk position from 2D video, ICC 0.90-0.99, SDD 1.3-2.3 deg",
        "https://research.monash.edu/en/publications/test-retest-reliability-of-two-dimensional-video-analysis-during-",
    ),
    Reference("Motion capture of 6-8 healthy runners at 2-5 m/s: ROM 5.3 +- 1.7 deg, mean within 2.8 deg"),
)
_GRADES = {ViewName.SIDE: Grade.X, ViewName.REAR: Grade.A, ViewName.FRONT: Grade.A}
_DRILLS = (
    Drill("Suitcase carry: a weight in one hand, stay level", "4 x 30 m each side, twice a week"),
    Drill("Side plank", "3 x 20-40 s each side, three times a week"),
    Drill("Slow single-leg stance with arm drive", "3 x 10 each side, three times a week"),
)


def compute_mean(evidence: Evidence) -> Measured | NotMeasured:
    """Mean angle of the hip-mid to shoulder-mid line against the vertical, to the runner's right."""
    return mean_of(evidence, "lateral_lean", MEAN)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the same angle over the mean stride."""
    return rom_of(evidence, "lateral_lean", ROM)


def compute_left_right(evidence: Evidence) -> Measured | NotMeasured:
    """How much further the trunk leans to the right of its mean than to the left, over the mean stride."""
    return of_curves(evidence, "lateral_lean", LEFT_RIGHT, compute_peak_difference)


def compute_peak_difference(curves: Floats) -> float:
    """Peak above the mean minus peak below it, of the mean of curves [k, 101]."""
    mean = curves.mean(axis=0)
    return float(np.max(mean) - mean.mean() - (mean.mean() - np.min(mean)))


LATERAL_LEAN_MEAN = MetricSpec(
    key="lateral_lean_mean",
    label="Side lean",
    unit="deg",
    group=Group.TORSO,
    question="Do you lean to one side?",
    definition=(
        "Mean angle between the line from mid-hip to mid-shoulder and the vertical, seen from behind or in front."
    ),
    sign="+ = leaning to your right.",
    grades=_GRADES,
    mdc=3.0,
    references=_REFERENCES,
    errors="About 0.7 deg on clips with known truth. A camera that is not level adds its own tilt in full.",
    compute=compute_mean,
    bands=(Band(ok=(-3.0, 3.0), watch=(-5.0, 5.0)),),
    praise="You run upright: no lean to either side.",
    advice_high=Advice(
        title="Leaning to the right",
        cue="Zip up from the pubic bone to the breastbone; run inside a narrow corridor.",
        drills=_DRILLS,
        why="Sideways movement has to be caught by the legs at every step.",
        source="Schmitz et al. 2014; coaching practice",
    ),
    advice_low=Advice(
        title="Leaning to the left",
        cue="Zip up from the pubic bone to the breastbone; run inside a narrow corridor.",
        drills=_DRILLS,
        why="Sideways movement has to be caught by the legs at every step.",
        source="Schmitz et al. 2014; coaching practice",
    ),
    waveform="lateral_lean",
    posture=True,
)

LATERAL_LEAN_ROM = MetricSpec(
    key="lateral_lean_rom",
    label="Side lean, movement",
    unit="deg",
    group=Group.TORSO,
    question="Does your trunk swing from side to side?",
    definition="Peak-to-peak of the side lean over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=3.0,
    references=_REFERENCES,
    errors="About 0.9 deg on clips with known truth. It does not depend on a level camera.",
    compute=compute_rom,
    bands=(Band(ok=(None, 9.0), watch=(None, 12.0)),),
    praise="Your trunk stays still from side to side.",
    advice_high=Advice(
        title="Trunk swings from side to side",
        cue="Run inside a narrow corridor: nothing may touch the walls.",
        drills=_DRILLS,
        why="The trunk is the foundation that arms and legs work from: what swings there ends up in the legs.",
        source="Schmitz et al. 2014; coaching practice",
    ),
    waveform="lateral_lean",
    shown_at="peak",
)

LATERAL_LEAN_LEFT_RIGHT = MetricSpec(
    key="lateral_lean_left_right",
    label="Side lean, left against right",
    unit="deg",
    group=Group.TORSO,
    question="Do you lean further to one side than to the other?",
    definition="Lean peak to the right of the stride mean minus the peak to the left of it.",
    sign="+ = further to your right.",
    grades=_GRADES,
    mdc=3.0,
    references=_REFERENCES,
    errors="About 0.5 deg; the difference of two peaks of a small curve.",
    compute=compute_left_right,
    bands=(Band(ok=(-3.0, 3.0), watch=(None, None)),),
    praise="You lean equally to both sides.",
    advice_high=Advice(
        title="Leaning further to the right",
        cue="Match the left step to the right: same height, same quiet trunk.",
        drills=_DRILLS,
        why="A difference between the sides often shows where strength or balance is missing.",
        source="Coaching practice",
    ),
    advice_low=Advice(
        title="Leaning further to the left",
        cue="Match the right step to the left: same height, same quiet trunk.",
        drills=_DRILLS,
        why="A difference between the sides often shows where strength or balance is missing.",
        source="Coaching practice",
    ),
    waveform="lateral_lean",
    shown_at="peak",
)
