"""Composite scores, 0 to 100, from the other metrics and their bands (biomechanics: torso stability, head balance).

A part has all its points inside its ok band and loses a third of them for every width of the watch band beyond it
(full marks to 1, none from 4 units on).  The measuring error widens that unit: a poor measurement softens a
penalty, it does not sharpen it.  No threshold of its own: a score follows the bands of the metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.metrics.spec import Band, Grade, Measured, MetricSpec, NotMeasured, Part
from analysis.types import Floats

# How much a part counts by how well the view measures it.
TRUST = {Grade.A: 1.0, Grade.B: 0.6, Grade.C: 0.25, Grade.X: 0.0}
# Below so many of 100 points (weight times trust) there is no score.
COVER_MIN = 45.0
DRAWS = 1000
Z95 = 1.96
# Rotating too little counts half: being quiet is what the score is about.
LOW_SIDE_HALF = frozenset({"thorax_rotation_rom"})
# A share of 1: its points are 100 times the value.
SHARES = frozenset({"stride_regularity"})


@dataclass(frozen=True)
class Scored:
    """One metric as the score sees it."""

    measured: Measured
    grade: Grade
    band: Band | None


@dataclass(frozen=True)
class Share:
    """What one part gives to a score: ``weight`` of the 100 points, ``counted`` of them after the view's grade, and how
    much of that it keeps (0..1; None where it was not measured and nothing is counted).
    """

    key: str
    weight: float
    counted: float
    kept: float | None


def compute_shares(spec: MetricSpec, found: Mapping[str, Scored]) -> tuple[Share, ...]:
    """What went into the composite ``spec``, and what was missing, in the order of its parts."""
    return tuple(_share(part, found.get(part.key)) for part in spec.parts)


def _share(part: Part, scored: Scored | None) -> Share:
    if scored is None or not _counts(part, scored):
        return Share(part.key, part.weight, 0.0, None)
    return Share(part.key, part.weight, part.weight * TRUST[scored.grade], _value_points(part.key, scored) / 100)


def _counts(part: Part, scored: Scored) -> bool:
    return scored.band is not None or part.key in SHARES


def compute_score(spec: MetricSpec, found: Mapping[str, Scored]) -> Measured | NotMeasured:
    """The composite ``spec`` of the metrics that were found.

    Parameters
    ----------
    spec
        A metric with ``parts``.
    found
        Measured metrics by key; those without a number are left out.

    Returns
    -------
    Measured or NotMeasured
        The 95 % interval is that of 1000 draws of every part from its own interval.  Not measured when what was found
        covers less than 45 of 100 points.
    """
    parts = tuple((part, found[part.key]) for part in spec.parts if part.key in found)
    parts = tuple((part, scored) for part, scored in parts if _counts(part, scored))
    weights = np.array([part.weight * TRUST[scored.grade] for part, scored in parts])
    if weights.sum() < COVER_MIN:
        seen = f"What was filmed covers {weights.sum():.0f} of 100 points of it; {COVER_MIN:.0f} are needed."
        return NotMeasured(f"{seen} {spec.film}".strip())
    points = np.array([_value_points(part.key, scored) for part, scored in parts])
    low, high = _interval(parts)
    value = float(weights @ points / weights.sum())
    strides = min(scored.measured.strides for _, scored in parts)
    note = f"From {weights.sum():.0f} of 100 points."
    return Measured(value, min(low, value), max(high, value), strides, note=note)


# Kept: pages ask for the scores of the same FormChecks again and again, and the draws are always the same.
@lru_cache(maxsize=1000)
def _interval(parts: tuple[tuple[Part, Scored], ...]) -> tuple[float, float]:
    """95 % interval of a score, points 0..100."""
    chance = np.random.default_rng(0)
    weights = np.array([part.weight * TRUST[scored.grade] for part, scored in parts])
    draws = np.array([_draw_points(part.key, scored, chance) for part, scored in parts])
    low, high = np.percentile(weights @ draws / weights.sum(), (2.5, 97.5))
    return float(low), float(high)


@lru_cache(maxsize=10_000)
def _value_points(key: str, scored: Scored) -> float:
    """Points 0..100 of a metric's own value."""
    return float(_points(key, scored, np.array([scored.measured.value]))[0])


def _draw_points(key: str, scored: Scored, chance: np.random.Generator) -> Floats:
    return _points(key, scored, chance.normal(scored.measured.value, _sd(scored.measured), DRAWS))


def _sd(measured: Measured) -> float:
    return (measured.high - measured.low) / 2 / Z95


def _points(key: str, scored: Scored, values: Floats) -> Floats:
    """Points 0..100 of values of one metric."""
    if key in SHARES or scored.band is None:
        return np.asarray(100.0 * np.clip(values, 0.0, 1.0))
    over = _units_beyond(scored, values, 1)
    under = _units_beyond(scored, values, -1)
    if key in LOW_SIDE_HALF:
        under = under / 2
    return np.asarray(100.0 * np.clip(1.0 - np.maximum(over, under) / 3.0, 0.0, 1.0))


def _units_beyond(scored: Scored, values: Floats, side: int) -> Floats:
    """How far beyond the ok border on one side, in widths of the watch band; 0 inside."""
    assert scored.band is not None
    end = 1 if side > 0 else 0
    border, far = scored.band.ok[end], scored.band.watch[end]
    if border is None:
        return np.zeros_like(values)
    width = abs(far - border) if far is not None else abs(border)
    unit = float(np.hypot(width, _sd(scored.measured))) or 1.0
    return np.asarray(np.maximum(side * (values - border), 0.0) / unit)
