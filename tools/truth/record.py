"""What is true of a clip, as the shared truth files define it: angle series, events, joints in space and picture."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.truth.body import BODIES
from tools.truth.camera import TRAVEL_IN_IMAGE, Camera
from tools.truth.motion import Events
from tools.truth.rotation import (
    Floats,
    Joints,
    compute_forward_lean_deg,
    compute_lateral_lean_deg,
    compute_obliquity_deg,
    compute_yaw_deg,
    middle,
)
from tools.truth.tape import PELVIS_SHARE

SIGNS = {
    "yaw": "+ = turned to the runner's left (right side forward)",
    "obliquity": "+ = right side up",
    "lateral_lean": "+ = to the right",
    "forward_lean": "+ = forward",
    "head_pitch": "+ = up",
    "relative_yaw": "thorax_yaw - pelvis_yaw",
}
AXES = "X = direction of travel, Y = up, Z = runner right; metres"
# The sole is down and the toe is off by so much.
VISIBLE_M = 0.012


@dataclass(frozen=True)
class Truth:
    """A posed clip: joints by picture, events in pictures, the lowest point of each sole, and dots of tape."""

    joints: Joints
    events: Events
    soles: Mapping[str, Floats]
    dots: Mapping[str, Floats]
    pitch_rest_deg: float


def compute_series(joints: Joints, pitch_rest_deg: float) -> dict[str, Floats]:
    """Angle series (deg), heights and ways (cm); head pitch is 0 in the body's rest pose."""
    hip, shoulder, ear = (middle(joints, part) for part in ("hip", "shoulder", "ear"))
    hips, shoulders, ears = (joints[part + "_r"] - joints[part + "_l"] for part in ("hip", "shoulder", "ear"))
    trunk, forward, face = shoulder - hip, (ear - shoulder)[:, 0], joints["nose"] - ear
    pitch = np.degrees(np.arctan2(face[:, 1], face[:, 0]))
    return {
        "thorax_yaw": compute_yaw_deg(shoulders),
        "pelvis_yaw": compute_yaw_deg(hips),
        "pelvic_obliquity": compute_obliquity_deg(hips),
        "shoulder_obliquity": compute_obliquity_deg(shoulders),
        "lateral_lean": compute_lateral_lean_deg(trunk),
        "forward_lean": compute_forward_lean_deg(trunk),
        "head_forward_cm": forward * 100,
        "head_forward_ratio": forward / compute_trunk_m(joints),
        "head_yaw": compute_yaw_deg(ears),
        "head_tilt": -compute_obliquity_deg(ears),
        "ear_nose_pitch": pitch,
        "pelvis_height_cm": hip[:, 1] * 100,
        "pelvis_lateral_cm": hip[:, 2] * 100,
        "shoulder_mid_lateral_cm": shoulder[:, 2] * 100,
        "nose_height_cm": joints["nose"][:, 1] * 100,
        "relative_yaw": compute_yaw_deg(shoulders) - compute_yaw_deg(hips),
        "head_pitch": pitch - pitch_rest_deg,
    }


def compute_trunk_m(joints: Joints) -> float:
    """Mean length from hips to shoulders."""
    return float(np.mean(np.linalg.norm(middle(joints, "shoulder") - middle(joints, "hip"), axis=1)))


def find_visible_events(truth: Truth, fps: float) -> dict[str, dict[str, list[float]]]:
    """By side: captured events, and those that the picture shows, in pictures."""
    out = {}
    for side, word in (("l", "left"), ("r", "right")):
        strikes, offs = truth.events[word + "_foot_strike"], truth.events[word + "_toe_off"]
        sole, toe = truth.soles[side], truth.joints["toe_" + side][:, 1]
        starts = [int(strike) for strike in strikes if 0 <= strike < len(sole) - 8]
        sole = sole - np.median([sole[at : at + 8].min() for at in starts]) - VISIBLE_M
        toe = toe - np.median([toe[at : at + int(0.25 * fps)].min() for at in starts]) - VISIBLE_M
        seen = []
        for strike in strikes:
            later = offs[offs > strike]
            down = _find_fall(sole, strike - 0.06 * fps, strike + 0.06 * fps)
            up = _find_fall(-toe, later[0] - 0.06 * fps, later[0] + 0.08 * fps) if len(later) else None
            if down is not None and up is not None:
                seen.append((round(down, 1), round(up, 1), round((up - down) / fps * 1000, 1)))
        out[word] = {
            "foot_strike": [round(float(at), 2) for at in strikes if 0 <= at < len(sole)],
            "toe_off": [round(float(at), 2) for at in offs if 0 <= at < len(sole)],
            "visual_foot_strike": [down for down, _, _ in seen],
            "visual_toe_off": [up for _, up, _ in seen],
            "visual_contact_ms": [contact for _, _, contact in seen],
        }
    return out


