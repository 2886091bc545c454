"""A trend as a Plotly figure without colours: static/js/charts/paint.js paints what `meta` and `name` say."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from runform.reports.progress.marks import Mark
from runform.reports.progress.trends import Trend

Figure = dict[str, Any]
AIR_DAYS = 7


def trend_figure(trend: Trend, marks: Sequence[Mark] = ()) -> Figure:
    days = [step.check.recorded_on for step in trend.steps]
    own = [mark for mark in marks if mark.metric in ("", trend.spec.key)]
    x_range = _x_range([*days, *(mark.on for mark in own)])
    y_range = _y_range(trend)
    shapes = [*_ok_band(trend, y_range), *_mdc_bands(trend), *_breaks(trend)]
    still = {"fixedrange": True}
    return {
        "data": [_joins(trend), _points(trend), *_marks(own, y_range)],
        "layout": {
            "xaxis": {"type": "date", "range": [day.isoformat() for day in x_range], **still, "showgrid": False},
            "yaxis": {"range": y_range, "ticksuffix": trend.suffix, **still, "automargin": True, "zeroline": False},
            "margin": {"l": 48, "r": 16, "t": 8, "b": 44},
            "hovermode": "closest",
            "dragmode": False,
            "showlegend": False,
            "shapes": shapes,
            "annotations": [],
        },
    }


def _joins(trend: Trend) -> Figure:
    """Only what can be compared is joined."""
    x: list[str | None] = []
    y: list[float | None] = []
    for step in trend.steps:
        if step.before is not None:
            before = trend.steps[step.before]
            x += [before.check.recorded_on.isoformat(), step.check.recorded_on.isoformat(), None]
            y += [before.point.value, step.point.value, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "hoverinfo": "skip",
        "meta": "joins",
        "line": {"width": 2},
    }


def _points(trend: Trend) -> Figure:
    lines = list(reversed(trend.lines))
    points = [step.point for step in trend.steps]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [step.check.recorded_on.isoformat() for step in trend.steps],
        "y": [point.value for point in points],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [round(point.high - point.value, 4) for point in points],
            "arrayminus": [round(point.value - point.low, 4) for point in points],
            "thickness": 1.5,
            "width": 3,
        },
        # A point that stands alone is hollow.
        "marker": {"size": 10, "symbol": [_symbol(trend, number) for number in range(len(points))]},
        "text": ["<br>".join(filter(None, [line.value, line.verdict, line.broken])) for line in lines],
        "hovertemplate": "%{x|%d %b %Y}: %{text}<extra></extra>",
        "meta": "points",
    }


def _symbol(trend: Trend, number: int) -> str:
    step = trend.steps[number]
    followed = any(later.before == number for later in trend.steps[number + 1 :])
    return "circle" if step.before is not None or followed else "circle-open"


def _mdc_bands(trend: Trend) -> Iterable[Figure]:
    """Around the first of each line: what stays inside has not clearly changed since."""
    for start in sorted({step.start for step in trend.steps}):
        line = [step for step in trend.steps if step.start == start]
        if len(line) > 1:
            first = line[0]
            yield _box(first.check.recorded_on, line[-1].check.recorded_on, first.point.value, trend.spec.mdc)


def _box(start: date, end: date, value: float, half: float) -> Figure:
    box = {"type": "rect", "x0": start.isoformat(), "x1": end.isoformat(), "y0": value - half, "y1": value + half}
    return {**box, "layer": "below", "line": {"width": 0}, "name": "mdc-band"}


def _breaks(trend: Trend) -> Iterable[Figure]:
    for step in trend.steps:
        if step.broken:
            day = step.check.recorded_on.isoformat()
            line = {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
            yield {**line, "line": {"width": 1, "dash": "dot"}, "name": "break"}


def _ok_band(trend: Trend, y_range: list[float]) -> Iterable[Figure]:
    if trend.band is None:
        return
    low = y_range[0] if trend.band.ok[0] is None else max(trend.band.ok[0], y_range[0])
    high = y_range[1] if trend.band.ok[1] is None else min(trend.band.ok[1], y_range[1])
    if low < high:
        box = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high, "layer": "below"}
        yield {**box, "line": {"width": 0}, "name": "ok-band"}


def _marks(marks: Sequence[Mark], y_range: list[float]) -> Iterable[Figure]:
    if marks:
        yield {
            "type": "scatter",
            "mode": "markers",
            "x": [mark.on.isoformat() for mark in marks],
            "y": [y_range[0]] * len(marks),
            "cliponaxis": False,
            "marker": {"size": 12, "symbol": "triangle-up"},
            "text": [f"{mark.label}: {mark.text}" if mark.text else mark.label for mark in marks],
            "hovertemplate": "%{x|%d %b %Y}: %{text}<extra></extra>",
            "meta": "marks",
        }


def _x_range(days: Sequence[date]) -> tuple[date, date]:
    air = timedelta(days=max(AIR_DAYS, (max(days) - min(days)).days // 20))
    return min(days) - air, max(days) + air


def _y_range(trend: Trend) -> list[float]:
    """Holds the points with their intervals and the noise around the first; the band where it is near."""
    points = [step.point for step in trend.steps]
    first = points[0].value
    low = min(first - trend.spec.mdc, *(point.low for point in points))
    high = max(first + trend.spec.mdc, *(point.high for point in points))
    near = [edge for edge in (trend.band.ok if trend.band else ()) if edge is not None]
    near = [edge for edge in near if low - (high - low) < edge < high + (high - low)]
    low, high = min(low, *near, low), max(high, *near, high)
    air = 0.08 * (high - low or 1.0)
    return [round(low - air, 4), round(high + air, 4)]
