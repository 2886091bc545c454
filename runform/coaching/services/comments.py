from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.coaching.models import Comment, Occasion, Review, State, Subject
from runform.coaching.policies import may_review
from runform.coaching.selectors.people import coaches_to_tell
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.notices import notify
from runform.reports.models import Report


@dataclass(frozen=True)
class Place:
    """What a comment is about; nothing = the review as a whole."""

    subject: Subject = Subject.REVIEW
    report: Report | None = None
    key: str = ""
    t_s: float | None = None
    frame_index: int | None = None


@transaction.atomic
def comment_add(
    *, review: Review, author: User, text: str, place: Place | None = None, parent: Comment | None = None
) -> Comment:
    """A coach's comment waits for the first publication; after that, and from an athlete, it is sent at once."""
    place = place or Place()
    if not text.strip():
        raise ReviewError(_("Please write something."))
    # The lock keeps a comment from slipping in beside a publication.
    review = Review.objects.select_for_update().get(pk=review.pk)
    by_coach = may_review(author, review.form_check)
    sent = not by_coach or review.publications.exists()
    root = parent.parent or parent if parent else None
    comment = Comment.objects.create(
        review=review,
        author=author,
        parent=root,
        text=text.strip(),
        subject=root.subject if root else place.subject,
        report=root.report if root else place.report,
        key=root.key if root else place.key,
        t_s=root.t_s if root else place.t_s,
        frame_index=root.frame_index if root else place.frame_index,
        published_at=timezone.now() if sent else None,
    )
    if sent:
        _tell(comment, by_coach=by_coach)
    return comment


def comment_delete(*, comment: Comment, author: User) -> bool:
    """Take one's own words back.  The replies to them stay."""
    own = Comment.objects.filter(pk=comment.pk, author=author, deleted_at=None)
    return bool(own.update(deleted_at=timezone.now()))


def _tell(comment: Comment, *, by_coach: bool) -> None:
    review, event = comment.review, f"comment:{comment.code}"
    if by_coach:
        athlete = review.form_check.athlete
        notify(user=athlete, occasion=Occasion.REPLY, review=review, event=event)
        Review.objects.filter(pk=review.pk, state=State.ANSWERED).update(state=State.PUBLISHED, state_at=timezone.now())
        return
    Review.objects.filter(pk=review.pk).exclude(state=State.WAITING).update(
        state=State.ANSWERED, state_at=timezone.now()
    )
    for coach in coaches_to_tell(review):
        notify(user=coach, occasion=Occasion.QUESTION, review=review, event=event)
