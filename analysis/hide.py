"""Hide who it is: the head of the runner is made unrecognisable in a picture.

A few large patches of colour are left of it; nothing that was finer can be brought back from them.  Other people in
the picture are not found here.
"""

import cv2
import numpy as np

from analysis import landmarks as lm
from analysis.types import Floats, Landmarks
from analysis.video import Image

# Of the trunk's length: hair, a cap and the pose model's error lie inside.
RADIUS = 0.42
LEAST_RADIUS_PX = 12.0
# Where the runner was not found the head is where it was, for so long; after that the whole picture goes.
HOLD_S = 0.25
# The head stays this many patches wide.
PATCHES = 4
NEIGHBOURS = 4


def find_heads(landmarks: Landmarks) -> Floats:
    """Where the head is on every picture.

    Parameters
    ----------
    landmarks
        As found; NaN where no person was.

    Returns
    -------
    Floats
        [n, 3] x, y of the middle and the radius of a circle that holds it, pixels, y up; NaN where nobody knows.
    """
    # The face lies before the middle of the head, the ears near it.
    face = np.median(landmarks.xy_px[:, lm.FACE], axis=1)
    middle = (face + landmarks.xy_px[:, [lm.LEFT_EAR, lm.RIGHT_EAR]].mean(axis=1)) / 2
    hips = landmarks.xy_px[:, [lm.LEFT_HIP, lm.RIGHT_HIP]].mean(axis=1)
    shoulders = landmarks.xy_px[:, [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]].mean(axis=1)
    trunk = np.linalg.norm(shoulders - hips, axis=1)
    found = np.isfinite(middle).all(axis=1) & np.isfinite(trunk)
    heads = np.full((len(landmarks), 3), np.nan)
    if not found.any():
        return heads
    # One size for the whole clip, and room for the way between two pictures.
    radius = max(RADIUS * float(np.median(trunk[found])), LEAST_RADIUS_PX)
    t_s, seen_s = landmarks.t_s, landmarks.t_s[found]
    away_s = np.abs(t_s[:, None] - seen_s[None, :]).min(axis=1)
    known = away_s <= HOLD_S
    heads[known, 0] = np.interp(t_s[known], seen_s, middle[found, 0])
    heads[known, 1] = np.interp(t_s[known], seen_s, middle[found, 1])
    heads[known, 2] = radius + _jump(heads[:, :2])[known]
    return heads


def hide_head(rgb: Image, head: Floats) -> None:
    """Make one head unrecognisable, in place.

    Parameters
    ----------
    rgb
        The picture.
    head
        x, y, radius in this picture's own pixels, **y down**; NaN hides the whole picture.
    """
    height, width = rgb.shape[:2]
    if not np.isfinite(head).all():
        rgb[:] = _patches(rgb)
        return
    x, y, radius = (float(value) for value in head)
    left, top = max(0, int(x - radius)), max(0, int(y - radius))
    right, bottom = min(width, int(x + radius) + 1), min(height, int(y + radius) + 1)
    if left >= right or top >= bottom:
        return
    part = rgb[top:bottom, left:right]
    columns, rows = np.meshgrid(np.arange(left, right), np.arange(top, bottom))
    inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    part[inside] = _patches(part)[inside]


def _patches(rgb: Image) -> Image:
    small = cv2.resize(rgb, (PATCHES, PATCHES), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, dtype=np.uint8)


def _jump(places: Floats) -> Floats:
    """How far the head gets within a few pictures: where it moves fast its place is less sure."""
    steps = np.nan_to_num(np.linalg.norm(np.diff(places, axis=0), axis=1))
    nearby = np.lib.stride_tricks.sliding_window_view(np.pad(steps, (NEIGHBOURS, NEIGHBOURS - 1 + 1)), 2 * NEIGHBOURS)
    return np.asarray(nearby.max(axis=1)[: len(places)], dtype=np.float64)
