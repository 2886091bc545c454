"""From a clip to a report: orchestration only."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from analysis.cleaning import TRUNK_HZ, clean_series, fps_of
from analysis.cycle import stride_curves
from analysis.drawing import draw_frames
from analysis.events import find_events
from analysis.frames import plan_frames
from analysis.gates import (
    Gate,
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
from analysis.judge import judge, not_measured
from analysis.look import MOST_FPS, MOST_SECONDS, OnProgress, look
from analysis.marking import propose_frames, read_marks
from analysis.metrics import METRICS
from analysis.pixels import find_tape
from analysis.pose_model import model_path, sha256_of
from analysis.prepare import Prepared, in_media_time, prepare
from analysis.report import AnalysisReport, AnnotatedFrame, Measurement, StrideCurve, measured
from analysis.scale import find_scale
from analysis.scan import find_window
from analysis.steps import find_steps
from analysis.strides import find_rhythm, find_strides, standing_strides
from analysis.tips import find_findings
from analysis.types import (
    Activity,
    ClipFacts,
    Evidence,
    Floats,
    Landmarks,
    Mark,
    Others,
    Profile,
    Scene,
    Strides,
    TapeTrack,
    View,
    ViewName,
)
from analysis.video import open_clip, read_ahead
from analysis.view import find_view, obliqueness_deg
from analysis.waveforms import WAVEFORMS, compute_waveforms, counter_rotation


@dataclass
class _Clock:
    """Seconds per stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@dataclass(frozen=True)
class Analysis:
    """A report with the series it was read from, for whoever stores or draws them."""

    report: AnalysisReport
    raw: Landmarks
    waveforms: Mapping[str, Floats]
    t_s: Floats


def analyse(
    path: Path | str,
    profile: Profile | None = None,
    on_progress: OnProgress | None = None,
    *,
    landmarks: tuple[ClipFacts, Landmarks, Others] | None = None,
    marks: Path | None = None,
    frames_dir: Path | None = None,
) -> Analysis:
    """Analyse one clip.

    Parameters
    ----------
    path
        The clip: any container and codec that FFmpeg reads.
    profile
        What is known of the runner and the occasion.
    on_progress
        Called with (stage, done, total); stages in order: open, pose, pixels, metrics, frames.
    landmarks
        Of an earlier run of the same clip (`analysis.pose.find_landmarks`): saves the slow step.
    marks
        Lines drawn by a person on the proposed frames (`analysis.marking.read_marks`).
    frames_dir
        Where to save annotated frames; None = none are made.

    Returns
    -------
    Analysis
        Never raises for bad form or bad filming: those are gates and `NotMeasured` in the report.

    Raises
    ------
    AnalysisError
        When the file cannot be read as video, or the pose model is missing.
    """
    path, profile = Path(path), profile or Profile()
    tell = on_progress or (lambda stage, done, total: None)
    clock = _Clock()
    with clock.stage("open"):
        tell("open", 0, 1)
        window = None if landmarks else find_window(path, MOST_SECONDS)
    Thread(target=_import_scipy, name="imports", daemon=True).start()
    with clock.stage("pose"):
        facts, raw, others, scene = (
            (*landmarks, None) if landmarks else look(path, window, profile.kind != "standing", tell)
        )
    lines = read_marks(marks, raw.height_px) if marks is not None else ()
    found = _measure(path, profile, facts, raw, others, scene, lines, clock, tell)
    with clock.stage("frames"):
        frames = _draw(path, found, frames_dir, tell)
    report = replace(found.report, frames=frames, timing=clock.seconds, analysed_s=_span(found.ready.media))
    return Analysis(report, found.ready.media, found.waveforms, found.t_s * report.facts.slow_motion_factor)


def _import_scipy() -> None:
    """Have it ready when the trackers are done: its import takes as long as 30 frames."""
    for name in ("scipy.ndimage", "scipy.optimize", "scipy.interpolate"):
        import_module(name)


@dataclass(frozen=True)
class _Found:
    report: AnalysisReport
    ready: Prepared
    waveforms: Mapping[str, Floats]
    t_s: Floats
    tape: TapeTrack | None = None


def _measure(
    path: Path,
    profile: Profile,
    facts: ClipFacts,
    raw: Landmarks,
    others: Others,
    scene: Scene | None,
    marks: tuple[Mark, ...],
    clock: _Clock,
    tell: OnProgress,
) -> _Found:
    """Everything between the landmarks and the report's numbers."""
    ready = prepare(facts, raw, scene, profile.kind != "standing")
    facts, raw, cleaned, gates = ready.facts, ready.raw, ready.cleaned, list(ready.gates)
    marks = tuple(replace(mark, t_s=mark.t_s / facts.slow_motion_factor) for mark in marks)
    if cleaned is None:
        return _refused(ready, gates, Activity.OTHER)
    visible = compute_visible(raw)
    gates += [check_size(raw), check_cropped(visible), check_others(others, raw), check_mirror(others)]
    activity, strides, more = _standing(cleaned) if profile.kind == "standing" else _running(cleaned)
    gates += more
    if strides is None or any(g.refuses for g in gates):
        return _refused(ready, gates, activity)
    view = _view(cleaned, profile)
    gates += [check_view(view), check_oblique(view, obliqueness_deg(cleaned, view))]
    if activity is Activity.RUNNING:
        gates += [
            in_media_time(check_hands(raw), facts),
            check_even(find_steps(cleaned)),
            check_forwards(view, cleaned, strides),
        ]
        if gates[-1].refuses:
            return _refused(ready, gates, activity)
    strides = find_events(raw, view, strides)
    with clock.stage("pixels"):
        tape = _tape(path, ready.media, view, profile, tell)
    with clock.stage("metrics"):
        tell("metrics", 0, 1)
        scale = find_scale(cleaned, view, profile, 1.0 / strides.period_s)
        waveforms = compute_waveforms(cleaned, view, scale) | _pelvis(tape, view, raw, cleaned)
        waveforms |= counter_rotation(waveforms)
        evidence = Evidence(
            facts, profile, view, strides, scale, cleaned.t_s, waveforms, visible, _notes(tape, gates, ready), marks
        )
        measurements = judge(evidence)
        report = AnalysisReport(
            facts=facts,
            gates=tuple(gates),
            activity=activity,
            measurements=measurements,
            engine=engine(),
            refused=False,
            view=view,
            strides=strides,
            scale=scale,
            curves=() if activity is Activity.STANDING else _curves(evidence, measurements),
            findings=find_findings(measurements, evidence),
            marking_frames=propose_frames(raw, view, strides),
        )
    return _Found(report, ready, waveforms, cleaned.t_s, tape)


