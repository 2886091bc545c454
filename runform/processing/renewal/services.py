"""Old clips, analysed again in bulk: ordered once, then fed to the queue a few at a time by the clock."""

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis import ANALYSIS_VERSION
from runform.accounts.models import User
from runform.clubs import audit
from runform.clubs.models import Action, Club
from runform.clubs.policies import may_process
from runform.processing.models import Job, JobKind, Lane, Renewal, RenewalClip, Renewed, State
from runform.processing.renewal.selectors import reports_outdated
from runform.processing.renewal.tally import tally_add
from runform.processing.services import job_cancel, job_submit
from runform.reports.differences import differences_of
from runform.reports.models import Report

BATCH = 1000
# A long row of clips that are left out must not keep the clock from its other work.
ROUNDS = 100

log = structlog.get_logger(__name__)


class RenewalError(Exception):
    """It cannot be ordered; the text is for people."""


def renewal_start(*, club: Club | None, by: User | None) -> Renewal:
    """Note every clip whose newest report is of another version; nothing is queued yet."""
    try:
        with transaction.atomic():
            if club is None and Renewal.objects.filter(club=None, ended_at=None).exists():
                raise RenewalError(_("This is under way already."))
            renewal = Renewal.objects.create(club=club, version=ANALYSIS_VERSION, asked_by=by)
            found = reports_outdated(club).order_by("-clip__form_check__recorded_on", "-pk")
            rows = [
                RenewalClip(renewal=renewal, clip_id=clip, before_id=report)
                for clip, report in found.values_list("clip", "pk")
            ]
            if not rows:
                raise RenewalError(_("Every clip has been analysed with the newest version."))
            RenewalClip.objects.bulk_create(rows, BATCH)
            audit.record(Action.SETTINGS, actor=by, club=club, thing="renewal", code=renewal.code)
    except IntegrityError as error:
        raise RenewalError(_("This is under way already.")) from error
    log.info("renewal_started", renewal=str(renewal.code), clips=len(rows), version=ANALYSIS_VERSION)
    return renewal


def renewal_pause(*, renewal: Renewal, paused: bool) -> None:
    """What lies in the queue already is still done."""
    Renewal.objects.filter(pk=renewal.pk, ended_at=None).update(paused_at=timezone.now() if paused else None)


@transaction.atomic
def renewal_stop(*, renewal: Renewal) -> None:
    """For good.  What is done stays; what waits is not done, and what is being done is not finished."""
    if not Renewal.objects.filter(pk=renewal.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    codes = renewal.clips.filter(state=Renewed.QUEUED).values("job_code")
    for job in Job.objects.filter(code__in=codes, lane=Lane.BULK):
        job_cancel(job=job)
    renewal.clips.filter(state__in=[Renewed.WAITING, Renewed.QUEUED]).update(state=Renewed.LEFT_OUT)


def renewals_tend() -> None:
    """What the clock calls: count what has ended, then put the next clips into the queue.  Two clocks do no harm."""
    for renewal in Renewal.objects.filter(ended_at=None).order_by("created_at", "pk"):
        _settle(renewal)
    for _round in range(ROUNDS):
        if not (free := _room()) or not _feed(free):
            break
    # Nothing waits and nothing is under way.
    live = RenewalClip.objects.filter(state__in=[Renewed.WAITING, Renewed.QUEUED]).values("renewal")
    Renewal.objects.filter(ended_at=None).exclude(pk__in=live).update(ended_at=timezone.now())


def _room() -> int:
    """How many more may be queued: none while somebody waits for a clip of their own."""
    if Job.objects.filter(state=State.QUEUED, lane=Lane.PEOPLE).exists():
        return 0
    under_way = RenewalClip.objects.filter(state=Renewed.QUEUED, renewal__ended_at=None).count()
    return max(0, settings.LIMITS.renewals_at_once - under_way)


def _feed(free: int) -> int:
    """One clip of each renewal in turn.  How many rows were taken, left out ones included."""
    running = Renewal.objects.filter(ended_at=None, paused_at=None).order_by("created_at", "pk")
    taken = 0
    for renewal in running[:free]:
        first = renewal.clips.filter(state=Renewed.WAITING).select_related("clip__form_check__athlete").order_by("pk")
        for row in first[:1]:
            _queue(row, renewal)
            taken += 1
    return taken


@transaction.atomic
def _queue(row: RenewalClip, renewal: Renewal) -> None:
    wanted = may_process(row.clip) and reports_outdated(renewal.club).filter(clip=row.clip).exists()
    state = Renewed.QUEUED if wanted else Renewed.LEFT_OUT
    # Whoever changes no row was second.
    mine = RenewalClip.objects.filter(pk=row.pk, state=Renewed.WAITING).update(state=state)
    if mine and wanted:
        job = job_submit(clip=row.clip, requested_by=renewal.asked_by, kind=JobKind.RENEW, lane=Lane.BULK)
        RenewalClip.objects.filter(pk=row.pk).update(job_code=job.code)


def _settle(renewal: Renewal) -> None:
    """Take note of the clips whose job has ended."""
    rows = renewal.clips.filter(state=Renewed.QUEUED).select_related("clip__form_check__athlete", "before")
    under_way = list(rows.order_by("pk"))
    jobs = {job.code: job for job in Job.objects.filter(code__in=[row.job_code for row in under_way])}
    for row in under_way:
        job = jobs.get(row.job_code) if row.job_code else None
        if job is None or not job.is_live:
            _end(row, job)


def _end(row: RenewalClip, job: Job | None) -> None:
    done = job is not None and job.state == State.DONE
    failed = job is not None and job.state == State.FAILED
    state = Renewed.DONE if done else Renewed.FAILED if failed else Renewed.LEFT_OUT
    with transaction.atomic():
        renewal = Renewal.objects.select_for_update().get(pk=row.renewal_id)
        after = Report.objects.filter(job_code=job.code).first() if job and done else None
        if not RenewalClip.objects.filter(pk=row.pk, state=Renewed.QUEUED).update(state=state, after=after):
            return
        if after and row.before:
            renewal.tally = tally_add(renewal.tally, differences_of(row.before, after))
            renewal.save(update_fields=["tally"])
