"""What a newer version of the analysis made of many numbers, metric by metric."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from runform.reports.differences import Difference, label_of, shift_text
from runform.reports.rows import SPECS

COUNTS = ("n", "beyond_interval", "beyond_mdc", "appeared", "gone")


def tally_add(tally: dict[str, Any], differences: Iterable[Difference]) -> dict[str, Any]:
    """The counts with one more clip in them.  ``n`` have a number before and after, ``shift`` is the sum of their
    differences."""
    for one in differences:
        counts = tally.setdefault(one.key, {**dict.fromkeys(COUNTS, 0), "shift": 0.0})
        counts["appeared"] += one.appeared
        counts["gone"] += one.gone
        if one.by is not None:
            counts["n"] += 1
            counts["shift"] = round(counts["shift"] + one.by, 6)
            counts["beyond_interval"] += one.beyond_interval
            counts["beyond_mdc"] += one.beyond_mdc
    return tally


@dataclass(frozen=True)
class Line:
    """A metric as the page lists it."""

    key: str
    n: int
    beyond_interval: int
    beyond_mdc: int
    appeared: int
    gone: int
    shift: float

    @property
    def label(self) -> str:
        return label_of(self.key)

    @property
    def known(self) -> bool:
        return self.key in SPECS

    @property
    def shift_text(self) -> str:
        """The mean difference."""
        return shift_text(self.key, self.shift / self.n) if self.n else "–"


def tally_lines(tally: dict[str, Any]) -> list[Line]:
    """In the order of the catalogue; what is measured no more comes last."""
    order = {key: number for number, key in enumerate(SPECS)}
    return [Line(key, **tally[key]) for key in sorted(tally, key=lambda key: (order.get(key, len(order)), key))]
