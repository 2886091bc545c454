"""In which direction the runner runs, as far as it is known: what flows between finding it and using it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeckLine:
    """A line that a person drew along a long edge of the belt or deck; its ends in pixels of the upright full frame,
    y up, in any order.
    """

    t_s: float
    one: tuple[float, float]
    other: tuple[float, float]
    marked_by: str
