"""How long it takes until a job's turn comes, from what was measured lately: a range, or "more than" when unsure."""

import math
import statistics
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from runform.processing.models import Job, JobKind, State
from runform.processing.workers import slots_alive

# What ran lately: fewer say nothing of the spread, older ones nothing of today.
RECENT, RECENT_DAYS, ENOUGH = 40, 7, 5
# The range holds nine times in ten, as far as the jobs ahead are like the last ones and nobody comes in between.
Z = 1.645
# No attempt is quicker: starting the analyser alone takes as long.
SHORTEST_S = 2.0


@dataclass(frozen=True)
class Wait:
    """``high_s`` is None when nobody can say: longer than ``low_s``.  ``at_work``: some worker is there."""

    low_s: float
    high_s: float | None
    at_work: bool = True

    def __str__(self) -> str:
        if not self.at_work:
            return _("Nobody is at work on clips just now. Nothing is lost; it starts as soon as somebody is.")
        if self.high_s is None:
            if self.low_s < 60:
                return _("We cannot say yet when its turn comes.")
            return _("Its turn comes in more than %(time)s.") % {"time": duration_text(math.floor(self.low_s / 60))}
        low, high = math.floor(self.low_s / 60), math.ceil(self.high_s / 60)
        if low == 0:
            return _("Its turn comes within %(time)s.") % {"time": duration_text(max(high, 1))}
        return _("Its turn comes in %(low)s to %(high)s.") % {"low": _count(low, high), "high": duration_text(high)}


def waiting_time(position: int) -> Wait:
    """Until the job at this place of the line begins."""
    return compute_wait(position - 1, slots_alive(), recent_seconds())


def compute_wait(ahead: int, slots: int, lasted_s: list[float]) -> Wait:
    """``ahead`` jobs go first, ``slots`` run at a time, and the last ones ran for ``lasted_s``.

    Of the jobs that run now nobody knows how far they are: they are done at once, or have just begun.
    """
    if not slots or len(lasted_s) < ENOUGH:
        shortest_s = min(lasted_s, default=SHORTEST_S)
        return Wait(ahead * shortest_s / max(slots, 1), None, at_work=bool(slots))
    mean_s, spread_s = statistics.mean(lasted_s), statistics.stdev(lasted_s)
    low_s = ahead * mean_s - Z * spread_s * math.sqrt(ahead)
    high_s = (ahead + slots) * mean_s + Z * spread_s * math.sqrt(ahead + slots)
    return Wait(max(0.0, low_s / slots), high_s / slots)


def recent_seconds() -> list[float]:
    """How long the last analyses ran."""
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    ended = Job.objects.filter(state=State.DONE, finished_at__gt=since).exclude(kind=JobKind.RECOMPUTE)
    times = ended.order_by("-finished_at").values_list("started_at", "finished_at")[:RECENT]
    return [(end - start).total_seconds() for start, end in times if start and end]


def duration_text(minutes: int) -> str:
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return _("%(n)d hours") % {"n": _hours(minutes)}


def _count(minutes: int, of_minutes: int) -> str:
    """The lower end of a range, in the unit of its upper end."""
    return str(minutes if of_minutes < 120 else minutes // 60)


def _hours(minutes: int) -> int:
    return math.ceil(minutes / 60)
