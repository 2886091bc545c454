"""The numbers of many FormChecks, each with what it was taken under, so that they can be compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from analysis.compare import Point
from analysis.fuse import Summary, fuse
from analysis.metrics.spec import Measured
from analysis.standing import AgainstStanding
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.fusing import fusable, view_grade
from runform.reports.models import MetricResult, Report, Verdict
from runform.reports.selectors import reports_newest, reports_visible_to

# A score of several views is compared by the parts that went into it.
ALL_VIEWS = "all"


@dataclass(frozen=True)
class Occasion:
    """One FormCheck with its numbers, by metric.  ``points`` has those of the clip that measures it best, ``others``
    those of its other clips; ``results`` holds the rows that ``points`` come from, a score has none."""

    check: FormCheck
    reports: tuple[Report, ...]
    points: Mapping[str, Point]
    others: Mapping[str, tuple[Point, ...]]
    results: Mapping[str, MetricResult]
    # Running minus the runner's own standing posture, where a standing clip is there.
    standing: Mapping[str, Point] = field(default_factory=dict)

    def all_points(self, key: str) -> tuple[Point, ...]:
        return (self.points[key], *self.others.get(key, ()))


def occasions_of(user: User, checks: Iterable[FormCheck]) -> list[Occasion]:
    """Those of the FormChecks that have numbers which this person may see, oldest first."""
    return occasions_from(reports_newest().filter(pk__in=reports_visible_to(user).values("pk")), checks)


def occasions_from(reports: QuerySet[Report], checks: Iterable[FormCheck]) -> list[Occasion]:
    """Those of the FormChecks that have numbers in these reports, oldest first.  Two queries, however many."""
    by_pk = {check.pk: check for check in checks}
    rows = reports.filter(clip__form_check__in=by_pk).exclude(verdict=Verdict.REFUSED)
    rows = rows.defer("waveforms", "quality", "marking_frames").order_by("clip__created_at", "clip__pk")
    by_check: dict[int, list[Report]] = defaultdict(list)
    for report in rows.prefetch_related("metrics"):
        by_check[report.clip.form_check_id].append(report)
    found = [_occasion(by_pk[pk], tuple(own)) for pk, own in by_check.items()]
    return sorted(found, key=lambda one: (one.check.recorded_on, one.check.pk))


def _occasion(check: FormCheck, reports: tuple[Report, ...]) -> Occasion:
    summary = fuse([fusable(report, report.metrics.all()) for report in reports])
    chosen = [choice.measurement["result"] for choice in summary.metrics if choice.measurement["value"] is not None]
    results = {result.key: result for result in chosen if result.key not in summary.scores}
    engines = {report.pk: f"{report.analysis_version} {report.model_sha256}" for report in reports}
    points = {key: _point(check, result, engines[result.report_id]) for key, result in results.items()}
    others: dict[str, list[Point]] = defaultdict(list)
    for report in reports:
        for result in report.metrics.all():
            if result.value is not None and result.key in results and result != results[result.key]:
                others[result.key].append(_point(check, result, engines[report.pk]))
    found = {key: tuple(own) for key, own in others.items()}
    standing = {one.key: _against(check, one, engines) for one in summary.standing}
    return Occasion(check, reports, {**_scores(check, summary, engines), **points}, found, results, standing)


def _against(check: FormCheck, against: AgainstStanding, engines: Mapping[int, str]) -> Point:
    running, standing = (side["result"] for side in (against.running, against.standing))
    point = _point(check, running, " ".join(sorted({engines[one.report_id] for one in (running, standing)})))
    measured = against.result
    return replace(point, value=measured.value, low=measured.low, high=measured.high, grade=against.grade.value)


def _point(check: FormCheck, result: MetricResult, engine: str) -> Point:
    assert result.value is not None
    return Point(
        value=result.value,
        low=result.value if result.low is None else result.low,
        high=result.value if result.high is None else result.high,
        grade=view_grade(result),
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
