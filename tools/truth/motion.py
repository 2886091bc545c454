"""Motion: a captured runner as series of angles, changed on demand.

Angles are degrees, with the signs of the truth files (tools.truth.rotation).  Limbs are unit vectors: arms in
the axes of the shoulder line, legs in the world's.  The hip is in leg lengths; the ear in trunk lengths from the middle
of the shoulders, in the shoulder line's axes.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation

from tools.truth.rotation import Floats, frame, middle, unit

Series = dict[str, Floats]
Events = dict[str, Floats]
LIMBS = {
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "foot": ("heel", "toe"),
}
ARMS = ("upper_arm", "forearm")
LEG = (("hip", "knee"), ("knee", "ankle"))
SOURCE_FPS = 60
LEFT_MIDSTANCE = 0.165
LEG_M = 0.9


@dataclass(frozen=True)
class Motion:
    """A captured runner: series at SOURCE_FPS, events in pictures, and what other paces and bodies are scaled by."""

    series: Series
    events: Events
    cadence_spm: float
    leg_m: float


def load_motion(path: Path) -> Motion:
    """The runner of a truth file of the shared clips."""
    truth = json.loads(path.read_text())
    joints = {name: np.array(points) for name, points in truth["joints3d"].items()}
    told = {name: np.array(values) for name, values in truth["series"].items()}
    hip, shoulder, ear = (middle(joints, part) for part in ("hip", "shoulder", "ear"))
    ears = unit(joints["ear_r"] - joints["ear_l"])
    axes = frame(shoulder - hip, joints["shoulder_r"] - joints["shoulder_l"])
    bones = [joints[f"{near}_{side}"] - joints[f"{far}_{side}"] for near, far in LEG for side in "lr"]
    leg_m = float(sum(np.linalg.norm(bone, axis=1).mean() for bone in bones) / 2)
    series = {
        "hip": hip / leg_m,
        "pelvis_yaw": told["pelvis_yaw"],
        "pelvic_obliquity": told["pelvic_obliquity"],
        "rib_yaw": told["thorax_yaw_seg"],
        "shoulder_yaw": told["thorax_yaw"],
        "shoulder_obliquity": told["shoulder_obliquity"],
        "forward_lean": told["forward_lean"],
        "lateral_lean": told["lateral_lean"],
        "head_yaw": np.degrees(np.arctan2(ears[:, 0], ears[:, 2])),
        "head_obliquity": np.degrees(np.arcsin(ears[:, 1])),
        "head_pitch": told["head_pitch"],
        "ear": _into(axes, ear - shoulder) / np.mean(np.linalg.norm(shoulder - hip, axis=1)),
    }
    for limb, (near, far) in LIMBS.items():
        for side in "lr":
            along = unit(joints[f"{far}_{side}"] - joints[f"{near}_{side}"])
            series[f"{limb}_{side}"] = _into(axes, along) if limb in ARMS else along
    names = [(side, event) for side in ("left", "right") for event in ("foot_strike", "toe_off")]
    events = {f"{side}_{event}": np.array(truth["events"][side][event], float) for side, event in names}
    return Motion(series, events, truth["summary"]["cadence_spm"], leg_m)


def _into(axes: Floats, vectors: Floats) -> Floats:
    out: Floats = np.einsum("nji,nj->ni", axes, vectors)
    return out


def resample(
    motion: Motion, *, fps: float, cadence_spm: float | None, seconds: float, start_s: float, limp: float
) -> tuple[Series, Events]:
    """At another picture rate and cadence, from ``start_s`` of the source; events in pictures of the new rate.

    ``limp``: by this share the left foot's stance is slower than the motion, and the right foot's faster.
    """
    count = len(motion.series["forward_lean"])
    rate = SOURCE_FPS / fps * (cadence_spm / motion.cadence_spm if cadence_spm else 1.0)
    first = start_s * SOURCE_FPS
    frames = int(min(seconds * fps, np.floor((count - 1 - first) / rate)))
    even = first + np.arange(-fps, frames + fps) * rate
    strikes = motion.events["left_foot_strike"]
    stride = float(np.median(np.diff(strikes)))
    turns = 2 * np.pi * ((even - strikes[0]) / stride - LEFT_MIDSTANCE)
    at = even - limp * stride / (2 * np.pi) * np.sin(turns)
    series = motion.series.items()
    out = {name: np.asarray(CubicSpline(np.arange(count), values)(at[fps:-fps])) for name, values in series}
    for limb in LIMBS:
        for side in "lr":
            out[f"{limb}_{side}"] = unit(out[f"{limb}_{side}"])
    pictures = np.arange(-fps, frames + fps, dtype=float)
    near = {name: when[(when > at[0]) & (when < at[-1])] for name, when in motion.events.items()}
    return out, {name: np.interp(when, at, pictures) for name, when in near.items()}


def change(series: Series, events: Events, changes: Mapping[str, float]) -> Series:
    """With a style and faults; what is not named stays as it is.

    Added degrees: lat_lean, fwd_lean, thorax_yaw, head_pitch, shoulder_tilt, head_tilt, arms_in; added cm: head_fwd,
    step_width (of one foot from the other).
    Degrees added to the range: trunk_axial_rom, pelvis_axial_rom, pelvis_drop; to the drop of one side: drop_asym;
    cm added to it: head_sway.
    Factors on the range: k_trunk, k_arms, k_vertical, k_sway, k_lean, k_fwd, k_tilt, k_obl, k_head; arm_asym: by this
    share the left arm swings more and the right less.  Factor on the mean: k_obl_mean.
    """
    if unknown := set(changes) - KNOWN:
        raise ValueError(f"no such change: {', '.join(sorted(unknown))}")
    changed = _change_trunk(series, events, changes), _change_head(series, events, changes)
    return series | changed[0] | changed[1] | _change_arms(series, changes) | _change_legs(series, changes)


KNOWN = {
    "lat_lean",
    "fwd_lean",
    "thorax_yaw",
    "head_pitch",
    "shoulder_tilt",
    "head_tilt",
    "arms_in",
    "head_fwd",
    "trunk_axial_rom",
    "pelvis_axial_rom",
    "pelvis_drop",
    "drop_asym",
    "k_trunk",
    "k_arms",
    "k_vertical",
    "k_sway",
    "k_lean",
    "k_fwd",
    "k_tilt",
    "k_obl",
    "k_obl_mean",
    "k_head",
    "step_width",
    "head_sway",
    "arm_asym",
}


def _scale(values: Floats, factor: float) -> Floats:
    """The same mean with ``factor`` times the range."""
    mean = values.mean(0)
    out: Floats = mean + factor * (values - mean)
    return out


def _range(values: Floats, events: Events) -> float:
    """Of the mean stride: a fault that adds to a range is a factor on the curve."""
    marks = [mark for mark in events["right_foot_strike"] if 0 <= mark < len(values)]
    strides = (np.linspace(first, last, 101) for first, last in itertools.pairwise(marks))
    return float(np.ptp(np.mean([np.interp(at, np.arange(len(values)), values) for at in strides], 0)))


def _change_trunk(series: Series, events: Events, changes: Mapping[str, float]) -> Series:
    get = changes.get
    twist = get("k_trunk", 1) * (1 + get("trunk_axial_rom", 0) / _range(series["shoulder_yaw"], events))
    out = {name: _scale(series[name], twist) + get("thorax_yaw", 0) for name in ("rib_yaw", "shoulder_yaw")}
    turn = 1 + get("pelvis_axial_rom", 0) / _range(series["pelvis_yaw"], events)
    out["pelvis_yaw"] = _scale(series["pelvis_yaw"], turn)
    mean = series["pelvic_obliquity"].mean()
    dip = series["pelvic_obliquity"] - mean
    drops = _range(series["pelvic_obliquity"], events)
    uneven = get("drop_asym", 0) / (drops / 2)
    factor = get("k_obl", 1) * (1 + get("pelvis_drop", 0) / drops)
    dips = np.where(dip > 0, dip * (1 + uneven), dip * (1 - uneven))
    out["pelvic_obliquity"] = mean * get("k_obl_mean", 1.0) + factor * dips
    out["shoulder_obliquity"] = _scale(series["shoulder_obliquity"], get("k_tilt", 1)) + get("shoulder_tilt", 0)
    out["lateral_lean"] = _scale(series["lateral_lean"], get("k_lean", 1)) + get("lat_lean", 0)
    out["forward_lean"] = _scale(series["forward_lean"], get("k_fwd", 1)) + get("fwd_lean", 0)
    x, y, z = series["hip"].T
    out["hip"] = np.column_stack([x, _scale(y, get("k_vertical", 1)), _scale(z, get("k_sway", 1))])
    return out


def _change_head(series: Series, events: Events, changes: Mapping[str, float]) -> Series:
    get = changes.get
    count = len(series["head_pitch"])
    sway = get("head_sway", 0) / 200 * np.cos(2 * np.pi * (compute_phase(events["right_foot_strike"], count) - 0.2))
    return {
        "head_sideways_m": sway,
        "head_pitch": _scale(series["head_pitch"], get("k_head", 1)) + get("head_pitch", 0),
        "head_obliquity": series["head_obliquity"] + get("head_tilt", 0),
        "head_forward_m": np.full(count, get("head_fwd", 0) / 100),
    }


def _change_arms(series: Series, changes: Mapping[str, float]) -> Series:
    """Hands towards the midline by ``arms_in``: the upper arm goes three tenths of the way."""
    out = {}
    inwards = np.radians(changes.get("arms_in", 0))
    for side, outwards in (("l", -1), ("r", 1)):
        for limb, share in (("upper_arm", 0.3), ("forearm", 1.0)):
            swing = changes.get("k_arms", 1) * (1 - outwards * changes.get("arm_asym", 0))
            along = _scale(series[f"{limb}_{side}"], swing)
            along[:, 2] -= outwards * inwards * share
            out[f"{limb}_{side}"] = unit(along)
    return out


def _change_legs(series: Series, changes: Mapping[str, float]) -> Series:
    """Feet apart by leaning the whole leg sideways."""
    out = {}
    for side, outwards in (("l", -1), ("r", 1)):
        spread = outwards * np.arcsin(changes.get("step_width", 0) / 200 / LEG_M)
        turned = Rotation.from_rotvec([-spread, 0, 0])
        for limb in ("thigh", "shank"):
            out[f"{limb}_{side}"] = turned.apply(series[f"{limb}_{side}"])
    return out


def compute_phase(strikes: Floats, count: int) -> Floats:
    """(count,) strides since the first strike; whole at every strike."""
    strides, pictures = np.arange(len(strikes)), np.arange(count)
    usual = np.polynomial.Polynomial.fit(strikes, strides, 1)
    inside = (strikes[0] <= pictures) & (pictures <= strikes[-1])
    return np.where(inside, np.interp(pictures, strikes, strides), usual(pictures))
