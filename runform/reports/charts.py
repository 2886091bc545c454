"""Charts of a stored report: pure functions from its JSON to plain data, no Django.

A figure holds no colours: traces (`meta`) and shapes (`name`) say what they are, and static/js/charts/paint.js paints
them from the page's tokens, again when the reader switches between light and dark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Any

Figure = dict[str, Any]
Border = tuple[float | None, float | None]

UNIT_SUFFIX = {"deg": "°", "cm": " cm", "ms": " ms", "spm": " spm", "ratio": "", "0..1": "", "0..100": ""}
# Metrics that are the mean of their waveform: only their band may be laid over the curve.
MEANS = frozenset({"head_forward", "head_forward_trunk", "shoulder_facing", "hip_facing", "shoulder_hip_offset"})
EARLY = 0.05
# Half the width of the mark of a mid-stance whose contact is not known.
MARK_PCT = 2.5


@dataclass(frozen=True)
class Band:
    """Borders of ok and watch in the metric's unit; None = open."""

    ok: Border
    watch: Border

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "Band | None":
        return None if not data else cls(ok=tuple(data["ok"]), watch=tuple(data["watch"]))

    def status_at(self, value: float) -> str:
        if _inside(value, self.ok):
            return "ok"
        return "watch" if _inside(value, self.watch) else "flag"


@dataclass(frozen=True)
class Contact:
    """One foot on the ground, in per cent of the stride.  Where the view does not show strike and toe-off well enough,
    ``start_pct`` and ``end_pct`` are None and only mid-stance is known."""

    side: str
    mid_pct: float
    start_pct: float | None = None
    end_pct: float | None = None


@dataclass(frozen=True)
class Zone:
    """A stretch of an interval bar, in per cent of its width."""

    status: str
    x_pct: float
    width_pct: float


@dataclass(frozen=True)
class IntervalBar:
    """A number with its interval against its band, laid out on a line of 0 to 100 per cent."""

    zones: tuple[Zone, ...]
    low_pct: float
    high_pct: float
    value_pct: float

    @property
    def width_pct(self) -> float:
        return round(self.high_pct - self.low_pct, 2)


@dataclass(frozen=True)
class TableRow:
    """What a screen reader hears instead of the curve."""

    pct: int
    mean: float | None
    sd: float | None


def unit_suffix(unit: str) -> str:
    return UNIT_SUFFIX.get(unit, f" {unit}")


def is_mean(key: str) -> bool:
    return key.endswith("_mean") or key in MEANS


def level_waveform(waveform: Mapping[str, Any], mean_value: float | None) -> Mapping[str, Any]:
    """The curve at the level of the number that is its mean.  From the side they agree already; from behind and in
    front the metrics themselves take out the known offset of the body points, by up to 1.2 degrees.  A position in cm
    without such a number lies about its own mean."""
    seen = [m for m in waveform["mean"] if m is not None]
    if not seen or (mean_value is None and waveform["unit"] != "cm"):
        return waveform
    shift = (mean_value or 0.0) - fmean(seen)
    return {**waveform, "mean": [None if m is None else round(m + shift, 4) for m in waveform["mean"]]}


def compute_contacts(gait: Mapping[str, Any]) -> tuple[Contact, ...]:
    """When each foot is on the ground, in per cent of the stride, right foot before left; empty where unknown."""
    strides = [(float(start), float(end)) for start, end in gait.get("stride_cuts_s", ())]
    contacts = []
    for side in ("right", "left"):
        events = gait.get("events", {}).get(side, {})
        start = _typical_pct(strides, events.get("foot_strike", ()))
        mid = _typical_pct(strides, events.get("mid_stance", ()))
        end = _typical_pct(strides, events.get("toe_off", ()))
        if start is not None and end is not None and start < end:
            contacts.append(Contact(side, round((start + end) / 2, 1), round(start, 1), round(end, 1)))
        elif mid is not None:
            contacts.append(Contact(side, round(mid, 1)))
    return tuple(contacts)


def waveform_figure(waveform: Mapping[str, Any], *, band: Band | None, contacts: Sequence[Contact]) -> Figure:
    """The stride-averaged curve with its spread, its ok band and the foot contacts."""
    traces = curve_traces(waveform, "mean")
    y_range = _y_range([*traces[0]["y"], *traces[1]["y"]], band)
    shapes = [*_band_shapes(band, y_range), *_contact_shapes(contacts)]
    return {"data": traces, "layout": _layout(y_range, unit_suffix(waveform["unit"]), shapes, contacts)}


def curve_traces(waveform: Mapping[str, Any], name: str, dash: str = "solid") -> list[Figure]:
    """Upper and lower edge of the spread, and the mean, which is called ``name``."""
    mean, sd = waveform["mean"], waveform["sd"]
    x = list(range(len(mean)))
    line = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip", "showlegend": False}
    edge = {**line, "line": {"width": 0}}
    spread = "spread" if name == "mean" else f"spread-{name}"
    return [
        {**edge, "y": [_add(m, s, 1) for m, s in zip(mean, sd, strict=True)], "meta": "spread-edge"},
        {**edge, "y": [_add(m, s, -1) for m, s in zip(mean, sd, strict=True)], "fill": "tonexty", "meta": spread},
        {
            **line,
            "y": mean,
            "line": {"width": 3, "shape": "spline", "dash": dash},
            "name": waveform["label"],
            "meta": name,
        },
    ]


