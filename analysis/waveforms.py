"""Landmarks to named series over time: every angle and distance that a metric is read from.

Signs and axes are those of the contract: forward + = direction of travel, lateral + = to the runner's right,
tilt + = right side up, yaw + = turned to the runner's left (right side forward), pitch + = looking up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Floats, Landmarks, Scale, View, ViewName


@dataclass(frozen=True)
class WaveformText:
    """What a series is, for people."""

    label: str
    unit: str


WAVEFORMS: Mapping[str, WaveformText] = {
    "forward_lean": WaveformText("Trunk lean forwards", "deg"),
    "lateral_lean": WaveformText("Trunk lean to the side (+ right)", "deg"),
    "shoulder_tilt": WaveformText("Shoulder line tilt (+ right side up)", "deg"),
    "thorax_rotation": WaveformText("Shoulder line rotation (+ right side forward)", "deg"),
    "pelvic_obliquity": WaveformText("Pelvis tilt (+ right side up)", "deg"),
    "pelvis_rotation": WaveformText("Pelvis rotation (+ right side forward)", "deg"),
    "head_forward": WaveformText("Ear ahead of shoulder, over trunk length", "ratio"),
    "head_forward_trunk": WaveformText("Ear ahead of the trunk line, over trunk length", "ratio"),
    "head_pitch": WaveformText("Head pitch (+ looking up)", "deg"),
    "head_tilt": WaveformText("Head tilt to the side (+ right)", "deg"),
    "pelvis_height": WaveformText("Height of the hips", "cm"),
    "head_height": WaveformText("Height of the head", "cm"),
    "shoulder_sideways": WaveformText("Shoulders sideways (+ right)", "cm"),
    "pelvis_sideways": WaveformText("Hips sideways (+ right)", "cm"),
    "head_sideways": WaveformText("Head sideways (+ right)", "cm"),
}


def compute_waveforms(landmarks: Landmarks, view: View, scale: Scale) -> dict[str, Floats]:
    """All series that this view can give, on the clock of ``landmarks``: name -> [n].

    Centimetres only when the scale is known.  The pelvis is not here: it never comes from landmarks.
    """
    xy = landmarks.xy_px
    out = _side(landmarks, view) if view.name is ViewName.SIDE else _frontal(xy, view)
    if scale.px_per_m is None:
        return out
    cm = 100.0 / scale.px_per_m
    out["pelvis_height"] = geo.hip_mid(xy)[:, 1] * cm
    out["head_height"] = geo.ear_mid(xy)[:, 1] * cm
    if view.name is not ViewName.SIDE:
        sign = view.right_sign * cm
        out["shoulder_sideways"] = geo.shoulder_mid(xy)[:, 0] * sign
        out["pelvis_sideways"] = geo.hip_mid(xy)[:, 0] * sign
        out["head_sideways"] = geo.ear_mid(xy)[:, 0] * sign
    return out


def _side(landmarks: Landmarks, view: View) -> dict[str, Floats]:
    forward = np.array([view.travel_sign, 1.0])
    xy = landmarks.xy_px * forward  # x = direction of travel
    trunk = geo.shoulder_mid(xy) - geo.hip_mid(xy)
    head = geo.ear_mid(xy) - geo.shoulder_mid(xy)
    trunk_px = geo.median(geo.length(trunk))
    across = (head[:, 0] * trunk[:, 1] - head[:, 1] * trunk[:, 0]) / np.sum(trunk**2, axis=1)
    return {
        "forward_lean": geo.angle_from_vertical_deg(trunk),
        "head_forward": head[:, 0] / trunk_px,
        "head_forward_trunk": np.asarray(across),
        "head_pitch": geo.angle_from_horizontal_deg(xy[:, lm.NOSE] - geo.ear_mid(xy)),
        "thorax_rotation": _thorax_rotation(landmarks, view),
    }


def _thorax_rotation(landmarks: Landmarks, view: View) -> Floats:
    """Yaw of the shoulder line about the vertical, from the model's 3D points (side view)."""
    line = landmarks.world_m[:, lm.RIGHT_SHOULDER] - landmarks.world_m[:, lm.LEFT_SHOULDER]
    # Runner's axes: forward is image x times the travel sign; the runner's right is towards the camera (facing right).
    ahead, right = line[:, 0] * view.travel_sign, -line[:, 2] * view.travel_sign
    return np.asarray(np.degrees(np.arctan2(ahead, right)))


def _frontal(xy: Floats, view: View) -> dict[str, Floats]:
    flipped = xy * np.array([view.right_sign, 1.0])  # x = the runner's right
    trunk = geo.shoulder_mid(flipped) - geo.hip_mid(flipped)
    shoulders = flipped[:, lm.RIGHT_SHOULDER] - flipped[:, lm.LEFT_SHOULDER]
    ears = flipped[:, lm.RIGHT_EAR] - flipped[:, lm.LEFT_EAR]
    return {
        "lateral_lean": geo.angle_from_vertical_deg(trunk),
        "shoulder_tilt": geo.angle_from_horizontal_deg(shoulders),
        "head_tilt": -geo.angle_from_horizontal_deg(ears),
    }
