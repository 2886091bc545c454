"""The straight edges of the scene, from a picture of it without its runner."""

import cv2
import numpy as np

from analysis.scene.boxes import Gray
from analysis.types import Floats

# Shorter than this share of the longer side, an edge is no belt's.
LEAST_LENGTH = 0.05
NO_LINES: Floats = np.empty((0, 4))


def find_lines(pictures: list[Gray]) -> Floats:
    """Straight edges [n, 4]: x0, y0, x1, y1 from the picture's middle in shares of its longer side, y up.

    The median of pictures spread over the clip shows what stands still: legs and their shadows come and go.  About
    60 ms.
    """
    still = np.asarray(np.median(np.stack(pictures), axis=0), dtype=np.uint8)
    found = cv2.createLineSegmentDetector().detect(still)[0]
    if found is None:
        return NO_LINES
    height, width = still.shape
    ends = found.reshape(-1, 4).astype(np.float64) + 0.5 - np.array([width, height, width, height]) / 2
    ends = ends * (1.0, -1.0, 1.0, -1.0) / max(width, height)
    return np.asarray(ends[np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) > LEAST_LENGTH])
