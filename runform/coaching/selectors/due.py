"""When reviews are due: on a day of their own, else so many days after the newest clip as the club gives."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Min, QuerySet
from django.utils import timezone

from runform.clips.models import FormCheck
from runform.clubs.models import CoachAssignment
from runform.coaching.models import Review
from runform.reports.models import Report

USUAL_DUE_DAYS = 5


def due_on(review: Review | None, ready_at: datetime, days: int) -> date:
    if review and review.due_on:
        return date.fromisoformat(str(review.due_on))
    return timezone.localtime(ready_at).date() + timedelta(days=days)


def days_given(assignments: QuerySet[CoachAssignment]) -> dict[int, int]:
    """Athlete -> days that the club gives its coaches for a review; of several clubs the shortest."""
    rows = assignments.filter(ended_at=None).order_by("-club__review_due_days")
    return dict(rows.values_list("athlete", "club__review_due_days"))


def ready_times(checks: Iterable[FormCheck]) -> dict[int, datetime]:
    """FormCheck -> when the first report of its newest clip came; without a report it is not there.

    A clip that is measured once more, after a correction or by a newer version, does not begin to wait anew.
    """
    reports = Report.objects.filter(clip__form_check__in=list(checks), clip__deleted_at=None)
    firsts = reports.order_by().values("clip__form_check", "clip").annotate(at=Min("created_at")).order_by("at")
    return dict(firsts.values_list("clip__form_check", "at"))


def due_day(review: Review) -> date:
    """Of one review, whoever reads it."""
    check = review.form_check
    days = days_given(CoachAssignment.objects.filter(athlete=check.athlete_id))
    ready_at = ready_times([check]).get(check.pk, check.created_at)
    return due_on(review, ready_at, days.get(check.athlete_id, USUAL_DUE_DAYS))
