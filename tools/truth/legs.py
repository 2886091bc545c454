"""Legs: turned as the captured runner's, then bent so that the sole meets the belt in stance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.truth.motion import Events, Series
from tools.truth.rotation import Floats, Joints, arc, frame, turn, unit

if TYPE_CHECKING:
    from tools.truth.puppet import Puppet

SOLE_M = 0.006
# Rigid shoes have no toes to roll over: this much room under them in flight.
CLEAR_M = 0.028
# Shares of a stride over which a foot comes down from there, and over which it takes hold.
DOWN_SHARE, HOLD_SHARE = 0.05, 0.03


class Leg(NamedTuple):
    """Rotations (n, 3, 3) from rest."""

    thigh: Floats
    shank: Floats
    foot: Floats


def turn_leg(rest: Joints, series: Series, side: str, pelvis: Floats) -> Leg:
    """The leg along the captured runner's directions; its knee opens between straight ahead and the pelvis."""
    right = np.array([0, 0, 1.0])
    ahead = right * np.ones((len(pelvis), 3))
    halfway = unit(0.5 * ahead + 0.5 * pelvis[:, :, 2])

    def rotate(limb: str, near: str, far: str, sideways: Floats) -> Floats:
        along = unit(rest[f"{far}_{side}"] - rest[f"{near}_{side}"])
        out: Floats = _bone_axes(series[f"{limb}_{side}"], sideways) @ _bone_axes(along, right).T
        return out

    thigh, shank = rotate("thigh", "hip", "knee", halfway), rotate("shank", "knee", "ankle", halfway)
    return Leg(thigh, shank, rotate("foot", "heel", "toe", ahead))


def _bone_axes(along: Floats, sideways: Floats) -> Floats:
    return frame(along, sideways - np.sum(along * sideways, -1, keepdims=True) * along)


def compute_ground(
    puppet: Puppet, events: Events, pelvis: Floats, hip: Floats, legs: dict[str, Leg]
) -> tuple[Floats, dict[str, Leg]]:
    """Hip moved by a constant and legs bent, so that the belt is at y = 0."""
    sole, contact, close = {}, {}, {}
    for side, word in (("l", "left"), ("r", "right")):
        ankle = _place_leg(puppet.rest, side, puppet.hip, pelvis, hip, legs[side])[2]
        below = np.einsum("nij,vj->nvi", legs[side].foot, puppet.soles[side] - puppet.rest["ankle_" + side])
        sole[side] = ankle[:, 1] + below[:, :, 1].min(1)
        strike, off = events[word + "_foot_strike"], events[word + "_toe_off"]
        contact[side] = compute_contact(strike, off, len(hip), HOLD_SHARE)
        close[side] = compute_contact(strike, off, len(hip), DOWN_SHARE)
    level = np.median(np.concatenate([sole[side][contact[side] > 0.99] for side in "lr"])) + SOLE_M
    hip = hip - [0, level, 0]
    out = {}
    for side in "lr":
        height, share = sole[side] - level, contact[side]
        lift = _soften(np.maximum(CLEAR_M * (1 - close[side]) - height, 0))
        up = share * -height + (1 - share) * lift
        points = _place_leg(puppet.rest, side, puppet.hip, pelvis, hip, legs[side])
        goal = points[2] + np.stack([0 * up, up, 0 * up], -1)
        out[side] = _reach(puppet.rest, side, points, goal, legs[side])
    return hip, out


def _place_leg(
    rest: Joints, side: str, hip_rest: Floats, pelvis: Floats, hip: Floats, leg: Leg
) -> tuple[Floats, Floats, Floats]:
    """Hip joint, knee and ankle, (n, 3) each."""
    joint = hip + turn(pelvis, rest["hip_" + side] - hip_rest)
    knee = joint + turn(leg.thigh, rest["knee_" + side] - rest["hip_" + side])
    return joint, knee, knee + turn(leg.shank, rest["ankle_" + side] - rest["knee_" + side])


def _reach(rest: Joints, side: str, points: tuple[Floats, Floats, Floats], goal: Floats, leg: Leg) -> Leg:
    """Thigh and shank turned so that the ankle meets ``goal``, with the knee in its own plane."""
    joint, knee, ankle = points
    thigh_m = np.linalg.norm(rest["knee_" + side] - rest["hip_" + side])
    shank_m = np.linalg.norm(rest["ankle_" + side] - rest["knee_" + side])
    way = goal - joint
    longest = (thigh_m + shank_m) * 0.998
    goal = joint + way * np.minimum(1, longest / np.linalg.norm(way, axis=1))[:, None]
    way = goal - joint
    far = np.linalg.norm(way, axis=1)
    along = way / far[:, None]
    pole = knee - joint
    pole = unit(pole - np.sum(pole * along, 1, keepdims=True) * along + 1e-3 * np.array([1, 0, 0]))
    cosine = np.clip((thigh_m**2 + far**2 - shank_m**2) / (2 * thigh_m * far), -1, 1)
    bent = joint + along * (thigh_m * cosine)[:, None] + pole * (thigh_m * np.sqrt(1 - cosine**2))[:, None]
    thigh = arc(unit(knee - joint), unit(bent - joint)) @ leg.thigh
    return Leg(thigh, arc(unit(ankle - knee), unit(goal - bent)) @ leg.shank, leg.foot)


def compute_contact(strike: Floats, off: Floats, count: int, ramp_share: float) -> Floats:
    """Share of ground contact of one foot, 0 to 1, for ``count`` pictures; events in pictures."""
    at, out = np.arange(count), np.zeros(count)
    stride = float(np.median(np.diff(strike)))
    ramp = stride * ramp_share
    off, strike = off - stride * 0.02, strike + stride * 0.01
    spans = [(first, off[off > first][0] if np.any(off > first) else first + 0.34 * stride) for first in strike]
    if np.any(off < strike[0]):
        spans.insert(0, (off[0] - 0.34 * stride, off[0]))
    for first, last in spans:
        out = np.maximum(out, np.clip(np.minimum((at - first) / ramp + 1, (last - at) / ramp + 1), 0, 1))
    smooth: Floats = out * out * (3 - 2 * out)
    return smooth


def _soften(values: Floats) -> Floats:
    """Without corners, and never less."""
    mean = np.convolve(np.pad(values, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    return np.maximum(mean, values)
