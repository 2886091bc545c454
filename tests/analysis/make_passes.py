"""Clips of a runner who passes by a camera, made from clips of treadmill runs.

A window about the runner moves on through the picture, in front of another background.  The angles of the body are
those of the treadmill clip, so its truth stays true, as a camera far away would show them; nearer cameras see the
runner from ahead at first and from behind at last, which `tests/analysis/test_heading.py` makes from landmarks.

As a script: ``python -m tests.analysis.make_passes CLIP OUT [METRES_A_SECOND]``.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.pose import find_landmarks
from analysis.types import Floats, Landmarks
from analysis.video import Image
from tests.analysis.make_clips import pictures, write

SIZE = (1920, 1080)
# Where the feet are, share of the picture's height from the top; the size of the runner against the clip.
GROUND, TALL = 0.85, 0.75
TRUNK_M = 0.48
# From so far beyond one border to so far beyond the other, shares of the width from the middle.
FROM_TO = 0.56
FOCAL = 0.8
ROOM_PX, SOFT_PX = 60, 10.0


def backdrop(width: int, height: int, seed: int = 3) -> Image:
    """A wall with things in front of it, and a floor: enough of them to tell whether the camera moved."""
    chance = np.random.default_rng(seed)
    rgb = np.full((height, width, 3), (205, 200, 190), np.uint8)
    rgb[int(0.62 * height) :] = (95, 100, 105)
    for _ in range(width // 16):
        x, y = int(chance.integers(0, width)), int(chance.integers(0, int(0.6 * height)))
        far = (x + int(chance.integers(10, 60)), y + int(chance.integers(10, 60)))
        cv2.rectangle(rgb, (x, y), far, tuple(int(c) for c in chance.integers(60, 230, 3)), -1)
    noise = cv2.GaussianBlur(chance.normal(0.0, 6.0, (height, width)), (0, 0), 1.5)[..., None]
    return np.clip(rgb + 2 * noise, 0, 255).astype(np.uint8)


def window(xy_px: Floats, shape: tuple[int, int]) -> NDArray[np.float32]:
    """How much of every pixel goes with the runner, 0..1, from landmarks [33, 2]."""
    row = np.zeros((1, shape[1]), np.float32)
    left, right = np.clip([xy_px[:, 0].min() - ROOM_PX, xy_px[:, 0].max() + ROOM_PX], 0, shape[1]).astype(int)
    row[:, left:right] = 1.0
    return np.repeat(cv2.GaussianBlur(row, (0, 0), SOFT_PX), shape[0], axis=0)


def passing(
    frames: Iterator[Image], found: Landmarks, speed_mps: float = 3.0, *, away_deg: float = 0.0, swung: float = 0.0
) -> Iterator[Image]:
    """The runner of a side clip passes by, in the direction of travel, from beyond one border to beyond the other.

    ``speed_mps`` at which the picture moves on; where it is not the belt's, the feet slide.  ``away_deg`` how far the
    way runs off from the camera: the runner gets smaller and the feet come nearer to the horizon, at half the picture's
    height, but the body is not turned.  ``swung`` the share of the runner's way that the camera goes along with.
    """
    width, height = SIZE
    back = backdrop(2 * width, height)
    trunk = geo.median(geo.length(geo.shoulder_mid(found.xy_px) - geo.hip_mid(found.xy_px)))
    feet = found.height_px - float(np.nanpercentile(found.xy_px[:, lm.FEET, 1], 5))
    toes = np.nanmean(found.xy_px[:, [31, 32], 0] - found.xy_px[:, [29, 30], 0])
    facing, away = (1.0 if toes > 0 else -1.0), np.radians(away_deg)
    px_s = speed_mps * trunk / TRUNK_M * TALL
    for rgb, xy, t_s in zip(frames, found.xy_px, found.t_s, strict=False):
        along, gone = (1 - swung) * px_s * t_s - FROM_TO * width * (swung < 1), round(swung * px_s * t_s)
        if along > FROM_TO * width or gone > width:
            return
        near = 1.0 / (1.0 + along * np.sin(away) / (FOCAL * width))
        to = (width / 2 + facing * along * np.cos(away) * near, height * (0.5 + (GROUND - 0.5) * near))
        zoom = TALL * near
        matrix = np.array([[zoom, 0.0, to[0] - zoom * found.width_px / 2], [0.0, zoom, to[1] - zoom * feet]])
        share = cv2.warpAffine(window(xy, rgb.shape[:2]), matrix, SIZE, flags=cv2.INTER_AREA)[..., None]
        person = cv2.warpAffine(rgb, matrix, SIZE, flags=cv2.INTER_AREA)
        start = gone if facing > 0 else width - gone
        picture = back[:, start : start + width].copy()
        near_runner = share.any(axis=(0, 2))
        share = share[:, near_runner]
        blend = picture[:, near_runner] * (1 - share) + person[:, near_runner] * share
        picture[:, near_runner] = np.clip(blend, 0, 255).astype(np.uint8)
        yield picture


def main(clip: Path, out: Path, speed_mps: float) -> None:
    """One pass of the runner of a clip."""
    facts, found, *_ = find_landmarks(clip)
    write(out, passing(pictures(clip), found, speed_mps), round(facts.fps))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 3.0)
