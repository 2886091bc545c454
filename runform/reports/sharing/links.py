"""Making, closing and opening a link."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.policies import may_decide_for, may_show_by_link
from runform.reports.models import Rendering, RenderKind, RenderState, Report, ShareLink
from runform.reports.renderings import rendering_order
from runform.reports.results import ClipReport, clip_report
from runform.reports.selectors import reports_of, reports_visible_to


class ShareError(Exception):
    """The link cannot be made; the text is for people."""


@dataclass(frozen=True)
class Shared:
    """What one link shows at this moment."""

    secret: str
    link: ShareLink
    reports: tuple[ClipReport, ...]
    renderings: dict[int, Rendering]
    hides_face: bool


@transaction.atomic
def link_create(*, form_check: FormCheck, by: User, days: int, hides_face: bool) -> tuple[ShareLink, str]:
    """The link, and the secret of its address, which nobody can find out again."""
    # The lock makes the count true.
    FormCheck.objects.select_for_update().get(pk=form_check.pk)
    if links_open(form_check).count() >= settings.LIMITS.shares_open:
        raise ShareError(_("There are many open links already. Close one first."))
    hides = hides_face or not may_show_face(by, form_check)
    secret = secrets.token_urlsafe(32)
    days = max(1, min(days, settings.LIMITS.share_days))
    link = ShareLink.objects.create(
        form_check=form_check,
        created_by=by,
        token_sha256=hash_of(secret),
        expires_at=timezone.now() + timedelta(days=days),
        hides_face=hides,
    )
    for report in shown_reports(link):
        rendering_order(report=report, kind=kind_of(hides))
    return link, secret


def link_revoke(*, link: ShareLink) -> bool:
    return bool(ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()))


def link_opened(*, link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())


def links_open(form_check: FormCheck) -> QuerySet[ShareLink]:
    return ShareLink.objects.filter(form_check=form_check, revoked_at=None, expires_at__gt=timezone.now())


def links_closable_by(user: User, form_check: FormCheck) -> QuerySet[ShareLink]:
    """One's own, and all of them where it is one's own FormCheck or one decides for the athlete."""
    rows = ShareLink.objects.filter(form_check=form_check).select_related("created_by")
    if user.pk == form_check.athlete_id or may_decide_for(user, form_check.athlete):
        return rows
    return rows.filter(created_by=user)


def may_show_face(user: User, form_check: FormCheck) -> bool:
    """An athlete decides about their own face, a guardian about a minor's; nobody else does."""
    return may_decide_for(user, form_check.athlete)


def find_shared(secret: str) -> Shared | None:
    """What the holder of this secret may see.  None: there is no such link, it has ended, or access was withdrawn."""
    links = ShareLink.objects.filter(token_sha256=hash_of(secret), revoked_at=None, expires_at__gt=timezone.now())
    link = links.select_related("created_by", "form_check__athlete").first()
    if link is None or not link.created_by.is_active:
        return None
    reports = shown_reports(link)
    if not reports:
        return None
    hides = link.hides_face or not may_show_face(link.created_by, link.form_check)
    made = Rendering.objects.filter(report__in=reports, kind=kind_of(hides), state=RenderState.DONE)
    return Shared(secret, link, tuple(map(clip_report, reports)), {one.report_id: one for one in made}, hides)


def shown_reports(link: ShareLink) -> list[Report]:
    """What whoever made the link may see themselves at this moment."""
    own = reports_visible_to(link.created_by).values("pk")
    found = reports_of(link.form_check).filter(pk__in=own)
    return [report for report in found if may_show_by_link(report.clip, link.created_by)]


def kind_of(hides_face: bool) -> RenderKind:
    return RenderKind.HIDDEN if hides_face else RenderKind.OVERLAY


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
