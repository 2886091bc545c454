"""Draw what was measured onto frames of the clip: skeleton, lines, angles, labels.

Shapes and landmarks come with y up; they are turned over in `_Canvas.place` and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from analysis import landmarks as lm
from analysis.shapes import Arc, Colour, Dot, FrameRequest, Line, Point, Shape, Text
from analysis.types import Floats, Landmarks
from analysis.video import Image, open_clip

MAX_HEIGHT_PX = 1280
MIN_HEIGHT_PX = 960
MAX_ENLARGED = 2.0
JPEG_QUALITY = 85
# The picture is cut to where the runner is throughout the clip, and this share of the runner's height around it.
MARGIN = 0.15
MIN_ASPECT, MAX_ASPECT = 9 / 16, 4 / 5
SEEN = 0.5

# Okabe and Ito's colours (2008) tell apart for every kind of colour blindness; RGB.
PAINT = {
    Colour.LEFT: (86, 180, 233),
    Colour.RIGHT: (240, 170, 40),
    Colour.BODY: (255, 255, 255),
    Colour.REFERENCE: (255, 255, 255),
    Colour.OK: (60, 200, 140),
    Colour.WATCH: (250, 228, 80),
    Colour.FLAG: (255, 120, 70),
}
INK = (16, 20, 24)
FONT_WEIGHT = 600
LEFT_POINTS = frozenset(left for left, _ in lm.PAIRS)
# Joints that get a dot; the face is the head line's business.
JOINTS = tuple(sorted({point for bone in lm.BONES for point in bone}))


@dataclass
class _Canvas:
    """A picture being drawn on: the frame from ``left``, ``top`` (px, y up) on, ``scale`` times as large."""

    rgb: Image
    left: float
    top: float
    scale: float
    taken: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def unit(self) -> float:
        """A length that grows with the picture, canvas px: the thickness of a line."""
        return max(2.0, float(min(self.rgb.shape[:2])) / 220.0)

    def place(self, point: Point | Floats) -> tuple[float, float]:
        """Canvas coordinates (y down) of a point of the full frame (y up)."""
        return (float(point[0]) - self.left) * self.scale, (self.top - float(point[1])) * self.scale


def draw_frames(
    path: Path, requests: Sequence[FrameRequest], landmarks: Landmarks, out_dir: Path
) -> list[tuple[Path, int, float]]:
    """Decode the clip's frames nearest to the requested times, draw on them and save them as JPEG.

    Parameters
    ----------
    path
        The clip.
    requests
        What to draw; times in seconds of media time, shapes in pixels, y up.
    landmarks
        Of the same clip; the skeleton is taken from the row nearest in time to the frame.
    out_dir
        Made when missing.

    Returns
    -------
    list
        File, frame number and time in seconds of each frame drawn, in the order of the requests; those whose frame
        does not decode are left out.

    Raises
    ------
    AnalysisError
        As `analysis.video.probe`.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    clip = open_clip(path)
    wanted = [int(np.argmin(np.abs(clip.t_s - request.t_s))) for request in requests]
    crop = runner_crop(landmarks)
    drawn: dict[int, tuple[Path, int, float]] = {}
    for frame in clip.pick(np.array(wanted, dtype=np.int64)):
        row = int(np.argmin(np.abs(landmarks.t_s - frame.t_s)))
        for number in (n for n, index in enumerate(wanted) if index == frame.index):
            picture = draw(frame.rgb, requests[number], landmarks, row, crop)
            file = out_dir / f"{requests[number].name}.jpg"
            cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            drawn[number] = (file, frame.index, frame.t_s)
    return [drawn[number] for number in sorted(drawn)]


def draw(rgb: Image, request: FrameRequest, landmarks: Landmarks, row: int, crop: Floats) -> Image:
    """One picture: the frame cut to ``crop`` (x0, y0, x1, y1; px, y up), the skeleton of ``row``, the shapes."""
    canvas = cut_out(rgb, crop)
    _keep_head_free(canvas, landmarks.xy_px[row])
    if request.skeleton:
        _draw_skeleton(canvas, landmarks.xy_px[row], landmarks.visibility[row])
    for kind in (Line, Arc, Dot, Text):
        for shape in request.shapes:
            if isinstance(shape, kind):
                _draw_shape(canvas, shape)
    return canvas.rgb


