"""How the camera moved, from what does not move with the runner."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.scene.boxes import Gray, background
from analysis.types import Floats

# Features of the background.
MAX_FEATURES, MIN_FEATURES, MIN_AGREE = 300, 12, 0.4
AGREE_PX = 1.0
# Small pictures alone tell a way of so much of the width.
SWUNG_SHARE = 0.25
# A picture of the clip without its runner is not smeared by so little movement, shares of the width.
STILL_SHARE, STILL_DEG = 0.003, 0.5


@dataclass(frozen=True)
class Motion:
    """As in `Scene`."""

    shake: float
    pan: float
    turn_deg: float

    @property
    def is_still(self) -> bool:
        """Whether all pictures show the same background at the same place; False when nobody knows."""
        return max(self.shake, self.pan) < STILL_SHARE and self.turn_deg < STILL_DEG


UNKNOWN = Motion(float("nan"), float("nan"), float("nan"))


def find_motion(samples: list[tuple[Gray, Floats]]) -> Motion:
    """The camera's movement between the samples, from what does not move with the runner."""
    middle = samples[len(samples) // 2]
    features = _features(middle)
    steps = [_similarity(middle, features, sample) for sample in samples]
    known = np.array([step for step in steps if step is not None]).reshape(-1, 3)
    if len(known) < max(3, len(samples) // 2):
        # A background that goes out of sight within the clip: compare neighbours only.
        pairs = [_similarity(a, _features(a), b) for a, b in pairwise(samples)]
        near = np.array([pair for pair in pairs if pair is not None]).reshape(-1, 3)
        if len(near) < max(2, len(pairs) // 2):
            return UNKNOWN
        known = np.cumsum(near, axis=0)
    when = np.linspace(-1.0, 1.0, len(known))
    trend = np.polyfit(when, known, 1)
    left = known - np.outer(when, trend[0]) - trend[1]
    return Motion(
        shake=float(np.sqrt(np.mean(np.sum(left[:, :2] ** 2, axis=1)))),
        pan=float(2 * np.linalg.norm(trend[0][:2])),
        turn_deg=float(np.ptp(known[:, 2])),
    )


def find_swing(thumbs: list[Gray]) -> Motion:
    """The travel of a camera that is swung so fast that half a second later another background is seen.

    From neighbouring pictures, as small as they are: 0.1 ms a picture.  NaN where the way is too short to be sure.
    """
    if not thumbs:
        return UNKNOWN
    height, width = thumbs[0].shape
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    pictures = [np.asarray(thumb, np.float32) for thumb in thumbs]
    steps = [cv2.phaseCorrelate(a, b, window)[0] for a, b in pairwise(pictures)]
    pan = float(np.linalg.norm(np.sum(steps, axis=0)) / width) if steps else 0.0
    return Motion(float("nan"), pan, float("nan")) if pan > SWUNG_SHARE else UNKNOWN


def _features(sample: tuple[Gray, Floats]) -> NDArray[Any] | None:
    """What can be found again of the background of a picture; None when there is too little."""
    gray, box = sample
    points = cv2.goodFeaturesToTrack(gray, MAX_FEATURES, 0.01, 8, mask=background(gray, box))
    return None if points is None or len(points) < MIN_FEATURES else np.asarray(points)


def _similarity(
    first: tuple[Gray, Floats], points: NDArray[Any] | None, second: tuple[Gray, Floats]
) -> tuple[float, float, float] | None:
    """Shift of the background from one picture to another, shares of the width, and its turn, degrees.

    ``points`` are the `_features` of the first one.
    """
    if points is None:
        return None
    (one, _), (two, other_box) = first, second
    there = _followed(one, two, points)
    back = _followed(two, one, there)
    good = np.linalg.norm((back - points)[:, 0], axis=1) < AGREE_PX
    places = np.nan_to_num(there[:, 0], nan=-1.0).round().astype(int)
    height, width = two.shape
    good &= (places[:, 0] >= 0) & (places[:, 0] < width) & (places[:, 1] >= 0) & (places[:, 1] < height)
    good[good] &= background(two, other_box)[places[good, 1], places[good, 0]] > 0
    if good.sum() < MIN_FEATURES:
        return None
    matrix, agree = cv2.estimateAffinePartial2D(
        points[good], there[good], method=cv2.RANSAC, ransacReprojThreshold=AGREE_PX
    )
    if matrix is None or agree.sum() < max(MIN_FEATURES, MIN_AGREE * good.sum()):
        return None
    centre = np.array([width / 2, height / 2])
    shift = matrix[:, :2] @ centre + matrix[:, 2] - centre
    return float(shift[0] / width), float(shift[1] / width), float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))


def _followed(one: Gray, two: Gray, points: NDArray[Any]) -> NDArray[Any]:
    """Where points of one picture lie in another; NaN where they were lost."""
    start: Any = None
    there, found, _ = cv2.calcOpticalFlowPyrLK(one, two, points, start, winSize=(15, 15), maxLevel=4)
    return np.where(np.asarray(found)[:, :, None] == 1, np.asarray(there), np.float32(np.nan))
