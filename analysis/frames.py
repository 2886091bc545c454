"""Which frames to show and what to draw on them: the runner's own geometry at the moments that tell most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.metrics.spec import Measured, Status
from analysis.report import Finding, Measurement
from analysis.shapes import Arc, Colour, Dot, FrameRequest, Line, Point, Shape, Text
from analysis.types import Floats, Landmarks, Side, Strides, TapeTrack, View, ViewName

SHADES = {Status.OK: Colour.OK, Status.WATCH: Colour.WATCH, Status.FLAG: Colour.FLAG, Status.INFO: Colour.BODY}
EVENT_WORDS = {"foot_strike": "foot strike", "mid_stance": "mid-stance", "standing": "standing"}
UNITS = {"deg": "°", "cm": " cm", "ratio": "", "spm": " spm"}


@dataclass(frozen=True)
class Moment:
    """A frame that will be drawn and what it shows."""

    request: FrameRequest
    event: str | None
    side: Side | None
    caption: str
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """One frame's landmarks [33, 2] and dots, pixels, y up, with a length to draw by."""

    xy: Floats
    trunk_px: float
    view: View
    dots_px: Floats | None


def plan_frames(
    landmarks: Landmarks,
    view: View,
    strides: Strides,
    tape: TapeTrack | None,
    findings: Sequence[Finding],
    measurements: Sequence[Measurement],
) -> tuple[Moment, ...]:
    """Frames of one typical stride (foot strike from the side, mid-stance left and right), then the findings' own.

    ``landmarks`` are those of the frames as found, not resampled.
    """
    plan: list[Moment] = []
    by_key = {m.spec.key: m for m in measurements if isinstance(m.result, Measured)}
    for event, side, t_s in _stride_moments(view, strides):
        usual = _AT_STRIKE if event == "foot_strike" else _USUAL[view.name]
        shown = [by_key[k] for k in usual if k in by_key]
        caption = f"{side or ''} {EVENT_WORDS[event]}".strip().capitalize()
        plan.append(_moment(len(plan), t_s, event, side, caption, shown, landmarks, view, tape))
    for finding in findings:
        if finding.measurement.status not in (Status.WATCH, Status.FLAG):
            continue
        for t_s in finding.evidence_s:
            plan.append(
                _moment(len(plan), t_s, None, None, finding.title, [finding.measurement], landmarks, view, tape)
            )
    return tuple(plan)


# Drawn on the frames of the typical stride.
_AT_STRIKE = ("overstride", "knee_flexion_contact")
_USUAL = {
    ViewName.SIDE: ("forward_lean_mean", "head_forward_trunk"),
    ViewName.REAR: ("lateral_lean_mean", "shoulder_tilt_mean", "pelvic_obliquity_rom"),
    ViewName.FRONT: ("lateral_lean_mean", "shoulder_tilt_mean", "pelvic_obliquity_rom"),
}


def _stride_moments(view: View, strides: Strides) -> list[tuple[str, Side | None, float]]:
    """Moments of a stride in the middle of the clip; of a standing clip its middle."""
    centre = float(np.mean(strides.cuts_s))
    moments = [("mid_stance", side, strides.mid_stance[side]) for side in Side]
    if view.name is ViewName.SIDE:
        near = view.near or Side.RIGHT
        moments = [("foot_strike", near, strides.foot_strike[near]), *moments]
    found: list[tuple[str, Side | None, float]] = [
        (event, side, _nearest(times, centre)) for event, side, times in moments if len(times)
    ]
    if not strides.cadence_spm:
        return [("standing", None, centre)]
    return sorted(found, key=lambda moment: moment[2])


def _nearest(times: Floats, t_s: float) -> float:
    return float(times[np.argmin(np.abs(times - t_s))])


def _moment(
    number: int,
    t_s: float,
    event: str | None,
    side: Side | None,
    caption: str,
    shown: Sequence[Measurement],
    landmarks: Landmarks,
    view: View,
    tape: TapeTrack | None,
) -> Moment:
    row = int(np.argmin(np.abs(landmarks.t_s - t_s)))
    dots = tape.dots_px[row] if tape is not None and tape.found else None
    trunk = geo.median(geo.length(geo.shoulder_mid(landmarks.xy_px) - geo.hip_mid(landmarks.xy_px)))
    scene = Scene(landmarks.xy_px[row], trunk, view, dots)
    shapes = tuple(shape for m in shown for shape in draw_measurement(m, scene))
    request = FrameRequest(float(landmarks.t_s[row]), f"{number:02d}", shapes)
    return Moment(request, event, side, caption, tuple(m.spec.key for m in shown))


def draw_measurement(measurement: Measurement, scene: Scene) -> tuple[Shape, ...]:
    """The geometry of one measurement on one frame; nothing where a point is not there."""
    drawer = DRAWERS.get(measurement.spec.waveform or "")
    if drawer is None or not isinstance(measurement.result, Measured) or not np.isfinite(scene.xy).all():
        return ()
    colour = SHADES[measurement.status or Status.INFO]
    value = f"{measurement.result.value:.{measurement.spec.decimals}f}{UNITS.get(measurement.spec.unit, '')}"
    return drawer(scene, colour, value)


