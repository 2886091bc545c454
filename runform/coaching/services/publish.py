"""From the draft to the athlete, and what the athlete does with it."""

from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.coaching.models import (
    Comment,
    DrillTick,
    FrameNote,
    Notification,
    Occasion,
    Publication,
    Remark,
    Review,
    State,
    VoiceNote,
)
from runform.coaching.services.claims import ReviewError, free_for, require_hold
from runform.coaching.services.drafts import StaleDraftError
from runform.coaching.services.notices import notify
from runform.core.events import Event, tell

# All kinds of remarks that reach the athlete with the review.
REMARKS: Final[tuple[type[Remark], ...]] = (Comment, FrameNote, VoiceNote)


@transaction.atomic
def review_publish(*, review: Review, coach: User, version: int) -> Publication:
    """Send the draft as it stands at ``version``.  Pressed twice it is published once."""
    now = timezone.now()
    free = free_for(review, coach).filter(draft_version=version)
    # The compare-and-set locks the row; the number of the publication is safe behind it.
    if not free.update(
        state=State.PUBLISHED, state_at=now, claimed_by=None, claim_expires_at=None, draft_version=version + 1
    ):
        return _published_just_now(review, coach, version)
    review.refresh_from_db()
    if not (review.draft.get("message") or review.draft.get("tips")):
        raise ReviewError(_("There is nothing to publish yet: write a message or keep a tip."))
    content = {**review.draft, "draft_version": version}
    number = review.publications.count() + 1
    publication = Publication.objects.create(
        review=review, number=number, coach=coach, published_at=now, content=content
    )
    FormCheck.objects.filter(pk=review.form_check_id).update(published_at=now)
    publish_remarks(review, now)
    notify(
        user=review.form_check.athlete,
        occasion=Occasion.PUBLISHED,
        review=review,
        event=f"publication:{publication.code}",
    )
    tell(Event.REVIEW_PUBLISHED, publication)
    return publication


def publish_remarks(review: Review, now: datetime) -> None:
    for kind in REMARKS:
        kind._default_manager.filter(review=review, published_at=None, deleted_at=None).update(published_at=now)


def _published_just_now(review: Review, coach: User, version: int) -> Publication:
    """The second press of the same button, or a draft that has moved on."""
    newest = review.publications.first()
    if newest and newest.coach_id == coach.pk and newest.content.get("draft_version") == version:
        return newest
    require_hold(review, coach)
    raise StaleDraftError(_("This draft was changed elsewhere. Read it once more, then publish."))


def review_close(*, review: Review, coach: User) -> bool:
    """Nothing is left to do.  A word of the athlete opens it again."""
    require_hold(review, coach)
    done = Review.objects.filter(pk=review.pk, state__in=[State.PUBLISHED, State.ANSWERED])
    return bool(done.update(state=State.CLOSED, state_at=timezone.now(), claimed_by=None, claim_expires_at=None))


def publication_read(*, publication: Publication, athlete: User) -> bool:
    """The athlete has opened it.  The first time counts."""
    now = timezone.now()
    Notification.objects.filter(user=athlete, review=publication.review, read_at=None).update(read_at=now)
    return bool(Publication.objects.filter(pk=publication.pk, read_at=None).update(read_at=now))


def drill_tick(*, review: Review, drill: str, done_on: date, done: bool) -> None:
    """Tick off a drill of the published review for a day, or take the tick back."""
    newest = review.publications.first()
    drills = {line for tip in newest.content["tips"] for line in tip["drills"]} if newest else set()
    if drill not in drills:
        raise ReviewError(_("This drill is not in the review any more."))
    name = drill[:120]
    if not done:
        DrillTick.objects.filter(review=review, drill=name, done_on=done_on).delete()
        return
    try:
        with transaction.atomic():
            DrillTick.objects.create(review=review, drill=name, done_on=done_on)
    except IntegrityError:
        return  # ticked already
