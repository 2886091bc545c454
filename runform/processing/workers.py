"""Which workers are there.  Each says so by itself: nobody has to ask all hosts and wait for the silent ones."""

import time
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection
from django.db.models import Sum
from django.db.models.functions import Now

from runform.processing.models import Worker

SAY_EVERY_S = 10.0
GONE_AFTER = timedelta(seconds=45)
FORGOTTEN_AFTER = timedelta(days=1)

log = structlog.get_logger(__name__)


class Beacon:
    """Of one worker, in its main process: a busy child cannot keep it from saying that it lives."""

    def __init__(self, name: str, slots: int) -> None:
        self.name, self.slots, self.said_s = name[:120], slots, -SAY_EVERY_S

    def beat(self, **_: Any) -> None:
        """Called about every two seconds."""
        if time.monotonic() - self.said_s < SAY_EVERY_S:
            return
        self.said_s = time.monotonic()
        said = {"slots": self.slots, "seen_at": Now()}
        self._write(lambda: Worker.objects.update_or_create(name=self.name, defaults=said))

    def out(self, **_: Any) -> None:
        self._write(lambda: Worker.objects.filter(name=self.name).delete())

    def _write(self, change: Any) -> None:
        try:
            change()
        except DatabaseError as error:
            log.warning("worker_cannot_say_that_it_lives", worker=self.name, error=str(error))
        finally:
            # Children are forked off this process: none may inherit a line to the database.
            connection.close()


def slots_alive() -> int:
    """How many clips can be analysed at the same time, now."""
    alive = Worker.objects.filter(seen_at__gt=Now() - GONE_AFTER)
    return alive.aggregate(n=Sum("slots"))["n"] or 0


def workers_forget() -> None:
    Worker.objects.filter(seen_at__lt=Now() - FORGOTTEN_AFTER).delete()
