"""What the page of a comparison is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.compare import align_strides
from runform.clips.models import FormCheck, Kind
from runform.reports.compare.curves import build_pairs
from runform.reports.compare.rows import build_comparison
from runform.reports.models import Report
from runform.reports.progress.occasions import Occasion
from runform.reports.rows import view_label

SPEEDS = (("0.125", "1/8"), ("0.25", "1/4"), ("0.5", "1/2"), ("1", "1×"))


@dataclass(frozen=True)
class Side:
    """One of the two players, and the clips that it could show."""

    name: str
    check: FormCheck
    report: Report | None
    choices: tuple[Report, ...]

    @property
    def film_view(self) -> str:
        return film_view(self.report) if self.report else ""

    @property
    def label(self) -> str:
        return view_label(self.film_view)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(str(report.code), view_label(film_view(report))) for report in self.choices]


def film_view(report: Report) -> str:
    return "standing" if report.clip.kind == Kind.STANDING else report.view


def build_page(before: Occasion, after: Occasion, asked: Mapping[str, str]) -> dict[str, Any]:
    """``asked`` may name the report that each side is to show."""
    first, second = _whole(_pair(before, after, asked))
    same = before.check == after.check
    sides = (Side("before", before.check, first, _films(before)), Side("after", after.check, second, _films(after)))
    return {
        "sides": sides,
        "same": same,
        "comparison": None if same else build_comparison(before, after),
        "pairs": () if same else build_pairs(first, second),
        "strides": align_strides([side.report.gait if side.report else {} for side in sides]),
        "ghost": bool(first and second and film_view(first) == film_view(second)),
        "speeds": SPEEDS,
        "mirror": bool(first and second and first.facing != second.facing),
    }


def _pair(before: Occasion, after: Occasion, asked: Mapping[str, str]) -> tuple[Report | None, Report | None]:
    """What was asked for; else the first view that both have; of one FormCheck two different ones."""
    ours, theirs = _films(before), _films(after)
    first, second = _by_code(ours, asked.get("before")), _by_code(theirs, asked.get("after"))
    if before.check == after.check:
        first = first or next(iter(ours), None)
        return first, second or next((report for report in theirs if report != first), None)
    if first is None:
        views = [film_view(second)] if second else [film_view(report) for report in theirs]
        first = next((report for report in ours if film_view(report) in views), next(iter(ours), None))
    same = (report for report in theirs if first and film_view(report) == film_view(first))
    return first, second or next(same, next(iter(theirs), None))


def _whole(pair: tuple[Report | None, Report | None]) -> list[Report | None]:
    """With all that an occasion leaves out."""
    rows = Report.objects.select_related("clip").prefetch_related("metrics")
    found = rows.in_bulk([report.pk for report in pair if report])
    return [found[report.pk] if report else None for report in pair]


def _films(occasion: Occasion) -> tuple[Report, ...]:
    return tuple(report for report in occasion.reports if report.review_copy and report.series)


def _by_code(reports: Sequence[Report], code: str | None) -> Report | None:
    return next((report for report in reports if str(report.code) == code), None)
