"""When reviews are due: on a day of their own, else so many days after the newest report as the club gives."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet
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
    """FormCheck -> when its newest report came; without a report it is not there."""
    reports = Report.objects.filter(clip__form_check__in=list(checks), clip__deleted_at=None).order_by()
    return dict(reports.values_list("clip__form_check").annotate(at=Max("created_at")))


def due_day(review: Review) -> date:
    """Of one review, whoever reads it."""
    check = review.form_check
    days = days_given(CoachAssignment.objects.filter(athlete=check.athlete_id))
    ready_at = ready_times([check]).get(check.pk, check.created_at)
    return due_on(review, ready_at, days.get(check.athlete_id, USUAL_DUE_DAYS))
