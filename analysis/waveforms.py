"""Landmarks to named series over time: every angle and distance that a metric is read from.

Signs and axes are those of the contract: forward + = direction of travel, lateral + = to the runner's right,
tilt + = right side up, yaw + = turned to the runner's left (right side forward), pitch + = looking up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.limbs import compute_limbs
from analysis.posture import correct_posture, read_side
from analysis.types import Floats, Landmarks, Scale, Side, View, ViewName


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
    "counter_rotation": WaveformText("Shoulder line against pelvis (+ right shoulder forward)", "deg"),
    "head_forward": WaveformText("Ear ahead of shoulder, over trunk length", "ratio"),
    "head_forward_trunk": WaveformText("Ear ahead of the trunk line, over trunk length", "ratio"),
    "head_pitch": WaveformText("Head pitch (+ looking up)", "deg"),
    "head_tilt": WaveformText("Head tilt to the side (+ right)", "deg"),
    "pelvis_height": WaveformText("Height of the hips", "cm"),
    "head_height": WaveformText("Height of the head", "cm"),
    "shoulder_sideways": WaveformText("Shoulders sideways (+ right)", "cm"),
    "pelvis_sideways": WaveformText("Hips sideways (+ right)", "cm"),
    "head_sideways": WaveformText("Head sideways (+ right)", "cm"),
    "heel_ahead": WaveformText("Heel ahead of the hips, over leg length", "ratio"),
    "knee_flexion": WaveformText("Knee bend", "deg"),
    "foot_angle": WaveformText("Foot angle (+ toe up)", "deg"),
    "arm_left": WaveformText("Left hand from the midline, over half the shoulder width", "ratio"),
    "arm_right": WaveformText("Right hand from the midline, over half the shoulder width", "ratio"),
}


# The bounce of the pelvis from points that ride on it: (weight, share of the pelvis's bounce that the point shows).
# From the side, on five rendered bodies, the ear points show 1.02 to 1.09 of it, the shoulders 0.71 to 0.91, and the
# hip points 0.54 to 0.75, because clothes and thighs swing across them: they are left out.  But heads are carried more
# quietly by some than by others, so none is taken alone.
BOUNCE = {
    ViewName.SIDE: ((geo.ear_mid, 0.60, 1.065), (geo.shoulder_mid, 0.40, 0.82)),
    ViewName.REAR: ((geo.ear_mid, 0.30, 1.08), (geo.shoulder_mid, 0.40, 1.12), (geo.hip_mid, 0.30, 0.93)),
    ViewName.FRONT: ((geo.ear_mid, 0.30, 1.08), (geo.shoulder_mid, 0.40, 1.12), (geo.hip_mid, 0.30, 0.93)),
}
# Distance of the shoulder points in the picture at 90 deg, over the trunk's, is so much of the model's own 3D ratio.
FLAT_WIDTH = 0.865
# A belt lies between pelvis and trunk and goes with the shoulder line by this share, with the pelvis by the rest: 0.07
# on the first rendered body, 0.09 on two others, 0.07 for rotation (docs/adr/0020).
BELT_ON_TRUNK = 0.08


def compute_waveforms(landmarks: Landmarks, view: View, scale: Scale) -> dict[str, Floats]:
    """All series that this view can give, on the clock of ``landmarks``: name -> [n].

    Centimetres only when the scale is known.  The pelvis is not here: it never comes from landmarks.
    """
    xy = landmarks.xy_px
    out = _side(landmarks, view) if view.name is ViewName.SIDE else _frontal(landmarks, view)
    out |= compute_limbs(landmarks, view, scale)
    if scale.px_per_m is None:
        return out
    cm = 100.0 / scale.px_per_m
    out["pelvis_height"] = _pelvis_height(xy, view) * cm
    out["head_height"] = geo.ear_mid(xy)[:, 1] * cm
    if view.name is not ViewName.SIDE:
        sign = view.right_sign * cm
        out["shoulder_sideways"] = geo.shoulder_mid(xy)[:, 0] * sign
        out["pelvis_sideways"] = geo.hip_mid(xy)[:, 0] * sign
        out["head_sideways"] = geo.ear_mid(xy)[:, 0] * sign
    return out


def pelvis_under_belt(belt_deg: Floats, shoulders_deg: Floats) -> Floats:
    """Tilt of the pelvis [n] from that of a belt that gives way to the trunk above it; degrees, + = right side up.

    Only what varies within the stride counts: where the dots sit is chance.  Moments without shoulders are taken as if
    these were at their mean, which is a third of a degree at most.
    """
    shoulders = np.nan_to_num(shoulders_deg - geo.mean(shoulders_deg))
    return np.asarray((belt_deg - BELT_ON_TRUNK * shoulders) / (1.0 - BELT_ON_TRUNK))


def counter_rotation(waveforms: Mapping[str, Floats]) -> dict[str, Floats]:
    """Shoulder line minus pelvis, where the pelvis's rotation is known (from tape)."""
    if not {"thorax_rotation", "pelvis_rotation"} <= set(waveforms):
        return {}
    return {"counter_rotation": waveforms["thorax_rotation"] - waveforms["pelvis_rotation"]}


