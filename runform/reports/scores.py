"""The composite scores of a FormCheck, and running against standing still, as the results page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.fuse import Summary
from analysis.metrics.spec import Measured, MetricSpec, NotMeasured
from analysis.score import Share
from analysis.standing import AgainstStanding
from runform.reports.charts import Band, IntervalBar, interval_bar, unit_suffix
from runform.reports.models import AnnotatedFrame, MetricResult
from runform.reports.rows import SPECS, MetricRow, border_text, number_text


@dataclass(frozen=True)
class ScorePart:
    """One metric in a score: how many points it counts for, and how many it keeps of them."""

    spec: MetricSpec
    points: str
    kept: str
    view_label: str


@dataclass(frozen=True)
class ScoreCard:
    """One composite score; without ``value`` the reason why there is none."""

    spec: MetricSpec
    went_in: tuple[ScorePart, ...]
    missing: tuple[ScorePart, ...]
    covered: int
    value: str = ""
    low: str = ""
    high: str = ""
    value_pct: float = 0.0
    low_pct: float = 0.0
    width_pct: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class StandingRow:
    """Running minus standing of one metric, with a picture of each."""

    spec: MetricSpec
    value: str
    low: str
    high: str
    suffix: str
    status: str
    grade: str
    bar: IntervalBar
    band_text: str
    running: MetricResult
    standing: MetricResult
    frames: tuple[AnnotatedFrame, ...]

    @property
    def running_text(self) -> str:
        return number_text(self.running.value, self.spec.decimals)

    @property
    def standing_text(self) -> str:
        return number_text(self.standing.value, self.spec.decimals)


def score_cards(summary: Summary, rows: Mapping[str, MetricRow]) -> tuple[ScoreCard, ...]:
    return tuple(_card(SPECS[key], found, summary.shares[key], rows) for key, found in summary.scores.items())


def standing_rows(summary: Summary) -> tuple[StandingRow, ...]:
    return tuple(_standing_row(against) for against in summary.standing)


def _card(
    spec: MetricSpec, found: Measured | NotMeasured, shares: Sequence[Share], rows: Mapping[str, MetricRow]
) -> ScoreCard:
    went_in, missing = _parts(shares, rows)
    covered = round(sum(share.counted for share in shares))
    if isinstance(found, NotMeasured):
        return ScoreCard(spec, went_in, missing, covered, reason=found.reason)
    low, high = max(found.low, 0.0), min(found.high, 100.0)
    value_text, low_text, high_text = (number_text(number, spec.decimals) for number in (found.value, low, high))
    return ScoreCard(
        spec,
        went_in,
        missing,
        covered,
        value_text,
        low_text,
        high_text,
        found.value,
        round(low, 2),
        round(high - low, 2),
    )


def _parts(
    shares: Sequence[Share], rows: Mapping[str, MetricRow]
) -> tuple[tuple[ScorePart, ...], tuple[ScorePart, ...]]:
    went_in = tuple(
        ScorePart(
            SPECS[share.key],
            number_text(share.counted, 0),
            number_text(share.kept * share.counted, 0),
            rows[share.key].view_label,
        )
        for share in shares
        if share.kept is not None
    )
    missing = tuple(
        ScorePart(SPECS[share.key], number_text(share.weight, 0), "", "") for share in shares if share.kept is None
    )
    return went_in, missing


def _standing_row(against: AgainstStanding) -> StandingRow:
    spec, found = SPECS[against.key], against.result
    running: MetricResult = against.running["result"]
    standing: MetricResult = against.standing["result"]
    band = Band(against.band.ok, against.band.watch)
    suffix = unit_suffix(spec.unit)
    return StandingRow(
        spec=spec,
        value=signed_text(found.value, spec.decimals),
        low=signed_text(found.low, spec.decimals),
        high=signed_text(found.high, spec.decimals),
        suffix=suffix,
        status=str(against.status),
        grade=against.grade.contract,
        bar=interval_bar(found.value, found.low, found.high, band),
        band_text=_("OK %(borders)s") % {"borders": border_text(band.ok, spec.decimals, suffix)},
        running=running,
        standing=standing,
        frames=tuple(frame for result in (running, standing) if (frame := _frame_of(result)) is not None),
    )


def signed_text(number: float, decimals: int) -> str:
    """A difference: with its sign."""
    text = number_text(number, decimals)
    return f"+{text}" if round(number, decimals) > 0 else text


def _frame_of(result: MetricResult) -> AnnotatedFrame | None:
    return next((frame for frame in result.report.frames.all() if result.key in frame.measurements), None)
