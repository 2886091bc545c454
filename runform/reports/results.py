"""What the results page says: the newest reports of one FormCheck, put together for a template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.metrics.spec import Group
from runform.clips.models import Clip, Kind
from runform.reports.charts import (
    Band,
    TableRow,
    compute_contacts,
    stride_band,
    unit_suffix,
    waveform_figure,
    waveform_table,
)
from runform.reports.models import AnnotatedFrame, MetricResult, Report, Verdict
from runform.reports.rows import GROUP_LABELS, SPECS, MetricRow, metric_row, view_label

AT_MOST_TO_WORK_ON = 3
AT_MOST_GOOD = 4
SEVERITY = {"flag": 0, "watch": 1, "ok": 2, "info": 3}
TRUST = {"measured": 0, "caveated": 1, "not_measured": 2}


@dataclass(frozen=True)
class Chart:
    """One waveform of one clip; the curve itself is fetched when the chart scrolls near."""

    key: str
    label: str
    unit: str
    decimals: int
    has_band: bool
    has_contacts: bool
    table: tuple[TableRow, ...]


@dataclass(frozen=True)
class ClipReport:
    """One clip's report with its rows, read once."""

    report: Report
    metrics: tuple[MetricResult, ...]
    frames: tuple[AnnotatedFrame, ...]

    @property
    def clip(self) -> Clip:
        return self.report.clip

    @property
    def refused(self) -> bool:
        return self.report.verdict == Verdict.REFUSED

    @property
    def film_view(self) -> str:
        return "standing" if self.clip.kind == Kind.STANDING else self.report.view

    @property
    def view_label(self) -> str:
        return view_label(self.film_view)

    @property
    def warnings(self) -> list[Mapping[str, Any]]:
        checks = [check for check in self.report.quality["checks"] if check["verdict"] != "ok"]
        return sorted(checks, key=lambda check: check["verdict"] != "fail")

    @property
    def passed(self) -> list[Mapping[str, Any]]:
        return [check for check in self.report.quality["checks"] if check["verdict"] == "ok"]

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        has_contacts = bool(compute_contacts(self.report.gait.get("events", {})))
        return tuple(
            Chart(
                key=key,
                label=waveform["label"],
                unit=unit_suffix(waveform["unit"]),
                decimals=3 if waveform["unit"] == "ratio" else 1,
                has_band=waveform_band(waveform, self.metrics) is not None,
                has_contacts=has_contacts,
                table=waveform_table(waveform),
            )
            for key, waveform in self.report.waveforms.items()
        )


@dataclass(frozen=True)
class Finding:
    """A sentence about one metric, with its best picture."""

    title: str
    status: str
    row: MetricRow
    tip: Mapping[str, Any] | None
    report: ClipReport
    frame: AnnotatedFrame | None


@dataclass(frozen=True)
class MetricGroup:
    label: str
    rows: tuple[MetricRow, ...]


@dataclass(frozen=True)
class Missing:
    """Metrics that share the reason why there is no number, and the view that would give one."""

    reason: str
    film_view: str
    rows: tuple[MetricRow, ...]

    @property
    def film_label(self) -> str:
        return view_label(self.film_view)


@dataclass(frozen=True)
class Results:
    to_work_on: tuple[Finding, ...]
    good: tuple[Finding, ...]
    groups: tuple[MetricGroup, ...]
    missing: tuple[Missing, ...]


def build_results(reports: Sequence[ClipReport]) -> Results:
    accepted = [report for report in reports if not report.refused]
    rows = {result.key: metric_row(result) for result in _best_results(accepted)}
    findings = list(_findings(accepted, rows))
    return Results(
        to_work_on=tuple(f for f in findings if f.status in ("flag", "watch"))[:AT_MOST_TO_WORK_ON],
        good=tuple(f for f in findings if f.status == "ok")[:AT_MOST_GOOD],
        groups=_groups([row for row in rows.values() if row.measured]),
        missing=_missing([row for row in rows.values() if not row.measured]),
    )


