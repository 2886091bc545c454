"""What stands behind one number and one clip: strides, left against right, series over time.  Fetched when opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.metrics.spec import MetricSpec
from runform.reports.charts import Figure, level_waveform, unit_suffix
from runform.reports.curves import Chart, chart_of, curves_of, mean_result
from runform.reports.models import MetricResult, Report
from runform.reports.rows import MetricRow, metric_row, number_text
from runform.reports.stride_charts import (
    StepRow,
    TimeRow,
    steps_figure,
    steps_table,
    strides_figure,
    time_figure,
    time_table,
)
from runform.reports.strides import (
    AT_STRIKE,
    REPEATING,
    STRIDES_MIN,
    SWINGING,
    Sides,
    Strides,
    StrideValue,
    Told,
    compare_pair,
    compare_sides,
    fold,
    read_strides,
    spread,
    stride_values,
)

# Parts of a clip that its chart offers, where they are clearly shorter than the whole.
SPANS_S = (20, 10, 5)
SHORTER = 0.8


@dataclass(frozen=True)
class SidesText:
    """Left against right in words, with a chart where both are drawn."""

    sentence: str
    told: bool
    figure: Figure | None = None
    table: tuple[StepRow, ...] = ()
    mirrored: bool = False


@dataclass(frozen=True)
class MetricDetail:
    row: MetricRow
    code: str
    curve: Figure | None
    chart: Chart | None
    strides: Figure | None
    values: tuple[StrideValue, ...]
    spread: str
    sides: SidesText | None
    decimals: int

    @property
    def nothing(self) -> bool:
        return not (self.curve or self.strides or self.sides)


@dataclass(frozen=True)
class TimeChart:
    """One series of a clip over its time; ``choices`` are the others, ``spans`` how much of it can be shown (s)."""

    name: str
    label: str
    unit: str
    decimals: int
    figure: Figure
    table: tuple[TimeRow, ...]
    choices: tuple[tuple[str, str], ...]
    spans: tuple[tuple[float, str], ...]


def metric_detail(report: Report, metrics: Sequence[MetricResult], key: str) -> MetricDetail | None:
    """None for a metric without a number."""
    result = next((m for m in metrics if m.key == key and m.value is not None), None)
    if result is None or result.value is None:
        return None
    row = metric_row(result)
    spec, strides = row.spec, read_strides(report)
    values = stride_values(spec, result.value, strides) if spec and strides else ()
    curve = next((one for one in curves_of(report, metrics) if spec and one.key == spec.waveform), None)
    low, high = (result.value if end is None else end for end in (result.low, result.high))
    decimals = row.decimals
    return MetricDetail(
        row=row,
        code=str(report.code),
        curve=curve.figure if curve else None,
        chart=chart_of(curve, metrics) if curve else None,
        strides=strides_figure(values, (low, high), row.band, result.unit, decimals) if values else None,
        values=values,
        spread=number_text(spread(values), decimals),
        sides=_sides(metrics, row, spec, strides) if spec and strides else None,
        decimals=decimals,
    )


def time_chart(report: Report, metrics: Sequence[MetricResult], name: str = "") -> TimeChart | None:
    """The series ``name``, or the first; None where the report keeps none."""
    strides = read_strides(report)
    # In the file's order: PostgreSQL keeps none of its own.
    curves = {key: report.waveforms[key] for key in (strides.series if strides else ()) if key in report.waveforms}
    if not strides or not curves or len(strides.t_s) < 2:
        return None
    name = name if name in curves else next(iter(curves))
    waveform, values = curves[name], strides.series[name]
    mean = mean_result(waveform, metrics)
    level = level_waveform(waveform, mean.value if mean else None)
    shift = _shift(waveform["mean"], level["mean"])
    decimals = 3 if waveform["unit"] == "ratio" else 1
    rows, starts = strides.curves(name)
    return TimeChart(
        name=name,
        label=waveform["label"],
        unit=unit_suffix(waveform["unit"]),
        decimals=decimals,
        figure=time_figure(values + shift, strides, waveform["unit"], decimals),
        table=time_table(rows + shift, starts),
        choices=tuple((key, curve["label"]) for key, curve in curves.items()),
        spans=_spans(float(strides.t_s[-1] - strides.t_s[0])),
    )


def _spans(whole_s: float) -> tuple[tuple[float, str], ...]:
    """None where the whole is short enough."""
    parts = [span for span in SPANS_S if span < SHORTER * whole_s]
    words = [(float(span), _("%(seconds)d s") % {"seconds": span}) for span in parts]
    return ((round(whole_s, 3), _("all")), *words) if parts else ()


def _shift(mean: Sequence[float | None], level: Sequence[float | None]) -> float:
    return next((b - a for a, b in zip(mean, level, strict=True) if a is not None and b is not None), 0.0)


def _sides(metrics: Sequence[MetricResult], row: MetricRow, spec: MetricSpec, strides: Strides) -> SidesText | None:
    if spec.waveform in AT_STRIKE:
        return SidesText(
            _("From the side only the leg nearer to the camera is measured. Film from the other side to compare."),
            told=False,
        )
    found = _found(metrics, row.result, spec, strides)
    if found is None:
        return None
    sentence = _sentence(found, row)
    curves, _starts = strides.curves(spec.waveform or "")
    if spec.waveform not in SWINGING | REPEATING or len(curves) < STRIDES_MIN:
        return SidesText(sentence, found.told is Told.YES)
    right, left = fold(curves, spec.waveform)
    figure = steps_figure(right, left, spec.unit, row.decimals)
    return SidesText(sentence, found.told is Told.YES, figure, steps_table(right, left), spec.waveform in SWINGING)


def _found(metrics: Sequence[MetricResult], result: MetricResult, spec: MetricSpec, strides: Strides) -> Sides | None:
    base, _, side = spec.key.rpartition("_")
    if side in ("left", "right") and spec.key != "lateral_lean_left_right":
        pair = {m.key: m for m in metrics}
        left, right = pair.get(f"{base}_left"), pair.get(f"{base}_right")
        return compare_pair(left, right, spec) if left and right else None
    return compare_sides(result, spec, strides)


def _sentence(found: Sides, row: MetricRow) -> str:
    words = {
        "size": number_text(abs(found.difference), row.decimals) + row.suffix,
        "error": number_text(found.error, row.decimals) + row.suffix,
    }
    if found.told is Told.YES:
        more = _("More on the right: by %(size)s ± %(error)s.") if found.difference > 0 else ""
        return (more or _("More on the left: by %(size)s ± %(error)s.")) % words
    return {
        Told.ERROR: _("No difference between left and right beyond the error (%(size)s ± %(error)s)."),
        Told.SMALL: _("Left and right differ by %(size)s ± %(error)s: too little to matter."),
        Told.HINT: _("This view gives only a hint of it, so left and right are not compared."),
        Told.VIEW: _(
            "From the side the near half of the body looks larger than the far one, so left and right are not compared "
            "here. Film from behind or in front."
        ),
    }[found.told] % words
