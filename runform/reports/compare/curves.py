"""The curves of two clips over each other, through the same stride."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from runform.reports.charts import Figure, curve_traces, stride_layout, unit_suffix, waveform_table
from runform.reports.curves import Curve, curves_of
from runform.reports.models import Report
from runform.reports.rows import number_text


@dataclass(frozen=True)
class PairRow:
    """What a screen reader hears instead of two curves."""

    pct: int
    before: float | None
    after: float | None


@dataclass(frozen=True)
class PairChart:
    label: str
    unit: str
    decimals: int
    figure: Figure
    table: tuple[PairRow, ...]

    @property
    def lines(self) -> Iterator[tuple[str, ...]]:
        """The table in words."""
        for row in self.table:
            before, after = (number_text(number, self.decimals) or "–" for number in (row.before, row.after))
            yield str(row.pct), before + self.unit, after + self.unit


def build_pairs(before: Report | None, after: Report | None) -> tuple[PairChart, ...]:
    """Curves that both clips have, from the same view, each at the level of its own number."""
    if before is None or after is None or before.view != after.view or before == after:
        return ()
    first = {curve.key: curve for curve in curves_of(before, list(before.metrics.all()))}
    pairs = ((first[curve.key], curve) for curve in curves_of(after, list(after.metrics.all())) if curve.key in first)
    return tuple(_chart(one, other) for one, other in pairs)


def _chart(before: Curve, after: Curve) -> PairChart:
    unit = after.waveform["unit"]
    traces: list[dict[str, Any]] = [
        *curve_traces(before.waveform, "before", dash="dot"),
        *curve_traces(after.waveform, "mean"),
    ]
    rows = zip(waveform_table(before.waveform), waveform_table(after.waveform), strict=True)
    return PairChart(
        label=after.waveform["label"],
        unit=unit_suffix(unit),
        decimals=3 if unit == "ratio" else 1,
        figure={"data": traces, "layout": stride_layout(_held(traces), unit)},
        table=tuple(PairRow(one.pct, one.mean, other.mean) for one, other in rows),
    )


def _held(traces: Sequence[dict[str, Any]]) -> list[float]:
    return [value for trace in traces for value in trace["y"] if value is not None]
