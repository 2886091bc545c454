"""Two numbers of one runner, taken on two occasions: whether they can be compared, and what became of them.

NumPy only, so that the web can ask it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from analysis.metrics.spec import Band

# Speeds this near give the same form: most numbers move by less than their own noise.
SPEED_SHARE = 0.05
INCLINE_PCT = 1.0
# In the order in which they come after a right foot strike; the ends of the stride are right foot strikes themselves.
ANCHORS = (
    ("right", "mid_stance"),
    ("right", "toe_off"),
    ("left", "foot_strike"),
    ("left", "mid_stance"),
    ("left", "toe_off"),
)
# Anchors nearer than this share of the stride would bend time more than they align it.
APART = 0.05


class Why(StrEnum):
    """Why two numbers cannot be compared."""

    VIEW = "view"
    SPEED = "speed"
    SPEED_UNKNOWN = "speed_unknown"
    SURFACE = "surface"
    INCLINE = "incline"
    VERSION = "version"
    SOURCE = "source"


class Verdict(StrEnum):
    """What became of a number."""

    CHANGED = "changed"
    NO_CLEAR_CHANGE = "no_clear_change"
    HINT = "hint"
    NOT_COMPARABLE = "not_comparable"


class Way(StrEnum):
    """Which way a changed number went, seen from its ok band."""

    NEARER = "nearer"
    FURTHER = "further"
    WITHIN = "within"
    NO_BAND = "no_band"


@dataclass(frozen=True)
class Point:
    """One number with what it was taken under.  ``engine`` names analysis and pose model; ``source`` what it was read
    from (landmarks, tape, marked, or the parts of a score); ``grade`` A, B or C.
    """

    value: float
    low: float
    high: float
    grade: str
    view: str
    source: str
    speed_mps: float | None
    incline_pct: float | None
    surface: str
    engine: str


@dataclass(frozen=True)
class Change:
    """``difference`` is after minus before, in the metric's unit; ``mdc`` the smallest that is more than noise.
    ``why`` is empty when the two are comparable.
    """

    verdict: Verdict
    difference: float
    mdc: float
    why: tuple[Why, ...] = ()
    way: Way = Way.NO_BAND


def find_obstacles(before: Point, after: Point) -> tuple[Why, ...]:
    """Everything that keeps two points from being compared; a speed that nobody said may be any speed."""
    found = []
    if before.view != after.view:
        found.append(Why.VIEW)
    if before.source != after.source:
        found.append(Why.SOURCE)
    if before.surface != after.surface:
        found.append(Why.SURFACE)
    if not before.speed_mps or not after.speed_mps:
        found.append(Why.SPEED_UNKNOWN)
    elif abs(before.speed_mps - after.speed_mps) > SPEED_SHARE * max(before.speed_mps, after.speed_mps) + 1e-9:
        found.append(Why.SPEED)
    if abs((before.incline_pct or 0.0) - (after.incline_pct or 0.0)) > INCLINE_PCT:
        found.append(Why.INCLINE)
    if before.engine != after.engine:
        found.append(Why.VERSION)
    return tuple(found)


def compare(before: Point, after: Point, mdc: float, band: Band | None = None) -> Change:
    """Judge the difference of two points.

    Parameters
    ----------
    before, after
        Of one metric and one runner.
    mdc
        Smallest detectable change between two FormChecks, metric's unit.
    band
        To say which way the change went.

    Returns
    -------
    Change
        ``changed`` needs more than ``mdc``; a number of grade C is a hint and never said to have changed.
    """
    difference = after.value - before.value
    why = find_obstacles(before, after)
    if why:
        return Change(Verdict.NOT_COMPARABLE, difference, mdc, why)
    if "C" in (before.grade, after.grade):
        return Change(Verdict.HINT, difference, mdc)
    if abs(difference) <= mdc:
        return Change(Verdict.NO_CLEAR_CHANGE, difference, mdc)
    return Change(Verdict.CHANGED, difference, mdc, way=_way(before.value, after.value, band))


def chain(points: Sequence[Point]) -> list[int | None]:
    """For each point, in the order of time, the number of the latest earlier one that it can be joined to."""
    return [
        next((before for before in range(now - 1, -1, -1) if not find_obstacles(points[before], points[now])), None)
        for now in range(len(points))
    ]


def align_strides(gaits: Sequence[Mapping[str, Any]]) -> list[list[list[tuple[float, float]]]]:
    """One clock for the strides of several clips: 0 at a right foot strike, 1 at the next.

    Parameters
    ----------
    gaits
        The ``gait`` of the contract of each clip: ``stride_cuts_s`` and ``events``, seconds of media time.

    Returns
    -------
    list
        For each clip, for each stride: (phase, t_s), rising, from (0, begin) to (1, end).  Events that every clip has
        lie at the same phase everywhere, the mean of their places; between them time runs evenly.
    """
    places = [_anchor_places(gait) for gait in gaits]
    shared = [name for name in ANCHORS if all(name in found for found in places)]
    phases = {name: float(np.mean([found[name] for found in places])) for name in shared}
    return [
        [_anchors(float(start), float(end), found, phases) for start, end in gait.get("stride_cuts_s", ())]
        for gait, found in zip(gaits, places, strict=True)
    ]


def _way(before: float, after: float, band: Band | None) -> Way:
    if band is None:
        return Way.NO_BAND
    was, is_ = _outside(before, band), _outside(after, band)
    if was == is_ == 0.0:
        return Way.WITHIN
    return Way.NEARER if is_ < was else Way.FURTHER


def _outside(value: float, band: Band) -> float:
    low, high = band.ok
    return max(0.0, low - value if low is not None else 0.0, value - high if high is not None else 0.0)


def _anchor_places(gait: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    """Usual place of each event, share of the stride; those that not even half of the strides show are left out."""
    cuts = [(float(a), float(b)) for a, b in gait.get("stride_cuts_s", ())]
    events = gait.get("events", {})
    places = {}
    for side, kind in ANCHORS:
        times = events.get(side, {}).get(kind) or ()
        found = [(t - a) / (b - a) for a, b in cuts for t in times if a < t < b]
        if cuts and len(found) >= len(cuts) / 2:
            places[side, kind] = float(np.median(found))
    return places


def _anchors(
    start: float, end: float, places: Mapping[tuple[str, str], float], phases: Mapping[tuple[str, str], float]
) -> list[tuple[float, float]]:
    pairs = [(0.0, 0.0)]
    for phase, place in sorted((phases[name], places[name]) for name in phases):
        if phase - pairs[-1][0] >= APART and place - pairs[-1][1] >= APART and max(phase, place) <= 1 - APART:
            pairs.append((phase, place))
    return [(round(phase, 4), round(start + place * (end - start), 4)) for phase, place in [*pairs, (1.0, 1.0)]]
