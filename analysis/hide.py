"""Hide who it is: the head of the runner, and everything around the body, are made unrecognisable in a picture.

A few large patches of colour are left of them; nothing that was finer can be brought back from these.  Nobody is looked
for around the body, so nobody can be missed there: other people, screens and the room go together.  What is left is a
person right before or behind the runner's own trunk and limbs.
"""

import cv2
import numpy as np

from analysis import landmarks as lm
from analysis.types import Bools, Floats, Landmarks
from analysis.video import Image

# Of the trunk's length: hair, a cap and the pose model's error lie inside.
RADIUS = 0.42
LEAST_RADIUS_PX = 12.0
# Where the runner was not found the head is where it was, for so long; after that the whole picture goes.
HOLD_S = 0.25
# The head stays this many patches wide.
PATCHES = 4
NEIGHBOURS = 4
# Of the trunk's length: what counts as body to either side of a bone, and how large the patches around it are.
REACH = {"arm": 0.16, "leg": 0.22, "trunk": 0.26}
PATCH = 0.30
ARM_BONES = frozenset({lm.LEFT_ELBOW, lm.RIGHT_ELBOW, lm.LEFT_WRIST, lm.RIGHT_WRIST})


class Hiding:
    """What is to be hidden on the pictures of one clip, found once."""

    def __init__(self, landmarks: Landmarks) -> None:
        self._heads, self._bodies = find_heads(landmarks), find_bodies(landmarks)

    def apply(self, rgb: Image, row: int, left: float, top: float, scale: float) -> None:
        """Hide who it is, in place.

        Parameters
        ----------
        rgb
            A picture of the clip, or a part of one.
        row
            Of the landmarks.
        left, top
            Where its upper left corner lies, pixels of the clip, y up.
        scale
            How many of its pixels one of the clip's comes to.
        """
        body = (self._bodies[row] - [left, top]) * [scale, -scale]
        x, y, radius = self._heads[row]
        hide_surroundings(rgb, body)
        hide_head(rgb, np.array([(x - left) * scale, (top - y) * scale, radius * scale]))


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
    found: Bools = np.isfinite(middle).all(axis=1) & np.isfinite(trunk)
    heads = np.full((len(landmarks), 3), np.nan)
    if not found.any():
        return heads
    # One size for the whole clip, and room for the way between two pictures.
    radius = max(RADIUS * float(np.median(trunk[found])), LEAST_RADIUS_PX)
    heads[:, :2] = _held(middle, found, landmarks.t_s)
    heads[:, 2] = np.where(np.isfinite(heads[:, 0]), radius + _jump(heads[:, :2]), np.nan)
    return heads


def find_bodies(landmarks: Landmarks) -> Floats:
    """Where the body is on every picture, held over short gaps.

    Parameters
    ----------
    landmarks
        As found; NaN where no person was.

    Returns
    -------
    Floats
        [n, 33, 2] as the landmarks, pixels, y up; NaN where nobody knows.
    """
    places = landmarks.xy_px.reshape(len(landmarks), -1)
    found: Bools = np.asarray(np.isfinite(places).all(axis=1))
    return _held(places, found, landmarks.t_s).reshape(landmarks.xy_px.shape)


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


def hide_surroundings(rgb: Image, body: Floats) -> None:
    """Leave nothing recognisable but the body, in place.

    Parameters
    ----------
    rgb
        The picture.
    body
        [33, 2] landmarks in this picture's own pixels, **y down**; NaN hides the whole picture.
    """
    if not np.isfinite(body).all():
        rgb[:] = _patches(rgb)
        return
    trunk = float(np.linalg.norm(body[[lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]].mean(0) - _hips(body)))
    outside = _body_mask(body, trunk, rgb.shape[:2]) == 0
    rgb[outside] = _patches(rgb, max(PATCH * trunk, LEAST_RADIUS_PX))[outside]


def _hips(body: Floats) -> Floats:
    return np.asarray(body[[lm.LEFT_HIP, lm.RIGHT_HIP]].mean(axis=0))


def _body_mask(body: Floats, trunk: float, shape: tuple[int, ...]) -> Image:
    """255 on the body and a little around it; the head belongs to it and is hidden by itself."""
    mask: Image = np.zeros(shape[:2], dtype=np.uint8)
    points = np.clip(np.round(body), -4 * max(shape), 4 * max(shape)).astype(np.int32)
    corners = points[[lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER, lm.RIGHT_HIP, lm.LEFT_HIP]]
    cv2.fillConvexPoly(mask, cv2.convexHull(corners), 255)
    for a, b in lm.BONES:
        part = "trunk" if a in lm.TRUNK and b in lm.TRUNK else "arm" if ARM_BONES & {a, b} else "leg"
        cv2.line(mask, points[a].tolist(), points[b].tolist(), 255, max(1, round(2 * REACH[part] * trunk)))
    return mask


def _held(places: Floats, found: Bools, t_s: Floats) -> Floats:
    """Places [n, k] where they were found, in between over gaps of up to `HOLD_S` to either side, else NaN."""
    held = np.full(places.shape, np.nan)
    if not found.any():
        return held
    seen_s = t_s[found]
    known = np.abs(t_s[:, None] - seen_s[None, :]).min(axis=1) <= HOLD_S
    for column in range(places.shape[1]):
        held[known, column] = np.interp(t_s[known], seen_s, places[found, column])
    return held


def _patches(rgb: Image, side_px: float | None = None) -> Image:
    """``side_px`` large each; without it as few as are left of a head."""
    size = (PATCHES, PATCHES)
    if side_px is not None:
        size = (max(1, round(rgb.shape[1] / side_px)), max(1, round(rgb.shape[0] / side_px)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, dtype=np.uint8)


def _jump(places: Floats) -> Floats:
    """How far the head gets within a few pictures: where it moves fast its place is less sure."""
    steps = np.nan_to_num(np.linalg.norm(np.diff(places, axis=0), axis=1))
    nearby = np.lib.stride_tricks.sliding_window_view(np.pad(steps, (NEIGHBOURS, NEIGHBOURS - 1 + 1)), 2 * NEIGHBOURS)
    return np.asarray(nearby.max(axis=1)[: len(places)], dtype=np.float64)
