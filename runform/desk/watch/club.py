"""How the analysis gets on for one club, in words of its manager.  Counts and reasons, and nobody's name."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from runform.clips.models import Clip
from runform.clubs.models import Club, Membership, Role
from runform.core.storage import free_bytes
from runform.processing.figures import Reason, jobs_ended, reasons_of, refused_in
from runform.processing.line import newcomers_position
from runform.processing.models import Job, State
from runform.processing.waiting import Wait, waiting_time
from runform.processing.workers import slots_alive

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Status:
    waiting: int
    waiting_in_all: int
    running: int
    wait: Wait
    workers: int
    done: int
    refused: int
    failed: int
    reasons: list[Reason]
    clips: int
    n_bytes: int
    room: bool


def status_of(club: Club) -> Status:
    live = Job.objects.filter(club=club)
    waiting = Job.objects.filter(state=State.QUEUED)
    week = jobs_ended(timezone.now() - WEEK).filter(club=club)
    athletes = Membership.objects.filter(club=club, role=Role.ATHLETE, ended_at=None).values("user")
    clips = Clip.objects.filter(athlete__in=athletes, deleted_at=None)
    refused, free = refused_in(week).count(), free_bytes()
    return Status(
        waiting=waiting.filter(club=club).count(),
        waiting_in_all=waiting.count(),
        running=live.filter(state=State.RUNNING).count(),
        wait=waiting_time(newcomers_position(club)),
        workers=slots_alive(),
        done=week.filter(state=State.DONE).count() - refused,
        refused=refused,
        failed=week.filter(state=State.FAILED).count(),
        reasons=reasons_of(week),
        clips=clips.count(),
        n_bytes=clips.aggregate(n=Sum("size_bytes"))["n"] or 0,
        room=free is None or free > 2 * settings.LIMITS.reserve_bytes,
    )
