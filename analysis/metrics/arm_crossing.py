"""Arms crossing the middle: how close to the body's midline each hand swings."""

from collections.abc import Mapping

from analysis.metrics.estimate import Method, of_curves
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
from analysis.types import Evidence, Floats, Side, ViewName

# From behind the trunk hides the hand where it is furthest in, and the model guesses it: 0.05 too far out on the body
# of the truth clips, 0.3 too far in to 0.6 too far out on five others.  From the front it is seen: 0.05 +- 0.07.
METHODS: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=0.18, offset=0.05),
    ViewName.FRONT: Method(error_sd=0.07, offset=0.05),
}


def compute_left(evidence: Evidence) -> Measured | NotMeasured:
    """Left wrist from the midline over half the shoulder width, at its most medial."""
    return of_curves(evidence, "arm_left", METHODS, compute_most_medial)


def compute_right(evidence: Evidence) -> Measured | NotMeasured:
    """Right wrist from the midline over half the shoulder width, at its most medial."""
    return of_curves(evidence, "arm_right", METHODS, compute_most_medial)


def compute_most_medial(curves: Floats) -> float:
    """Lowest point of the mean of curves [k, 101]."""
    return float(curves.mean(axis=0).min())


def _spec(side: Side) -> MetricSpec:
    return MetricSpec(
        key=f"arm_crossing_{side}",
        label=f"Arm swing, {side}",
        unit="ratio",
        group=Group.RUNNING,
        question=f"Does your {side} hand cross the middle of the body?",
        definition=(
            f"Distance of the {side} wrist from the midline (mid-shoulder) over half the shoulder width, where the "
            "mean stride brings it furthest in."
        ),
        sign="1 = in line with the shoulder, 0 = on the midline, below 0 = crossed.",
        grades={ViewName.SIDE: Grade.X, ViewName.REAR: Grade.C, ViewName.FRONT: Grade.A},
        mdc=0.2,
        references=(
            Reference("Motion capture of 6-8 healthy runners: 0.63-1.10, nobody crossed"),
            Reference("Pontzer et al. 2009, J Exp Biol 212:523: arms damp the trunk's rotation, they follow it"),
            Reference("Arellano & Kram 2014, J Exp Biol 217:2456: arms balance the legs' swing"),
        ),
        errors="About 0.1 from the front; 0.2 from behind, where the trunk hides hands close to it.",
        compute=compute_left if side is Side.LEFT else compute_right,
        bands=(Band(ok=(0.3, None), watch=(0.0, None)),),
        praise=f"Your {side} hand stays on its own side.",
        advice_low=Advice(
            title=f"The {side} hand crosses the middle",
            cue="Hands brush the hip pockets, thumbs up.",
            drills=(
                Drill("Arm swing, sitting", "3 x 30 s, three times a week"),
                Drill("Mini-band round the elbows, easy jog on the spot", "3 x 30 s, twice a week"),
                Drill("Strides with the cue", "4 x 20 s, twice a week"),
            ),
            why="Hands that swing across turn the shoulders with them; often the trunk's turning comes first.",
            source="Pontzer et al. 2009; Arellano & Kram 2014",
        ),
        waveform=f"arm_{side}",
        shown_at="peak",
        decimals=2,
        needs=("trunk", "hands"),
    )


ARM_CROSSING_LEFT = _spec(Side.LEFT)
ARM_CROSSING_RIGHT = _spec(Side.RIGHT)
