"""What leaves the library: the report, and its JSON form (the contract that the web app and the scorer read)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis import ANALYSIS_VERSION
from analysis.direction import UNSEEN, Heading
from analysis.gates import Gate
from analysis.marking import MarkingFrame
from analysis.metrics.spec import Advice, Band, Grade, Measured, MetricSpec, NotMeasured, Status
from analysis.types import Activity, ClipFacts, Floats, Scale, Side, Strides, View

SCHEMA = 1
# Of a line in the table of the numbers.
COLUMNS = ("id", "label", "value", "low", "high", "unit", "grade", "status", "reason", "strides", "source", "view")


@dataclass(frozen=True)
class Measurement:
    """One metric of one clip: the number and how sure it is, or why there is none."""

    spec: MetricSpec
    result: Measured | NotMeasured
    grade: Grade
    status: Status | None
    band: Band | None


@dataclass(frozen=True)
class Finding:
    """Something to work on (watch, flag) or something good (ok), with the moments that show it best."""

    measurement: Measurement
    title: str
    evidence_s: tuple[float, ...]
    advice: Advice | None


@dataclass(frozen=True)
class StrideCurve:
    """The mean stride of one series, 101 points from right foot strike to right foot strike."""

    name: str
    label: str
    unit: str
    mean: Floats
    sd: Floats
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class AnnotatedFrame:
    """A picture made for the report: its file, moment, and the metrics that it shows."""

    file: str
    t_s: float
    frame_index: int
    event: str | None
    side: Side | None
    caption: str
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Camera:
    """``roll_deg`` the turn of the picture that was taken out of all angles (counter-clockwise makes it upright), and
    the standard error of the vertical.  ``heading`` the direction of travel, seen from the camera.
    """

    roll_deg: float
    roll_sd_deg: float
    heading: Heading = UNSEEN


@dataclass(frozen=True)
class AnalysisReport:
    """Everything that was found in one clip.  ``refused`` when a check forbids numbers."""

    facts: ClipFacts
    gates: tuple[Gate, ...]
    activity: Activity
    measurements: tuple[Measurement, ...]
    engine: Mapping[str, str]
    refused: bool
    view: View | None = None
    strides: Strides | None = None
    scale: Scale | None = None
    curves: tuple[StrideCurve, ...] = ()
    findings: tuple[Finding, ...] = ()
    frames: tuple[AnnotatedFrame, ...] = ()
    marking_frames: tuple[MarkingFrame, ...] = ()
    marking_between: tuple[MarkingFrame, ...] = ()
    camera: Camera | None = None
    analysed_s: tuple[float, float] | None = None
    timing: Mapping[str, float] = field(default_factory=dict)
    corrections: tuple[Mapping[str, Any], ...] = ()

    def to_json(self, series: str | None = None) -> dict[str, Any]:
        """The contract's object; ``series`` is the file name of the landmarks beside it."""
        factor = self.facts.slow_motion_factor
        return {
            "schema": SCHEMA,
            "engine": {"version": ANALYSIS_VERSION, **self.engine},
            "clip": self._clip(),
            "view": self._view(),
            "quality": self._quality(),
            "marking_frames": [_marking_frame(f, factor) for f in self.marking_frames],
            "marking_between": [_marking_frame(f, factor) for f in self.marking_between],
            "camera": self._camera(),
            "gait": self._gait(),
            "measurements": [_measurement(m, self.view) for m in self.measurements],
            "waveforms": {curve.name: _curve(curve) for curve in self.curves},
            "series": series,
            "findings": [_finding(f, factor) for f in self.findings],
            "frames": [_frame(f) for f in self.frames],
            "corrections": [dict(item) for item in self.corrections],
            "timing": {stage: round(seconds, 3) for stage, seconds in self.timing.items()},
        }

    def table(self) -> list[dict[str, Any]]:
        """One row a metric with `COLUMNS`, for a spreadsheet or ``pandas.DataFrame``; None for what is not known."""
        rows = [_measurement(m, self.view) for m in self.measurements]
        view = None if self.view is None else self.view.name.value
        return [{name: row.get(name) for name in COLUMNS} | {"view": view} for row in rows]

    def _clip(self) -> dict[str, Any]:
        facts = self.facts
        return {
            "frames": facts.n_frames,
            "fps": round(facts.fps, 3),
            "duration_s": round(facts.seconds, 3),
            "width": facts.width_px,
            "height": facts.height_px,
            "rotation": facts.rotation_deg,
            "codec": facts.codec,
            "variable_frame_rate": facts.variable_frame_rate,
            "slow_motion_factor": facts.slow_motion_factor,
            "analysed_s": None if self.analysed_s is None else [round(t, 3) for t in self.analysed_s],
        }

    def _camera(self) -> dict[str, Any]:
        camera = self.camera or Camera(0.0, math.nan)
        return {
            "roll_deg": round(camera.roll_deg, 2),
            "roll_sd_deg": _number(camera.roll_sd_deg),
            "turn_deg": _number(camera.heading.turn_deg),
            "turn_sd_deg": _number(camera.heading.sd_deg),
            "turn_source": camera.heading.source,
            "rise_deg": _number(camera.heading.rise_deg),
            "rise_sd_deg": _number(camera.heading.rise_sd_deg),
        }

    def _view(self) -> dict[str, Any]:
        if self.view is None:
            return {"name": None, "facing": None, "confidence": 0.0}
        return {"name": self.view.name, "facing": self.view.facing, "confidence": self.view.confidence}

    def _quality(self) -> dict[str, Any]:
        checks = [{"id": g.id, "verdict": g.verdict, "message": g.message, "at_s": g.at_s} for g in self.gates]
        limited = any(g.verdict != "ok" for g in self.gates)
        return {"verdict": "refused" if self.refused else "limited" if limited else "ok", "checks": checks}

    def _gait(self) -> dict[str, Any]:
        strides, scale, factor = self.strides, self.scale, self.facts.slow_motion_factor
        events = {
            side: {name: _times(strides, name, side, factor) for name in ("foot_strike", "toe_off", "mid_stance")}
            for side in Side
        }
        return {
            "activity": self.activity,
            "strides": len(strides) if strides else 0,
            "period_s": _number(strides.period_s) if strides else None,
            "stride_cuts_s": [[round(t, 4) for t in cut] for cut in factor * strides.cuts_s] if strides else [],
            "scale_px_per_m": _number(scale.px_per_m) if scale else None,
            "scale_source": scale.source if scale else None,
            "events": events,
        }


