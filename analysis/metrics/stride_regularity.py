"""Stride regularity: how much of the trunk's movement repeats from stride to stride."""

import numpy as np

from analysis.cycle import repeating, stride_curves
from analysis.metrics.estimate import BOOTSTRAP, STRIDES_GOOD, STRIDES_MIN, interval, strides_reason
from analysis.metrics.spec import Grade, Group, Measured, MetricSpec, NotMeasured, Reference
from analysis.types import Evidence, Floats, ViewName

# The trunk's movements that a view shows, and what the noise of the landmarks takes off their share (truth clips).
SERIES = {
    ViewName.SIDE: ("forward_lean", "thorax_rotation", "pelvis_height"),
    ViewName.REAR: ("lateral_lean", "shoulder_tilt", "shoulder_sideways"),
    ViewName.FRONT: ("lateral_lean", "shoulder_tilt", "shoulder_sideways"),
}
NOISE = {ViewName.SIDE: 0.05, ViewName.REAR: 0.03, ViewName.FRONT: 0.03}
ERROR_SD = 0.05


def compute_stride_regularity(evidence: Evidence) -> Measured | NotMeasured:
    """Mean, over the trunk's movements that this view shows, of the share of each that repeats."""
    view = evidence.view.name
    names = [name for name in SERIES[view] if name in evidence.waveforms]
    tables = [stride_curves(evidence.waveforms[name], evidence.t_s, evidence.strides.cuts_s) for name in names]
    fewest = min(len(table) for table in tables)
    if fewest < STRIDES_MIN:
        return NotMeasured(strides_reason(fewest))
    curves = [_level(table) for table in tables]
    value = float(np.mean([repeating(table) for table in curves])) + NOISE[view]
    low, high = interval(value, float(np.hypot(_bootstrap_sd(curves, fewest), ERROR_SD)))
    grade = None if fewest >= STRIDES_GOOD else Grade.C
    return Measured(min(value, 1.0), max(low, 0.0), min(high, 1.0), fewest, grade=grade)


def _level(curves: Floats) -> Floats:
    """Curves [k, 101] without each stride's own mean and drift: those are posture and place, not rhythm."""
    clock = np.linspace(-0.5, 0.5, curves.shape[1])
    centred = curves - curves.mean(axis=1, keepdims=True)
    slope = centred @ clock / (clock @ clock)
    return np.asarray(centred - np.outer(slope, clock))


def _bootstrap_sd(tables: list[Floats], fewest: int) -> float:
    """SD over resampled strides; a resample holds some strides twice, so only the spread is taken from it."""
    chance = np.random.default_rng(0)
    picks = chance.integers(0, fewest, size=(BOOTSTRAP // 4, fewest))
    return float(np.std([np.mean([repeating(table[pick]) for table in tables]) for pick in picks]))


STRIDE_REGULARITY = MetricSpec(
    key="stride_regularity",
    label="Stride regularity",
    unit="ratio",
    group=Group.TORSO,
    question="Is each stride like the one before?",
    definition=(
        "Share of the trunk's movement that repeats: its variance in the mean stride over its variance in all "
        "strides. From the side lean, shoulder rotation and bounce; from behind or in front side lean, shoulder "
        "tilt and sway; mean of the three."
    ),
    sign="1 = every stride alike, 0 = nothing repeats.",
    grades={ViewName.SIDE: Grade.B, ViewName.REAR: Grade.B, ViewName.FRONT: Grade.B},
    mdc=0.1,
    references=(
        Reference(
            "Schuette et al. 2015, PLoS One 0141957: step and stride regularity of the trunk fall with fatigue",
            "https://doi.org/10.1371/journal.pone.0141957",
        ),
        Reference("Seay et al. 2011: runners with low-back pain vary less than others, so more is not always better"),
    ),
    errors="About 0.05 on clips with known truth. Poor light and loose clothes lower it. Compare the same view only.",
    compute=compute_stride_regularity,
    praise="Your strides are steady.",
    decimals=2,
)
