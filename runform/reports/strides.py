"""The strides of a stored report one by one: each metric from stride to stride, and left against right.

Everything is read at the same places of each stride and laid at the level of the metric's own number, so that the mean
of the strides is that number; peak-to-peak of a single stride would be inflated by noise (docs/biomechanics.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from analysis.cycle import POINTS, stride_curves
from analysis.metrics.spec import MetricSpec
from analysis.serialize import read_waveforms
from analysis.types import Floats
from runform.reports.charts import compute_contacts, is_mean
from runform.reports.models import MetricResult, Report

Z95 = 1.96
STRIDES_MIN = 3
HALF = POINTS // 2
# What swings to the right and to the left about its mean, + = right; the other curves repeat with every step.
SWINGING = frozenset(
    {
        "thorax_rotation",
        "pelvis_rotation",
        "counter_rotation",
        "pelvic_obliquity",
        "shoulder_tilt",
        "lateral_lean",
        "head_tilt",
        "shoulder_sideways",
        "pelvis_sideways",
        "head_sideways",
    }
)
REPEATING = frozenset({"forward_lean", "pelvis_height", "head_height", "head_pitch"})
# Metrics read at one moment of the stride, and which: the foot strike of the leg nearer to the camera, or the lowest.
AT_STRIKE = frozenset({"heel_ahead", "knee_flexion", "foot_angle"})
LOWEST = frozenset({"arm_left", "arm_right"})


@dataclass(frozen=True)
class Strides:
    """Series on a uniform clock (media time, s) and the strides [k, 2] from right foot strike to right foot strike."""

    t_s: Floats
    series: Mapping[str, Floats]
    cuts_s: Floats
    gait: Mapping[str, Any]
    near: str = ""
    slow: float = 1.0

    def curves(self, name: str) -> tuple[Floats, Floats]:
        """Strides of a series [k, 101] and when each begins [k]; those with a gap are left out."""
        values = self.series.get(name)
        if values is None or not len(self.cuts_s):
            return np.empty((0, POINTS)), np.empty(0)
        parts = [stride_curves(values, self.t_s, self.cuts_s[i : i + 1]) for i in range(len(self.cuts_s))]
        whole = [i for i, part in enumerate(parts) if len(part)]
        return np.concatenate([np.empty((0, POINTS)), *(parts[i] for i in whole)]), self.cuts_s[whole, 0]


@dataclass(frozen=True)
class StrideValue:
    """A metric in one stride, and when that stride begins (media time, s)."""

    t_s: float
    value: float


class Told(StrEnum):
    """Whether a difference between left and right may be said, or why not."""

    YES = "yes"
    ERROR = "error"  # inside its own error
    SMALL = "small"  # so small that it would not be called a change either
    HINT = "hint"  # grade C never flags
    VIEW = "view"  # the camera sees one side better than the other


@dataclass(frozen=True)
class Sides:
    """Right minus left with its error (95 %), in the metric's unit."""

    difference: float
    error: float
    told: Told


def read_strides(report: Report) -> Strides | None:
    """None for a report without series."""
    if not report.series:
        return None
    with report.series.open("rb") as file:
        t_s, series = read_waveforms(file)
    cuts = np.array(report.gait.get("stride_cuts_s") or [], float).reshape(-1, 2)
    slow = float(report.clip.facts.get("slow_motion_factor") or 1.0)
    return Strides(t_s, series, cuts, report.gait, report.facing, slow)


def stride_values(spec: MetricSpec, value: float, strides: Strides) -> tuple[StrideValue, ...]:
    """The metric in every stride, its mean the metric's ``value``; empty where it cannot be read stride by stride."""
    if spec.key == "cadence":
        steps_min = 120.0 * strides.slow / np.diff(strides.cuts_s, axis=1)[:, 0]
        return _levelled(strides.cuts_s[:, 0], steps_min, value, 1.0)
    # Contacts are timed on the mean step, so they have no strides of their own to show.
    if spec.waveform is None:
        return ()
    curves, starts = strides.curves(spec.waveform)
    if len(curves) < STRIDES_MIN:
        return ()
    found = _read(spec, curves, strides)
    if found is None:
        return ()
    # Sizes are corrected by a factor, positions by an offset.
    size = not is_mean(spec.key) and spec.waveform in SWINGING | REPEATING
    scale = abs(value / found.mean()) if size and abs(found.mean()) > 1e-6 else 1.0
    return _levelled(starts, found, value, scale)


