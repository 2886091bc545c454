"""Who holds a review.  Each change is one compare-and-set; of two coaches at the same moment one gets it."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.coaching.models import Review


class ReviewError(Exception):
    """What was asked for does not fit; the text is for people."""


class NotHeldError(ReviewError):
    """Somebody else holds the review."""


def review_claim(*, form_check: FormCheck, coach: User) -> Review:
    """Take a review that nobody holds; one's own is held for longer."""
    review = Review.objects.get_or_create(form_check=form_check)[0]
    with transaction.atomic():
        if not free_for(review, coach).update(**held_by(coach)):
            holder = Review.objects.filter(pk=review.pk).values_list("claimed_by__name", flat=True).first()
            raise NotHeldError(_("%(coach)s is reviewing this FormCheck.") % {"coach": holder or _("Another coach")})
        review.readers.add(coach)
    review.refresh_from_db()
    return review


def review_release(*, review: Review, coach: User) -> bool:
    mine = Review.objects.filter(pk=review.pk, claimed_by=coach)
    return bool(mine.update(claimed_by=None, claim_expires_at=None))


def review_due(*, review: Review, due_on: date | None) -> None:
    """A day of its own for this review; None = as the club has it."""
    Review.objects.filter(pk=review.pk).update(due_on=due_on)


def review_beat(*, review: Review, coach: User, active_s: int) -> bool:
    """A sign of work from the page: seconds in which the coach was active since the last one.

    Never more is counted than has really passed, also with two tabs.  False: the coach holds the review no longer.
    """
    now = timezone.now()
    with transaction.atomic():
        mine = Review.objects.filter(pk=review.pk, claimed_by=coach, claim_expires_at__gt=now)
        row = mine.select_for_update().first()
        if row is None:
            return False
        since = (now - row.beat_at).total_seconds() if row.beat_at else float(settings.LIMITS.pause_s)
        counted = max(0, min(active_s, int(since), settings.LIMITS.pause_s))
        change = {"active_s": row.active_s + counted, "beat_at": now}
        if active_s > 0:
            change |= held_by(coach)
        Review.objects.filter(pk=row.pk).update(**change)
    return True


def free_for(review: Review, coach: User) -> QuerySet[Review]:
    """The row, if this coach holds it or nobody does."""
    free = Q(claimed_by=None) | Q(claimed_by=coach) | Q(claim_expires_at__lt=timezone.now())
    return Review.objects.filter(free, pk=review.pk)


def held_by(coach: User) -> dict[str, User | datetime]:
    return {"claimed_by": coach, "claim_expires_at": timezone.now() + timedelta(seconds=settings.LIMITS.claim_s)}


def require_hold(review: Review, coach: User) -> None:
    """Every write of a coach asks; a claim that ended while nobody else wanted the review comes back by it."""
    if not free_for(review, coach).update(**held_by(coach)):
        raise NotHeldError(_("Another coach has taken this review over. Your text is still on the page: copy it."))


def holds(review: Review, coach: User) -> bool:
    """Whether this coach holds it at the moment; asked of the row as it was read."""
    expires_at = review.claim_expires_at
    return review.claimed_by_id == coach.pk and expires_at is not None and expires_at > timezone.now()
