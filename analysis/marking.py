"""Marking by a person: which frames to show, and the lines that come back.

A line along the waistband at mid-stance is what clinicians measure (Dingenen et al. 2018, at least 7 steps a side);
it needs no tape and no pose model.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis import geometry as geo
from analysis.errors import AnalysisError
from analysis.types import Landmarks, Mark, Side, Strides, View, ViewName

FRAMES_A_SIDE = 8
LINES = ("waist", "shoulders")
# The waist large: this many trunk lengths to each side of mid-hip, below and above it.
ASIDE, BELOW, ABOVE = 0.65, 0.35, 0.60


@dataclass(frozen=True)
class MarkingFrame:
    """A frame to mark: media time, standing leg, and the crop x, y, width, height in pixels of the upright frame, y
    down from the top, as pictures are cut.
    """

    t_s: float
    side: Side
    crop: tuple[int, int, int, int]


def propose_frames(landmarks: Landmarks, view: View, strides: Strides) -> tuple[MarkingFrame, ...]:
    """Mid-stance frames of both sides, spread over the clip, in order; none from the side.

    ``landmarks`` as found (real timestamps), so that the times are those of frames.
    """
    if view.name is ViewName.SIDE:
        return ()
    hips = geo.hip_mid(landmarks.xy_px)
    trunk = geo.median(geo.length(geo.shoulder_mid(landmarks.xy_px) - hips))
    frames = []
    for side in Side:
        rows = [int(np.argmin(np.abs(landmarks.t_s - t))) for t in strides.mid_stance[side]]
        seen = [row for row in rows if np.isfinite(hips[row]).all()]
        for row in _spread(seen):
            frames.append(MarkingFrame(float(landmarks.t_s[row]), side, _crop(landmarks, hips[row], trunk)))
    return tuple(sorted(frames, key=lambda frame: frame.t_s))


def read_marks(path: Path, height_px: int) -> tuple[Mark, ...]:
    """Marks of a JSON file: [{t_s, side, line, left: [x, y], right: [x, y], marked_by}], pixels, y down.

    Raises
    ------
    AnalysisError
        ``marks`` when the file is not such a list.
    """
    try:
        return tuple(_mark(item, height_px) for item in json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnalysisError("marks", f"The marks cannot be read: {error}.") from error


def _mark(item: Mapping[str, Any], height_px: int) -> Mark:
    if item["line"] not in LINES:
        raise ValueError(f"unknown line {item['line']}")
    ends = {end: (float(item[end][0]), height_px - float(item[end][1])) for end in ("left", "right")}
    return Mark(
        float(item["t_s"]), Side(item["side"]), item["line"], ends["left"], ends["right"], str(item["marked_by"])
    )


def _spread(rows: Sequence[int]) -> list[int]:
    """At most so many, evenly spread."""
    if len(rows) <= FRAMES_A_SIDE:
        return list(rows)
    return [rows[i] for i in np.linspace(0, len(rows) - 1, FRAMES_A_SIDE).round().astype(int)]


def _crop(landmarks: Landmarks, hip: np.ndarray, trunk_px: float) -> tuple[int, int, int, int]:
    """The waist's box inside the picture."""
    left, right = hip[0] - ASIDE * trunk_px, hip[0] + ASIDE * trunk_px
    top, bottom = landmarks.height_px - hip[1] - ABOVE * trunk_px, landmarks.height_px - hip[1] + BELOW * trunk_px
    x0, x1 = np.clip([left, right], 0, landmarks.width_px).astype(int)
    y0, y1 = np.clip([top, bottom], 0, landmarks.height_px).astype(int)
    return int(x0), int(y0), int(x1 - x0), int(y1 - y0)
