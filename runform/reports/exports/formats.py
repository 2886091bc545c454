"""The list of formats."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from runform.reports.exports import landmarks, stored, tables, trc
from runform.reports.results import ClipReport


@dataclass(frozen=True)
class Format:
    """One file that can be made of one report.  ``key`` stands in the address, ``filename`` in the zip."""

    key: str
    filename: str
    label: str | Promise
    hint: str | Promise
    content_type: str
    parts: Callable[[ClipReport], Iterable[bytes]]
    offered: Callable[[ClipReport], bool]

    @property
    def extension(self) -> str:
        return PurePosixPath(self.filename).suffix.removeprefix(".").upper()


CSV = "text/csv; charset=utf-8"


def always(report: ClipReport) -> bool:
    return True


def has_numbers(report: ClipReport) -> bool:
    return bool(report.metrics)


def has_strides(report: ClipReport) -> bool:
    return bool(report.report.gait.get("stride_cuts_s"))


def has_series(report: ClipReport) -> bool:
    return bool(report.report.series)


FORMATS = (
    Format(
        "metrics",
        "metrics.csv",
        _("Numbers"),
        _("Every metric with interval, unit, grade and status"),
        CSV,
        tables.metrics,
        has_numbers,
    ),
    Format(
        "strides",
        "strides.csv",
        _("Strides"),
        _("Begin, end and foot contacts of every stride"),
        CSV,
        tables.strides,
        has_strides,
    ),
    Format("series", "series.csv", _("Curves"), _("Every curve, picture by picture"), CSV, tables.series, has_series),
    Format(
        "landmarks",
        "landmarks.csv",
        _("Body points"),
        _("33 points of the body, picture by picture"),
        CSV,
        landmarks.table,
        has_series,
    ),
    Format(
        "landmarks-npz",
        "landmarks.npz",
        _("Body points and curves"),
        _("The same for NumPy"),
        "application/octet-stream",
        stored.series,
        has_series,
    ),
    Format(
        "trc",
        "landmarks.trc",
        _("Body points"),
        _("Marker file for OpenSim and other motion software"),
        "text/plain; charset=utf-8",
        trc.markers,
        has_series,
    ),
    Format(
        "json",
        "report.json",
        _("Everything"),
        _("The analysis as it was written"),
        "application/json",
        stored.raw,
        always,
    ),
)
BY_KEY = {one.key: one for one in FORMATS}
