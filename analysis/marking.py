"""Marking by a person: which frames to show, and the lines that come back.

A line along the waistband at mid-stance is what clinicians measure (Dingenen et al. 2018, at least 7 steps a side);
it needs no tape and no pose model.  A line along the deck tells in which direction the runner runs, where the picture
alone does not.

The file is a JSON list.  Positions are pixels [x, y] of the upright full frame, y down from the top; ``t_s`` is media
time; ``marked_by`` is a name to show.  Two kinds of item:

- ``{"kind": "line", "t_s", "side", "line", "left", "right", "marked_by"}``: a line on a mid-stance frame; ``side`` the
  standing leg, ``line`` waist or shoulders, ``left`` and ``right`` its ends.  "kind" may be left out.  A line on a
  frame a quarter of a stride later has the same ``side``; its time tells it apart (`analysis.metrics.marked`).
- ``{"kind": "deck_line", "t_s", "points": [[x, y], [x, y]], "marked_by"}``: a line drawn along one long edge of the
  belt or deck, on any frame, as long as the edge is seen.  Either end may come first.  One is enough; the second long
  edge, as a further item, makes the answer firmer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis import geometry as geo
from analysis.direction import DeckLine
from analysis.errors import AnalysisError
from analysis.types import Floats, Landmarks, Mark, Side, Strides, View, ViewName

FRAMES_A_SIDE, BETWEEN_A_SIDE = 8, 5
LINES = ("waist", "shoulders")
DECK_LINE, LINE = "deck_line", "line"
# Shorter, and the ends are drawn no better than a degree.
DECK_LINE_LEAST_PX = 40.0
# The waist large, and the shoulders: this many trunk lengths to each side of mid-hip or mid-shoulder, below and above.
WAIST, SHOULDERS = (0.65, 0.35, 0.60), (0.75, 0.40, 0.55)


Crop = tuple[int, int, int, int]


@dataclass(frozen=True)
class MarkingFrame:
    """A frame to mark: media time, standing leg (the last one that stood), and where waist and shoulders are: x, y,
    width, height in pixels of the upright frame, y down from the top, as pictures are cut.
    """

    t_s: float
    side: Side
    crop: Crop
    shoulders: Crop


def propose_frames(landmarks: Landmarks, view: View, strides: Strides) -> tuple[MarkingFrame, ...]:
    """Mid-stance frames of both sides, spread over the clip, in order; none from the side.

    ``landmarks`` as found (real timestamps), so that the times are those of frames.
    """
    return _frames(landmarks, view, strides.mid_stance, FRAMES_A_SIDE)


def propose_between(landmarks: Landmarks, view: View, strides: Strides) -> tuple[MarkingFrame, ...]:
    """Frames a quarter of a stride after mid-stance: they tell the stride's mean, and show the shoulders at their
    steepest.
    """
    later = {side: times + strides.period_s / 4 for side, times in strides.mid_stance.items()}
    return _frames(landmarks, view, later, BETWEEN_A_SIDE)


def _frames(landmarks: Landmarks, view: View, moments: Mapping[Side, Floats], count: int) -> tuple[MarkingFrame, ...]:
    if view.name is ViewName.SIDE:
        return ()
    hips, shoulders = geo.hip_mid(landmarks.xy_px), geo.shoulder_mid(landmarks.xy_px)
    trunk = geo.median(geo.length(shoulders - hips))
    frames = []
    for side in Side:
        inside = [t for t in moments[side] if t <= landmarks.t_s[-1]]
        rows = [int(np.argmin(np.abs(landmarks.t_s - t))) for t in inside]
        seen = [row for row in rows if np.isfinite(hips[row] + shoulders[row]).all()]
        for row in _spread(seen, count):
            crops = _crop(landmarks, hips[row], trunk, WAIST), _crop(landmarks, shoulders[row], trunk, SHOULDERS)
            frames.append(MarkingFrame(float(landmarks.t_s[row]), side, *crops))
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


def _spread(rows: Sequence[int], count: int) -> list[int]:
    """At most so many, evenly spread."""
    if len(rows) <= count:
        return list(rows)
    return [rows[i] for i in np.linspace(0, len(rows) - 1, count).round().astype(int)]


def _crop(landmarks: Landmarks, middle: Floats, trunk_px: float, room: tuple[float, float, float]) -> Crop:
    """A box about a point of the body, inside the picture."""
    aside, below, above = room
    left, right = middle[0] - aside * trunk_px, middle[0] + aside * trunk_px
    top, bottom = landmarks.height_px - middle[1] - above * trunk_px, landmarks.height_px - middle[1] + below * trunk_px
    x0, x1 = np.clip([left, right], 0, landmarks.width_px).astype(int)
    y0, y1 = np.clip([top, bottom], 0, landmarks.height_px).astype(int)
    return int(x0), int(y0), int(x1 - x0), int(y1 - y0)


def level_mark(mark: Mark, roll_deg: float) -> Mark:
    """A line as a level camera would have seen it, turned about its left end (`analysis.prepare.levelled`)."""
    turn = np.radians(roll_deg)
    across, up = mark.right[0] - mark.left[0], mark.right[1] - mark.left[1]
    x = mark.left[0] + float(np.cos(turn) * across - np.sin(turn) * up)
    y = mark.left[1] + float(np.sin(turn) * across + np.cos(turn) * up)
    return replace(mark, right=(x, y))
