"""What can be drawn on a frame: plain shapes in pixels of the upright full frame, y up."""

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]


class Colour(StrEnum):
    """What a shape stands for; `analysis.drawing` knows how it looks."""

    LEFT = "left"
    RIGHT = "right"
    BODY = "body"
    REFERENCE = "reference"
    OK = "ok"
    WATCH = "watch"
    FLAG = "flag"


@dataclass(frozen=True)
class Line:
    """From ``start`` to ``end``; dashed for what the runner is measured against (the vertical, the level)."""

    start: Point
    end: Point
    colour: Colour = Colour.BODY
    dashed: bool = False


@dataclass(frozen=True)
class Arc:
    """The angle at ``centre`` from one direction to another, degrees counter-clockwise from image right."""

    centre: Point
    from_deg: float
    to_deg: float
    radius_px: float
    colour: Colour = Colour.BODY


@dataclass(frozen=True)
class Dot:
    """A mark on a place."""

    at: Point
    colour: Colour = Colour.BODY


@dataclass(frozen=True)
class Text:
    """A few words or a value beside a place, moved aside where it would cover another one."""

    at: Point
    text: str
    colour: Colour = Colour.BODY


Shape = Line | Arc | Dot | Text


@dataclass(frozen=True)
class FrameRequest:
    """A frame to draw: the clip's frame nearest to ``t_s``, saved as ``name``.jpg, ``shapes`` over the skeleton."""

    t_s: float
    name: str
    shapes: tuple[Shape, ...] = ()
    skeleton: bool = True
