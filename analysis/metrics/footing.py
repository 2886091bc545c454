"""What the metrics of foot and leg share: the mean step of the leg nearer to the camera, or why there is none."""

import numpy as np

from analysis.metrics.estimate import RESERVE, Method, interval
from analysis.metrics.spec import Grade, Measured, NotMeasured
from analysis.types import Estimate, Evidence, Side, Step

# docs/biomechanics.md 1.2 and 6: no moment of a foot below 50 frames a second; with a caveat below 120.
FPS_MIN = 50.0
FPS_GOOD = 115.0
# What needs them: the moments of a foot, and what is read at such a moment.
TIMED = frozenset(
    {
        "contact_time_left",
        "contact_time_right",
        "flight_time",
        "duty_factor",
        "knee_flexion_contact",
        "foot_strike_angle",
    }
)
SEEN_MIN = 0.75
STRIDES_GOOD = 6


def capture_fps(evidence: Evidence) -> float:
    """Pictures per second of real time."""
    return evidence.facts.fps * evidence.facts.slow_motion_factor


def fast_enough(evidence: Evidence) -> NotMeasured | None:
    """Why this clip cannot time a foot; None when it can."""
    fps = capture_fps(evidence)
    if fps >= FPS_MIN:
        return None
    return NotMeasured(f"At {fps:.0f} pictures a second the landing cannot be timed. Film at 60, better 120 a second.")


def step_of(evidence: Evidence, side: Side) -> Step | NotMeasured:
    """The mean step of one leg."""
    step = evidence.strides.steps.get(side)
    if step is not None and evidence.visible[f"{side}_foot"] >= SEEN_MIN:
        return step
    if side is evidence.view.near:
        return NotMeasured(f"The {side} foot could not be followed clearly. Keep both feet in the picture.")
    return NotMeasured(f"The {side} leg is on the far side and was hidden too often. Film from the {side} as well.")


def near_step(evidence: Evidence) -> Step | NotMeasured:
    """The mean step of the leg nearer to the camera."""
    return step_of(evidence, evidence.view.near)


def at_strike(evidence: Evidence, estimate: Estimate, step: Step, method: Method) -> Measured:
    """What the near leg does at foot strike, corrected, with its interval."""
    value = (estimate.value - method.offset) / method.gain
    # A landing read some milliseconds early or late is part of the method's error; the strides' scatter comes on top.
    low, high = interval(value, float(np.hypot(RESERVE * method.error_sd, estimate.se / method.gain)))
    note = f"Read from the {evidence.view.near} leg, the one nearer to the camera."
    return Measured(value, low, high, step.strides, grade=few(step), note=note)


def few(step: Step) -> Grade | None:
    """Grade C when the mean step rests on few strides."""
    return Grade.C if step.strides < STRIDES_GOOD else None
