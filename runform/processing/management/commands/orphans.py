"""Compare storage and database."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from runform.clips.models import Clip, Upload
from runform.clips.tus import parts
from runform.reports.models import AnnotatedFrame, Rendering, Report

# A younger file may belong to an upload or an attempt that is still under way.
SETTLED = timedelta(hours=1)
FOLDERS = ("clips", "reports", "renderings", "uploads", "voice")
FILES = (
    (Clip, "file"),
    (Report, "raw"),
    (Report, "series"),
    (Report, "review_copy"),
    (AnnotatedFrame, "image"),
    (Rendering, "film"),
)


class Command(BaseCommand):
    help = "Report files that no row knows, and rows whose file is gone. Changes nothing; exit status 1 if any."

    def handle(self, *args: Any, **options: Any) -> None:
        known, found = set(_known()), {name for folder in FOLDERS for name in _files(folder)}
        lost = sorted(known - found)
        orphans = sorted(name for name in found - known if _settled(name))
        for name in lost:
            self.stdout.write(f"file is gone: {name}")
        for name in orphans:
            self.stdout.write(f"no row knows: {name}")
        self.stdout.write(f"{len(found)} files, {len(lost)} gone, {len(orphans)} without a row")
        if lost or orphans:
            raise SystemExit(1)


def _known() -> Iterator[str]:
    # Of a higher app, so by its name.
    for model, field in (*FILES, (apps.get_model("coaching.VoiceNote"), "file")):
        rows = model._base_manager.exclude(**{field: ""}).values_list(field, flat=True)
        yield from rows.iterator()
    for pictures in Rendering.objects.values_list("pictures", flat=True).iterator():
        yield from pictures.values()
    for upload in Upload.objects.select_related("athlete").iterator():
        # Also what a killed server had not named yet: it goes with the upload.
        yield from [*upload.parts, *parts.names(upload)]


def _files(folder: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for name in folders:
        yield from _files(f"{folder}/{name}")


def _settled(name: str) -> bool:
    return timezone.now() - default_storage.get_modified_time(name) > SETTLED
