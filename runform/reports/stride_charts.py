"""Charts of single strides: a series over the time of the clip, a metric from stride to stride, left against right.

As in `charts`: no colours here; ``meta`` and ``name`` say what a part is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.types import Floats
from runform.reports.charts import Band, Figure, unit_suffix
from runform.reports.strides import Strides, StrideValue, json_numbers

# Of a series in the chart, points a second: enough for the eye, and light on a phone.
DRAWN_HZ = 50.0
MARGIN = {"l": 58, "r": 14, "t": 8, "b": 40}
AIR = 0.12


@dataclass(frozen=True)
class StepRow:
    """What a screen reader hears instead of two curves."""

    pct: int
    right: float
    left: float


@dataclass(frozen=True)
class TimeRow:
    """One stride of a series: when it begins, its mean, its lowest and highest point."""

    number: int
    t_s: float
    mean: float
    low: float
    high: float


def time_figure(values: Floats, strides: Strides, unit: str, decimals: int) -> Figure:
    """A series over media time, with the strides as background."""
    every = max(1, round(1.0 / DRAWN_HZ / max(float(np.median(np.diff(strides.t_s))), 1e-6)))
    t_s, shown = strides.t_s[::every], values[::every]
    y_range = _around(shown[np.isfinite(shown)])
    curve = {
        "type": "scatter",
        "mode": "lines",
        "x": json_numbers(t_s, 3),
        "y": json_numbers(shown, decimals + 1),
        "connectgaps": False,
        "line": {"width": 2},
        "hoverinfo": "skip",
        "meta": "mean",
    }
    # Every other stride is shaded: the eye counts them.
    box = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 0}, "layer": "below", "name": "stride"}
    shapes = [{**box, "x0": round(float(a), 3), "x1": round(float(b), 3)} for a, b in strides.cuts_s[::2]]
    x_range = [round(float(t_s[0]), 3), round(float(t_s[-1]), 3)]
    return {"data": [curve], "layout": _layout(y_range, unit_suffix(unit), shapes, x_range, " s")}


def time_table(curves: Floats, starts: Floats) -> tuple[TimeRow, ...]:
    return tuple(
        TimeRow(number, float(t), float(curve.mean()), float(curve.min()), float(curve.max()))
        for number, (curve, t) in enumerate(zip(curves, starts, strict=True), start=1)
    )


def strides_figure(
    found: Sequence[StrideValue], interval: tuple[float, float], band: Band | None, unit: str, decimals: int
) -> Figure:
    """The metric in each stride over media time, its value's interval, and the ok band."""
    values = np.array([one.value for one in found])
    y_range = _around(np.concatenate([values, interval, _near(band, values)]))
    points = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [one.t_s for one in found],
        "y": json_numbers(values, decimals + 1),
        "line": {"width": 1},
        "marker": {"size": 9},
        "hoverinfo": "skip",
        "meta": "stride",
    }
    low, high = interval
    shapes = [*_ok(band, y_range), _across("interval", low, high)]
    times = [one.t_s for one in found]
    air = 0.04 * (times[-1] - times[0] or 1.0)
    x_range = [round(times[0] - air, 3), round(times[-1] + air, 3)]
    return {"data": [points], "layout": _layout(y_range, unit_suffix(unit), shapes, x_range, " s")}


def steps_figure(right: Floats, left: Floats, unit: str, decimals: int) -> Figure:
    """Mean and spread of the right and of the left step, [k, 51] each, over one step."""
    x = np.linspace(0, 100, right.shape[1])
    traces, held = [], []
    for side, curves, dash in (("right", right, "solid"), ("left", left, "dash")):
        mean, sd = curves.mean(axis=0), curves.std(axis=0)
        held += [mean - sd, mean + sd]
        edge = {"type": "scatter", "mode": "lines", "x": json_numbers(x, 1), "line": {"width": 0}, "hoverinfo": "skip"}
        upper, lower = json_numbers(mean + sd, decimals + 1), json_numbers(mean - sd, decimals + 1)
        traces += [
            {**edge, "y": upper, "meta": "spread-edge"},
            {**edge, "y": lower, "fill": "tonexty", "meta": f"spread-{side}"},
        ]
        line = {"width": 3, "dash": dash}
        traces.append({**edge, "y": json_numbers(mean, decimals + 1), "line": line, "meta": f"side-{side}"})
    layout = _layout(_around(np.concatenate(held)), unit_suffix(unit), [], [0.0, 100.0], " %")
    return {"data": traces, "layout": layout}


def steps_table(right: Floats, left: Floats) -> tuple[StepRow, ...]:
    means = right.mean(axis=0), left.mean(axis=0)
    places = [round(i * (len(means[0]) - 1) / 10) for i in range(11)]
    return tuple(StepRow(10 * i, float(means[0][p]), float(means[1][p])) for i, p in enumerate(places))


def _around(values: Floats) -> tuple[float, float]:
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    air = AIR * ((high - low) or abs(high) or 1.0)
    return round(low - air, 4), round(high + air, 4)


def _near(band: Band | None, values: Floats) -> Floats:
    """Borders of the band that are not so far off that they would flatten the strides."""
    span = float(np.ptp(values)) or 1.0
    low, high = float(values.min()) - 2 * span, float(values.max()) + 2 * span
    return np.array([b for b in (band.ok if band else ()) if b is not None and low < b < high])


def _ok(band: Band | None, y_range: tuple[float, float]) -> list[Figure]:
    if band is None:
        return []
    low = max(y_range[0] if band.ok[0] is None else band.ok[0], y_range[0])
    high = min(y_range[1] if band.ok[1] is None else band.ok[1], y_range[1])
    return [_across("ok-band", low, high)] if low < high else []


def _across(name: str, low: float, high: float) -> Figure:
    box = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "line": {"width": 0}, "layer": "below"}
    return {**box, "y0": round(low, 4), "y1": round(high, 4), "name": name}


def _layout(
    y_range: tuple[float, float], suffix: str, shapes: list[Figure], x_range: list[float], x_suffix: str
) -> Figure:
    fixed = {"fixedrange": True, "zeroline": False}
    return {
        "xaxis": {**fixed, "range": x_range, "ticksuffix": x_suffix, "nticks": 6, "showgrid": False},
        "yaxis": {**fixed, "range": list(y_range), "ticksuffix": suffix, "nticks": 6},
        # Fixed, because the cursor is laid over it.
        "margin": MARGIN,
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
        "shapes": shapes,
        "annotations": [],
    }
