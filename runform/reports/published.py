"""What a coach has published of a FormCheck, to be seen wherever its results are shown.

The app above this one knows of it; it hands in a source when it starts: ``register(lambda check: ...)`` in its
AppConfig.ready.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from runform.clips.models import FormCheck


@dataclass(frozen=True)
class CoachTip:
    """``label`` names the number that it is about; empty = none in particular."""

    label: str
    cue: str
    why: str
    drills: Sequence[str]


@dataclass(frozen=True)
class PublishedReview:
    coach: str
    published_at: datetime
    message: str
    tips: Sequence[CoachTip]


Source = Callable[[FormCheck], PublishedReview | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def published_review(check: FormCheck) -> PublishedReview | None:
    """None: no coach has published, so the report is automatic."""
    return next((found for source in _sources if (found := source(check))), None)
