"""The runner's place in the small pictures."""

import numpy as np
from numpy.typing import NDArray

from analysis.types import Floats, Landmarks

Gray = NDArray[np.uint8]

# Room about the landmarks for hair, hands, shoes and their blur.
ROOM = 0.15


def boxes_of(found: Landmarks, room_share: float = ROOM) -> Floats:
    """The runner's box with some room, one a row: x0, y0, x1, y1 as shares of the picture, y down; NaN for nobody."""
    size = np.array([found.width_px, found.height_px], dtype=np.float64)
    share = found.xy_px / size
    share[:, :, 1] = 1.0 - share[:, :, 1]
    with np.errstate(invalid="ignore"):
        low, high = share.min(axis=1), share.max(axis=1)
    room = room_share * (high - low).max(axis=1, keepdims=True)
    return np.asarray(np.clip(np.concatenate([low - room, high + room], axis=1), 0.0, 1.0))


def inside(gray: Gray, box: Floats) -> Gray:
    """The part of a picture inside a box; all of it for an empty box."""
    height, width = gray.shape
    x0, y0, x1, y1 = (box * (width, height, width, height)).astype(int)
    return gray if x1 - x0 < 4 or y1 - y0 < 4 else np.asarray(gray[y0:y1, x0:x1])


def background(gray: Gray, box: Floats) -> Gray:
    """255 where the runner is not."""
    mask = np.full(gray.shape, 255, dtype=np.uint8)
    if np.isfinite(box).all():
        height, width = gray.shape
        x0, y0, x1, y1 = (box * (width, height, width, height)).astype(int)
        mask[y0:y1, x0:x1] = 0
    return mask
