"""Who is next.

People go before bulk, and what takes seconds before what takes minutes.  Then clubs take turns, and within a club its
athletes, so that nobody's hundred clips stand before somebody's one; then age.  An athlete without a club is a club of
one.  Nothing of this is stored: the order follows from the rows that wait, run and ran.
"""

import sys
import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from runform.clubs.models import Club
from runform.processing.models import Job, JobKind, Lane, State

# Whose last turn is longer ago has not had one.
REMEMBERED = timedelta(days=1)
NEVER, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Waiting(NamedTuple):
    """A row that waits, as far as the line needs to know it."""

    pk: int
    code: uuid.UUID
    lane: int
    kind: str
    club: int | None
    athlete: int
    queued_at: datetime

    @property
    def urgency(self) -> tuple[int, bool]:
        return self.lane, self.kind != JobKind.RECOMPUTE

    @property
    def party(self) -> Hashable:
        return _party(self.club, self.athlete)


@dataclass
class Had:
    """What a club or an athlete has had: jobs that run now, and the last time one was begun."""

    running: int = 0
    last: datetime = NEVER


def waiting_line(lane: int = Lane.BULK) -> list[uuid.UUID]:
    """Codes of the jobs that wait, the next one first; only those of a lane that goes as early as ``lane``."""
    return _ordered(_waiting(lane))


def line_position(job: Job) -> int:
    """1 = next.  Running jobs do not count."""
    line = waiting_line(job.lane)
    return line.index(job.code) + 1 if job.code in line else 1


def newcomers_position(club: Club) -> int:
    """Where a clip would stand that came now, of an athlete of this club who has none waiting."""
    code = uuid.uuid4()
    newcomer = Waiting(sys.maxsize, code, Lane.PEOPLE, JobKind.ANALYSE, club.pk, 0, LATEST)
    return _ordered([*_waiting(Lane.PEOPLE), newcomer]).index(code) + 1


def _waiting(lane: int) -> list[Waiting]:
    fields = ("pk", "code", "lane", "kind", "club_id", "clip__athlete_id", "queued_at")
    rows = Job.objects.filter(state=State.QUEUED, lane__lte=lane).order_by("queued_at", "pk")
    return [Waiting(*row) for row in rows.values_list(*fields)]


def _ordered(rows: list[Waiting]) -> list[uuid.UUID]:
    had = _had() if rows else {}
    waiting = sorted(rows, key=lambda row: row.urgency)
    return [row.code for _, equals in groupby(waiting, lambda row: row.urgency) for row in _in_turn(equals, had)]


def _in_turn(rows: Iterable[Waiting], had: dict[Hashable, Had]) -> list[Waiting]:
    parties: dict[Hashable, dict[Hashable, list[Waiting]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        parties[row.party][row.athlete].append(row)
    return _turns({party: _turns(athletes, had) for party, athletes in parties.items()}, had)


def _turns(queues: dict[Hashable, list[Waiting]], had: dict[Hashable, Had]) -> list[Waiting]:
    """One of each queue, then a second of each, and so on; a queue keeps its order.  What runs counts as a turn."""
    turns = []
    for key, rows in queues.items():
        been = had.get(key, Had())
        turns += [((been.running + n, been.last, row.queued_at, row.pk), row) for n, row in enumerate(rows)]
    return [row for _, row in sorted(turns)]


def _had() -> dict[Hashable, Had]:
    had: dict[Hashable, Had] = defaultdict(Had)
    recent = Job.objects.filter(started_at__gt=Now() - REMEMBERED).values_list("club_id", "clip__athlete_id")
    running = Count("pk", filter=Q(state=State.RUNNING))
    for club, athlete, n, last in recent.annotate(n=running, last=Max("started_at")):
        for key in {athlete, _party(club, athlete)}:
            had[key].running += n
            had[key].last = max(had[key].last, last)
    return had


def _party(club: int | None, athlete: int) -> Hashable:
    return ("club", club) if club else athlete
