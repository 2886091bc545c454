"""From shares of a picture, or of a part of it, to landmarks: the one place where they are turned over."""

import numpy as np

from analysis import landmarks as lm
from analysis.types import ClipFacts, Floats, Landmarks
from analysis.video import Image

Region = tuple[float, float, float, float]


def part_of(rgb: Image, region: Region | None) -> Image:
    """The part of a picture where the runner is looked for."""
    if region is None:
        return rgb
    height, width = rgb.shape[:2]
    x0, y0, x1, y1 = (round(share * side) for share, side in zip(region, (width, height) * 2, strict=True))
    return np.ascontiguousarray(rgb[y0:y1, x0:x1])


def placed(points: Floats, region: Region | None) -> Floats:
    """Points found in a part of the picture, as shares of the whole one."""
    if region is not None:
        points[:, :2] = np.array(region[:2]) + points[:, :2] * (np.array(region[2:]) - np.array(region[:2]))
    return points


def upright_px(shares: Floats, facts: ClipFacts) -> Floats:
    """Shares of the picture, y down, to pixels, y up: the one place where a landmark is turned over."""
    return np.stack([shares[..., 0] * facts.width_px, (1.0 - shares[..., 1]) * facts.height_px], axis=-1)


def landmarks_of(facts: ClipFacts, rows: list[tuple[float, Floats]]) -> Landmarks:
    """Landmarks from rows of (media time, points [33, 6] as `tracker.points_of` gives them)."""
    points = np.array([row[1] for row in rows]).reshape(-1, lm.COUNT, 6)
    return Landmarks(
        # As they are kept beside the report, so that one computed from there is the same.
        xy_px=upright_px(points[:, :, :2], facts).astype(np.float32).astype(np.float64),
        world_m=points[:, :, 2:5] * (1.0, -1.0, 1.0),
        visibility=np.nan_to_num(points[:, :, 5]),
        t_s=np.array([row[0] for row in rows]),
        width_px=facts.width_px,
        height_px=facts.height_px,
    )
