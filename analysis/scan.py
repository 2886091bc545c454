"""Which stretch of a long clip is worth the dense work: a look at its key frames, and nothing else decoded."""

from pathlib import Path

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.pose import POSE_SIDE_PX, look_once
from analysis.types import Bools, Floats, Landmarks
from analysis.video import open_clip

# One look every 2 s, at most so many: 30 to 50 ms each, so that 5 minutes take 3 to 6 s.
EVERY_S, MOST_LOOKS = 2.0, 100
SEEN = 0.5
# A runner on a treadmill keeps size and place: the trunk's length within 15 %, its middle within two thirds of it.
SIZE_TOLERANCE, PLACE_TRUNKS = 0.15, 0.67
# Who runs shows another phase of the stride in every look; who stands does not (knees and ankles, trunk lengths).
MOVED_TRUNKS = 0.15


def find_window(path: Path, most_s: float) -> tuple[float, float] | None:
    """Start and end (media time, seconds) of the best ``most_s`` seconds; None for a clip that is no longer.

    The best window is the one most of which lies between looks that show one whole runner, of constant size and place,
    whose legs have moved; among equals the middle one, where the runner has settled.
    """
    clip = open_clip(path)
    seconds = clip.facts.seconds
    if seconds <= most_s:
        return None
    every_s = max(EVERY_S, seconds / MOST_LOOKS)
    looks = look_once(clip, clip.key_frames(every_s, POSE_SIDE_PX))
    good = _running_between(looks)
    starts = np.append(np.arange(0.0, seconds - most_s, every_s / 2), seconds - most_s)
    shares = np.array([_share(looks.t_s, good, start, start + most_s) for start in starts])
    best = starts[shares == shares.max()]
    start = float(best[len(best) // 2])
    return start, start + most_s


def _running_between(looks: Landmarks) -> Bools:
    """For every two successive looks, whether the same runner, whole and at the same place, has moved the legs."""
    xy = looks.xy_px
    shoulders, hips = geo.shoulder_mid(xy), geo.hip_mid(xy)
    trunk, middle = geo.length(shoulders - hips), (shoulders + hips) / 2
    body = xy[:, [*lm.TRUNK, lm.NOSE]]
    whole = np.all((body > 0) & (body < (looks.width_px, looks.height_px)), axis=(1, 2))
    whole &= looks.visibility[:, lm.TRUNK].mean(axis=1) > SEEN
    same = np.abs(np.log(trunk[1:] / trunk[:-1])) < SIZE_TOLERANCE
    same &= geo.length(np.diff(middle, axis=0)) < PLACE_TRUNKS * trunk[1:]
    legs = xy[:, [*lm.LEFT_LEG[1:3], *lm.RIGHT_LEG[1:3]]] - hips[:, None]
    moved = np.abs(np.diff(legs, axis=0)).max(axis=(1, 2)) > MOVED_TRUNKS * trunk[1:]
    return np.asarray(whole[1:] & whole[:-1] & same & moved)


def _share(t_s: Floats, good: Bools, start: float, end: float) -> float:
    """Share of the time between two moments that lies between good neighbours."""
    inside = np.minimum(t_s[1:], end) - np.maximum(t_s[:-1], start)
    return round(float(np.sum(np.maximum(inside, 0.0) * good)) / (end - start), 2)
