"""What the results page says: the newest reports of one FormCheck, put together for a template."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from analysis.fuse import fuse
from analysis.metrics.spec import Group
from runform.clips.models import Clip, Kind
from runform.reports.curves import Chart, charts_of
from runform.reports.fusing import fusable
from runform.reports.models import AnnotatedFrame, MetricResult, Report, Verdict
from runform.reports.rows import GROUP_LABELS, SPECS, MetricRow, metric_row, view_label
from runform.reports.scores import ScoreCard, StandingRow, score_cards, standing_rows

STILL = "standing"


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

    @property
    def moments(self) -> list[Mapping[str, Any]]:
        """Findings that can be seen in the clip."""
        return [finding for finding in self.report.findings if finding["evidence_s"]]

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        return charts_of(self.report, self.metrics)

    @property
    def first_charts(self) -> list[Chart]:
        """Those that tell most; the others open on demand."""
        return [chart for chart in self.charts if chart.stands_out]

    @property
    def other_charts(self) -> list[Chart]:
        return [chart for chart in self.charts if not chart.stands_out]


@dataclass(frozen=True)
class Finding:
    """A sentence about one metric, with its best picture."""

    title: str
    status: str
    row: MetricRow
    tip: Mapping[str, Any] | None
    report: ClipReport
    frame: AnnotatedFrame | None
    tip_above: bool = False
    # A red flag was ticked: no drills before a professional has looked.
    held_back: bool = False


@dataclass(frozen=True)
class MetricGroup:
    label: str
    rows: tuple[MetricRow, ...]
    standing: tuple[StandingRow, ...] = ()
    # Shown where running could be compared with standing: "invite" to film it, or "unseen".
    standing_note: str = ""


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
    scores: tuple[ScoreCard, ...]
    groups: tuple[MetricGroup, ...]
    missing: tuple[Missing, ...]


def clip_report(report: Report) -> ClipReport:
    return ClipReport(report, tuple(report.metrics.all()), tuple(report.frames.all()))


def build_results(reports: Sequence[ClipReport]) -> Results:
    """One summary of all clips; refused ones give nothing."""
    accepted = [report for report in reports if not report.refused]
    summary = fuse([fusable(one.report, one.metrics) for one in accepted])
    chosen = (metric_row(choice.measurement["result"]) for choice in summary.metrics)
    order = {key: i for i, key in enumerate(SPECS)}
    rows = {row.key: row for row in sorted(chosen, key=lambda row: order.get(row.key, len(order)))}
    # A clip's own composite scores give way to those of all clips together.
    single = [row for row in rows.values() if row.key not in summary.scores]

    def findings(found: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[Finding, ...]:
        return tuple(_say_once(_finding(f, accepted[clip], rows[f["measurement"]]) for clip, f in found))

    return Results(
        to_work_on=findings(summary.to_work_on),
        good=findings(summary.good),
        scores=score_cards(summary, rows) if accepted else (),
        groups=_with_standing(
            _groups([row for row in single if row.measured]),
            standing_rows(summary),
            "unseen" if any(report.clip.kind == Kind.STANDING for report in reports) else "invite",
        ),
        missing=_missing([row for row in single if not row.measured]),
    )


def _finding(finding: Mapping[str, Any], report: ClipReport, row: MetricRow) -> Finding:
    frame = _best_frame(finding, report.frames)
    return Finding(finding["title"], finding["status"], row, finding["tip"], report, frame)


def _say_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Left and right often ask for the same: the cue and its drills stand with the first."""
    said: list[str] = []
    for finding in findings:
        cue = finding.tip["cue"] if finding.tip else ""
        yield replace(finding, tip=None, tip_above=True) if cue and cue in said else finding
        said.append(cue)


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


def _with_standing(
    groups: tuple[MetricGroup, ...], standing: tuple[StandingRow, ...], note: str
) -> tuple[MetricGroup, ...]:
    """Running against standing, in the group of its metric; where there is nothing to compare with, how to get it."""
    done = {row.spec.key for row in standing}

    def completed(group: MetricGroup) -> MetricGroup:
        able = [
            row for row in group.rows if row.spec and row.spec.standing_band and row.result.report.activity != STILL
        ]
        own = tuple(line for line in standing if line.spec.key in {row.key for row in able})
        return replace(group, standing=own, standing_note=note if any(row.key not in done for row in able) else "")

    return tuple(completed(group) for group in groups)


def _missing(rows: Sequence[MetricRow]) -> tuple[Missing, ...]:
    by_reason: dict[str, list[MetricRow]] = {}
    for row in rows:
        by_reason.setdefault(row.result.reason, []).append(row)
    return tuple(Missing(reason, _film_view(same), tuple(same)) for reason, same in by_reason.items())


def _film_view(rows: Sequence[MetricRow]) -> str:
    """The view that measures most of these metrics best."""
    views = [str(view) for row in rows if row.spec for view in row.spec.views()[:1]]
    return max(views, key=views.count) if views else ""
