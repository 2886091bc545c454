"""Charts of a stored report: pure functions from its JSON to plain data, no Django.

A figure holds no colours: traces (`meta`) and shapes (`name`) say what they are, and static/js/charts.js paints them
from the page's tokens, again when the reader switches between light and dark.
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
EVENT_SLACK = 0.15
SAME = 0.02


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
    """One foot on the ground, in per cent of the stride."""

    side: str
    start_pct: float
    end_pct: float


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


def stride_band(waveform: Mapping[str, Any], *, key: str, value: float | None, band: Band | None) -> Band | None:
    """The band, when ``key`` is the mean of this curve; never when the number was corrected and the curve was not."""
    seen = [m for m in waveform["mean"] if m is not None]
    if band is None or value is None or not seen or not (key.endswith("_mean") or key in MEANS):
        return None
    return band if abs(fmean(seen) - value) <= SAME * (max(seen) - min(seen) + abs(value)) else None


def compute_contacts(events: Mapping[str, Mapping[str, Sequence[float]]]) -> tuple[Contact, ...]:
    """When each foot is on the ground, in per cent of the stride from right foot strike to right foot strike.

    Empty where the view does not see the foot strikes.
    """
    right = events.get("right", {})
    strides = _strides(right.get("foot_strike", ()))
    contacts = []
    for side in ("right", "left"):
        strikes = events.get(side, {}).get("foot_strike", ())
        offs = events.get(side, {}).get("toe_off", ())
        start = 0.0 if side == "right" else _typical_pct(strides, strikes)
        end = _typical_pct(strides, offs)
        if start is not None and end is not None:
            contacts.append(Contact(side, round(start, 1), round(end, 1)))
    return tuple(contacts)


def waveform_figure(waveform: Mapping[str, Any], *, band: Band | None, contacts: Sequence[Contact]) -> Figure:
    """The stride-averaged curve with its spread, its ok band and the foot contacts."""
    mean, sd = waveform["mean"], waveform["sd"]
    upper = [_add(m, s, 1) for m, s in zip(mean, sd, strict=True)]
    lower = [_add(m, s, -1) for m, s in zip(mean, sd, strict=True)]
    y_range = _y_range([*upper, *lower], band)
    suffix = unit_suffix(waveform["unit"])
    x = list(range(len(mean)))
    hover = f"%{{x}} %: %{{y:.{_decimals(y_range)}f}}{suffix}<extra></extra>"
    edge = {"type": "scatter", "mode": "lines", "x": x, "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    return {
        "data": [
            {**edge, "y": upper, "meta": "spread-edge"},
            {**edge, "y": lower, "fill": "tonexty", "meta": "spread"},
            {
                "type": "scatter",
                "mode": "lines",
                "x": x,
                "y": mean,
                "line": {"width": 3, "shape": "spline"},
                "hovertemplate": hover,
                "name": waveform["label"],
                "showlegend": False,
                "meta": "mean",
            },
        ],
        "layout": _layout(y_range, suffix, [*_band_shapes(band, y_range), *_contact_shapes(contacts)], contacts),
    }


def waveform_table(waveform: Mapping[str, Any], step: int = 10) -> tuple[TableRow, ...]:
    mean, sd = waveform["mean"], waveform["sd"]
    return tuple(TableRow(i, mean[i], sd[i]) for i in range(0, len(mean), step))


def interval_bar(value: float, low: float, high: float, band: Band) -> IntervalBar:
    """Lays value, interval and band on one line, with a little air at both ends."""
    borders = sorted({b for b in (*band.ok, *band.watch) if b is not None})
    left, right = min(low, *borders), max(high, *borders)
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


def _strides(strikes: Sequence[float]) -> list[tuple[float, float]]:
    """Pairs of strikes that follow each other, without those that jump over a missed one."""
    pairs = list(pairwise(strikes))
    if not pairs:
        return []
    period = median(b - a for a, b in pairs)
    return [(a, b) for a, b in pairs if abs(b - a - period) <= EVENT_SLACK * period]


def _typical_pct(strides: Sequence[tuple[float, float]], times: Sequence[float]) -> float | None:
    found = [100 * (t - a) / (b - a) for a, b in strides for t in times if a < t < b]
    return median(found) if found else None


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


def _decimals(y_range: tuple[float, float]) -> int:
    return 2 if y_range[1] - y_range[0] < 2 else 1


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
    bars = [
        {
            "type": "rect",
            "yref": "paper",
            "x0": c.start_pct,
            "x1": c.end_pct,
            "y0": 0,
            "y1": 0.07,
            "line": {"width": 0},
            "layer": "above",
            "name": f"contact-{c.side}",
        }
        for c in contacts
    ]
    strikes = [
        {
            "type": "line",
            "yref": "paper",
            "x0": c.start_pct,
            "x1": c.start_pct,
            "y0": 0,
            "y1": 1,
            "line": {"width": 1, "dash": "dot"},
            "layer": "below",
            "name": "foot-strike",
        }
        for c in contacts
        if c.start_pct > 0
    ]
    return bars + strikes


def _layout(y_range: tuple[float, float], suffix: str, shapes: list[Figure], contacts: Sequence[Contact]) -> Figure:
    labels = [
        {
            "text": "R" if c.side == "right" else "L",
            "x": fmean((c.start_pct, c.end_pct)),
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
            "automargin": True,
        },
        "margin": {"l": 48, "r": 22, "t": 8, "b": 32},
        "hovermode": "x",
        "dragmode": False,
        "shapes": shapes,
        "annotations": labels,
    }
