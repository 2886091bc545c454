from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clips.selectors import clips_visible_to
from runform.reports.models import MetricResult, Report


def reports_visible_to(user: User) -> QuerySet[Report]:
    return Report.objects.filter(clip__in=clips_visible_to(user)).select_related("clip__form_check__athlete")


def reports_newest() -> QuerySet[Report]:
    """Of every clip the newest report; the others are superseded."""
    newest = Report.objects.filter(clip=OuterRef("clip")).order_by("-created_at", "-pk").values("pk")[:1]
    return Report.objects.filter(pk=Subquery(newest), clip__deleted_at=None).select_related("clip__form_check__athlete")


def reports_of(form_check: FormCheck) -> QuerySet[Report]:
    """The newest report of each clip of a FormCheck, in the order of the clips."""
    rows = reports_newest().filter(clip__form_check=form_check)
    return rows.order_by("clip__created_at", "clip__pk").prefetch_related("metrics", "frames")


def reports_by_clip(clips: Iterable[Clip]) -> dict[int, Report]:
    """The newest report of each clip that has one, by the clip's primary key."""
    return {report.clip_id: report for report in reports_newest().filter(clip__in=list(clips)).defer("waveforms")}


def metrics_newest() -> QuerySet[MetricResult]:
    """The results in the newest report of every clip."""
    return MetricResult.objects.filter(report__in=reports_newest().values("pk"))
