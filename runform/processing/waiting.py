"""How long a job takes and until its turn comes, from what was measured lately; "more than" when unsure."""

import math
import statistics
from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Now
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
# From when on we say that a job takes longer than usual; the second, while nobody knows what is usual.
PATIENCE_S, UNKNOWN_S, WAITED_LONG_S = 60.0, 240.0, 300.0


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


def takes_longer_than_usual(job: Job) -> bool:
    if job.state == State.RUNNING:
        return job.attempt > 1 or _is_longer_ago(job, "started_at", _patience_s(job))
    return job.state == State.QUEUED and _is_longer_ago(job, "queued_at", WAITED_LONG_S)


def usual_seconds() -> float | None:
    """How long an analysis usually runs: the median of the last ones.  None: too few to say."""
    lasted_s = recent_seconds()
    return statistics.median(lasted_s) if len(lasted_s) >= ENOUGH else None


def recent_seconds() -> list[float]:
    """How long the last analyses ran; what only computes again, in seconds, is not one."""
    since = Now() - timedelta(days=RECENT_DAYS)
    ended = Job.objects.filter(state=State.DONE, finished_at__gt=since).exclude(kind=JobKind.RECOMPUTE)
    times = ended.order_by("-finished_at").values_list("started_at", "finished_at")[:RECENT]
    return [(end - start).total_seconds() for start, end in times if start and end]


def duration_text(minutes: int) -> str:
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return _("%(n)d hours") % {"n": _hours(minutes)}


def _patience_s(job: Job) -> float:
    if job.kind == JobKind.RECOMPUTE:
        return PATIENCE_S
    usual_s = usual_seconds()
    return UNKNOWN_S if usual_s is None else max(PATIENCE_S, 2 * usual_s)


def _is_longer_ago(job: Job, moment: str, than_s: float) -> bool:
    """Asked of the database, whose clock it was written by."""
    return Job.objects.filter(pk=job.pk, **{f"{moment}__lt": Now() - timedelta(seconds=than_s)}).exists()


def _count(minutes: int, of_minutes: int) -> str:
    """The lower end of a range, in the unit of its upper end."""
    return str(minutes if of_minutes < 120 else minutes // 60)


def _hours(minutes: int) -> int:
    return math.ceil(minutes / 60)
