"""Everything between the landmarks and the report's numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.cleaning import TRUNK_HZ, clean_series, fps_of
from analysis.clock import Clock
from analysis.corrections import Corrections
from analysis.corrections.events import correct_events
from analysis.corrections.points import cut_out, drag_points
from analysis.cycle import stride_curves
from analysis.direction import DeckLine, Heading
from analysis.engine import parameters
from analysis.gates import (
    Gate,
    blame_the_clip,
    check_activity,
    check_cropped,
    check_even,
    check_forwards,
    check_hands,
    check_mirror,
    check_oblique,
    check_others,
    check_size,
    check_standing,
    check_strides,
    check_view,
    compute_visible,
    compute_wander,
)
from analysis.heading import find_heading, read_track
from analysis.heading.oblique import square_up
from analysis.judge import judge, not_measured
from analysis.look import MOST_FPS, OnProgress
from analysis.marking import level_mark, propose_between, propose_frames
from analysis.metrics import METRICS
from analysis.passing import cut_from_start, from_foot_strike, without_turning
from analysis.pixels import find_tape
from analysis.prepare import Prepared, in_media_time, prepare
from analysis.report import AnalysisReport, Camera, Measurement, StrideCurve, measured
from analysis.scale import compute_stature_px, find_scale
from analysis.sight import SeenTape, Sight
from analysis.steps import find_steps
from analysis.strides import find_rhythm, find_strides, standing_strides
from analysis.tips import find_findings
from analysis.types import (
    Activity,
    Evidence,
    Floats,
    Landmarks,
    Mark,
    Profile,
    Scale,
    Scene,
    Strides,
    TapeTrack,
    View,
    ViewName,
)
from analysis.video import open_clip, read_ahead
from analysis.view import find_view, obliqueness_deg
from analysis.waveforms import WAVEFORMS, compute_waveforms, counter_rotation, pelvis_under_belt

# Two dots 12 cm apart are seen within 0.3 deg (1 SD) of their tilt, which turns by up to 1.1 deg from picture to
# picture at 30 a second.
TAPE_SPIKE_DEG = 1.5


@dataclass(frozen=True)
class Found:
    """The report, and what it was read from; ``t_s`` and waveforms in real time."""

    report: AnalysisReport
    ready: Prepared
    waveforms: Mapping[str, Floats]
    t_s: Floats
    tape: TapeTrack | None = None


def measure(
    path: Path,
    profile: Profile,
    sight: Sight,
    corrections: Corrections,
    marks: tuple[Mark, ...],
    drawn: tuple[DeckLine, ...],
    clock: Clock,
    tell: OnProgress,
) -> Found:
    """Everything between the landmarks and the report's numbers."""
    seen, scene = _corrected(sight, corrections)
    facts, others = sight.facts, sight.others
    ready = prepare(facts, seen, scene, profile.kind != "standing", corrections.factor(facts))
    facts, raw, cleaned, gates = ready.facts, ready.raw, ready.cleaned, list(ready.gates)
    marks = tuple(level_mark(replace(m, t_s=m.t_s / facts.slow_motion_factor), ready.roll_deg) for m in marks)
    if cleaned is None:
        return _refused(ready, gates, Activity.OTHER)
    visible = compute_visible(raw)
    cropped = in_media_time(check_cropped(visible, raw), facts)
    gates += [check_size(raw), cropped, check_others(others, raw), check_mirror(others)]
    activity, strides, more = _standing(cleaned) if profile.kind == "standing" else _running(ready, cleaned)
    gates += [blame_the_clip(gate, [*gates, *more]) for gate in more]
    if strides is None or any(g.refuses for g in gates):
        return _refused(ready, gates, activity)
    view = _view(cleaned, profile)
    heading = _heading(ready, cleaned, view, profile, scene, strides, drawn)
    gates += [check_view(view), check_oblique(view, heading)]
    if activity is Activity.RUNNING:
        gates += [
            in_media_time(check_hands(raw, view.name), facts),
            check_even(find_steps(cleaned)),
            check_forwards(view, cleaned, strides, ready.travel),
        ]
        if gates[-1].refuses:
            return _refused(ready, gates, activity)
    strides = correct_events(raw, view, strides, corrections.events_in_real_time(facts))
    with clock.stage("pixels"):
        tape = _tape(path, ready.media, view, profile, None if corrections.points else sight.tape, tell)
    with clock.stage("metrics"):
        tell("metrics", 0, 1)
        scale = find_scale(cleaned, view, profile, 1.0 / strides.period_s)
        waveforms = _waveforms(ready, cleaned, view, scale, heading, strides, tape)
        notes = _notes(tape, gates, ready)
        evidence = Evidence(
            facts, profile, view, strides, scale, cleaned.t_s, waveforms, visible, notes, marks, heading
        )
        report = _report(evidence, ready, gates, activity, heading)
    return Found(report, ready, waveforms, cleaned.t_s, tape)


