"""Moments at which the tracker saw the runner where nobody is, and found the right place right after."""

from dataclasses import replace

import numpy as np

from analysis import geometry as geo
from analysis.types import Bools, Floats, Ints, Landmarks

# The trunk jumps by so much of its length between two frames, or changes its size by so much (docs/biomechanics.md
# section 6).  Runners move 0.10 a frame at 30 fps; a lost limb moves the trunk's points by 0.15.
JUMP_TRUNKS, JUMP_SIZE = 0.5, 0.20
# Across a gap a runner who passes by moves on: so many trunk lengths a second beyond the time of a frame at 30 fps.
PASSING_TRUNKS_S, FRAME_S = 7.0, 1.0 / 30.0
# What stays for so long is somebody.
SETTLED_S = 0.30


def without_flukes(raw: Landmarks) -> Landmarks:
    """Landmarks as found, NaN where they stay for less than 0.30 s between jumps.

    A tracker that begins may take a few frames to find a small runner: four frames in a wrong place, nobody for five,
    then the runner (a truth clip at half its size).  Joined by a line over the gap, they look like a fall of a metre.
    """
    middle = trunk_mid(raw)
    rows = np.flatnonzero(np.isfinite(middle).all(axis=1))
    if len(rows) < 2:
        return raw
    parts = np.split(rows, np.flatnonzero(find_jumps(raw, rows)) + 1)
    lasting = [raw.t_s[part[-1]] - raw.t_s[part[0]] >= SETTLED_S for part in parts]
    if all(lasting) or not any(lasting):
        return raw
    fluke = np.zeros(len(raw), dtype=bool)
    for part, stays in zip(parts, lasting, strict=True):
        fluke[part] = not stays
    return replace(
        raw,
        xy_px=np.where(fluke[:, None, None], np.nan, raw.xy_px),
        world_m=np.where(fluke[:, None, None], np.nan, raw.world_m),
        visibility=np.where(fluke[:, None], 0.0, raw.visibility),
    )


def find_jumps(raw: Landmarks, rows: Ints) -> Bools:
    """Whether the trunk jumps or changes its size between successive ones of these rows, where somebody is seen."""
    xy = raw.xy_px[rows]
    trunk = geo.length(geo.shoulder_mid(xy) - geo.hip_mid(xy))
    waited = np.maximum(np.diff(raw.t_s[rows]) - FRAME_S, 0.0)
    far = (
        geo.length(np.diff(trunk_mid(raw)[rows], axis=0)) / geo.median(trunk) > JUMP_TRUNKS + PASSING_TRUNKS_S * waited
    )
    return np.asarray(far | (np.abs(np.diff(np.log(trunk))) > JUMP_SIZE))


def trunk_mid(landmarks: Landmarks) -> Floats:
    """Middle of the trunk, pixels [n, 2]."""
    return np.asarray((geo.shoulder_mid(landmarks.xy_px) + geo.hip_mid(landmarks.xy_px)) / 2)