def waveform_band(waveform: Mapping[str, Any], metrics: Iterable[MetricResult]) -> Band | None:
    """The band of the metric that is this curve's mean; the band of a range of motion does not fit on a curve."""
    bands = (
        stride_band(waveform, key=m.key, value=m.value, band=Band.from_json(m.band))
        for m in metrics
        if m.key in waveform["metrics"]
    )
    return next((band for band in bands if band is not None), None)


def _best_results(reports: Iterable[ClipReport]) -> list[MetricResult]:
    """Each metric once, from the clip that measures it best; a reason comes from the view that could measure it."""
    best: dict[str, MetricResult] = {}
    for result in (result for report in reports for result in report.metrics):
        if result.key not in best or _rank(result) < _rank(best[result.key]):
            best[result.key] = result
    order = {key: i for i, key in enumerate(SPECS)}
    return sorted(best.values(), key=lambda result: order.get(result.key, len(order)))


def _rank(result: MetricResult) -> tuple[float, float]:
    if result.value is not None:
        return TRUST[result.grade], (result.high or 0.0) - (result.low or 0.0)
    spec = SPECS.get(result.key)
    able = spec is not None and result.view in spec.views()
    return TRUST["not_measured"], 0.0 if able else 1.0


def _findings(reports: Iterable[ClipReport], rows: Mapping[str, MetricRow]) -> Iterable[Finding]:
    """Findings of all clips, the worst first; a metric is spoken of once, from the clip that its number is from."""
    found = [
        (finding, report)
        for report in reports
        for finding in report.report.findings
        if finding["measurement"] in rows and rows[finding["measurement"]].result.report_id == report.report.pk
    ]
    for finding, report in sorted(found, key=lambda pair: SEVERITY[pair[0]["status"]]):
        yield Finding(
            title=finding["title"],
            status=finding["status"],
            row=rows[finding["measurement"]],
            tip=finding["tip"],
            report=report,
            frame=_best_frame(finding, report.frames),
        )


def _best_frame(finding: Mapping[str, Any], frames: Sequence[AnnotatedFrame]) -> AnnotatedFrame | None:
    """The picture nearest to the evidence, of those drawn for this metric."""
    own = [frame for frame in frames if finding["measurement"] in frame.measurements]
    moments = finding["evidence_s"]
    if not own or not moments:
        return own[0] if own else None
    return min(own, key=lambda frame: min(abs(frame.t_s - moment) for moment in moments))


def _groups(rows: Sequence[MetricRow]) -> tuple[MetricGroup, ...]:
    groups = (MetricGroup(str(GROUP_LABELS[g]), tuple(row for row in rows if row.group is g)) for g in Group)
    return tuple(group for group in groups if group.rows)


def _missing(rows: Sequence[MetricRow]) -> tuple[Missing, ...]:
    by_reason: dict[str, list[MetricRow]] = {}
    for row in rows:
        by_reason.setdefault(row.result.reason, []).append(row)
    return tuple(Missing(reason, _film_view(same), tuple(same)) for reason, same in by_reason.items())


def _film_view(rows: Sequence[MetricRow]) -> str:
    """The view that measures most of these metrics best."""
    views = [str(view) for row in rows if row.spec for view in row.spec.views()[:1]]
    return max(views, key=views.count) if views else ""


def clip_report(report: Report) -> ClipReport:
    return ClipReport(report, tuple(report.metrics.all()), tuple(report.frames.all()))


def build_figures(report: ClipReport) -> dict[str, Any]:
    """Waveform name -> Plotly figure."""
    contacts = compute_contacts(report.report.gait.get("events", {}))
    return {
        key: waveform_figure(waveform, band=waveform_band(waveform, report.metrics), contacts=contacts)
        for key, waveform in report.report.waveforms.items()
    }