def stride_layout(values: Sequence[float | None], unit: str) -> Figure:
    """Of curves through the stride that hold these values."""
    return _layout(_y_range(values, None), unit_suffix(unit), [], ())


def waveform_table(waveform: Mapping[str, Any], step: int = 10) -> tuple[TableRow, ...]:
    mean, sd = waveform["mean"], waveform["sd"]
    return tuple(TableRow(i, mean[i], sd[i]) for i in range(0, len(mean), step))


def interval_bar(value: float, low: float, high: float, band: Band) -> IntervalBar:
    """Lays value, interval and band on one line, with a little air at both ends."""
    borders = sorted({b for b in (*band.ok, *band.watch) if b is not None})
    # A band that is open below begins at zero: the reader sees how much room "OK" has.
    start = [0.0] if band.ok[0] is None and borders and borders[0] > 0 else []
    left, right = min([low, *borders, *start]), max([high, *borders])
    air = (right - left or 1.0) * 0.12
    left, right = left - air, right + air

    def pct(v: float) -> float:
        return round(100 * (v - left) / (right - left), 2)

    zones = tuple(
        Zone(band.status_at((a + b) / 2), pct(a), round(pct(b) - pct(a), 2))
        for a, b in pairwise([left, *borders, right])
    )
    return IntervalBar(zones, pct(low), pct(high), pct(value))


def _inside(value: float, border: Border) -> bool:
    low, high = border
    return (low is None or value >= low) and (high is None or value <= high)


def _typical_pct(strides: Sequence[tuple[float, float]], times: Sequence[float]) -> float | None:
    """The event's usual place; a right foot strike that comes a moment before the cut counts as 0."""
    pcts = [
        100 * (t - a) / (b - a) for a, b in strides for t in times if a - EARLY * (b - a) <= t < b - EARLY * (b - a)
    ]
    return max(0.0, median(pcts)) if pcts else None


def _add(mean: float | None, sd: float | None, sign: int) -> float | None:
    return None if mean is None or sd is None else round(mean + sign * sd, 4)


def _y_range(values: Sequence[float | None], band: Band | None) -> tuple[float, float]:
    """Holds the curve, and the near border of the band when it is not so far off that it would flatten the curve."""
    seen = [v for v in values if v is not None] or [0.0, 1.0]
    low, high = min(seen), max(seen)
    span = high - low or abs(high) or 1.0
    near = [b for b in (band.ok if band else ()) if b is not None and low - 2 * span < b < high + 2 * span]
    low, high = min([low, *near]), max([high, *near])
    air = 0.12 * (high - low or span)
    # The foot contacts lie along the bottom.
    return round(low - 1.6 * air, 4), round(high + air, 4)


def _band_shapes(band: Band | None, y_range: tuple[float, float]) -> list[Figure]:
    if band is None:
        return []
    low, high = (
        max(band.ok[0] if band.ok[0] is not None else y_range[0], y_range[0]),
        min(band.ok[1] if band.ok[1] is not None else y_range[1], y_range[1]),
    )
    if low >= high:
        return []
    box = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high, "line": {"width": 0}}
    return [{**box, "layer": "below", "name": "ok-band"}]


def _contact_shapes(contacts: Sequence[Contact]) -> list[Figure]:
    bar = {"type": "rect", "yref": "paper", "y0": 0, "y1": 0.07, "line": {"width": 0}, "layer": "above"}
    bars = []
    for contact in contacts:
        start, end = contact.start_pct, contact.end_pct
        if start is None or end is None:
            start, end = contact.mid_pct - MARK_PCT, contact.mid_pct + MARK_PCT
        bars.append({**bar, "x0": start, "x1": end, "name": f"contact-{contact.side}"})
    return bars


def _layout(y_range: tuple[float, float], suffix: str, shapes: list[Figure], contacts: Sequence[Contact]) -> Figure:
    labels = [
        {
            "text": "R" if c.side == "right" else "L",
            "x": c.mid_pct,
            "yref": "paper",
            "y": 0.035,
            "yanchor": "middle",
            "showarrow": False,
            "font": {"size": 12},
            "name": f"contact-{c.side}",
        }
        for c in contacts
    ]
    return {
        "xaxis": {
            "range": [0, 100],
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
            "fixedrange": True,
            "zeroline": False,
            "showgrid": False,
        },
        "yaxis": {
            "range": list(y_range),
            "ticksuffix": suffix,
            "nticks": 6,
            "fixedrange": True,
            "zeroline": False,
        },
        # Fixed, because the cursor is laid over it.
        "margin": {"l": 58, "r": 22, "t": 8, "b": 32},
        "hovermode": False,
        "dragmode": False,
        "shapes": shapes,
        "annotations": labels,
    }