def _find_fall(values: Floats, first: float, last: float) -> float | None:
    """Where the values fall through zero, between two pictures."""
    for at in range(int(max(first, 0)), int(min(last, len(values) - 2))):
        if values[at] > 0 >= values[at + 1]:
            return float(at + values[at] / (values[at] - values[at + 1]))
    return None


def build_record(name: str, spec: Mapping[str, Any], truth: Truth, camera: Camera) -> dict[str, Any]:
    """The content of NAME.json."""
    series = compute_series(truth.joints, truth.pitch_rest_deg)
    events = find_visible_events(truth, spec["fps"])
    look = spec.get("look")
    out = {
        "id": name,
        "schema": 1,
        "body": spec["body"] + (f"-{look}" if look else ""),
        "motion": spec.get("motion", "Hamner subject02") + ", retargeted",
        "spec": dict(spec),
        "fps": spec["fps"],
        "frames": len(series["forward_lean"]),
        "size": list(camera.size),
        "view": spec["view"],
        "faults": spec.get("faults", {}),
        "axes": AXES,
        "camera": _describe_camera(camera),
        "direction_of_travel": [1, 0, 0],
        "travel_in_image": TRAVEL_IN_IMAGE[spec["view"]],
        "events": events,
        "summary": _summarise(spec, truth.joints, events, series["pelvis_height_cm"]),
        "sign": SIGNS,
        "series": {key: _round(values, 3) for key, values in series.items()},
        "joints3d": {key: _round(places, 4) for key, places in truth.joints.items()},
        "joints2d": {key: _round(camera.project(places), 1) for key, places in truth.joints.items()},
    }
    if truth.dots:
        dots = truth.dots.items()
        out["tape"] = {key: {"xyz": _round(at, 4), "uv": _round(camera.project(at), 2)} for key, at in dots}
        out["tape_hold"] = PELVIS_SHARE
    return out


def _round(values: Floats, digits: int) -> Any:
    return np.round(values, digits).tolist()


def _describe_camera(camera: Camera) -> dict[str, Any]:
    width, height = camera.size
    return {
        "fx": camera.focal_px,
        "fy": camera.focal_px,
        "cx": width / 2,
        "cy": height / 2,
        "world_to_cam": _round(camera.from_world, 6),
        "eye": _round(camera.eye, 4),
    }


def _summarise(
    spec: Mapping[str, Any], joints: Joints, events: Mapping[str, Mapping[str, list[float]]], height_cm: Floats
) -> dict[str, float]:
    steps = np.sort(np.r_[events["right"]["foot_strike"], events["left"]["foot_strike"]])
    strides = np.concatenate([np.diff(events[side]["foot_strike"]) for side in ("right", "left")])
    whole = [(first, last) for first, last in itertools.pairwise(steps) if last <= len(height_cm) - 1]
    at = np.arange(len(height_cm))
    bounce = [np.ptp(np.interp(np.linspace(first, last, 51), at, height_cm)) for first, last in whole]
    width = np.linalg.norm(joints["shoulder_l"] - joints["shoulder_r"], axis=1)
    return {
        "cadence_spm": round(120 * spec["fps"] / float(np.mean(strides)), 2),
        "vertical_oscillation_cm": round(float(np.mean(bounce)), 2),
        "trunk_length_m": round(compute_trunk_m(joints), 4),
        "shoulder_width_m": round(float(np.mean(width)), 4),
        "stature_m": BODIES[spec["body"]].stature_m,
    }
