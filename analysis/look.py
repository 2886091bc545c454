"""Look at a clip: its landmarks and what its pixels say, of the right person, in enough pictures."""

from collections.abc import Callable
from pathlib import Path

from analysis.pose import Region, find_landmarks
from analysis.prepare import slow_motion_of
from analysis.runner import find_other_runner
from analysis.scene import SceneWatch
from analysis.types import ClipFacts, Landmarks, Others, Scene
from analysis.video import open_clip

# The dense work is done on at most so much of a clip, in real time, where `scan` finds the runner.
MOST_SECONDS = 20.0
MOST_FPS = 120.0

OnProgress = Callable[[str, int, int], None]


def look(
    path: Path, window: tuple[float, float] | None, running: bool, tell: OnProgress
) -> tuple[ClipFacts, Landmarks, Others, Scene | None]:
    """The landmarks and what the pixels say: of another person, where the one found first does not run and that one
    does; of a longer stretch with fewer pictures where it is in slow motion.
    """

    def follow(
        window: tuple[float, float] | None, max_fps: float, region: Region | None = None
    ) -> tuple[ClipFacts, Landmarks, Others, Scene | None]:
        watch = SceneWatch(window[1] - window[0] if window else seconds)
        found = find_landmarks(
            path,
            lambda done, total: tell("pose", done, total),
            window=window,
            max_fps=max_fps,
            on_frame=watch.look,
            region=region,
        )
        return *found, watch.finish(found[1])

    seconds = open_clip(path).facts.seconds
    seen = follow(window, MOST_FPS)
    region = find_other_runner(*seen[:3]) if running else None
    if region is not None:
        seen = follow(window, MOST_FPS, region)
    factor = slow_motion_of(seen[0], seen[1]) if window else 1.0
    if window is None or factor == 1.0:
        return seen
    half = factor * MOST_SECONDS / 2
    middle = min(max(sum(window) / 2, half), seconds - half) if seconds > 2 * half else seconds / 2
    return follow((max(0.0, middle - half), min(seconds, middle + half)), MOST_FPS / factor, region)
