"""What else happened to an athlete, to be seen on the same axis as the numbers: reviews, cues, drills.

Apps above this one know of these; they hand in a source when they start:
``register(lambda viewer, athlete: [...])`` in their AppConfig.ready.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from runform.accounts.models import User


@dataclass(frozen=True)
class Mark:
    """``metric`` names the number that it was about; empty = all of them."""

    on: date
    label: str
    text: str
    metric: str = ""
    url: str = ""


Source = Callable[[User, User], Iterable[Mark]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """``source(viewer, athlete)`` gives what this viewer may know."""
    if source not in _sources:
        _sources.append(source)


def marks_of(viewer: User, athlete: User) -> list[Mark]:
    return sorted((mark for source in _sources for mark in source(viewer, athlete)), key=lambda mark: mark.on)