def _running(cleaned: Landmarks) -> tuple[Activity, Strides | None, list[Gate]]:
    activity, running = check_activity(find_rhythm(cleaned), compute_wander(cleaned), find_steps(cleaned))
    if activity is not Activity.RUNNING:
        return activity, None, [running]
    strides = find_strides(cleaned)
    return activity, strides, [running, check_strides(strides)]


def _standing(cleaned: Landmarks) -> tuple[Activity, Strides | None, list[Gate]]:
    strides = standing_strides(cleaned.t_s)
    return Activity.STANDING, strides, [check_standing(cleaned)]


def _tape(path: Path, raw: Landmarks, view: View, profile: Profile, tell: OnProgress) -> TapeTrack:
    frames = read_ahead(open_clip(path).frames(window=_span(raw), max_fps=MOST_FPS))
    pairs = ((frame.t_s, frame.rgb) for frame in frames)
    return find_tape(pairs, raw, view, colour=profile.tape, on_progress=lambda done, n: tell("pixels", done, n))


def _pelvis(tape: TapeTrack, view: View, raw: Landmarks, cleaned: Landmarks) -> dict[str, Floats]:
    """The pelvis's series on the clock of the cleaned landmarks; only ever from tape."""
    if not tape.found:
        return {}
    side = view.name is ViewName.SIDE
    name, series = ("pelvis_rotation", tape.yaw_deg) if side else ("pelvic_obliquity", tape.obliquity_deg)
    rate = 1.0 / float(np.median(np.diff(cleaned.t_s)))
    return {name: clean_series(series, raw.t_s, cleaned.t_s, min(TRUNK_HZ, 0.4 * fps_of(raw)), rate)}


def _notes(tape: TapeTrack, gates: list[Gate], ready: Prepared) -> dict[str, Any]:
    """What else a metric should know: why there is no tape, what the checks cost or make doubtful, how level it is."""
    costs = {key: gate.message for gate in gates for key in gate.costs}
    doubts = {key: gate.message for gate in gates for key in gate.doubts}
    return {"tape": tape.reason, "costs": costs, "doubts": doubts, "roll_sd_deg": ready.roll_sd_deg}


def _refused(ready: Prepared, gates: list[Gate], activity: Activity) -> _Found:
    """No numbers, and the first check that forbids them as the reason of each."""
    reason = next(g.message for g in gates if g.refuses)
    nothing = tuple(not_measured(spec, reason) for spec in METRICS)
    report = AnalysisReport(ready.facts, tuple(gates), activity, nothing, engine(), refused=True)
    return _Found(report, ready, {}, np.empty(0))


def _view(cleaned: Landmarks, profile: Profile) -> View:
    """The view that was found, or the one that the uploader says."""
    found = find_view(cleaned)
    if profile.view is None or profile.view is found.name:
        return found
    return find_view(cleaned, profile.view)


def _span(raw: Landmarks) -> tuple[float, float] | None:
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
            mean, sd = curves.mean(axis=0), curves.std(axis=0)
            out.append(StrideCurve(name, text.label, text.unit, mean, sd, metrics))
    return tuple(out)


def _draw(path: Path, found: _Found, frames_dir: Path | None, tell: OnProgress) -> tuple[AnnotatedFrame, ...]:
    report = found.report
    if frames_dir is None or report.refused or report.view is None or report.strides is None:
        return ()
    plan = plan_frames(found.ready.raw, report.view, report.strides, found.tape, report.findings, report.measurements)
    factor = report.facts.slow_motion_factor
    requests = [replace(moment.request, t_s=moment.request.t_s * factor) for moment in plan]
    tell("frames", 0, len(plan))
    drawn = draw_frames(path, requests, found.ready.media, frames_dir)
    by_name = {moment.request.name: moment for moment in plan}
    out = []
    for file, index, t_s in drawn:
        moment = by_name[file.stem]
        out.append(AnnotatedFrame(file.name, t_s, index, moment.event, moment.side, moment.caption, moment.metrics))
    tell("frames", len(plan), len(plan))
    return tuple(out)


@cache
def engine() -> Mapping[str, str]:
    """What made the numbers: the pose model and every constant of this library (its source, hashed)."""
    model = model_path()
    source = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        source.update(file.read_bytes())
    return {
        "pose_model": model.name,
        "pose_model_sha256": sha256_of(model),
        "parameters_sha256": source.hexdigest(),
    }
