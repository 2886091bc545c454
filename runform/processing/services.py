"""The transitions of a job.  Each is one compare-and-set: when it changes no row, somebody else was first and nothing
happens.

All times are the database's (`Now()`): a host whose clock is wrong takes nobody's lease and keeps none too long.
"""

import socket
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from analysis import ANALYSIS_VERSION
from runform.accounts.models import User
from runform.clips.models import Clip
from runform.clips.services import clip_delete
from runform.clubs.policies import may_process
from runform.clubs.selectors import club_of
from runform.core.events import Event, tell
from runform.core.middleware import request_id
from runform.core.queue import enqueue
from runform.processing.line import waiting_line
from runform.processing.models import LIVE, Job, JobKind, Lane, Pulse, State
from runform.processing.selectors import correction_items, mark_items
from runform.processing.workers import workers_forget
from runform.reports.models import Report, Verdict
from runform.reports.services import StoredOutput, report_publish

ANALYSE_TASK = "processing.analyse"
REAPER = "reaper"
DETAIL_CHARS = 4000
NO_LEASE: dict[str, Any] = {"lease": None, "lease_expires_at": None}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claim:
    """The right to run one attempt of a job, as long as heartbeats keep the lease."""

    job: Job
    lease: uuid.UUID
    attempt: int

    @property
    def clip(self) -> Clip:
        return self.job.clip

    @property
    def waited_s(self) -> float:
        began = self.job.started_at or self.job.queued_at
        return round((began - self.job.queued_at).total_seconds(), 2)


def job_submit(
    *, clip: Clip, requested_by: User | None, kind: JobKind = JobKind.ANALYSE, lane: Lane = Lane.PEOPLE
) -> Job:
    """Queue an analysis.  While one is live for the clip, that one is returned, in the faster of the two lanes.

    What is put right meanwhile is not lost: a waiting job takes it when it begins, and after a running one another
    follows.
    """
    said: dict[str, Any] = {"requested_by": requested_by, "request_id": request_id(), "kind": kind, "lane": lane}
    said["club"] = club_of(clip.athlete)
    try:
        with transaction.atomic():
            job = Job.objects.create(clip=clip, **said)
            enqueue(ANALYSE_TASK, str(job.code))
    except IntegrityError:
        live = Job.objects.filter(clip=clip, state__in=LIVE)
        if live.filter(lane__gt=lane).update(lane=lane):
            for code in live.values_list("code", flat=True):
                enqueue(ANALYSE_TASK, str(code))
        if kind == JobKind.RECOMPUTE and not live.update(again=True):
            # It ended between the two statements.
            return job_submit(clip=clip, requested_by=requested_by, kind=kind)
        return Job.objects.filter(clip=clip).order_by("-created_at", "-pk")[0]
    log.info("job_submitted", job=str(job.code), clip=str(clip.code), kind=str(kind))
    return job


def job_ensure(*, clip: Clip, requested_by: User | None) -> None:
    """Queue a clip for which nothing was ever queued; also one whose upload died between the clip and its job."""
    if may_process(clip) and not Job.objects.filter(clip=clip).exists():
        job_submit(clip=clip, requested_by=requested_by)


def job_take_next() -> Claim | None:
    """Begin the next attempt of whoever is next in line.  None: nobody waits."""
    for code in waiting_line():
        if claim := job_claim(code=code):
            return claim
    return None


def job_claim(*, code: uuid.UUID) -> Claim | None:
    """Begin the next attempt.  None: it runs already, has ended, or may not be processed."""
    job = Job.objects.select_related("clip__form_check__athlete__profile").filter(code=code).first()
    if job is None:
        return None
    if not may_process(job.clip):
        job_cancel(job=job)
        return None
    lease = uuid.uuid4()
    claimed = Job.objects.filter(pk=job.pk, state=State.QUEUED, attempt=job.attempt).update(
        state=State.RUNNING,
        lease=lease,
        lease_expires_at=_lease_end(),
        attempt=F("attempt") + 1,
        started_at=Now(),
        stage="",
        done=0,
        total=0,
        host=socket.gethostname()[:100],
        version=ANALYSIS_VERSION,
        again=False,
    )
    if not claimed:
        return None
    job.refresh_from_db(fields=["started_at", "queued_at"])
    # Read after the claim: what comes later finds the job running and sets `again`.
    job.corrections, job.marks = correction_items(job.clip), mark_items(job.clip)
    Job.objects.filter(pk=job.pk, lease=lease).update(corrections=job.corrections, marks=job.marks)
    return Claim(job, lease, job.attempt + 1)


def job_heartbeat(*, claim: Claim, stage: str, done: int, total: int) -> bool:
    """Report progress and keep the lease.  False: the job is no longer ours, or may no longer be processed."""
    if not _still_allowed(claim):
        job_cancel(job=claim.job)
        return False
    return bool(_held(claim).update(stage=stage, done=done, total=total, lease_expires_at=_lease_end()))


def job_complete(*, claim: Claim, output: StoredOutput, seconds: dict[str, float]) -> Report | None:
    """Publish the report and end the job, in one transaction.  None: the job was lost, nothing is published."""
    with transaction.atomic():
        # The compare-and-set comes before any row of the report: it locks the job, so that a cancel or the reaper
        # waits or has won.
        ended = _still_allowed(claim) and _held(claim).update(
            state=State.DONE, finished_at=Now(), seconds=seconds, error_detail="", **NO_LEASE
        )
        if ended:
            report = report_publish(clip=claim.clip, job_code=claim.job.code, output=output)
            tell(Event.CLIP_REFUSED if report.verdict == Verdict.REFUSED else Event.REPORT_READY, report)
            _follow_up(claim)
            return report
    output.discard()
    return None


