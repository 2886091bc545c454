"""Contact and flight: how long a foot stays on the ground, and how long you fly in between."""

from collections.abc import Callable

import numpy as np

from analysis.metrics.estimate import interval
from analysis.metrics.footing import FPS_GOOD, capture_fps, fast_enough, few, near_step, step_of
from analysis.metrics.spec import Grade, Group, Measured, MetricSpec, NotMeasured, Reference
from analysis.types import Evidence, Side, Step, ViewName

# Truth clips, one body and two cadences: near leg 0 +- 5 ms, far leg +1 +- 5 ms; three other bodies: near leg -3 to
# +24 ms, far leg -56 to +11 ms; by eye in a real clip +10 ms.  Between runners the moment of contact against the foot's
# furthest reach differs by 9 ms (force plates), toe-off by as much.
NEAR_SD_S = 0.013
FAR_SD_S = 0.025
# Beyond so many degrees feet move towards the camera as much as along the picture: on three clips at 25 deg contact was
# 0 to 57 ms off, at 10 and 15 deg up to 14 ms.
ASKEW_DEG = 20.0
# The toe-off is the mean of two readings: what they disagree by is part of its error.
APART_SHARE = 1 / 3

_GRADES = {ViewName.SIDE: Grade.A, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X}
_FILM = "Film from the side, feet in the picture, at 60 pictures a second or more, best at 120."
_REFERENCES = (
    Reference("Force plates, 3 runners: 344, 291, 231-246, 219 ms at 2, 3, 4, 5 m/s"),
    Reference("Fukuchi et al. 2017, RBDS: medians 270, 223, 193 ms at 2.5, 3.5, 4.5 m/s (26 runners)"),
    Reference(
        "Young et al. 2023, Sensors 23:696: BlazePose and one phone, 10-14 ms on the near leg",
        "https://www.mdpi.com/1424-8220/23/2/696",
    ),
    Reference("Van Hooren et al. 2024, Sports Med: hardly related to running economy (r = -0.02)"),
)
_ERRORS = (
    "About 5 ms on rendered clips with known truth (one body), 10 ms by eye in a real clip; about 13 ms between "
    "runners on the leg nearer to the camera, 25 ms on the far one. Below 50 pictures a second it is not measured."
)
_CONTEXT = "For your information: it shortens with speed, and there is no right number."


def compute_left(evidence: Evidence) -> Measured | NotMeasured:
    """Contact time of the left foot, ms."""
    return _contact(evidence, Side.LEFT)


def compute_right(evidence: Evidence) -> Measured | NotMeasured:
    """Contact time of the right foot, ms."""
    return _contact(evidence, Side.RIGHT)


def compute_flight(evidence: Evidence) -> Measured | NotMeasured:
    """Time in the air per step, ms: half the stride less the near foot's contact."""
    return _from_near(evidence, lambda contact, stride: 1000 * (stride / 2 - contact), 1000.0)


def compute_duty(evidence: Evidence) -> Measured | NotMeasured:
    """Contact of the near foot over the stride time."""
    return _from_near(evidence, lambda contact, stride: contact / stride, 1.0 / evidence.strides.period_s)


def _contact(evidence: Evidence, side: Side) -> Measured | NotMeasured:
    untimed = fast_enough(evidence) or _askew(evidence)
    if untimed is not None:
        return untimed
    step = step_of(evidence, side)
    if isinstance(step, NotMeasured):
        return step
    value = 1000 * step.contact_s.value
    low, high = interval(value, 1000 * compute_error_s(step))
    note = None if step.near else f"The {side} leg is on the far side: less sure. Film from the {side} to be surer."
    return Measured(value, low, high, step.strides, grade=_grade(evidence, step), note=note)


def _askew(evidence: Evidence) -> NotMeasured | None:
    """Why a camera that looks from so far off cannot time a foot; None when it can."""
    turn = abs(evidence.heading.turn_deg)
    if not evidence.heading.is_seen or turn <= ASKEW_DEG:
        return None
    return NotMeasured(
        f"The camera stood about {turn:.0f} degrees off. Put it exactly beside the runner to time a foot."
    )


def _from_near(evidence: Evidence, value_of: Callable[[float, float], float], per_s: float) -> Measured | NotMeasured:
    untimed = fast_enough(evidence) or _askew(evidence)
    if untimed is not None:
        return untimed
    step = near_step(evidence)
    if isinstance(step, NotMeasured):
        return step
    value = value_of(step.contact_s.value, evidence.strides.period_s)
    low, high = interval(value, per_s * compute_error_s(step))
    note = f"From the {evidence.view.near} foot, the one nearer to the camera."
    return Measured(value, low, high, step.strides, grade=_grade(evidence, step), note=note)


def compute_error_s(step: Step) -> float:
    """Standard error, seconds, of a contact time: the method's, the scatter's and that of two differing toe-offs."""
    method = NEAR_SD_S if step.near else FAR_SD_S
    return float(np.sqrt(method**2 + step.contact_s.se**2 + (APART_SHARE * step.apart_s) ** 2))


def _grade(evidence: Evidence, step: Step) -> Grade | None:
    if not step.near:
        return Grade.C
    return few(step) or (Grade.B if capture_fps(evidence) < FPS_GOOD else None)


def _contact_spec(side: Side) -> MetricSpec:
    return MetricSpec(
        key=f"contact_time_{side}",
        label=f"Ground contact, {side}",
        unit="ms",
        group=Group.RUNNING,
        question=f"How long does your {side} foot stay on the ground?",
        definition=f"Time from foot strike to toe-off of the {side} foot, on the mean stride.",
        sign="Always positive.",
        grades=_GRADES,
        mdc=30.0,
        references=_REFERENCES,
        errors=_ERRORS,
        compute=compute_left if side is Side.LEFT else compute_right,
        praise=_CONTEXT,
        decimals=0,
        film=_FILM,
    )


CONTACT_TIME_LEFT = _contact_spec(Side.LEFT)
CONTACT_TIME_RIGHT = _contact_spec(Side.RIGHT)

FLIGHT_TIME = MetricSpec(
    key="flight_time",
    label="Flight time",
    unit="ms",
    group=Group.RUNNING,
    question="How long do you fly between two steps?",
    definition="Half the stride time less the contact time of the foot nearer to the camera.",
    sign="+ = both feet are off the ground; walking would be below 0.",
    grades=_GRADES,
    mdc=30.0,
    references=(
        Reference("Force plates, 3 runners: 57, 79, 102-113, 94 ms at 2, 3, 4, 5 m/s"),
        Reference("J Exp Biol: 112 +- 19 ms in young runners (n = 9)"),
    ),
    errors=_ERRORS + " It takes both feet to stay on the ground equally long.",
    compute=compute_flight,
    praise=_CONTEXT,
    decimals=0,
    film=_FILM,
)

DUTY_FACTOR = MetricSpec(
    key="duty_factor",
    label="Duty factor",
    unit="ratio",
    group=Group.RUNNING,
    question="For what share of the stride is a foot on the ground?",
    definition="Contact time of the foot nearer to the camera over the stride time. Below 0.5 you run, above you walk.",
    sign="0 to 1.",
    grades=_GRADES,
    mdc=0.04,
    references=(
        Reference("Force plates, 3 runners: 0.43, 0.39, 0.34-0.35, 0.35 at 2, 3, 4, 5 m/s"),
        Reference("Van Hooren et al. 2024, Sports Med: hardly related to running economy (r = -0.06)"),
    ),
    errors=_ERRORS,
    compute=compute_duty,
    praise=_CONTEXT,
    decimals=2,
    film=_FILM,
)
