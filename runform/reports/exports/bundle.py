"""Everything of a FormCheck in one zip, sent while it is made."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.text import slugify
from typing_extensions import Buffer

from runform.reports.exports.formats import FORMATS
from runform.reports.exports.readme import README
from runform.reports.exports.stored import file_parts
from runform.reports.exports.tables import metrics_of
from runform.reports.results import ClipReport

# Films and pictures are packed already.
PACKED = frozenset({".mp4", ".jpg", ".png", ".npz", ".pdf"})


@dataclass(frozen=True)
class Entry:
    path: str
    parts: Iterable[bytes]


def bundle(reports: Sequence[ClipReport], extra: Iterable[Entry] = ()) -> Iterator[bytes]:
    return zip_parts([*entries(reports), *extra])


def entries(reports: Sequence[ClipReport]) -> Iterator[Entry]:
    yield Entry("README.txt", [str(README).encode()])
    yield Entry("metrics.csv", metrics_of(reports))
    for number, report in enumerate(reports, start=1):
        folder = folder_name(report, number)
        for one in FORMATS:
            if one.offered(report):
                yield Entry(f"{folder}/{one.filename}", one.parts(report))
        for frame in report.frames:
            yield Entry(f"{folder}/pictures/{frame.order:02d}.jpg", file_parts(frame.image))
        if report.report.review_copy:
            yield Entry(f"{folder}/clip.mp4", file_parts(report.report.review_copy))


def folder_name(report: ClipReport, number: int) -> str:
    return f"{number}-{report.film_view or 'clip'}-{slugify(PurePosixPath(report.clip.original_name).stem)[:40]}".strip(
        "-"
    )


def zip_parts(files: Iterable[Entry]) -> Iterator[bytes]:
    """A zip whose sizes stand behind each file: nothing is held, nothing is sought."""
    tray = _Tray()
    with zipfile.ZipFile(tray, "w") as archive:
        for file in files:
            info = zipfile.ZipInfo(file.path)
            info.compress_type = zipfile.ZIP_STORED if _is_packed(file.path) else zipfile.ZIP_DEFLATED
            # A film may be larger than the classic zip can say.
            with archive.open(info, "w", force_zip64=True) as target:
                for part in file.parts:
                    target.write(part)
                    yield from tray.taken()
            yield from tray.taken()
    yield from tray.taken()


def _is_packed(path: str) -> bool:
    return PurePosixPath(path).suffix in PACKED


class _Tray(io.RawIOBase):
    """What the archive writes, until it is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Buffer, /) -> int:
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def taken(self) -> Iterator[bytes]:
        parts, self._parts = self._parts, []
        return iter(filter(None, parts))
