"""The camera's roll and what else the upright lines of the scene tell."""

from typing import NamedTuple

import cv2
import numpy as np

from analysis.scene.boxes import Gray, background
from analysis.types import Bools, Floats

# Lines that may be true verticals, at most so far off, and at least so long (share of the picture's height).
STEEP_DEG, LINE_SHARE = 12.0, 0.08
# Where those tell nothing, the camera may have been tilted so far that most lines are beyond it.
STEEPER_DEG, FAR_DEG, KNOWN_DEG = 20.0, 8.0, 1.0
# From behind or in front the rails of a treadmill rise steeply, too: up to the runner's knees, as they lead away on the
# floor.  What lies lower than this share of the runner's height is none of the walls' uprights.
FLOOR_SHARE = 0.30
LINE_AGREE_DEG = 0.8
MIN_LINES, MIN_LINES_LENGTH = 4, 0.8
# Several lines often belong to one cupboard, and lenses bend them.
LINE_SD_DEG, ROLL_FLOOR_DEG = 0.5, 0.2
# Two lines tell how uprights converge when they stand so far apart (share of the width), and so much at most.
LEAST_APART, MAX_CONVERGENCE_DEG = 0.15, 24.0


class Uprights(NamedTuple):
    """The lean of uprights in the middle of the picture, degrees clockwise, with its standard error, and by how much
    more they lean over the picture's width, degrees, with its own; NaN unknown.
    """

    roll_deg: float = float("nan")
    roll_se_deg: float = float("nan")
    converging_deg: float = float("nan")
    converging_se_deg: float = float("nan")


def find_roll(samples: list[tuple[Gray, Floats]]) -> Uprights:
    """How far the upright lines of the scene lean; NaN when too few agree.

    A camera that looks up or down makes uprights converge, so the lean is a straight line over the picture's width; its
    value in the middle is the roll.  Furniture leans too: only lines that agree with most others count.
    """
    lines = np.concatenate([_lines(*samples[at]) for at in (len(samples) // 4, len(samples) // 2)])
    near = _find_roll(lines[np.abs(lines[:, 1]) < STEEP_DEG])
    if near.roll_se_deg < KNOWN_DEG:
        return near
    far = _find_roll(lines)
    return far if abs(far.roll_deg) > FAR_DEG else near


def _find_roll(lines: Floats) -> Uprights:
    best = _agreeing(lines)
    if best.sum() < MIN_LINES or lines[best, 2].sum() < max(MIN_LINES_LENGTH, 0.5 * lines[:, 2].sum()):
        return Uprights()
    x, lean, weight = lines[best].T
    design = np.column_stack([np.ones(len(x)), x]) * np.sqrt(weight)[:, None]
    fit, *_ = np.linalg.lstsq(design, lean * np.sqrt(weight), rcond=None)
    left = float(np.sqrt(np.average((lean - fit[0] - fit[1] * x) ** 2, weights=weight)))
    spread = np.sqrt(np.diag(np.linalg.pinv(design.T @ design / weight.mean())))
    roll_se, converging_se = (max(left, LINE_SD_DEG) * spread).tolist()
    return Uprights(float(fit[0]), roll_se + ROLL_FLOOR_DEG, float(fit[1]), converging_se + ROLL_FLOOR_DEG)


def _agreeing(lines: Floats) -> Bools:
    """The lines that go with the pair of lines (or the single lean) that most of the others go with, by length."""
    x, lean, weight = lines.T
    best: Bools = np.zeros(len(lines), dtype=np.bool_)
    most = 0.0
    for i in range(len(lines)):
        apart = x - x[i]
        far = np.abs(apart) >= LEAST_APART
        slopes = np.append((lean[far] - lean[i]) / apart[far], 0.0)
        slopes = slopes[np.abs(slopes) < MAX_CONVERGENCE_DEG]
        agree = np.abs(lean - lean[i] - slopes[:, None] * apart) < LINE_AGREE_DEG
        shares = agree @ weight
        if shares.max() > most:
            most, best = float(shares.max()), agree[int(np.argmax(shares))]
    return best


def _lines(gray: Gray, box: Floats) -> Floats:
    """Steep lines of the background: x of the middle (share of the width, 0 in the middle), lean in degrees clockwise,
    length as a share of the height; [n, 3].
    """
    found = cv2.createLineSegmentDetector().detect(gray)[0]
    if found is None:
        return np.empty((0, 3))
    height, width = gray.shape
    x0, y0, x1, y1 = found.reshape(-1, 4).T.astype(np.float64)
    swap = y1 > y0
    x0, y0, x1, y1 = np.where(swap, [x1, y1, x0, y0], [x0, y0, x1, y1])
    lean = np.degrees(np.arctan2(x1 - x0, y0 - y1))
    length = np.hypot(x1 - x0, y1 - y0) / height
    middle = np.column_stack([(x0 + x1) / 2, (y0 + y1) / 2]).astype(int)
    middle = np.clip(middle, 0, [width - 1, height - 1])
    clear = background(gray, box)[middle[:, 1], middle[:, 0]] > 0
    if np.isfinite(box).all():
        clear &= middle[:, 1] / height < box[3] - FLOOR_SHARE * (box[3] - box[1])
    keep = (np.abs(lean) < STEEPER_DEG) & (length > LINE_SHARE) & clear
    return np.asarray(np.column_stack([middle[:, 0] / width - 0.5, lean, length])[keep])
