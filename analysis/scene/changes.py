"""Pictures that repeat the one before, cuts, and sharpness."""

from itertools import pairwise

import cv2
import numpy as np

from analysis.scene.boxes import Gray, inside
from analysis.types import Bools, Floats

# A repeated picture differs from the one before by coding noise only: less than this share of a usual difference.
REPEAT_SHARE = 0.20
STILL_LEVELS = 0.6
# Another scene: grey levels, times the usual difference of neighbours, and how much alike they still are (correlation:
# a sun flare that comes and goes 0.95 to 0.99, the same room filmed an eighth of the picture further 0.44).
CUT_LEVELS, CUT_TIMES, CUT_ALIKE = 14.0, 5.0, 0.85


def sharpness_of(part: Gray) -> float:
    """How much of its edges a picture loses when it is blurred once more, 0 (was blurred) .. 1 (crisp).

    Crete et al. 2007; independent of contrast and brightness.
    """
    scale = 256.0 / max(part.shape)
    sized = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    losses = []
    for axis, kernel in ((1, (9, 1)), (0, (1, 9))):
        edges = np.abs(np.diff(sized, axis=axis))
        again = np.abs(np.diff(cv2.blur(sized, kernel), axis=axis))
        losses.append(float(np.maximum(edges - again, 0.0).sum() / max(float(edges.sum()), 1e-6)))
    return min(losses)


def find_doubled(thumbs: list[Gray], boxes: Floats) -> Bools:
    """Pictures whose runner is the same as in the one before, while others move."""
    change = np.full(len(thumbs), np.nan)
    for row in range(1, len(thumbs)):
        if np.isfinite(boxes[row]).all():
            before, now = inside(thumbs[row - 1], boxes[row]), inside(thumbs[row], boxes[row])
            change[row] = _difference(now, before)
    if not np.isfinite(change).any():
        return np.zeros(len(thumbs), dtype=np.bool_)
    usual = float(np.nanpercentile(change, 90))
    return np.asarray((change < REPEAT_SHARE * usual) & (change < STILL_LEVELS))


def find_cuts(thumbs: list[Gray], t_s: Floats) -> tuple[float, ...]:
    """Moments at which the whole picture changes."""
    change = np.array([0.0, *(_difference(a, b) for a, b in pairwise(thumbs))])
    usual = float(np.median(change[1:]))
    jumps = np.flatnonzero((change > CUT_LEVELS) & (change > CUT_TIMES * usual))
    # A flash or a damaged picture comes and goes; after a cut the picture stays another one.
    last = len(thumbs) - 1
    around = [(row, thumbs[max(row - 3, 0)], thumbs[min(row + 2, last)]) for row in jumps.tolist()]
    return tuple(float(t_s[row]) for row, before, after in around if _alike(before, after) < CUT_ALIKE)


def _alike(one: Gray, other: Gray) -> float:
    """Correlation of two pictures: brightness and contrast do not count."""
    return float(cv2.matchTemplate(one, other, cv2.TM_CCOEFF_NORMED)[0, 0])


def _difference(one: Gray, other: Gray) -> float:
    """Mean difference of two pictures, grey levels."""
    return float(cv2.absdiff(one, other).mean())
