"""Marking by a person: which frames to show, and the lines that come back.

A line along the waistband at mid-stance is what clinicians measure (Dingenen et al. 2018, at least 7 steps a side);
it needs no tape and no pose model.  A line along the deck tells in which direction the runner runs, where the picture
alone does not.

The file is a JSON list.  Positions are pixels [x, y] of the upright full frame, y down from the top; ``t_s`` is media
time; ``marked_by`` is a name to show.  Two kinds of item:

- ``{"kind": "line", "t_s", "side", "line", "left", "right", "marked_by"}``: a line on a mid-stance frame; ``side`` the
  standing leg, ``line`` waist or shoulders, ``left`` and ``right`` its ends.  "kind" may be left out.
- ``{"kind": "deck_line", "t_s", "points": [[x, y], [x, y]], "marked_by"}``: a line drawn along one long edge of the
  belt or deck, on any frame, as long as the edge is seen.  Either end may come first.  One is enough; the second long
  edge, as a further item, makes the answer firmer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis import geometry as geo
from analysis.direction import DeckLine
from analysis.errors import AnalysisError
from analysis.types import Landmarks, Mark, Side, Strides, View, ViewName

FRAMES_A_SIDE = 8
LINES = ("waist", "shoulders")
DECK_LINE, LINE = "deck_line", "line"
# Shorter, and the ends are drawn no better than a degree.
DECK_LINE_LEAST_PX = 40.0
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
    """The lines on mid-stance frames of a file of marks.

    Raises
    ------
    AnalysisError
        ``marks`` when the file is not such a list.
    """
    with _readable():
        return tuple(_mark(item, height_px) for item in _items(path) if _kind(item) == LINE)


def read_deck_lines(path: Path, height_px: int) -> tuple[DeckLine, ...]:
    """The lines along the deck of a file of marks.

    Raises
    ------
    AnalysisError
        ``marks`` when the file is not such a list.
    """
    with _readable():
        return tuple(_deck_line(item, height_px) for item in _items(path) if _kind(item) == DECK_LINE)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise AnalysisError("marks", f"The marks cannot be read: {error}.") from error


def _items(path: Path) -> list[Mapping[str, Any]]:
    return list(json.loads(path.read_text()))


def _kind(item: Mapping[str, Any]) -> str:
    kind = str(item.get("kind", LINE))
    if kind not in (LINE, DECK_LINE):
        raise ValueError(f"unknown kind {kind}")
    return kind


def _mark(item: Mapping[str, Any], height_px: int) -> Mark:
    if item["line"] not in LINES:
        raise ValueError(f"unknown line {item['line']}")
    left, right = (_y_up(item[end], height_px) for end in ("left", "right"))
    return Mark(float(item["t_s"]), Side(item["side"]), item["line"], left, right, str(item["marked_by"]))


def _deck_line(item: Mapping[str, Any], height_px: int) -> DeckLine:
    one, other = (_y_up(point, height_px) for point in item["points"])
    if float(np.hypot(other[0] - one[0], other[1] - one[1])) < DECK_LINE_LEAST_PX:
        raise ValueError("the line along the deck is too short")
    return DeckLine(float(item["t_s"]), one, other, str(item["marked_by"]))


def _y_up(point: Sequence[Any], height_px: int) -> tuple[float, float]:
    return float(point[0]), height_px - float(point[1])


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
