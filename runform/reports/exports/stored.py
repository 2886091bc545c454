"""Files that lie in the storage already."""

from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from runform.core.media import CHUNK_BYTES
from runform.reports.results import ClipReport


def raw(report: ClipReport) -> Iterator[bytes]:
    return file_parts(report.report.raw)


def series(report: ClipReport) -> Iterator[bytes]:
    return file_parts(report.report.series)


def file_parts(file: FieldFile) -> Iterator[bytes]:
    with file.storage.open(str(file.name), "rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
