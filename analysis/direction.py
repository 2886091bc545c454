"""In which direction the runner runs, as far as it is known: what flows between finding it and using it."""

from dataclasses import dataclass, replace

# Within 3 degrees (docs/biomechanics.md M4), 90 % of the time; the edges of 50 rendered decks are stated to be known
# within 1.1 to 1.8 deg (1 SD) and are off by 0.8 at most.
KNOWN_SD_DEG, DRAWN_SD_DEG = 1.82, 3.0
# How square people put a phone up: an engineering default.
SQUARE_SD_DEG = 6.0
# Shoulders at 1.4 m seen from 4 m by a lens at 1.1 +- 0.4 m.
RISE_DEG, RISE_SD_DEG = 4.0, 6.0


@dataclass(frozen=True)
class DeckLine:
    """A line that a person drew along a long edge of the belt or deck; its ends in pixels of the upright full frame,
    y up, in any order.
    """

    t_s: float
    one: tuple[float, float]
    other: tuple[float, float]
    marked_by: str


@dataclass(frozen=True)
class Heading:
    """In which direction the runner runs, against the line of sight from the camera.

    ``turn_deg`` how far the direction of travel is turned off the square view, degrees, + = anticlockwise seen from
    above, as the runner's own turn to the left is; ``sd_deg`` its error (1 SD).  ``source`` deck (edges found in the
    picture), line (drawn by a person), track (of a runner who passes by), or none: nothing shows it, and the error is
    that of people who put up a phone.  ``rise_deg`` how far the line of sight to the shoulders rises over the level,
    with its error.
    """

    turn_deg: float
    sd_deg: float
    source: str
    marked_by: str | None = None
    rise_deg: float = RISE_DEG
    rise_sd_deg: float = RISE_SD_DEG

    @property
    def is_seen(self) -> bool:
        """Whether anything shows the direction, however roughly."""
        return self.source != "none"

    @property
    def is_known(self) -> bool:
        """Within 3 degrees: 90 % of the time where edges were found, which may be the wrong ones; 1 SD where a person
        chose the edge.
        """
        return self.is_seen and self.sd_deg <= (DRAWN_SD_DEG if self.source == "line" else KNOWN_SD_DEG)

    def by(self, name: str) -> "Heading":
        """The same, with the name of who drew the line."""
        return replace(self, marked_by=name)


# Nobody looked.
UNSEEN = Heading(0.0, SQUARE_SD_DEG, "none")
