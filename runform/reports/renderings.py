"""The transitions of a rendering.  Each is one compare-and-set by the database's clock, as those of a job; the reaper
alone tries again."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from runform.clubs.policies import may_process
from runform.core.queue import enqueue
from runform.reports.models import Rendering, RenderKind, RenderState, Report

RENDER_TASK = "processing.render"
DETAIL_CHARS = 4000
NO_LEASE: dict[str, Any] = {"lease": None, "lease_expires_at": None}


@dataclass(frozen=True)
class RenderClaim:
    """The right to make one rendering, as long as heartbeats keep the lease."""

    rendering: Rendering
    lease: uuid.UUID


@transaction.atomic
def rendering_order(*, report: Report, kind: RenderKind) -> Rendering:
    """The rendering, made, on its way or ordered now.  One that failed is tried again."""
    rendering, created = Rendering.objects.get_or_create(report=report, kind=kind)
    failed = Rendering.objects.filter(pk=rendering.pk, state=RenderState.FAILED)
    again = failed.update(state=RenderState.QUEUED, attempt=0, queued_at=Now(), published_at=Now(), finished_at=None)
    if created or again:
        enqueue(RENDER_TASK, str(rendering.code))
        rendering.refresh_from_db()
    return rendering


def rendering_claim(*, code: uuid.UUID) -> RenderClaim | None:
    """Begin an attempt.  None: somebody else has, it is done, or the clip may not be processed."""
    rendering = Rendering.objects.select_related("report__clip__form_check__athlete").filter(code=code).first()
    if rendering is None:
        return None
    waiting = Rendering.objects.filter(pk=rendering.pk, state=RenderState.QUEUED, attempt=rendering.attempt)
    if not may_process(rendering.report.clip):
        waiting.update(state=RenderState.FAILED, finished_at=Now(), error_detail="may not be processed")
        return None
    lease = uuid.uuid4()
    begun = waiting.update(
        state=RenderState.RUNNING, lease=lease, lease_expires_at=_lease_end(), attempt=F("attempt") + 1, done=0, total=0
    )
    return RenderClaim(rendering, lease) if begun else None


def rendering_heartbeat(*, claim: RenderClaim, done: int, total: int) -> bool:
    """Report progress and keep the lease.  False: it is no longer ours, or may no longer be made."""
    if not _still_allowed(claim):
        rendering_fail(claim=claim, detail="may not be processed")
        return False
    return bool(_held(claim).update(done=done, total=total, lease_expires_at=_lease_end()))


def rendering_complete(*, claim: RenderClaim, film: str, pictures: Mapping[str, str]) -> bool:
    """The files lie in the storage.  False: the lease was lost; then they are nobody's and are taken away."""
    done = _still_allowed(claim) and _held(claim).update(
        state=RenderState.DONE, finished_at=Now(), film=film, pictures=dict(pictures), **NO_LEASE
    )
    if not done:
        for name in (film, *pictures.values()):
            default_storage.delete(name)
    return bool(done)


def rendering_fail(*, claim: RenderClaim, detail: str) -> None:
    """For good: it would fail again."""
    _held(claim).update(state=RenderState.FAILED, finished_at=Now(), error_detail=detail[-DETAIL_CHARS:], **NO_LEASE)


def rendering_give_up(*, claim: RenderClaim, detail: str) -> None:
    """This attempt crashed; what comes next is the reaper's to say."""
    _held(claim).update(lease_expires_at=Now(), error_detail=detail[-DETAIL_CHARS:])


def renderings_reap() -> None:
    """Bring lost ones back, and ring again for those that wait too long."""
    expired = Rendering.objects.filter(state=RenderState.RUNNING, lease_expires_at__lte=Now())
    for one in expired:
        lost = expired.filter(pk=one.pk, lease=one.lease)
        if one.attempt >= settings.LIMITS.attempts:
            lost.update(state=RenderState.FAILED, finished_at=Now(), **NO_LEASE)
        else:
            with transaction.atomic():
                if lost.update(state=RenderState.QUEUED, queued_at=Now(), published_at=Now(), **NO_LEASE):
                    enqueue(RENDER_TASK, str(one.code))
    too_long = Now() - timedelta(seconds=settings.LIMITS.queued_too_long_s)
    waiting = Rendering.objects.filter(state=RenderState.QUEUED, published_at__lt=too_long)
    for one in waiting.order_by("queued_at")[: settings.LIMITS.republish_at_once]:
        with transaction.atomic():
            if waiting.filter(pk=one.pk).update(published_at=Now()):
                enqueue(RENDER_TASK, str(one.code))


def _held(claim: RenderClaim) -> Any:
    return Rendering.objects.filter(pk=claim.rendering.pk, state=RenderState.RUNNING, lease=claim.lease)


def _still_allowed(claim: RenderClaim) -> bool:
    """Asked of the database anew."""
    reports = Report.objects.select_related("clip__form_check__athlete")
    report = reports.filter(pk=claim.rendering.report_id).first()
    return report is not None and may_process(report.clip)


def _lease_end() -> Combinable:
    return Now() + timedelta(seconds=settings.LIMITS.lease_s)
