"""The drawn pictures of a report once more, with the head covered."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from analysis.drawing import JPEG_QUALITY, runner_crop
from analysis.hide import find_heads, hide_head
from analysis.types import Floats, Landmarks
from analysis.video import Image


def hide_frames(frames: Path, moments: Mapping[str, float], landmarks: Landmarks, out: Path) -> None:
    """Cover the head on annotated frames.

    Parameters
    ----------
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
    heads, crop = find_heads(landmarks), runner_crop(landmarks)
    for name, t_s in moments.items():
        picture = cv2.imread(str(frames / name))
        if picture is None:
            continue
        rgb: Image = np.asarray(picture, dtype=np.uint8)
        row = int(np.argmin(np.abs(landmarks.t_s - t_s)))
        hide_head(rgb, _in_cut(heads[row], crop, landmarks.height_px, rgb))
        cv2.imwrite(str(out / name), rgb, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def _in_cut(head: Floats, crop: Floats, height_px: int, picture: Image) -> Floats:
    """From the whole frame (y up) to a picture that was cut out of it and scaled (y down)."""
    top = height_px - int(height_px - crop[3])
    scale = picture.shape[0] / (int(np.ceil(height_px - crop[1])) - int(height_px - crop[3]))
    return np.array([(head[0] - int(crop[0])) * scale, (top - head[1]) * scale, head[2] * scale])
