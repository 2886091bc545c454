import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any, Literal

import structlog
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck, Kind, Pain, Shows, Surface, View
from runform.clubs.models import Purpose
from runform.clubs.selectors import has_consent
from runform.core.storage import MAYBE_COMMITTED, FileTooLargeError, HashedFile, StorageFullError, free_bytes, store

# Before anybody filmed with a phone, and far from where calendars begin.
EARLIEST_ON = date(1970, 1, 1)
EXTENSIONS = {".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".3gp"}

log = structlog.get_logger(__name__)


class UploadRefusedError(Exception):
    """The file cannot be taken; the text is for people."""


class NoRoomError(UploadRefusedError):
    """Not now: the storage is full, or nearly so."""


@dataclass(frozen=True)
class StoredClip:
    """``created``; ``repeated``: the same upload came again; ``duplicate``: the same file was there already."""

    clip: Clip
    outcome: Literal["created", "repeated", "duplicate"]


def form_check_create(
    *,
    athlete: User,
    created_by: User,
    recorded_on: date,
    surface: Surface = Surface.TREADMILL,
    speed_mps: float | None = None,
    incline_pct: float | None = None,
    shoes: str = "",
    note: str = "",
    pain: Pain | Literal[""] = "",
    pain_areas: Sequence[str] = (),
    pain_level: int | None = None,
    pain_signs: Sequence[str] = (),
) -> FormCheck:
    return FormCheck.objects.create(
        athlete=athlete,
        created_by=created_by,
        recorded_on=recorded_on,
        surface=surface,
        speed_mps=speed_mps,
        incline_pct=incline_pct,
        shoes=shoes,
        note=note,
        pain=pain,
        pain_areas=list(pain_areas),
        pain_level=pain_level,
        pain_signs=list(pain_signs),
    )


def form_check_change(*, form_check: FormCheck, fields: dict[str, Any]) -> FormCheck:
    for name, value in fields.items():
        setattr(form_check, name, value)
    form_check.save(update_fields=list(fields))
    return form_check


def clip_store(
    *,
    form_check: FormCheck,
    upload: File[bytes],
    upload_token: uuid.UUID,
    kind: Kind = Kind.RUNNING,
    view: View | Literal[""] = "",
    from_s: float | None = None,
    to_s: float | None = None,
    shows: Shows | Literal[""] = "",
) -> StoredClip:
    """Stream a file into the storage and make its row.

    Idempotent by ``upload_token``; a file that the athlete has already is not kept twice.  Both are decided by the
    database's constraints: of two requests at the same moment one makes the row and the other finds it.
    """
    if earlier := Clip.objects.filter(athlete=form_check.athlete, upload_token=upload_token).first():
        return StoredClip(earlier, "repeated")
    room_check(athlete=form_check.athlete, size_bytes=upload.size)
    clip = Clip(form_check=form_check, athlete=form_check.athlete, upload_token=upload_token, kind=kind, view=view)
    clip.from_s, clip.to_s, clip.shows = from_s, to_s, shows
    clip.original_name = PurePath((upload.name or "clip").replace("\\", "/")).name[-255:]
    try:
        _save(clip, upload)
    except IntegrityError:
        return _earlier(clip)
    except FileTooLargeError as error:
        raise UploadRefusedError(_too_large()) from error
    except StorageFullError as error:
        raise _no_room() from error
    return StoredClip(clip, "created")


def clip_facts_record(*, clip: Clip, facts: dict[str, Any]) -> None:
    Clip.objects.filter(pk=clip.pk).update(facts=facts)


def clip_delete(*, clip: Clip) -> bool:
    """Hide a clip everywhere.  True if it was there."""
    return bool(Clip.objects.filter(pk=clip.pk, deleted_at=None).update(deleted_at=timezone.now()))


def clip_restore(*, clip: Clip) -> bool:
    """Take a clip out of the bin.  True if it was there."""
    try:
        with transaction.atomic():
            _check_count(clip)
            return bool(Clip.objects.filter(pk=clip.pk).exclude(deleted_at=None).update(deleted_at=None))
    except IntegrityError as error:
        raise UploadRefusedError(_("You uploaded the same clip again in the meantime.")) from error


def _save(clip: Clip, upload: File[bytes]) -> None:
    """The file, then its row."""
    hashed = HashedFile(upload, settings.LIMITS.clip_bytes)
    try:
        clip.file.name = store(_path(clip), hashed)
        clip.sha256, clip.size_bytes = hashed.hexdigest, hashed.n_bytes
        _check_size(clip.size_bytes)
        with transaction.atomic():
            _insert(clip)
    except BaseException as error:
        mended = isinstance(error, IntegrityError) and _mend(clip)
        # A file without a row belongs to nobody.
        if clip.file.name and not mended and not isinstance(error, MAYBE_COMMITTED):
            default_storage.delete(clip.file.name)
        raise


def _mend(clip: Clip) -> bool:
    """Where the file of an earlier upload was lost, the same file that came again takes its place."""
    for earlier in Clip.objects.filter(athlete=clip.athlete, sha256=clip.sha256, deleted_at=None):
        if not default_storage.exists(str(earlier.file.name)):
            lost = Clip.objects.filter(pk=earlier.pk, file=earlier.file.name)
            return bool(lost.update(file=clip.file.name))
    return False


def _insert(clip: Clip) -> None:
    _check_count(clip)
    clip.save(force_insert=True)


def _check_count(clip: Clip) -> None:
    # The lock makes the count true: two clips at once cannot both be the fourth.
    if FormCheck.objects.select_for_update().get(pk=clip.form_check_id).deleted_at:
        raise UploadRefusedError(_("This FormCheck is in the bin."))
    # The same file again is no further clip, however many there are.
    if not Clip.objects.filter(form_check=clip.form_check_id, deleted_at=None, sha256=clip.sha256).exists():
        count_check(form_check=clip.form_check)


def _earlier(clip: Clip) -> StoredClip:
    mine = Clip.objects.filter(athlete=clip.athlete)
    if earlier := mine.filter(upload_token=clip.upload_token).first():
        return StoredClip(earlier, "repeated")
    if earlier := mine.filter(sha256=clip.sha256, deleted_at=None).first():
        return StoredClip(earlier, "duplicate")
    raise UploadRefusedError(_("Something changed while your clip came in. Please send it again."))


def count_check(*, form_check: FormCheck) -> None:
    """Refuse a further clip where there are enough."""
    if Clip.objects.filter(form_check=form_check, deleted_at=None).count() >= settings.LIMITS.clips_per_check:
        raise UploadRefusedError(
            _("A FormCheck holds up to %(n)d clips. Remove one first.") % {"n": settings.LIMITS.clips_per_check}
        )


def room_check(*, athlete: User, size_bytes: int, on_the_way: int = 0, bytes_on_the_way: int = 0) -> None:
    """Refuse what nobody agreed to, what is empty, too large, or too much for one day; before a byte moves, and again
    when it is stored.
    """
    _check_consent(athlete)
    _check_size(size_bytes)
    _check_disk(size_bytes)
    of_today = Clip.objects.filter(athlete=athlete, created_at__gt=timezone.now() - timedelta(days=1))
    today = of_today.aggregate(n=Count("pk"), n_bytes=Coalesce(Sum("size_bytes"), 0))
    if (
        today["n"] + on_the_way >= settings.LIMITS.clips_per_day
        or today["n_bytes"] + bytes_on_the_way + size_bytes > settings.LIMITS.bytes_per_day
    ):
        raise UploadRefusedError(_("That is enough for one day. Please send further clips tomorrow."))


def _check_consent(athlete: User) -> None:
    if not has_consent(athlete, Purpose.ANALYSIS):
        raise UploadRefusedError(_("Nobody has agreed to the analysis of these clips. See your profile."))


def _check_size(size_bytes: int) -> None:
    if size_bytes <= 0:
        raise UploadRefusedError(_("This file is empty."))
    if size_bytes > settings.LIMITS.clip_bytes:
        raise UploadRefusedError(_too_large())


def _check_disk(size_bytes: int) -> None:
    # Twice: the parts of an upload lie there until they are joined.
    free = free_bytes()
    if free is not None and free - 2 * size_bytes < settings.LIMITS.reserve_bytes:
        raise _no_room()


def _no_room() -> NoRoomError:
    log.error("storage_nearly_full", free_bytes=free_bytes())
    return NoRoomError(_("There is no room for more clips just now. Please keep yours and try again tomorrow."))


def _too_large() -> str:
    megabytes = settings.LIMITS.clip_bytes // 1024 // 1024
    return _("This file is too large. Clips may have up to %(n)d MB: ten seconds of running are enough.") % {
        "n": megabytes
    }


def _path(clip: Clip) -> str:
    suffix = PurePath(clip.original_name).suffix.lower()
    return f"clips/{clip.athlete.code}/{clip.code}/original{suffix if suffix in EXTENSIONS else '.bin'}"
