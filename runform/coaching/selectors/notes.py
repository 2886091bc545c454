"""Drawings, voice notes and comments of a clip, as a person may see them."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from runform.accounts.models import User
from runform.clips.models import Clip
from runform.coaching.drawing import drawing_in_words
from runform.coaching.models import Comment, FrameNote, Remark, Review, VoiceNote
from runform.coaching.selectors.access import sees_verdicts_of_others
from runform.coaching.selectors.reviews import reviews_visible_to

R = TypeVar("R", bound=Remark)


@dataclass(frozen=True)
class Note:
    """One line of the list beside a clip."""

    kind: str
    remark: Remark
    text: str
    mine: bool
    drawing: dict[str, Any] | None = None

    @property
    def waits(self) -> bool:
        """The athlete has not got it yet."""
        return self.remark.published_at is None

    @property
    def data(self) -> dict[str, Any]:
        """What the script needs to draw it."""
        shapes = self.drawing["shapes"] if self.drawing else []
        remark = self.remark
        version = remark.version if isinstance(remark, FrameNote) else 0
        return {
            "code": str(remark.code),
            "frame": remark.frame_index,
            "t_s": remark.t_s,
            "shapes": shapes,
            "version": version,
            "mine": self.mine,
        }


def notes_of(user: User, clip: Clip) -> list[Note]:
    """In the order of the clip; what belongs to no moment comes first.

    A corrected report is another report of the same clip: its pictures and what was said of them are the same.
    """
    review = reviews_visible_to(user).filter(form_check=clip.form_check_id).first()
    if review is None:
        return []
    drawings = _seen(FrameNote.objects.all(), user, review, clip)
    notes = [
        Note("drawing", one, drawing_in_words(one.drawing), one.author_id == user.pk, one.drawing) for one in drawings
    ]
    voices = _seen(VoiceNote.objects.all(), user, review, clip)
    notes += [Note("voice", one, one.text, one.author_id == user.pk) for one in voices]
    comments = _seen(Comment.objects.filter(parent=None, t_s__isnull=False), user, review, clip)
    notes += [Note("comment", one, one.text, one.author_id == user.pk) for one in comments]
    return sorted(notes, key=lambda note: (note.remark.t_s is not None, note.remark.t_s or 0.0, note.remark.created_at))


def voice_notes_visible_to(user: User) -> QuerySet[VoiceNote]:
    """Those of reviews that this person may see; what waits for publication is for those who work on the review."""
    reviews = Review.objects.filter(pk__in=reviews_visible_to(user).values("pk"))
    worked_on = reviews.filter(Q(readers=user) | Q(second_readings__coach=user, second_readings__done_at__isnull=False))
    rows = VoiceNote.objects.filter(review__in=reviews.values("pk"), deleted_at=None, report__clip__deleted_at=None)
    rows = rows.filter(Q(published_at__isnull=False) | Q(author=user) | Q(review__in=worked_on.values("pk")))
    return rows.select_related("review__form_check__athlete", "report__clip__form_check__athlete")


def _seen(rows: QuerySet[R], user: User, review: Review, clip: Clip) -> QuerySet[R]:
    rows = rows.filter(review=review, report__clip=clip, deleted_at=None).select_related("author")
    sees_drafts = sees_verdicts_of_others(user, review)
    if review.second_readings.filter(coach=user, done_at=None).exists():
        rows = rows.filter(author=user)  # reads blind
    elif not sees_drafts:
        rows = rows.filter(Q(published_at__isnull=False) | Q(author=user))
    if rows.model is FrameNote:
        newer = FrameNote.objects.filter(replaces=OuterRef("pk"), deleted_at=None)
        rows = rows.exclude(Exists(newer if sees_drafts else newer.exclude(published_at=None)))
    return rows
