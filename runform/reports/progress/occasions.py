"""The numbers of many FormChecks, each with what it was taken under, so that they can be compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import QuerySet

from analysis.compare import Point
from analysis.fuse import Summary, fuse
from analysis.metrics.spec import Measured
from analysis.standing import AgainstStanding
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.fusing import view_grade
from runform.reports.models import MetricResult, Report, Verdict
from runform.reports.selectors import reports_newest, reports_visible_to

# A score of several views is compared by the parts that went into it.
ALL_VIEWS = "all"


class Number(NamedTuple):
    """A MetricResult that has a value, as plain as it comes: a page reads some thousand."""

    pk: int
    report_id: int
    key: str
    value: float
    low: float
    high: float
    grade: str
    view_grade: str
    view: str
    source: str
    strides: int | None
    status: str
    band: Mapping[str, Any] | None


@dataclass(frozen=True)
class Occasion:
    """One FormCheck with its numbers, by metric.  ``points`` has those of the clip that measures it best, ``others``
    those of its other clips; ``results`` holds the rows that ``points`` come from, a score has none."""

    check: FormCheck
    reports: tuple[Report, ...]
    points: Mapping[str, Point]
    others: Mapping[str, tuple[Point, ...]]
    results: Mapping[str, Number]
    # Running minus the runner's own standing posture, where a standing clip is there.
    standing: Mapping[str, Point] = field(default_factory=dict)

    def all_points(self, key: str) -> tuple[Point, ...]:
        return (self.points[key], *self.others.get(key, ()))


def occasions_of(user: User, checks: Iterable[FormCheck]) -> list[Occasion]:
    """Those of the FormChecks that have numbers which this person may see, oldest first."""
    return occasions_from(_shown_to(user), checks)


def checks_with_numbers(user: User, athlete: User) -> list[FormCheck]:
    """FormChecks of an athlete that have numbers which this person may see, oldest first."""
    reports = _shown_to(user).filter(clip__athlete=athlete).exclude(verdict=Verdict.REFUSED)
    checks = FormCheck.objects.filter(pk__in=reports.values("clip__form_check"), athlete=athlete, deleted_at=None)
    return list(checks.order_by("recorded_on", "pk"))


def occasions_from(reports: QuerySet[Report], checks: Iterable[FormCheck]) -> list[Occasion]:
    """Those of the FormChecks that have numbers in these reports, oldest first.  Two queries, however many."""
    by_pk = {check.pk: check for check in checks}
    rows = reports.filter(clip__form_check__in=by_pk).exclude(verdict=Verdict.REFUSED)
    rows = rows.select_related(None).select_related("clip").order_by("clip__created_at", "clip__pk")
    by_check: dict[int, list[Report]] = defaultdict(list)
    for report in rows.defer("waveforms", "quality", "gait", "findings", "marking_frames"):
        by_check[report.clip.form_check_id].append(report)
    numbers = _numbers(report.pk for own in by_check.values() for report in own)
    found = [_occasion(by_pk[pk], tuple(own), numbers) for pk, own in by_check.items()]
    return sorted(found, key=lambda one: (one.check.recorded_on, one.check.pk))


def _shown_to(user: User) -> QuerySet[Report]:
    return reports_newest().filter(pk__in=reports_visible_to(user).values("pk"))


def _numbers(reports: Iterable[int]) -> dict[int, list[Number]]:
    rows = MetricResult.objects.filter(report__in=list(reports), value__isnull=False).order_by("order")
    found: dict[int, list[Number]] = defaultdict(list)
    for row in rows.values_list(*Number._fields):
        number = Number(*row)
        found[number.report_id].append(number)
    return found


def _occasion(check: FormCheck, reports: tuple[Report, ...], numbers: Mapping[int, Sequence[Number]]) -> Occasion:
    summary = fuse([_contract(report, numbers.get(report.pk, ())) for report in reports])
    chosen = [choice.measurement["result"] for choice in summary.metrics]
    results = {result.key: result for result in chosen if result.key not in summary.scores}
    engines = {report.pk: f"{report.analysis_version} {report.model_sha256}" for report in reports}
    points = {key: _point(check, result, engines[result.report_id]) for key, result in results.items()}
    others: dict[str, list[Point]] = defaultdict(list)
    for result in (number for report in reports for number in numbers.get(report.pk, ())):
        if result.key in results and result != results[result.key]:
            others[result.key].append(_point(check, result, engines[result.report_id]))
    found = {key: tuple(own) for key, own in others.items()}
    standing = {one.key: _against(check, one, engines) for one in summary.standing}
    return Occasion(check, reports, {**_scores(check, summary, engines), **points}, found, results, standing)


def _contract(report: Report, numbers: Iterable[Number]) -> Mapping[str, Any]:
    """What `analysis.fuse` joins; what could not be measured, and what is said of it, have no place in a trend."""
    measurements = [
        {
            "id": number.key,
            "value": number.value,
            "low": number.low,
            "high": number.high,
            "view_grade": view_grade(number.view_grade, number.grade),
            "band": number.band,
            "strides": number.strides,
            "result": number,
        }
        for number in numbers
    ]
    activity = {"activity": report.activity}
    return {"view": {"name": report.view}, "gait": activity, "measurements": measurements, "findings": ()}


def _against(check: FormCheck, against: AgainstStanding, engines: Mapping[int, str]) -> Point:
    running, standing = (side["result"] for side in (against.running, against.standing))
    point = _point(check, running, " ".join(sorted({engines[one.report_id] for one in (running, standing)})))
    measured = against.result
    return replace(point, value=measured.value, low=measured.low, high=measured.high, grade=against.grade.value)


def _point(check: FormCheck, result: Number, engine: str) -> Point:
    return Point(
        value=result.value,
        low=result.low,
        high=result.high,
        grade=view_grade(result.view_grade, result.grade),
        view=result.view,
        source=result.source,
        speed_mps=check.speed_mps,
        incline_pct=check.incline_pct,
        surface=check.surface,
        engine=engine,
    )


def _scores(check: FormCheck, summary: Summary, engines: Mapping[int, str]) -> dict[str, Point]:
    """The composite scores, each with the parts that it is made of as its source."""
    points = {}
    for key, score in summary.scores.items():
        if not isinstance(score, Measured):
            continue
        parts = sorted(share.key for share in summary.shares[key] if share.kept is not None)
        points[key] = Point(
            value=score.value,
            low=max(0.0, score.low),
            high=min(100.0, score.high),
            grade=score.grade.value if score.grade else "B",
            view=ALL_VIEWS,
            source=" ".join(parts),
            speed_mps=check.speed_mps,
            incline_pct=check.incline_pct,
            surface=check.surface,
            engine=" ".join(sorted(set(engines.values()))),
        )
    return points