def compare_sides(result: MetricResult, spec: MetricSpec, strides: Strides) -> Sides | None:
    """Right against left in a curve that both steps or both swings make; None where the number is something else."""
    if is_mean(spec.key) or result.value is None or spec.waveform is None:
        return None
    if spec.key == "lateral_lean_left_right":
        return _sides(result.value, _half_width(result), result, spec)
    curves, _ = strides.curves(spec.waveform)
    if len(curves) < STRIDES_MIN or spec.waveform not in SWINGING | REPEATING or spec.key.startswith("lateral_lean"):
        return None
    each = _swing_difference(curves) if spec.waveform in SWINGING else _step_difference(curves)
    own = Z95 * float(each.std(ddof=1)) / float(np.sqrt(len(each)))
    error = float(np.hypot(own, _half_width(result)))
    # From the side the near shoulder, arm and leg move larger in the picture than the far ones.
    return _sides(float(each.mean()), error, result, spec, even=result.view != "side")


def compare_pair(left: MetricResult, right: MetricResult, spec: MetricSpec) -> Sides | None:
    """Two metrics that are one for each side."""
    if left.value is None or right.value is None:
        return None
    worse = max(left, right, key=lambda result: result.view_grade)
    error = float(np.hypot(_half_width(left), _half_width(right)))
    return _sides(right.value - left.value, error, worse, spec)


def fold(curves: Floats, waveform: str) -> tuple[Floats, Floats]:
    """Right and left step of every stride, [k, 51] each.  A swing is shown about its mean, the left one mirrored."""
    if waveform in SWINGING:
        about = curves - curves.mean(axis=1, keepdims=True)
        return about[:, : HALF + 1], -about[:, HALF:]
    return curves[:, : HALF + 1], curves[:, HALF:]


def _sides(difference: float, error: float, result: MetricResult, spec: MetricSpec, *, even: bool = True) -> Sides:
    if not even:
        told = Told.VIEW
    elif result.view_grade in ("C", "X"):
        told = Told.HINT
    elif abs(difference) <= error:
        told = Told.ERROR
    else:
        told = Told.YES if abs(difference) > spec.mdc else Told.SMALL
    return Sides(difference, error, told)


def _half_width(result: MetricResult) -> float:
    return 0.0 if result.low is None or result.high is None else (result.high - result.low) / 2


def _swing_difference(curves: Floats) -> Floats:
    """How much further to the right of the mean than to the left, of each stride, at the peaks of the mean stride."""
    mean, level = curves.mean(axis=0), curves.mean(axis=1)
    return np.asarray((curves[:, mean.argmax()] - level) - (level - curves[:, mean.argmin()]))


def _step_difference(curves: Floats) -> Floats:
    """Movement during the right step minus that during the left one, of each stride."""
    return _range(curves[:, : HALF + 1]) - _range(curves[:, HALF:])


def _range(curves: Floats) -> Floats:
    mean = curves.mean(axis=0)
    return np.asarray(curves[:, mean.argmax()] - curves[:, mean.argmin()])


def _read(spec: MetricSpec, curves: Floats, strides: Strides) -> Floats | None:
    waveform = spec.waveform or ""
    if is_mean(spec.key):
        return np.asarray(curves.mean(axis=1))
    if waveform in AT_STRIKE:
        return np.asarray(curves[:, _strike_place(strides)])
    if waveform in LOWEST:
        return np.asarray(curves[:, curves.mean(axis=0).argmin()])
    if spec.key == "lateral_lean_left_right":
        return _swing_difference(curves)
    if spec.key.startswith("pelvic_drop"):
        level = curves.mean(axis=1)
        mean = curves.mean(axis=0)
        return np.asarray(
            curves[:, mean.argmax()] - level if spec.key.endswith("right") else level - curves[:, mean.argmin()]
        )
    return _range(curves) if waveform in SWINGING | REPEATING and spec.key != "counter_rotation_phase" else None


def _strike_place(strides: Strides) -> int:
    """Where in the stride the foot nearer to the camera strikes: strides begin with the right one."""
    if strides.near != "left":
        return 0
    left = next((c.start_pct for c in compute_contacts(strides.gait) if c.side == "left"), None)
    return HALF if left is None else round(left)


def _levelled(starts: Floats, raw: Floats, value: float, scale: float) -> tuple[StrideValue, ...]:
    if len(raw) < STRIDES_MIN:
        return ()
    shown = value + scale * (raw - raw.mean())
    return tuple(StrideValue(round(float(t), 3), float(v)) for t, v in zip(starts, shown, strict=True))


def spread(values: Sequence[StrideValue]) -> float:
    """Standard deviation from stride to stride."""
    return float(np.std([one.value for one in values], ddof=1)) if len(values) > 1 else 0.0


def json_numbers(values: Floats, decimals: int) -> list[Any]:
    """For a chart: rounded, a gap as None."""
    return [round(float(v), decimals) if np.isfinite(v) else None for v in values]
