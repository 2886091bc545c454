"""The waveforms of one clip: each with its figure, and what the page says of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runform.reports.charts import (
    Band,
    Contact,
    Figure,
    TableRow,
    compute_contacts,
    is_mean,
    level_waveform,
    unit_suffix,
    waveform_figure,
    waveform_table,
)
from runform.reports.models import MetricResult, Report
from runform.reports.rows import SPECS, number_text

PLACES = {key: place for place, key in enumerate(SPECS)}


@dataclass(frozen=True)
class Chart:
    """One waveform of one clip; the curve itself is fetched when the chart scrolls near."""

    key: str
    label: str
    unit: str
    decimals: int
    has_band: bool
    has_contacts: bool
    has_mid_stances: bool
    stands_out: bool
    table: tuple[TableRow, ...]

    @property
    def lines(self) -> Iterator[tuple[str, ...]]:
        """The table in words: place in the stride, mean, spread."""
        for row in self.table:
            mean, sd = (number_text(number, self.decimals) or "–" for number in (row.mean, row.sd))
            yield str(row.pct), mean + self.unit, sd


@dataclass(frozen=True)
class Curve:
    """A waveform at the level of the number that is its mean."""

    key: str
    waveform: Mapping[str, Any]
    contacts: Sequence[Contact]
    band: Band | None

    @cached_property
    def figure(self) -> Figure:
        return waveform_figure(self.waveform, band=self.band, contacts=self.contacts)

    @property
    def shows_band(self) -> bool:
        """It does where the band is near."""
        return self.band is not None and any(shape["name"] == "ok-band" for shape in self.figure["layout"]["shapes"])


def curves_of(report: Report, metrics: Sequence[MetricResult]) -> Iterator[Curve]:
    contacts = compute_contacts(report.gait)
    for key, waveform in sorted(report.waveforms.items(), key=_place):
        mean = mean_result(waveform, metrics)
        level = level_waveform(waveform, mean.value if mean else None)
        band = Band.from_json(mean.band) if mean else None
        yield Curve(key, level, contacts, band)


def _place(named: tuple[str, Mapping[str, Any]]) -> tuple[int, str]:
    """In the order of the metrics that they give: PostgreSQL keeps none of its own."""
    key, waveform = named
    return min((PLACES[metric] for metric in waveform["metrics"] if metric in PLACES), default=len(PLACES)), key


def mean_result(waveform: Mapping[str, Any], metrics: Iterable[MetricResult]) -> MetricResult | None:
    """The metric that is the mean of this waveform."""
    return next((m for m in metrics if m.key in waveform["metrics"] and is_mean(m.key)), None)


def build_figures(report: Report) -> dict[str, Figure]:
    """Waveform name -> Plotly figure."""
    return {curve.key: curve.figure for curve in curves_of(report, list(report.metrics.all()))}


def charts_of(report: Report, metrics: Sequence[MetricResult]) -> tuple[Chart, ...]:
    return tuple(chart_of(curve, metrics) for curve in curves_of(report, metrics))


def chart_of(curve: Curve, metrics: Iterable[MetricResult]) -> Chart:
    """A chart stands out when it has a band to be seen against, or a metric outside its band."""
    outside = {metric.key for metric in metrics if metric.status in ("flag", "watch")}
    shows_band = curve.shows_band
    return Chart(
        key=curve.key,
        label=curve.waveform["label"],
        unit=unit_suffix(curve.waveform["unit"]),
        decimals=3 if curve.waveform["unit"] == "ratio" else 1,
        has_band=shows_band,
        has_contacts=any(contact.start_pct is not None for contact in curve.contacts),
        has_mid_stances=any(contact.start_pct is None for contact in curve.contacts),
        stands_out=shows_band or not outside.isdisjoint(curve.waveform["metrics"]),
        table=waveform_table(curve.waveform),
    )