def _waveforms(
    ready: Prepared,
    cleaned: Landmarks,
    view: View,
    scale: Scale,
    heading: Heading,
    strides: Strides,
    tape: TapeTrack,
) -> dict[str, Floats]:
    """Every series on the clock of the cleaned landmarks, squared up to the direction of travel."""
    waveforms = square_up(compute_waveforms(cleaned, view, scale), view, heading)
    if ready.travelling is not None:
        waveforms = without_turning(waveforms, cleaned.t_s, strides.period_s)
    waveforms |= _pelvis(tape, ready.raw, cleaned.t_s, waveforms)
    return waveforms | counter_rotation(waveforms)


def _report(
    evidence: Evidence, ready: Prepared, gates: list[Gate], activity: Activity, heading: Heading
) -> AnalysisReport:
    """The numbers, what to do about them, and the frames that a person may mark."""
    measurements = judge(evidence)
    return AnalysisReport(
        facts=evidence.facts,
        gates=tuple(gates),
        activity=activity,
        measurements=measurements,
        engine=parameters(),
        refused=False,
        view=evidence.view,
        strides=evidence.strides,
        scale=evidence.scale,
        curves=() if activity is Activity.STANDING else _curves(evidence, measurements),
        findings=find_findings(measurements, evidence),
        marking_frames=propose_frames(ready.raw, evidence.view, evidence.strides),
        marking_between=propose_between(ready.raw, evidence.view, evidence.strides),
        camera=Camera(ready.roll_deg, ready.roll_sd_deg, heading),
    )


def _running(ready: Prepared, cleaned: Landmarks) -> tuple[Activity, Strides | None, list[Gate]]:
    steps = find_steps(cleaned)
    activity, running = check_activity(find_rhythm(cleaned), compute_wander(cleaned), steps)
    if activity is not Activity.RUNNING:
        return activity, None, [check_even(steps), running]
    strides = find_strides(cleaned)
    if strides is not None and ready.travelling is not None:
        strides = cut_from_start(strides, cleaned.t_s)
    return activity, strides, [running, check_strides(strides, ready.travelling is not None)]


def _standing(cleaned: Landmarks) -> tuple[Activity, Strides | None, list[Gate]]:
    strides = standing_strides(cleaned.t_s)
    return Activity.STANDING, strides, [check_standing(cleaned)]


def _corrected(sight: Sight, corrections: Corrections) -> tuple[Landmarks, Scene | None]:
    """The landmarks as a person put them right, of the stretch that a person asks for."""
    found = drag_points(sight.found, corrections.points) if corrections.points else sight.found
    if corrections.stretch is None:
        return found, sight.scene
    start_s, end_s = corrections.stretch
    wanted = (found.t_s >= start_s - 1e-3) & (found.t_s <= (end_s or np.inf) + 1e-3)
    return cut_out(found, sight.scene, wanted)