def draw_skeleton(rgb: Image, landmarks: Landmarks, row: int) -> None:
    """Draw the skeleton of ``row`` onto a whole frame of any size, in place."""
    scale = rgb.shape[0] / landmarks.height_px
    canvas = _Canvas(rgb, 0.0, float(landmarks.height_px), scale)
    _draw_skeleton(canvas, landmarks.xy_px[row], landmarks.visibility[row])


def runner_crop(landmarks: Landmarks) -> Floats:
    """Box (x0, y0, x1, y1; px, y up) that holds the runner in nearly all frames, with a margin, of a calm shape."""
    frame = np.array([0.0, 0.0, landmarks.width_px, landmarks.height_px])
    points = np.where(landmarks.visibility[..., None] >= SEEN, landmarks.xy_px, np.nan)
    rows = points[np.isfinite(points).any(axis=(1, 2))]
    if not len(rows):
        return frame
    low = np.percentile(np.nanmin(rows, axis=1), 2, axis=0)
    high = np.percentile(np.nanmax(rows, axis=1), 98, axis=0)
    margin = MARGIN * (high[1] - low[1])
    middle, (width, height) = (low + high) / 2, high - low + 2 * margin
    width, height = max(width, MIN_ASPECT * height), max(height, width / MAX_ASPECT)
    size = np.minimum([width, height], frame[2:])
    corner = np.clip(middle - size / 2, 0.0, frame[2:] - size)
    return np.concatenate([corner, corner + size])


def cut_out(rgb: Image, crop: Floats) -> _Canvas:
    """The part of the frame inside ``crop``, at a size that reads well on a phone."""
    frame_height = rgb.shape[0]
    x0, x1 = int(crop[0]), int(np.ceil(crop[2]))
    y0, y1 = int(frame_height - crop[3]), int(np.ceil(frame_height - crop[1]))
    part = rgb[y0:y1, x0:x1]
    height = np.clip(part.shape[0], MIN_HEIGHT_PX, MAX_HEIGHT_PX)
    scale = float(min(height / part.shape[0], MAX_ENLARGED))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
    picture = np.asarray(cv2.resize(part, size, interpolation=way), dtype=np.uint8)
    return _Canvas(picture, float(x0), float(frame_height - y0), scale)


def _draw_skeleton(canvas: _Canvas, xy_px: Floats, visibility: Floats) -> None:
    """Bones and joints that are seen; the runner's left and right in two colours, what joins them in white."""
    seen = (visibility >= SEEN) & np.isfinite(xy_px).all(axis=1)
    for a, b in lm.BONES:
        if seen[a] and seen[b]:
            both = (a in LEFT_POINTS) != (b in LEFT_POINTS)
            _stroke(canvas, xy_px[a], xy_px[b], Colour.BODY if both else _side(a), 0.8)
    for joint in JOINTS:
        if seen[joint]:
            _blob(canvas, xy_px[joint], _side(joint), 1.3)


def _keep_head_free(canvas: _Canvas, xy_px: Floats) -> None:
    """No label over the face: its box counts as taken."""
    face = np.array([canvas.place(point) for point in xy_px[list(lm.FACE)]])
    if np.isfinite(face).all():
        (left, top), (right, bottom) = face.min(axis=0), face.max(axis=0)
        pad = canvas.unit * 4
        canvas.taken.append((int(left - pad), int(top - pad), int(right + pad), int(bottom + pad)))


def _side(point: int) -> Colour:
    return Colour.LEFT if point in LEFT_POINTS else Colour.RIGHT


def _draw_shape(canvas: _Canvas, shape: Shape) -> None:
    match shape:
        case Line(dashed=True):
            _dashes(canvas, shape)
        case Line():
            _stroke(canvas, shape.start, shape.end, shape.colour, 1.5)
        case Arc():
            _arc(canvas, shape)
        case Dot():
            _blob(canvas, shape.at, shape.colour, 2.0)
        case Text():
            _label(canvas, shape)