def _trunk(scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
    hip, shoulder = _mid(scene, lm.LEFT_HIP, lm.RIGHT_HIP), _mid(scene, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER)
    top = (hip[0], hip[1] + 1.25 * scene.trunk_px)
    lean = np.degrees(np.arctan2(shoulder[1] - hip[1], shoulder[0] - hip[0]))
    return (
        Line(hip, top, Colour.REFERENCE, dashed=True),
        Line(hip, shoulder, colour),
        Arc(hip, min(lean, 90.0), max(lean, 90.0), 0.8 * scene.trunk_px, colour),
        Text(hip, label, colour),
    )


def _head_forward(scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
    hip, shoulder = _mid(scene, lm.LEFT_HIP, lm.RIGHT_HIP), _mid(scene, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER)
    ear = _mid(scene, lm.LEFT_EAR, lm.RIGHT_EAR)
    beyond = (shoulder[0] + 0.6 * (shoulder[0] - hip[0]), shoulder[1] + 0.6 * (shoulder[1] - hip[1]))
    return (
        Line(shoulder, beyond, Colour.REFERENCE, dashed=True),
        Line(shoulder, ear, colour),
        Dot(ear, colour),
        Text(ear, label, colour),
    )


def _head_pitch(scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
    ear, nose = _mid(scene, lm.LEFT_EAR, lm.RIGHT_EAR), _point(scene, lm.NOSE)
    ahead = scene.view.travel_sign * 0.6 * scene.trunk_px
    level = (ear[0] + ahead, ear[1])
    slope = (nose[1] - ear[1]) / (nose[0] - ear[0]) if abs(nose[0] - ear[0]) > 1 else 0.0
    return (
        Line(ear, level, Colour.REFERENCE, dashed=True),
        Line(ear, (ear[0] + ahead, ear[1] + slope * ahead), colour),
        Text(level, label, colour),
    )


def _across(left: int, right: int) -> Callable[[Scene, Colour, str], tuple[Shape, ...]]:
    def drawer(scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
        return _against_level(_point(scene, left), _point(scene, right), scene, colour, label)

    return drawer


def _pelvis(scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
    if scene.dots_px is None or not np.isfinite(scene.dots_px).all():
        return ()
    first, last = scene.dots_px[0], scene.dots_px[-1]
    return _against_level((first[0], first[1]), (last[0], last[1]), scene, colour, label)


def _against_level(a: Point, b: Point, scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
    """A line through two points, drawn longer than it is, against the level."""
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    half = max(0.45 * scene.trunk_px, 0.7 * abs(b[0] - a[0]))
    slope = (b[1] - a[1]) / (b[0] - a[0]) if abs(b[0] - a[0]) > 1 else 0.0
    return (
        Line((middle[0] - half, middle[1]), (middle[0] + half, middle[1]), Colour.REFERENCE, dashed=True),
        Line((middle[0] - half, middle[1] - slope * half), (middle[0] + half, middle[1] + slope * half), colour),
        Text((middle[0] + half, middle[1]), label, colour),
    )


def _heel_ahead(scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
    """Plumb line from mid-hip to the level of the near heel, and from there to the heel."""
    hip = _mid(scene, lm.LEFT_HIP, lm.RIGHT_HIP)
    heel = _point(scene, lm.LEFT_HEEL if scene.view.near is Side.LEFT else lm.RIGHT_HEEL)
    foot = (hip[0], heel[1])
    return (Line(hip, foot, Colour.REFERENCE, dashed=True), Line(foot, heel, colour), Text(heel, label, colour))


def _near_knee(scene: Scene, colour: Colour, label: str) -> tuple[Shape, ...]:
    left = scene.view.near is Side.LEFT
    hip, knee, ankle = lm.LEFT_LEG[:3] if left else lm.RIGHT_LEG[:3]
    joint = _point(scene, knee)
    return (
        Line(_point(scene, hip), joint, colour),
        Line(joint, _point(scene, ankle), colour),
        Text(joint, label, colour),
    )


def _point(scene: Scene, index: int) -> Point:
    return float(scene.xy[index, 0]), float(scene.xy[index, 1])


def _mid(scene: Scene, left: int, right: int) -> Point:
    x, y = (scene.xy[left] + scene.xy[right]) / 2
    return float(x), float(y)


# By the curve that a metric is read from.
DRAWERS: dict[str, Callable[[Scene, Colour, str], tuple[Shape, ...]]] = {
    "forward_lean": _trunk,
    "lateral_lean": _trunk,
    "head_forward": _head_forward,
    "head_forward_trunk": _head_forward,
    "head_pitch": _head_pitch,
    "shoulder_tilt": _across(lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER),
    "head_tilt": _across(lm.LEFT_EAR, lm.RIGHT_EAR),
    "pelvic_obliquity": _pelvis,
    "heel_ahead": _heel_ahead,
    "knee_flexion": _near_knee,
}
