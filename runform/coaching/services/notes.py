"""Drawings and voice notes of a review.  They reach the athlete when the review is published."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.coaching.audio import find_sound
from runform.coaching.models import FrameNote, Review, VoiceNote
from runform.coaching.services.claims import ReviewError, require_hold
from runform.core.storage import MAYBE_COMMITTED, store
from runform.reports.models import Report


class StaleNoteError(ReviewError):
    """The drawing has moved on since it was read."""


@dataclass(frozen=True)
class Moment:
    """A picture of a clip: its number in the review copy, and when it is shown."""

    report: Report
    frame_index: int
    t_s: float


@transaction.atomic
def frame_note_save(
    *, review: Review, author: User, code: uuid.UUID, moment: Moment, drawing: dict[str, Any], version: int
) -> FrameNote | None:
    """Keep a drawing as it is now; without shapes it is taken away, and with some it comes back.

    Idempotent by ``code``, which the page makes, and ``version``, the one that it read (0 = new).  None: there was
    nothing to take away.
    """
    review = _held(review, author)
    note = FrameNote.objects.filter(code=code, review=review, author=author).first()
    if note is None:
        if FrameNote.objects.filter(code=code).exists() or version:
            raise StaleNoteError(_stale())
        return _frame_note_add(review, author, code, moment, drawing) if drawing["shapes"] else None
    if note.version == version + 1 and note.drawing == drawing and note.deleted_at is None:
        return note  # the same once more: the answer was lost on its way
    if note.version != version:
        raise StaleNoteError(_stale())
    if not drawing["shapes"]:
        return _frame_note_take_away(note)
    if note.published_at and note.drawing != drawing:
        return _frame_note_add(review, author, uuid.uuid4(), moment, drawing, replaces=note)
    _chain(note, deleted_at=note.deleted_at, now=None)
    note.drawing, note.version, note.deleted_at = drawing, version + 1, None
    note.save(update_fields=["drawing", "version", "deleted_at"])
    return note


def _frame_note_add(
    review: Review,
    author: User,
    code: uuid.UUID,
    moment: Moment,
    drawing: dict[str, Any],
    replaces: FrameNote | None = None,
) -> FrameNote:
    if FrameNote.objects.filter(review=review, deleted_at=None).count() >= settings.LIMITS.drawings_per_review:
        raise ReviewError(_("There are enough drawings in this review. Remove one first."))
    return FrameNote.objects.create(
        code=code,
        review=review,
        author=author,
        report=replaces.report if replaces else moment.report,
        frame_index=replaces.frame_index if replaces else moment.frame_index,
        t_s=replaces.t_s if replaces else moment.t_s,
        drawing=drawing,
        replaces=replaces,
    )


def _frame_note_take_away(note: FrameNote) -> FrameNote:
    """With all that it replaced, so that nothing older comes to light again."""
    if note.deleted_at is None:
        now = timezone.now()
        _chain(note, deleted_at=None, now=now)
        note.version, note.deleted_at = note.version + 1, now
        note.save(update_fields=["version", "deleted_at"])
    return note


def _chain(note: FrameNote, *, deleted_at: datetime | None, now: datetime | None) -> None:
    """Set ``deleted_at`` of the notes that this one replaced from one value to the other."""
    older = note.replaces
    while older is not None:
        FrameNote.objects.filter(pk=older.pk, deleted_at=deleted_at).update(deleted_at=now)
        older = older.replaces


def voice_note_add(
    *,
    review: Review,
    author: User,
    report: Report,
    moment: Moment | None,
    sound: File[bytes],
    seconds: float,
    text: str,
) -> VoiceNote:
    """Keep a recording.  What it is, is found in its bytes; what it says, stands beside it."""
    limits, text = settings.LIMITS, text.strip()
    if not text:
        raise ReviewError(_("Please write down in short what you say: not everybody can hear it."))
    if not 0 < seconds <= limits.voice_s + 2:
        raise ReviewError(_("A voice note may last up to %(n)d seconds.") % {"n": limits.voice_s})
    content = sound.read(limits.voice_bytes + 1)
    if len(content) > limits.voice_bytes:
        raise ReviewError(_("This recording is too large."))
    kind = find_sound(content)
    if kind is None:
        raise ReviewError(_("This is not a recording that RunForm can keep. Please record it here."))
    note = VoiceNote(review=review, author=author, report=report, seconds=seconds, text=text)
    note.t_s, note.frame_index = (moment.t_s, moment.frame_index) if moment else (None, None)
    note.content_type, note.size_bytes = kind.content_type, len(content)
    path = f"voice/{review.form_check.athlete.code}/{note.code}{kind.suffix}"
    note.file.name = store(path, ContentFile(content))
    try:
        with transaction.atomic():
            _held(review, author)
            if VoiceNote.objects.filter(review=review, deleted_at=None).count() >= limits.voice_notes_per_review:
                raise ReviewError(_("There are enough voice notes in this review. Remove one first."))
            note.save(force_insert=True)
    except BaseException as error:
        # A file without a row belongs to nobody.
        if not isinstance(error, MAYBE_COMMITTED):
            default_storage.delete(note.file.name)
        raise
    return note


def voice_note_change(*, note: VoiceNote, author: User, text: str) -> None:
    """Other words beside the same recording, while it is not published."""
    if not text.strip():
        raise ReviewError(_("Please write down in short what you say: not everybody can hear it."))
    own = VoiceNote.objects.filter(pk=note.pk, author=author, deleted_at=None, published_at=None)
    if not own.update(text=text.strip()):
        raise ReviewError(_("What the athlete has got stays as it is. Delete it and record it anew."))


def voice_note_delete(*, note: VoiceNote, author: User) -> bool:
    own = VoiceNote.objects.filter(pk=note.pk, author=author, deleted_at=None)
    return bool(own.update(deleted_at=timezone.now()))


def _held(review: Review, author: User) -> Review:
    """The lock keeps a note from slipping in beside a publication."""
    require_hold(review, author)
    return Review.objects.select_for_update().select_related("form_check__athlete").get(pk=review.pk)


def _stale() -> str:
    return _("This drawing was changed elsewhere, perhaps in another tab. Reload the page to see it.")
