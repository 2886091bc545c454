"""Choosing what to say: at most three things to work on, what is good, and the moments that show it."""

from collections.abc import Sequence

import numpy as np

from analysis.cycle import POINTS, STRIKE_BEFORE_MID_STANCE, stride_curves
from analysis.metrics.spec import Grade, Measured, Status
from analysis.report import Finding, Measurement
from analysis.types import Evidence, Floats, Side

MOST_TO_WORK_ON = 3
MOST_GOOD = 4
EVIDENCE_FRAMES = 3


def find_findings(measurements: Sequence[Measurement], evidence: Evidence) -> tuple[Finding, ...]:
    """Flags before watches, surer before less sure, further outside before nearer; then what is good.

    One body part is spoken of once: of two metrics that are read from the same curve, the worse one.  Praise needs
    the value itself inside its band, not only its interval, and like a flag a better grade than C.
    """
    outside = sorted((m for m in measurements if m.status in (Status.FLAG, Status.WATCH)), key=_urgency, reverse=True)
    work = [f for f in (_to_work_on(m, evidence) for m in _one_per_curve(outside)) if f is not None][:MOST_TO_WORK_ON]
    spoken = {f.measurement.spec.waveform for f in work}
    good = [m for m in measurements if _good(m) and m.spec.waveform not in spoken]
    praise = [Finding(m, m.spec.praise, _moments(m, evidence), None) for m in _one_per_curve(good)[:MOST_GOOD]]
    return tuple(work + praise)


def _good(m: Measurement) -> bool:
    return m.status is Status.OK and m.grade is not Grade.C and bool(m.spec.praise) and _excess(m) <= 0.0


def _urgency(m: Measurement) -> tuple[bool, float, float]:
    return m.status is Status.FLAG, -ord(m.grade.value), _excess(m)


def _excess(m: Measurement) -> float:
    """How far the value lies outside ok, in widths of its own interval."""
    if m.band is None or not isinstance(m.result, Measured):
        return 0.0
    low, high = m.band.ok
    beyond = max(m.result.value - high if high is not None else 0.0, low - m.result.value if low is not None else 0.0)
    return beyond / max(m.result.high - m.result.low, 1e-9)


def _one_per_curve(measurements: Sequence[Measurement]) -> list[Measurement]:
    chosen: dict[str, Measurement] = {}
    for m in measurements:
        chosen.setdefault(m.spec.waveform or m.spec.key, m)
    return list(chosen.values())


def _to_work_on(m: Measurement, evidence: Evidence) -> Finding | None:
    if m.band is None or not isinstance(m.result, Measured):
        return None
    advice = m.spec.advice(m.result.value, m.band)
    return None if advice is None else Finding(m, advice.title, _moments(m, evidence), advice)


def _moments(m: Measurement, evidence: Evidence) -> tuple[float, ...]:
    """Times in the three most typical strides at which the metric shows best (``spec.shown_at``)."""
    series = evidence.waveforms.get(m.spec.waveform or "")
    cuts = evidence.strides.cuts_s
    if series is None or not len(cuts):
        return ()
    curves = stride_curves(series, evidence.t_s, cuts)
    if len(curves) < len(cuts):
        return ()
    mean = curves.mean(axis=0)
    typical = np.argsort(np.mean((curves - mean) ** 2, axis=1))[:EVIDENCE_FRAMES]
    starts, ends = cuts[np.sort(typical)].T
    if m.spec.shown_at == "foot_strike":
        return _strikes(evidence, starts)
    peak = m.spec.shown_at == "peak"
    place = float(np.argmax(np.abs(mean - mean.mean()))) / (POINTS - 1) if peak else STRIKE_BEFORE_MID_STANCE
    return tuple(float(t) for t in starts + place * (ends - starts))


def _strikes(evidence: Evidence, starts: Floats) -> tuple[float, ...]:
    """The near foot's strikes nearest to the beginnings of strides."""
    strikes = evidence.strides.foot_strike[evidence.view.near or Side.RIGHT]
    if not len(strikes):
        return ()
    return tuple(sorted({float(strikes[np.argmin(np.abs(strikes - t))]) for t in starts}))
