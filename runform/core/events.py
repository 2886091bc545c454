"""What happened, told to whoever listens: the lower apps tell, the upper ones listen and are not known below.

A listener registers in its AppConfig.ready.  It is called inside the transaction of what happened where there is
one, so it only writes rows and rings the doorbell.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any


class Event(StrEnum):
    REPORT_READY = "report.ready"
    CLIP_REFUSED = "clip.refused"
    CLIP_FAILED = "clip.failed"
    REVIEW_PUBLISHED = "review.published"


# The event and the row that it is about: a Report, a Job or a Publication.
Listener = Callable[[Event, Any], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def tell(event: Event, thing: Any) -> None:
    for listener in _listeners:
        listener(event, thing)