def job_fail(*, claim: Claim, code: str, user_text: str, detail: str, seconds: dict[str, float]) -> bool:
    """End the job for good: the same clip would fail again."""
    with transaction.atomic():
        ended = _held(claim).update(
            state=State.FAILED,
            finished_at=Now(),
            error_code=code,
            user_text=user_text,
            error_detail=detail[-DETAIL_CHARS:],
            seconds=seconds,
            **NO_LEASE,
        )
        if ended:
            tell(Event.CLIP_FAILED, claim.job)
            _follow_up(claim)
    return bool(ended)


def job_give_up(*, claim: Claim, detail: str) -> bool:
    """This attempt crashed.  The lease ends; what comes next is the reaper's to say.

    Before the last attempt it ends later: what was away, a storage perhaps, has time to come back.
    """
    limits = settings.LIMITS
    last_comes = 1 < claim.attempt == limits.attempts - 1
    ends = Now() + timedelta(seconds=limits.retry_pause_s) if last_comes else Now()
    return bool(_held(claim).update(lease_expires_at=ends, error_detail=detail[-DETAIL_CHARS:]))


def job_cancel(*, job: Job) -> bool:
    """End a job that waits or runs.  Its worker learns of it at the next heartbeat."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=LIVE).update(state=State.CANCELLED, finished_at=Now(), **NO_LEASE)
    )


@transaction.atomic
def clip_remove(*, clip: Clip) -> None:
    """Hide a clip and stop whatever is done with it."""
    clip_delete(clip=clip)
    for job in Job.objects.filter(clip=clip, state__in=LIVE):
        job_cancel(job=job)


def jobs_reap() -> None:
    """Bring lost jobs back and ring again for those that wait too long.  The only authority on retries.

    Any number of reapers may run at once.
    """
    lost = Job.objects.filter(state=State.RUNNING, lease_expires_at__lte=Now())
    for job in lost.select_related("clip__form_check__athlete"):
        _reap(job)
    too_long = timedelta(seconds=settings.LIMITS.queued_too_long_s)
    waiting = Job.objects.filter(state=State.QUEUED).order_by("lane", "queued_at", "pk")
    # Only the head of the queue: a long queue must not become a flood of messages.
    for job in waiting[: settings.LIMITS.republish_at_once]:
        _republish(job, too_long)
    workers_forget()
    Pulse.objects.update_or_create(name=REAPER, defaults={"at": Now()})


def _reap(job: Job) -> None:
    lost = Job.objects.filter(pk=job.pk, state=State.RUNNING, lease=job.lease, lease_expires_at__lte=Now())
    facts = {"job": str(job.code), "clip": str(job.clip.code), "attempt": job.attempt, "request_id": job.request_id}
    if not may_process(job.clip):
        lost.update(state=State.CANCELLED, finished_at=Now(), **NO_LEASE)
    elif job.attempt >= settings.LIMITS.attempts:
        text = _(
            "We could not analyse this clip, although we tried %(n)d times. That is our fault, not yours. "
            "You can try again later; if you write to us, name the reference %(reference)s."
        ) % {"n": job.attempt, "reference": str(job.code)[:8]}
        if lost.update(state=State.FAILED, finished_at=Now(), error_code="gave_up", user_text=text, **NO_LEASE):
            tell(Event.CLIP_FAILED, job)
            log.error("job_gave_up", detail=job.error_detail, **facts)
    else:
        with transaction.atomic():
            back = {"queued_at": Now(), "published_at": Now(), "stage": "", "done": 0, "total": 0}
            if lost.update(state=State.QUEUED, **back, **NO_LEASE):
                enqueue(ANALYSE_TASK, str(job.code))
                log.warning("job_requeued", detail=job.error_detail, **facts)


def _republish(job: Job, too_long: timedelta) -> None:
    """Whoever is second finds it published just now.  (Moments are compared, never taken for equal: SQLite writes its
    own with fewer digits than ours.)"""
    # Either way: the database's clock may have run ahead once, and published far in the future.
    out_of_time = Q(published_at__lt=Now() - too_long) | Q(published_at__gt=Now() + too_long)
    with transaction.atomic():
        if Job.objects.filter(out_of_time, pk=job.pk, state=State.QUEUED).update(published_at=Now()):
            enqueue(ANALYSE_TASK, str(job.code))


def _follow_up(claim: Claim) -> None:
    """Somebody put something right while this attempt ran: the next one takes it in."""
    job = claim.job
    if Job.objects.filter(pk=job.pk, again=True).exists() and may_process(job.clip):
        job_submit(clip=job.clip, requested_by=job.requested_by, kind=JobKind.RECOMPUTE)


def _held(claim: Claim) -> Any:
    return Job.objects.filter(pk=claim.job.pk, state=State.RUNNING, lease=claim.lease)


def _still_allowed(claim: Claim) -> bool:
    """Asked of the database anew; a clip whose row is gone, with its athlete perhaps, is not to be processed."""
    clip = Clip.objects.select_related("form_check__athlete").filter(pk=claim.clip.pk).first()
    return clip is not None and may_process(clip)


def _lease_end() -> Combinable:
    return Now() + timedelta(seconds=settings.LIMITS.lease_s)
