"""From a clip to a report: orchestration only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from analysis.clock import Clock
from analysis.corrections import NOTHING, Corrections
from analysis.drawing import draw_frames
from analysis.frames import plan_frames
from analysis.look import OnProgress, choose_window, look, recall
from analysis.marking import read_deck_lines, read_marks
from analysis.measure import Found, measure, span_of
from analysis.report import AnalysisReport, AnnotatedFrame
from analysis.sight import SeenTape, Sight
from analysis.types import Floats, Landmarks, Profile
from analysis.video import OnDecoded


@dataclass(frozen=True)
class Analysis:
    """A report with the series it was read from, for whoever stores or draws them."""

    report: AnalysisReport
    raw: Landmarks
    waveforms: Mapping[str, Floats]
    t_s: Floats
    sight: Sight


def analyse(
    path: Path | str,
    profile: Profile | None = None,
    on_progress: OnProgress | None = None,
    *,
    landmarks: Sight | Path | None = None,
    corrections: Corrections = NOTHING,
    marks: Path | None = None,
    frames_dir: Path | None = None,
    on_decoded: OnDecoded | None = None,
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
        What an earlier analysis of the same clip saw (`Analysis.sight`), or the series file beside its report: saves
        the slow step, unless a correction asks for another person or another part of the clip.
    corrections
        What a person put right (`analysis.corrections.read_corrections`).
    marks
        Lines drawn by a person on the proposed frames and along the deck (`analysis.marking`).
    frames_dir
        Where to save annotated frames; None = none are made.
    on_decoded
        Called with number and picture, as stored, of every frame that is decoded for the slow step, in its threads.

    Returns
    -------
    Analysis
        Never raises for bad form or bad filming: those are gates and `NotMeasured` in the report.

    Raises
    ------
    AnalysisError
        When the file cannot be read as video, or the pose model is missing.
    """
    path, profile = Path(path), corrections.profile(profile or Profile())
    tell = _telling(on_progress)
    clock = Clock()
    with clock.stage("open"):
        tell("open", 0, 1)
        sight = recall(landmarks, path, corrections) if isinstance(landmarks, Path) else landmarks
        window = None if sight else choose_window(path, corrections)
    with clock.stage("pose"):
        sight = sight or look(path, window, profile.kind != "standing", corrections, tell, on_decoded)
    lines = read_marks(marks, sight.found.height_px) if marks is not None else ()
    drawn = read_deck_lines(marks, sight.found.height_px) if marks is not None else ()
    with clock.stage("metrics"):
        found = measure(path, profile, sight, corrections, lines, drawn, clock, tell)
    with clock.stage("frames"):
        frames = _draw(path, found, frames_dir, tell)
    report = replace(
        found.report,
        frames=frames,
        timing=clock.seconds,
        analysed_s=span_of(found.ready.media),
        engine={**sight.model, **found.report.engine},
        corrections=corrections.items,
    )
    t_s = found.t_s * report.facts.slow_motion_factor
    return Analysis(report, found.ready.media, found.waveforms, t_s, _with_tape(sight, found, profile))


def _with_tape(sight: Sight, found: Found, profile: Profile) -> Sight:
    """What was seen, with the tape dots that were found meanwhile."""
    report, span = found.report, span_of(found.ready.media)
    if found.tape is None or report.view is None or span is None:
        return sight
    return replace(sight, tape=SeenTape(found.tape, report.view.name, profile.tape, span))


def _telling(on_progress: OnProgress | None) -> OnProgress:
    """As asked for.  While the trackers run, SciPy is got ready here, too: its import takes as long as 40 frames."""

    def tell(stage: str, done: int, total: int) -> None:
        if on_progress is not None:
            on_progress(stage, done, total)
        if stage == "pose":
            for name in ("scipy.ndimage", "scipy.optimize", "scipy.interpolate"):
                import_module(name)  # nothing to do from the second time on

    return tell


def _draw(path: Path, found: Found, frames_dir: Path | None, tell: OnProgress) -> tuple[AnnotatedFrame, ...]:
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
