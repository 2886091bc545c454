"""Look at a clip: its landmarks and what its pixels say, of the right person, in enough pictures; or remember them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

from analysis.corrections import Corrections
from analysis.engine import model
from analysis.errors import AnalysisError
from analysis.pointed import find_pointed, is_followed
from analysis.pose import Region, find_landmarks
from analysis.prepare import slow_motion_of
from analysis.runner import find_other_runner
from analysis.scan import find_window
from analysis.scene import SceneWatch
from analysis.sight import Sight, read_sight
from analysis.types import ClipFacts
from analysis.video import OnDecoded, open_clip

# The dense work is done on at most so much of a clip, in real time, where `scan` finds the runner.
MOST_SECONDS = 20.0
MOST_FPS = 120.0
# Room about the person whom somebody pointed at: if another one is followed there, less.
ROOMS = (0.35, 0.10)
# A stretch may reach so far beyond the landmarks that are kept.
SLACK_S = 0.25

OnProgress = Callable[[str, int, int], None]
Window = tuple[float, float]


def recall(kept: Path, path: Path, corrections: Corrections) -> Sight | None:
    """What an earlier look at the same clip saw; None where that does not serve: other person, other stretch, old file.

    Parameters
    ----------
    kept
        A series file beside an earlier report.
    path
        The clip.
    corrections
        What is to be measured now.

    Raises
    ------
    AnalysisError
        ``series`` when the file is no series file.
    """
    try:
        sight = read_sight(kept)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        why = getattr(error, "strerror", None) or "it is not a file of series"
        raise AnalysisError("series", f"The series of the earlier report cannot be read: {why}.") from error
    facts = open_clip(path).facts
    if sight is None or replace(sight.facts, frames_lost=0) != facts or sight.runner != corrections.runner:
        return None
    start_s, end_s = _stretch(facts, corrections) or (0.0, 0.0)
    t_s = sight.found.t_s
    if corrections.stretch and (start_s < t_s[0] - SLACK_S or min(end_s, start_s + MOST_SECONDS) > t_s[-1] + SLACK_S):
        return None
    return sight


def choose_window(path: Path, corrections: Corrections) -> Window | None:
    """The part of the clip to look at, media time: all of it (None), what a person asks for, or the best there is."""
    facts = open_clip(path).facts
    asked = _stretch(facts, corrections)
    if facts.seconds <= MOST_SECONDS:
        return None
    return (asked[0], min(asked[1], asked[0] + MOST_SECONDS)) if asked else find_window(path, MOST_SECONDS)


def look(
    path: Path,
    window: Window | None,
    running: bool,
    corrections: Corrections,
    tell: OnProgress,
    on_decoded: OnDecoded | None = None,
) -> Sight:
    """The landmarks and what the pixels say: of the person whom somebody pointed at; of another person, where the one
    found first does not run and that one does; of a longer stretch with fewer pictures where it is in slow motion.
    """

    def follow(window: Window | None, max_fps: float, region: Region | None = None) -> Sight:
        watch = SceneWatch(window[1] - window[0] if window else seconds)
        found = find_landmarks(
            path,
            lambda done, total: tell("pose", done, total),
            window=window,
            max_fps=max_fps,
            on_frame=watch.look,
            on_decoded=on_decoded,
            region=region,
        )
        return Sight(*found, watch.finish(found[1]), corrections.runner, model=model())

    seconds = open_clip(path).facts.seconds
    region: Region | None
    if corrections.runner:
        seen, region = _pointed(path, window, corrections.runner, follow)
    else:
        seen = follow(window, MOST_FPS)
        region = find_other_runner(seen.facts, seen.found, seen.others) if running else None
        seen = seen if region is None else follow(window, MOST_FPS, region)
    if window is None:
        return seen
    factor = corrections.factor(seen.facts) or slow_motion_of(seen.facts, seen.found)
    if factor == 1.0:
        return seen
    asked = _stretch(seen.facts, corrections)
    return follow(_longer(window, factor, seconds, asked), MOST_FPS / factor, region)


def _longer(window: Window, factor: float, seconds: float, asked: Window | None) -> Window:
    """The stretch that lasts as long as the window, once it plays in real time."""
    if asked:
        return asked[0], min(asked[1], asked[0] + factor * MOST_SECONDS)
    half = factor * MOST_SECONDS / 2
    middle = min(max(sum(window) / 2, half), seconds - half) if seconds > 2 * half else seconds / 2
    return max(0.0, middle - half), min(seconds, middle + half)


def _pointed(
    path: Path,
    window: Window | None,
    runner: tuple[float, float, float],
    follow: Callable[[Window | None, float, Region | None], Sight],
) -> tuple[Sight, Region]:
    for room in ROOMS:
        region = find_pointed(open_clip(path), window, runner, room)
        seen = follow(window, MOST_FPS, region)
        if is_followed(seen.found, runner):
            return seen, region
    raise AnalysisError(
        "runner", "The person you pointed at could not be followed. Try a frame in which they stand clear of others."
    )


def _stretch(facts: ClipFacts, corrections: Corrections) -> Window | None:
    """Start and end of what a person asks for."""
    if corrections.stretch is None:
        return None
    start_s, end_s = corrections.stretch
    if start_s >= facts.seconds - 1.0:
        raise AnalysisError("stretch", "The stretch begins where the clip ends. Choose an earlier moment.")
    return start_s, facts.seconds if end_s is None else min(end_s, facts.seconds)
