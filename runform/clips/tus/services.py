"""A clip on its way: begin, append, store, discard."""

import errno
import uuid
from datetime import datetime, timedelta
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
from runform.clips.models import Clip, FormCheck, Kind, Shows, Upload, View
from runform.clips.services import NoRoomError, StoredClip, UploadRefusedError, clip_store, count_check, room_check
from runform.clips.tus import parts
from runform.clips.tus.protocol import Checksum
from runform.core.storage import MAYBE_COMMITTED, HashedFile, StorageFullError, free_bytes, store

log = structlog.get_logger(__name__)


class OffsetError(Exception):
    """These bytes do not follow those that are here: somebody else was first, or the sender lost count."""


class ChecksumError(Exception):
    """The bytes are not those that were sent."""


def upload_begin(
    *,
    form_check: FormCheck,
    name: str,
    size_bytes: int,
    upload_token: uuid.UUID,
    kind: Kind = Kind.RUNNING,
    view: View | Literal[""] = "",
    from_s: float | None = None,
    to_s: float | None = None,
    shows: Shows | Literal[""] = "",
) -> Upload:
    """Refuse what cannot be taken, before a byte moves.  The same token again finds the same upload."""
    athlete = form_check.athlete
    with transaction.atomic():
        # The lock makes the counts true.
        User.objects.select_for_update().get(pk=athlete.pk)
        if earlier := Upload.objects.filter(athlete=athlete, upload_token=upload_token).first():
            if (earlier.size_bytes, earlier.form_check_id) != (size_bytes, form_check.pk):
                raise UploadRefusedError(_("This upload belongs to another file. Please reload the page."))
            return earlier
        _check_room(form_check, size_bytes)
        return Upload.objects.create(
            form_check=form_check,
            athlete=athlete,
            upload_token=upload_token,
            original_name=name[-255:] or "clip",
            size_bytes=size_bytes,
            kind=kind,
            view=view,
            from_s=from_s,
            to_s=to_s,
            shows=shows,
            expires_at=_expiry(),
        )


def upload_append(*, upload: Upload, body: File[bytes], offset_bytes: int, checksum: Checksum | None) -> Upload:
    """Keep the bytes that follow the first ``offset_bytes``.  Of two that bring the same, one wins; OffsetError."""
    if offset_bytes != upload.offset_bytes:
        raise OffsetError
    if (free := free_bytes()) is not None and free < settings.LIMITS.reserve_bytes:
        # Many began when there was room for each of them.
        raise StorageFullError(errno.ENOSPC, "the rest is for analyses to end in")
    hashed = HashedFile(body, upload.size_bytes - offset_bytes, checksum.algorithm if checksum else "sha256")
    name = store(parts.new_name(upload, offset_bytes), hashed)
    try:
        if checksum and hashed.n_bytes >= checksum.n_bytes and hashed.hexdigest != checksum.hexdigest:
            raise ChecksumError
        if not hashed.n_bytes:
            default_storage.delete(name)
            return upload
        _advance(upload, name, hashed.n_bytes)
    except BaseException as error:
        if not isinstance(error, MAYBE_COMMITTED):
            default_storage.delete(name)
        raise
    return upload


def upload_describe(*, upload: Upload, said: dict[str, Any]) -> None:
    """What was said when it was begun may have been thought better of until it is finished."""
    for name, value in said.items():
        setattr(upload, name, value)
    Upload.objects.filter(pk=upload.pk, clip=None).update(**said)


def upload_store(*, upload: Upload) -> StoredClip:
    """Make the clip of a whole upload.  May be asked any number of times, by anybody, and makes one."""
    if upload.clip:
        return StoredClip(upload.clip, "repeated")
    joined = parts.Joined(upload)
    try:
        stored = clip_store(
            form_check=upload.form_check,
            upload=joined,
            upload_token=upload.upload_token,
            kind=Kind(upload.kind),
            view=View(upload.view) if upload.view else "",
            from_s=upload.from_s,
            to_s=upload.to_s,
            shows=Shows(upload.shows) if upload.shows else "",
        )
    except NoRoomError:
        # All of it is here; it is asked for again as long as it is waited for.
        raise
    except UploadRefusedError:
        upload_discard(upload=upload)
        raise
    except FileNotFoundError:
        # Somebody else was asked at the same moment and has cleared the parts away.
        clip = Clip.objects.filter(athlete=upload.athlete, upload_token=upload.upload_token).first()
        if clip is None:
            raise
        stored = StoredClip(clip, "repeated")
    finally:
        joined.close()
    Upload.objects.filter(pk=upload.pk).update(clip=stored.clip, parts=[])
    parts.clear(upload)
    return stored


def upload_discard(*, upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).delete()
    parts.clear(upload)


def uploads_expire() -> int:
    """Forget what nobody went on with, and the rows of what has arrived long ago."""
    expired = Upload.objects.filter(expires_at__lt=timezone.now()).select_related("athlete")
    for upload in expired:
        upload_discard(upload=upload)
    if expired:
        log.info("uploads_expired", n=len(expired))
    return len(expired)


def _check_room(form_check: FormCheck, size_bytes: int) -> None:
    unfinished = Upload.objects.filter(athlete=form_check.athlete, clip=None)
    coming = unfinished.aggregate(n=Count("pk"), n_bytes=Coalesce(Sum("size_bytes"), 0))
    room_check(
        athlete=form_check.athlete,
        size_bytes=size_bytes,
        on_the_way=coming["n"],
        bytes_on_the_way=coming["n_bytes"],
    )
    if coming["n"] >= settings.LIMITS.unfinished_uploads:
        raise UploadRefusedError(_("Too many clips are on their way. Finish one first, or discard it."))
    count_check(form_check=form_check)


def _advance(upload: Upload, name: str, n_bytes: int) -> None:
    """A compare-and-set on the offset: whoever changes no row was second."""
    now = timezone.now()
    end, names, expires_at = upload.offset_bytes + n_bytes, [*upload.parts, name], _expiry()
    still = Upload.objects.filter(pk=upload.pk, offset_bytes=upload.offset_bytes, clip=None)
    try:
        moved = still.update(offset_bytes=end, parts=names, touched_at=now, expires_at=expires_at)
    except IntegrityError as error:
        raise OffsetError from error
    if not moved:
        raise OffsetError
    upload.offset_bytes, upload.parts, upload.expires_at = end, names, expires_at


def _expiry() -> datetime:
    return timezone.now() + timedelta(hours=settings.LIMITS.upload_hours)
