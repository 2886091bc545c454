"""Landmarks to series of arms and legs: what they do while the trunk keeps still.

From the side only the leg nearer to the camera is read: the far one is hidden by it twice a stride.
"""

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Floats, Landmarks, Scale, Side, View, ViewName

LEGS = {Side.LEFT: lm.LEFT_LEG, Side.RIGHT: lm.RIGHT_LEG}
WRISTS = {Side.LEFT: lm.LEFT_WRIST, Side.RIGHT: lm.RIGHT_WRIST}
ANKLES = {Side.LEFT: lm.LEFT_ANKLE, Side.RIGHT: lm.RIGHT_ANKLE}
OUTWARD = {Side.LEFT: -1.0, Side.RIGHT: 1.0}


def compute_limbs(landmarks: Landmarks, view: View, scale: Scale) -> dict[str, Floats]:
    """The series that this view can give, on the clock of ``landmarks``: name -> [n].

    Side: of the near leg ``knee_flexion`` (deg, 0 = straight), ``heel_ahead`` of mid-hip (leg lengths, + = forward),
    ``foot_angle`` (deg against the horizontal, + = toe up).  Rear and front: ``arm_left``, ``arm_right``, the wrist's
    distance from the body's midline over half the shoulder width, + = on its own side; ``foot_left``, ``foot_right``,
    sideways place of the ankle in cm, + = to the runner's right (only with a scale).
    """
    if view.name is ViewName.SIDE:
        return _near_leg(landmarks.xy_px * np.array([view.travel_sign, 1.0]), view.near)
    xy = landmarks.xy_px * np.array([view.right_sign, 1.0])
    out = {f"arm_{side}": _arm(xy, side) for side in Side}
    if scale.px_per_m is not None:
        out |= {f"foot_{side}": xy[:, ANKLES[side], 0] * (100.0 / scale.px_per_m) for side in Side}
    return out


def _near_leg(xy: Floats, near: Side) -> dict[str, Floats]:
    hip, knee, ankle, heel, toe = (xy[:, point] for point in LEGS[near])
    leg = geo.median(geo.length(hip - knee) + geo.length(knee - ankle))
    return {
        "knee_flexion": 180.0 - geo.inner_angle_deg(hip, knee, ankle),
        "heel_ahead": np.asarray((heel - geo.hip_mid(xy))[:, 0] / leg),
        "foot_angle": geo.angle_from_horizontal_deg(toe - heel),
    }


def _arm(xy: Floats, side: Side) -> Floats:
    half = geo.median(np.abs(xy[:, lm.RIGHT_SHOULDER, 0] - xy[:, lm.LEFT_SHOULDER, 0])) / 2
    return np.asarray(OUTWARD[side] * (xy[:, WRISTS[side], 0] - geo.shoulder_mid(xy)[:, 0]) / half)