def _pelvis_height(xy: Floats, view: View) -> Floats:
    """Height of the pelvis in pixels: the mean level of the hip points, the bounce of all that rides on the pelvis."""
    bounce = np.zeros(len(xy))
    for point, weight, share in BOUNCE[view.name]:
        height = point(xy)[:, 1]
        bounce += weight / share * (height - np.nanmean(height))
    return np.asarray(np.nanmean(geo.hip_mid(xy)[:, 1]) + bounce)


def _side(landmarks: Landmarks, view: View) -> dict[str, Floats]:
    """Posture with the model's bias and cross-talk taken out; rotation of the shoulder line in three ways, and joined.

    The movement is the mean of the readings by the line's length and by the nearer shoulder, its place that of the
    model's depth (docs/adr/0018).
    """
    flat, deep = compute_flat_rotation_deg(landmarks, view), compute_deep_rotation_deg(landmarks, view)
    near = compute_near_rotation_deg(landmarks, view, geo.mean(deep))
    return {
        **correct_posture(read_side(landmarks, view)),
        "thorax_rotation": geo.mean(deep) + (flat - geo.mean(flat) + near - geo.mean(near)) / 2,
        "thorax_rotation_flat": flat,
        "thorax_rotation_near": near,
        "thorax_rotation_deep": deep,
    }


def compute_flat_rotation_deg(landmarks: Landmarks, view: View) -> Floats:
    """Yaw of the shoulder line from its length in the picture (side view): arcsine of length over full width."""
    xy = landmarks.xy_px
    ahead = (xy[:, lm.RIGHT_SHOULDER, 0] - xy[:, lm.LEFT_SHOULDER, 0]) * view.travel_sign
    return np.asarray(np.degrees(np.arcsin(np.clip(ahead / _full_width_px(landmarks), -1.0, 1.0))))


def compute_near_rotation_deg(landmarks: Landmarks, view: View, mean_deg: float) -> Floats:
    """Yaw of the shoulder line from how far the nearer shoulder goes ahead of mid-hip (side view), about ``mean_deg``.

    The trunk hides the far shoulder, which the model then makes up, and never the nearer one: a twist of 34, 42 and 50
    deg is read as 35, 44 and 51 here, and as 35, 42 and 48 by the length of the line.  The trunk's swing to and fro is
    in it, too, so that neither is taken alone.
    """
    right = view.near is Side.RIGHT
    shoulder = landmarks.xy_px[:, lm.RIGHT_SHOULDER if right else lm.LEFT_SHOULDER]
    ahead = (shoulder - geo.hip_mid(landmarks.xy_px))[:, 0] * view.travel_sign * (1 if right else -1)
    share = 2 * (ahead - geo.mean(ahead)) / _full_width_px(landmarks)
    return np.asarray(np.degrees(np.arcsin(np.clip(np.sin(np.radians(mean_deg)) + share, -1.0, 1.0))))


def _full_width_px(landmarks: Landmarks) -> float:
    """Distance of the shoulder points in the picture if the line lay across it, pixels."""
    xy, world = landmarks.xy_px, landmarks.world_m
    line = world[:, lm.RIGHT_SHOULDER] - world[:, lm.LEFT_SHOULDER]
    ratio = geo.median(geo.length(line)) / geo.median(geo.length(geo.shoulder_mid(world) - geo.hip_mid(world)))
    return FLAT_WIDTH * ratio * geo.median(geo.length(geo.shoulder_mid(xy) - geo.hip_mid(xy)))


def compute_deep_rotation_deg(landmarks: Landmarks, view: View) -> Floats:
    """Yaw of the shoulder line from the model's 3D points (side view), -180..180."""
    line = landmarks.world_m[:, lm.RIGHT_SHOULDER] - landmarks.world_m[:, lm.LEFT_SHOULDER]
    # Runner's axes: forward is image x times the travel sign; the runner's right is towards the camera (facing right).
    ahead, right = line[:, 0] * view.travel_sign, -line[:, 2] * view.travel_sign
    return np.asarray(np.degrees(np.arctan2(ahead, right)))


def _frontal(landmarks: Landmarks, view: View) -> dict[str, Floats]:
    flipped = landmarks.xy_px * np.array([view.right_sign, 1.0])  # x = the runner's right
    trunk = geo.shoulder_mid(flipped) - geo.hip_mid(flipped)
    shoulders = flipped[:, lm.RIGHT_SHOULDER] - flipped[:, lm.LEFT_SHOULDER]
    line = landmarks.world_m[:, lm.RIGHT_SHOULDER] - landmarks.world_m[:, lm.LEFT_SHOULDER]
    ears = flipped[:, lm.RIGHT_EAR] - flipped[:, lm.LEFT_EAR]
    return {
        "lateral_lean": geo.angle_from_vertical_deg(trunk),
        "shoulder_tilt": geo.angle_from_horizontal_deg(shoulders),
        "shoulder_turn": np.degrees(np.arctan2(line[:, 2] * view.right_sign, line[:, 0] * view.right_sign)),
        "head_tilt": -geo.angle_from_horizontal_deg(ears),
    }