def _stroke(canvas: _Canvas, start: Point | Floats, end: Point | Floats, colour: Colour, weight: float) -> None:
    """A line with a dark rim, so that it reads on any background."""
    _path(canvas, [canvas.place(start), canvas.place(end)], colour, weight)


def _path(canvas: _Canvas, points: Sequence[tuple[float, float]], colour: Colour, weight: float) -> None:
    """A line through canvas points, in 1/16 px, rim first."""
    sixteenths = [np.round(np.array(points) * 16).astype(np.int32)]
    thick = max(2, round(canvas.unit * weight))
    rim = thick + max(2, round(canvas.unit * 0.7))
    for paint, thickness in ((INK, rim), (PAINT[colour], thick)):
        cv2.polylines(canvas.rgb, sixteenths, False, paint, thickness, cv2.LINE_AA, 4)


def _dashes(canvas: _Canvas, line: Line) -> None:
    start, end = np.array(canvas.place(line.start)), np.array(canvas.place(line.end))
    length = float(np.linalg.norm(end - start))
    count = max(1, round(length / (canvas.unit * 7)))
    for number in range(count):
        from_, to = (start + (end - start) * (number + part) / count for part in (0.2, 0.75))
        _path(canvas, [(from_[0], from_[1]), (to[0], to[1])], line.colour, 1.0)


def _arc(canvas: _Canvas, arc: Arc) -> None:
    angles = np.radians(np.linspace(arc.from_deg, arc.to_deg, 40))
    points = [(arc.centre[0] + arc.radius_px * np.cos(a), arc.centre[1] + arc.radius_px * np.sin(a)) for a in angles]
    _path(canvas, [canvas.place(point) for point in points], arc.colour, 1.2)


def _blob(canvas: _Canvas, at: Point | Floats, colour: Colour, weight: float) -> None:
    x, y = (round(value * 16) for value in canvas.place(at))
    for paint, radius in ((INK, canvas.unit * (weight + 0.4)), (PAINT[colour], canvas.unit * weight)):
        cv2.circle(canvas.rgb, (x, y), round(radius * 16), paint, -1, cv2.LINE_AA, 4)


def _label(canvas: _Canvas, text: Text) -> None:
    """Words on a dark plate beside the place, where no other plate is."""
    size = max(18, round(min(canvas.rgb.shape[:2]) / 22))
    font = cv2.FontFace("sans")
    _, _, width, _ = cv2.getTextSize((10_000, 1000), text.text, (0, 0), font, size, FONT_WEIGHT)
    plate = _free_place(canvas, canvas.place(text.at), width + size, round(size * 1.6))
    canvas.taken.append(plate)
    left, top, right, bottom = plate
    part = canvas.rgb[top:bottom, left:right]
    part[:] = (part * 0.25 + np.array(INK) * 0.75).astype(np.uint8)
    stripe = max(3, size // 6)
    canvas.rgb[top:bottom, left : left + stripe] = PAINT[text.colour]
    at = (left + size // 2 + stripe // 2, round(top + size * 1.18))
    cv2.putText(canvas.rgb, text.text, at, (255, 255, 255), font, size, FONT_WEIGHT)


def _free_place(canvas: _Canvas, at: tuple[float, float], width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a plate near ``at``, inside the picture, over no other plate if that can be had."""
    rows, columns = canvas.rgb.shape[:2]
    gap = round(canvas.unit * 4)
    places = []
    for step in range(8):
        up = step * (height + gap) // 2
        places += [(at[0] + gap, at[1] - height / 2 - up), (at[0] + gap, at[1] - height / 2 + up)]
        places += [(at[0] - gap - width, at[1] - height / 2 - up), (at[0] - gap - width, at[1] - height / 2 + up)]
    plates = []
    for x, y in places:
        left = int(np.clip(x, 0, max(columns - width, 0)))
        top = int(np.clip(y, 0, max(rows - height, 0)))
        plates.append((left, top, min(left + width, columns), min(top + height, rows)))
    free = (p for p in plates if not any(_touch(p, other) for other in canvas.taken))
    return next(free, plates[0])


def _touch(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
