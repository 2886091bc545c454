"""Coaches hear of FormChecks that are ready for review.  The clock looks: the pipeline knows nothing of coaches."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from runform.clips.models import FormCheck
from runform.clubs.models import CoachAssignment
from runform.coaching.models import Notification, Occasion, Review, State
from runform.coaching.selectors.people import coaches_of
from runform.coaching.services.notices import notify
from runform.reports.models import Report

# Older ones are no news.
RECENT = timedelta(days=2)
AT_ONCE = 100


def waiting_sweep() -> None:
    """Tell the coaches of an athlete once of every FormCheck with a report that nobody has begun to review."""
    # A clip that was analysed again is no news either.
    earlier = Report.objects.filter(clip=OuterRef("clip"), pk__lt=OuterRef("pk"))
    fresh = Report.objects.filter(
        ~Exists(earlier), clip__form_check=OuterRef("pk"), clip__deleted_at=None, created_at__gt=timezone.now() - RECENT
    )
    coached = CoachAssignment.objects.filter(athlete=OuterRef("athlete"), ended_at=None)
    told = Notification.objects.filter(review__form_check=OuterRef("pk"), occasion=Occasion.WAITING)
    untouched = Q(review=None) | Q(review__state=State.WAITING, review__draft_version=0)
    checks = FormCheck.objects.filter(untouched, Exists(fresh), Exists(coached), ~Exists(told))
    for check in checks.select_related("athlete").order_by("pk")[:AT_ONCE]:
        review = Review.objects.get_or_create(form_check=check)[0]
        for coach in coaches_of(review):
            notify(user=coach, occasion=Occasion.WAITING, review=review, event=f"waiting:{check.code}")