def _tape(
    path: Path, raw: Landmarks, view: View, profile: Profile, seen: SeenTape | None, tell: OnProgress
) -> TapeTrack:
    """The tape dots of the measured stretch: those seen before, where they were looked for in the same way."""
    if seen and (seen.view, seen.colour, seen.span_s) == (view.name, profile.tape, span_of(raw)):
        return seen.track
    frames = read_ahead(open_clip(path).frames(window=span_of(raw), max_fps=MOST_FPS))
    pairs = ((frame.t_s, frame.rgb) for frame in frames)
    return find_tape(pairs, raw, view, colour=profile.tape, on_progress=lambda done, n: tell("pixels", done, n))


def _pelvis(tape: TapeTrack, raw: Landmarks, t_s: Floats, waveforms: Mapping[str, Floats]) -> dict[str, Floats]:
    """The pelvis's series on the clock of the cleaned landmarks; only ever from tape."""
    if not tape.found:
        return {}
    cutoff, rate = min(TRUNK_HZ, 0.4 * fps_of(raw)), 1.0 / float(np.median(np.diff(t_s)))
    if "shoulder_tilt" not in waveforms:
        return {"pelvis_rotation": clean_series(tape.yaw_deg, raw.t_s, t_s, cutoff, rate)}
    belt = clean_series(tape.obliquity_deg, raw.t_s, t_s, cutoff, rate, TAPE_SPIKE_DEG)
    return {"pelvic_obliquity": pelvis_under_belt(belt, waveforms["shoulder_tilt"])}


def _notes(tape: TapeTrack, gates: list[Gate], ready: Prepared) -> dict[str, Any]:
    """What else a metric should know: why there is no tape, what the checks cost or make doubtful, how level it is."""
    costs = {key: gate.message for gate in gates for key in gate.costs}
    doubts = {key: gate.message for gate in gates for key in gate.doubts}
    return {"tape": tape.reason, "costs": costs, "doubts": doubts, "roll_sd_deg": ready.roll_sd_deg}


def _refused(ready: Prepared, gates: list[Gate], activity: Activity) -> Found:
    """No numbers, and the first check that forbids them as the reason of each."""
    reason = next(g.message for g in gates if g.refuses)
    nothing = tuple(not_measured(spec, reason) for spec in METRICS)
    report = AnalysisReport(ready.facts, tuple(gates), activity, nothing, parameters(), refused=True)
    return Found(report, ready, {}, np.empty(0))


def _view(cleaned: Landmarks, profile: Profile) -> View:
    """The view that was found, or the one that the uploader says."""
    found = find_view(cleaned)
    if profile.view is None or profile.view is found.name:
        return found
    return find_view(cleaned, profile.view)


def _heading(
    ready: Prepared,
    cleaned: Landmarks,
    view: View,
    profile: Profile,
    scene: Scene | None,
    strides: Strides,
    drawn: tuple[DeckLine, ...],
) -> Heading:
    """The direction of travel, seen from the camera."""
    way = ready.travelling if view.name is ViewName.SIDE else None
    return find_heading(
        ready.raw,
        view,
        profile,
        scene,
        stature_px=compute_stature_px(cleaned, view),
        body_deg=obliqueness_deg(cleaned, view),
        drawn=drawn,
        track=None if way is None else read_track(way, 1.0 / strides.period_s),
    )


def span_of(raw: Landmarks) -> tuple[float, float] | None:
    """First and last moment of the landmarks, seconds."""
    return (float(raw.t_s[0]), float(raw.t_s[-1])) if len(raw) else None


def _curves(evidence: Evidence, measurements: tuple[Measurement, ...]) -> tuple[StrideCurve, ...]:
    """The mean stride of every series that a metric was read from."""
    out = []
    for name, text in WAVEFORMS.items():
        metrics = tuple(m.spec.key for m in measured(measurements) if m.spec.waveform == name)
        series = evidence.waveforms.get(name)
        if series is None or not metrics:
            continue
        curves = stride_curves(series, evidence.t_s, evidence.strides.cuts_s)
        if len(curves):
            mean, sd = (
                from_foot_strike(curve, evidence.strides) for curve in (curves.mean(axis=0), curves.std(axis=0))
            )
            out.append(StrideCurve(name, text.label, text.unit, mean, sd, metrics))
    return tuple(out)
