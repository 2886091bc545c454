"""The drawn pictures of a report once more, with nobody to recognise on them."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from analysis.drawing import JPEG_QUALITY, cut_out, runner_crop
from analysis.hide import Hiding
from analysis.types import Bools, Landmarks
from analysis.video import open_clip

# A drawn line differs from the clip by more than its JPEG's noise does, and is more than a speck.
DRAWN = 56
SPECK = np.ones((3, 3), np.uint8)


def hide_frames(clip: Path, frames: Path, moments: Mapping[str, float], landmarks: Landmarks, out: Path) -> None:
    """Hide on annotated frames who it is; what was drawn on them stays.

    Parameters
    ----------
    clip
        The clip.
    frames
        Folder of the JPEGs of `analysis.drawing.draw_frames`.
    moments
        File name -> time in seconds of media time.
    landmarks
        Of the same clip: the pictures were cut to where these say that the runner is.
    out
        Folder to write to; made when missing.  A picture that cannot be read is left out.
    """
    out.mkdir(parents=True, exist_ok=True)
    hiding, crop, film = Hiding(landmarks), runner_crop(landmarks), open_clip(clip)
    wanted = {name: int(np.argmin(np.abs(film.t_s - t_s))) for name, t_s in moments.items()}
    for frame in film.pick(np.unique(list(wanted.values()))):
        canvas = cut_out(frame.rgb, crop)
        plain = canvas.rgb.copy()
        row = int(np.argmin(np.abs(landmarks.t_s - frame.t_s)))
        hiding.apply(canvas.rgb, row, canvas.left, canvas.top, canvas.scale)
        for name in (name for name, index in wanted.items() if index == frame.index):
            drawn = cv2.imread(str(frames / name))
            if drawn is None:
                continue
            picture = cv2.cvtColor(canvas.rgb, cv2.COLOR_RGB2BGR)
            # A picture that was cut out differently is hidden with all its lines.
            if drawn.shape == plain.shape:
                lines = _lines(drawn, cv2.cvtColor(plain, cv2.COLOR_RGB2BGR))
                picture[lines] = drawn[lines]
            cv2.imwrite(str(out / name), picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def _lines(drawn: np.ndarray, plain: np.ndarray) -> Bools:
    """Where something was drawn."""
    apart = np.abs(drawn.astype(np.int16) - plain).max(axis=2) > DRAWN
    kept = cv2.morphologyEx(apart.astype(np.uint8), cv2.MORPH_OPEN, SPECK)
    return np.asarray(cv2.dilate(kept, SPECK) > 0)