def _times(strides: Strides | None, event: str, side: Side, factor: float) -> list[float]:
    """Media time: the strides are in real time, which runs ``factor`` times faster in slow motion."""
    return [] if strides is None else [round(factor * float(t), 4) for t in getattr(strides, event)[side]]


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 4)


def _measurement(m: Measurement, view: View | None) -> dict[str, Any]:
    result, measured = m.result, isinstance(m.result, Measured)
    return {
        "id": m.spec.key,
        "label": m.spec.label,
        "value": _number(result.value) if isinstance(result, Measured) else None,
        "unit": m.spec.unit,
        "low": _number(result.low) if isinstance(result, Measured) else None,
        "high": _number(result.high) if isinstance(result, Measured) else None,
        "grade": m.grade.contract if measured else Grade.X.contract,
        "view_grade": m.grade.value if measured else Grade.X.value,
        "reason": result.reason if isinstance(result, NotMeasured) else None,
        "note": result.note if isinstance(result, Measured) else None,
        "source": result.source if isinstance(result, Measured) else None,
        "marked_by": result.marked_by if isinstance(result, Measured) else None,
        "status": m.status,
        "band": None if m.band is None else {"ok": list(m.band.ok), "watch": list(m.band.watch)},
        "strides": result.strides if isinstance(result, Measured) else 0,
        "views": [view.name] if measured and view is not None else [v.value for v in m.spec.views()],
    }


def _curve(curve: StrideCurve) -> dict[str, Any]:
    return {
        "unit": curve.unit,
        "label": curve.label,
        "mean": [round(float(v), 4) for v in curve.mean],
        "sd": [round(float(v), 4) for v in curve.sd],
        "metrics": list(curve.metrics),
    }


def _finding(finding: Finding, factor: float) -> dict[str, Any]:
    return {
        "measurement": finding.measurement.spec.key,
        "status": finding.measurement.status,
        "title": finding.title,
        "evidence_s": [round(factor * t, 4) for t in finding.evidence_s],
        "tip": None if finding.advice is None else _tip(finding.advice),
    }


def _tip(advice: Advice) -> dict[str, Any]:
    return {
        "title": advice.title,
        "cue": advice.cue,
        "drills": [{"name": d.name, "dose": d.dose} for d in advice.drills],
        "why": advice.why,
        "source": advice.source,
    }


def _marking_frame(frame: MarkingFrame, factor: float) -> dict[str, Any]:
    crops = {"crop": list(frame.crop), "shoulders": list(frame.shoulders)}
    return {"t_s": round(factor * frame.t_s, 4), "side": frame.side, **crops}


def _frame(frame: AnnotatedFrame) -> dict[str, Any]:
    return {
        "file": frame.file,
        "t_s": round(frame.t_s, 4),
        "frame_index": frame.frame_index,
        "event": frame.event,
        "side": frame.side,
        "caption": frame.caption,
        "measurements": list(frame.metrics),
    }


def measured(measurements: Sequence[Measurement]) -> list[Measurement]:
    """Those that have a number."""
    return [m for m in measurements if isinstance(m.result, Measured)]
