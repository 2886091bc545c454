"""Foot strike angle: does the heel land first, the whole foot, or the forefoot."""

from dataclasses import replace

from analysis.metrics.estimate import Method
from analysis.metrics.footing import FPS_GOOD, at_strike, capture_fps, fast_enough, near_step
from analysis.metrics.spec import Grade, Group, Measured, MetricSpec, NotMeasured, Reference
from analysis.types import Evidence, ViewName

# Near leg, seven rendered bodies: 5 +- 5 deg too much after taking the foot at mid-stance for flat.
METHOD = Method(error_sd=5.0, offset=4.5)
HEEL_DEG, FORE_DEG = 8.0, -1.6


def compute_foot_strike(evidence: Evidence) -> Measured | NotMeasured:
    """Angle of the near foot against the ground at its foot strike; flat is how it lies at mid-stance."""
    slow = fast_enough(evidence)
    if slow is not None:
        return slow
    step = near_step(evidence)
    if isinstance(step, NotMeasured):
        return step
    found = at_strike(evidence, step.foot_angle_deg, step, METHOD)
    note = f"{_strike_type(found)} {found.note}"
    if capture_fps(evidence) >= FPS_GOOD:
        return replace(found, note=note)
    return replace(found, grade=Grade.C, note=f"{note} Film at 120 pictures a second for a firmer number.")


def _strike_type(found: Measured) -> str:
    """In words, as far as the whole interval allows."""
    if found.low > HEEL_DEG:
        return "Heel first."
    if found.high < FORE_DEG:
        return "Forefoot first."
    return "Heel or midfoot." if found.value > FORE_DEG else "Midfoot or forefoot."


FOOT_STRIKE_ANGLE = MetricSpec(
    key="foot_strike_angle",
    label="Foot strike",
    unit="deg",
    group=Group.RUNNING,
    question="Do you land on the heel, the whole foot or the forefoot?",
    definition=(
        "Angle of the line from heel to toe at foot strike against the same line with the foot flat at mid-stance, on "
        "the mean stride of the leg nearer to the camera: above 8 deg heel, down to -1.6 deg midfoot, below forefoot."
    ),
    sign="+ = heel first.",
    grades={ViewName.SIDE: Grade.B, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X},
    mdc=7.0,
    references=(
        Reference(
            "PMC4801105: 93.7 % of 1,991 marathon runners land heel first",
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC4801105/",
        ),
        Reference("Motion capture of heel strikers: 13-27 deg"),
    ),
    errors=(
        "About 5 deg on clips with known truth of seven bodies; even by hand at 240 pictures a second 2.5 deg. Below "
        "120 a second it is experimental."
    ),
    compute=compute_foot_strike,
    praise="For your information: no strike pattern is better for everybody.",
    waveform="foot_angle",
    shown_at="foot_strike",
    decimals=0,
)
