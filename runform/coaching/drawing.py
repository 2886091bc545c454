"""What may be drawn on a picture: the one form of the vectors, checked strictly before anything is stored.

``{"version": 1, "size": [width, height], "shapes": [{"kind", "colour", "points": [[x, y], ...], "text"?}]}``, in pixels
of the clip, x to the right, y down.  static/js/review/shapes.js draws the same.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

VERSION: Final = 1
# How many points each kind has; a line by hand has any number up to the last.
POINTS: Final[Mapping[str, tuple[int, int]]] = {
    "line": (2, 2),
    "arrow": (2, 2),
    "angle": (3, 3),
    "circle": (2, 2),
    "path": (2, 400),
    "text": (1, 1),
}
COLOURS: Final = frozenset({"yellow", "cyan", "magenta", "white"})
SHAPES_MAX: Final = 40
TEXT_MAX: Final = 120
SIDE_MAX_PX: Final = 16_384


class DrawingError(ValueError):
    """Not a drawing; nothing that the player would send."""


def drawing_clean(raw: object) -> dict[str, Any]:
    """The drawing with its known fields only and points to a tenth of a pixel; anything odd is refused, not mended."""
    found = _mapping(raw, {"version", "size", "shapes"})
    if found["version"] != VERSION or isinstance(found["version"], bool):
        raise DrawingError("version")
    size = [_number(side, SIDE_MAX_PX) for side in _list(found["size"], 2, 2)]
    if min(size) < 1:
        raise DrawingError("size")
    shapes = [_shape(shape, size) for shape in _list(found["shapes"], 0, SHAPES_MAX)]
    return {"version": VERSION, "size": size, "shapes": shapes}


def _shape(raw: object, size: list[float]) -> dict[str, Any]:
    written = isinstance(raw, dict) and raw.get("kind") == "text"
    found = _mapping(raw, {"kind", "colour", "points"} | ({"text"} if written else set()))
    kind, colour = found["kind"], found["colour"]
    if not isinstance(kind, str) or kind not in POINTS or not isinstance(colour, str) or colour not in COLOURS:
        raise DrawingError("kind or colour")
    points = [
        [_number(place, side) for place, side in zip(_list(point, 2, 2), size, strict=True)]
        for point in _list(found["points"], *POINTS[kind])
    ]
    shape: dict[str, Any] = {"kind": kind, "colour": colour, "points": points}
    return {**shape, "text": _text(found["text"])} if written else shape


def _mapping(raw: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(raw, dict) or set(raw) != names:
        raise DrawingError("fields")
    return raw


def _list(raw: object, fewest: int, most: int) -> list[Any]:
    if not isinstance(raw, list) or not fewest <= len(raw) <= most:
        raise DrawingError("length")
    return raw


def _number(raw: object, most: float) -> float:
    # A whole number of a thousand digits has no float.
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= most or not math.isfinite(raw):
        raise DrawingError("number")
    return round(float(raw), 1)


def _text(raw: object) -> str:
    text = " ".join(raw.split()) if isinstance(raw, str) else ""
    # Control characters and halves of characters; not what is younger than this Python's tables, as some emoji are.
    if not text or len(text) > TEXT_MAX or any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise DrawingError("text")
    return text


def compute_drawn_angle_deg(points: list[list[float]]) -> float:
    """Angle at the second point, 0..180: of the drawn lines on square pixels.  Not a measurement of the body."""
    (x0, y0), (x1, y1), (x2, y2) = points
    turn = abs(math.degrees(math.atan2(y0 - y1, x0 - x1) - math.atan2(y2 - y1, x2 - x1))) % 360
    return 360 - turn if turn > 180 else turn


def drawing_in_words(drawing: Mapping[str, Any]) -> str:
    """For those who do not see it: "2 lines, drawn angle 23°, text: “Hips”"."""
    shapes = drawing["shapes"]
    counts = Counter(shape["kind"] for shape in shapes)
    words = [_counted(kind, counts[kind]) for kind in ("line", "arrow", "circle", "path") if counts[kind]]
    angles = [compute_drawn_angle_deg(shape["points"]) for shape in shapes if shape["kind"] == "angle"]
    words += [_("drawn angle %(n)s°") % {"n": f"{angle:.0f}"} for angle in angles]
    words += [_("text: “%(text)s”") % {"text": shape["text"]} for shape in shapes if shape["kind"] == "text"]
    return ", ".join(words)


def _counted(kind: str, n: int) -> str:
    words = {
        "line": ngettext("one line", "%(n)d lines", n),
        "arrow": ngettext("one arrow", "%(n)d arrows", n),
        "circle": ngettext("one circle", "%(n)d circles", n),
        "path": ngettext("one line by hand", "%(n)d lines by hand", n),
    }
    return words[kind] % {"n": n}
