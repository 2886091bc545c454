"""Who may do what with a review.  A coach reviews the athletes whom they are assigned, never themselves."""

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.selectors import athletes_coached_by
from runform.coaching.models import Review


def may_review(user: User, check: FormCheck) -> bool:
    return athletes_coached_by(user).filter(pk=check.athlete_id).exists()


def may_read_second(user: User, review: Review) -> bool:
    """Blind means: never held the review, so that its verdicts are not known."""
    return may_review(user, review.form_check) and not review.readers.filter(pk=user.pk).exists()
