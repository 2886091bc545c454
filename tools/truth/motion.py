"""Motion: the captured runner of the shared clips as series of angles, changed on demand.

Angles are degrees, with the signs of the truth files (tools.truth.rotation).  Limbs are unit vectors: arms in
the axes of the shoulder line, legs in the world's.  The ear is in trunk lengths from the middle of the shoulders, in
the shoulder line's axes.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

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
SOURCE_FPS = 60
SOURCE_CADENCE_SPM = 174.21
SOURCE_LEG_M = 0.883
SOURCE_SPEED_MPS = 3.97
# Ranges of motion of the source, deg: a fault that adds to a range is a factor on the curve.
TRUNK_ROM, PELVIS_ROM, DROP_ROM, DROP_SIDE = 34.1, 5.0, 11.7, 6.0


def load_motion(path: Path) -> tuple[Series, Events]:
    """Series at 60 pictures a second and events (in pictures) of a truth file of the shared clips."""
    truth = json.loads(path.read_text())
    joints = {name: np.array(points) for name, points in truth["joints3d"].items()}
    told = {name: np.array(values) for name, values in truth["series"].items()}
    hip, shoulder, ear = (middle(joints, part) for part in ("hip", "shoulder", "ear"))
    ears = unit(joints["ear_r"] - joints["ear_l"])
    axes = frame(shoulder - hip, joints["shoulder_r"] - joints["shoulder_l"])
    series = {
        "hip": hip,
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
    return series, {f"{side}_{event}": np.array(truth["events"][side][event], float) for side, event in names}


def _into(axes: Floats, vectors: Floats) -> Floats:
    out: Floats = np.einsum("nji,nj->ni", axes, vectors)
    return out


def resample(
    series: Series, events: Events, *, fps: float, cadence_spm: float | None, seconds: float, start_s: float
) -> tuple[Series, Events]:
    """At another picture rate and cadence, from ``start_s`` of the source; events in pictures of the new rate."""
    count = len(series["forward_lean"])
    rate = SOURCE_FPS / fps * (cadence_spm / SOURCE_CADENCE_SPM if cadence_spm else 1.0)
    first = start_s * SOURCE_FPS
    frames = int(min(seconds * fps, np.floor((count - 1 - first) / rate)))
    at = first + np.arange(frames) * rate
    out = {name: np.asarray(CubicSpline(np.arange(count), values)(at)) for name, values in series.items()}
    for limb in LIMBS:
        for side in "lr":
            out[f"{limb}_{side}"] = unit(out[f"{limb}_{side}"])
    return out, {name: (when - first) / rate for name, when in events.items()}


def change(series: Series, changes: Mapping[str, float]) -> Series:
    """With a style and faults; what is not named stays as it is.

    Added degrees: lat_lean, fwd_lean, thorax_yaw, head_pitch, shoulder_tilt, head_tilt, arms_in; added cm: head_fwd.
    Degrees added to the range: trunk_axial_rom, pelvis_axial_rom, pelvis_drop; to the drop of one side: drop_asym.
    Factors on the range: k_trunk, k_arms, k_vertical, k_sway, k_lean, k_fwd, k_tilt, k_obl, k_head.
    Factor on the mean: k_obl_mean.
    """
    if unknown := set(changes) - KNOWN:
        raise ValueError(f"no such change: {', '.join(sorted(unknown))}")
    return series | _change_trunk(series, changes) | _change_head(series, changes) | _change_arms(series, changes)


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
}


def _scale(values: Floats, factor: float) -> Floats:
    """The same mean with ``factor`` times the range."""
    mean = values.mean(0)
    out: Floats = mean + factor * (values - mean)
    return out


def _change_trunk(series: Series, changes: Mapping[str, float]) -> Series:
    get = changes.get
    twist = get("k_trunk", 1) * (1 + get("trunk_axial_rom", 0) / TRUNK_ROM)
    out = {name: _scale(series[name], twist) + get("thorax_yaw", 0) for name in ("rib_yaw", "shoulder_yaw")}
    out["pelvis_yaw"] = _scale(series["pelvis_yaw"], 1 + get("pelvis_axial_rom", 0) / PELVIS_ROM)
    mean = series["pelvic_obliquity"].mean()
    dip = series["pelvic_obliquity"] - mean
    uneven = get("drop_asym", 0) / DROP_SIDE
    factor = get("k_obl", 1) * (1 + get("pelvis_drop", 0) / DROP_ROM)
    dips = np.where(dip > 0, dip * (1 + uneven), dip * (1 - uneven))
    out["pelvic_obliquity"] = mean * get("k_obl_mean", 1.0) + factor * dips
    out["shoulder_obliquity"] = _scale(series["shoulder_obliquity"], get("k_tilt", 1)) + get("shoulder_tilt", 0)
    out["lateral_lean"] = _scale(series["lateral_lean"], get("k_lean", 1)) + get("lat_lean", 0)
    out["forward_lean"] = _scale(series["forward_lean"], get("k_fwd", 1)) + get("fwd_lean", 0)
    x, y, z = series["hip"].T
    out["hip"] = np.column_stack([x, _scale(y, get("k_vertical", 1)), _scale(z, get("k_sway", 1))])
    return out


def _change_head(series: Series, changes: Mapping[str, float]) -> Series:
    get = changes.get
    return {
        "head_pitch": _scale(series["head_pitch"], get("k_head", 1)) + get("head_pitch", 0),
        "head_obliquity": series["head_obliquity"] + get("head_tilt", 0),
        "head_forward_m": np.full(len(series["head_pitch"]), get("head_fwd", 0) / 100),
    }


def _change_arms(series: Series, changes: Mapping[str, float]) -> Series:
    """Hands towards the midline by ``arms_in``: the upper arm goes three tenths of the way."""
    out = {}
    inwards = np.radians(changes.get("arms_in", 0))
    for side, outwards in (("l", -1), ("r", 1)):
        for limb, share in (("upper_arm", 0.3), ("forearm", 1.0)):
            along = _scale(series[f"{limb}_{side}"], changes.get("k_arms", 1))
            along[:, 2] -= outwards * inwards * share
            out[f"{limb}_{side}"] = unit(along)
    return out
