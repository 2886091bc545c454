from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clubs.release import held_since
from runform.clubs.selectors import visible_ids
from runform.reports.models import MetricResult, Report, Verdict


def reports_visible_to(user: User) -> QuerySet[Report]:
    """Coaches see all of their athletes' reports; everybody else those that are released."""
    rows = Report.objects.filter(clip__athlete__in=visible_ids(user), clip__deleted_at=None)
    held = _held(user)
    return (rows.filter(~held) if held else rows).select_related("clip__form_check__athlete")


def reports_held_from(user: User) -> QuerySet[Report]:
    """The newest reports of athletes whom this person may see, as far as they wait for a coach."""
    held = _held(user)
    return reports_newest().filter(held) if held else Report.objects.none()


def _held(user: User) -> Q:
    """A condition on reports: a coach stands before the clip's results, and has not published them.

    Clips from before a coach was assigned stay open, and so does what says why a clip cannot be used.  After
    publishing, a corrected report of the same clip is open too; a further clip waits again.
    """
    since = held_since(user).items()
    if not since:
        return Q()
    waiting = reduce(or_, (Q(clip__athlete=athlete, clip__created_at__gte=time) for athlete, time in since))
    published = Report.objects.filter(clip=OuterRef("clip"), created_at__lte=OuterRef("clip__form_check__published_at"))
    return waiting & ~Q(verdict=Verdict.REFUSED) & ~Q(Exists(published))


def reports_newest() -> QuerySet[Report]:
    """Of every clip the newest report; the others are superseded."""
    return Report.objects.filter(~_newer_than(""), clip__deleted_at=None).select_related("clip__form_check__athlete")


def reports_of(form_check: FormCheck) -> QuerySet[Report]:
    """The newest report of each clip of a FormCheck, in the order of the clips."""
    rows = reports_newest().filter(clip__form_check=form_check)
    return rows.order_by("clip__created_at", "clip__pk").prefetch_related("metrics", "frames")


def reports_by_clip(clips: Iterable[Clip]) -> dict[int, Report]:
    """The newest report of each clip that has one, by the clip's primary key."""
    by_pk = {clip.pk: clip for clip in clips}
    rows = reports_newest().filter(clip__in=by_pk).select_related(None)
    reports = {report.clip_id: report for report in rows.defer("waveforms", "gait", "findings", "marking_frames")}
    for pk, report in reports.items():
        report.clip = by_pk[pk]
    return reports


def metrics_newest() -> QuerySet[MetricResult]:
    """The results in the newest report of every clip."""
    return MetricResult.objects.filter(~_newer_than("report__"), report__clip__deleted_at=None)


def _newer_than(report: str) -> Exists:
    """A condition: the clip of this report has a newer one.  Asked row by row, by the index on clip and time, so that
    a few rows cost little however many reports there are."""
    later = Q(created_at__gt=OuterRef(report + "created_at"))
    same_time = Q(created_at=OuterRef(report + "created_at"), pk__gt=OuterRef(report + "pk"))
    return Exists(Report.objects.filter(later | same_time, clip=OuterRef(report + "clip")))
