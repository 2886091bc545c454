"""Clips that came in parts: taken over once they are whole, forgotten when nobody goes on with them."""

from datetime import timedelta

import structlog
from django.db.models import F
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import Upload
from runform.clips.services import StoredClip, UploadRefusedError
from runform.clips.tus.services import upload_store, uploads_expire
from runform.processing.services import job_ensure

# The page itself asks right after the last byte; later than this it was closed, or the server died.
LEFT_ALONE = timedelta(minutes=2)

log = structlog.get_logger(__name__)


def upload_take(*, upload: Upload, requested_by: User | None) -> StoredClip:
    stored = upload_store(upload=upload)
    job_ensure(clip=stored.clip, requested_by=requested_by)
    return stored


def tend() -> None:
    """Take what is whole and was left alone; forget what has expired."""
    whole = Upload.objects.filter(offset_bytes=F("size_bytes"), clip=None, touched_at__lt=timezone.now() - LEFT_ALONE)
    for upload in whole.select_related("form_check__athlete", "athlete"):
        try:
            stored = upload_take(upload=upload, requested_by=upload.athlete)
            log.info("upload_taken", upload=str(upload.code), clip=str(stored.clip.code))
        except UploadRefusedError as error:
            log.info("upload_refused", upload=str(upload.code), reason=str(error))
    uploads_expire()
