"""Follow the runner through a clip in lanes.

The clip is cut into two lanes that are decoded and tracked at the same time, each with a tracker of its own: one
tracker keeps one core busy, whatever the machine has.  There are always two (one for short clips and for 4K), so that
every machine gets the same landmarks.  The second lane starts a little early, to be settled where the first one ends;
if the two do not see the same person there, one tracker goes through the whole clip instead.
"""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import cv2
import numpy as np

from analysis import landmarks as lm
from analysis.pose.people import Person, everybody
from analysis.pose.places import Region, part_of, placed, upright_px
from analysis.pose.tracker import POSE_SIDE_PX, image_of, landmarker, points_of, quiet_libraries
from analysis.types import ClipFacts, Floats, Ints
from analysis.video import Clip, Frame, mirror, read_ahead
from analysis.video.container import LARGE_PIXELS

# Time between frames as told to the tracker, which needs a rising clock and takes no other notice of it than in the
# One-Euro filter over its results.  With true times that filter costs ears and shoulders 29 ms and 8 % of their bounce;
# with 1000 s between frames it lets through 99.7 % of every change, and tracking and cost stay the same.
STEP_MS = 1_000_000
LANES = 2
MIN_LANE_FRAMES = 60
# Enough to settle: beyond it two trackers differ by what any two differ, 0.5 to 0.8 % of the trunk.
SETTLE_S = 0.35
# The lanes see the same person when their mid-hips are this close, in trunk lengths.
SAME_PERSON_TRUNKS = 0.25
PEOPLE_SAMPLES = 6

Progress = Callable[[int, int], None]
OnFrame = Callable[[Frame], None]


class Manner(NamedTuple):
    """How the pictures are shown to the tracker: mirrored or not, and the length of their short side."""

    mirrored: bool = False
    side_px: int = POSE_SIDE_PX


@dataclass
class Lane:
    """A stretch of the clip for one tracker: frame numbers in, one row a decoded frame out."""

    indices: Ints
    samples: frozenset[int]
    manner: Manner
    on_frame: OnFrame | None = None
    region: Region | None = None
    rows: list[tuple[int, float, Floats]] = field(default_factory=list)
    people: dict[int, list[Person]] = field(default_factory=dict)
    found: bool = False


def follow(
    clip: Clip,
    indices: Ints,
    manner: Manner,
    people: Any,
    on_progress: Progress | None,
    on_frame: OnFrame | None,
    region: Region | None,
) -> list[Lane]:
    """Track all frames in lanes; in a single one where two would see different people.

    ``people`` is a `landmarker` that sees several in single pictures.
    """
    samples = frozenset(int(i) for i in spread(indices, PEOPLE_SAMPLES))
    lanes = [Lane(part, samples, manner, on_frame, region) for part in _split(clip, indices)]
    _track(clip, lanes, people, on_progress, len(indices))
    if len(lanes) > 1 and not _same_person(clip.facts, *lanes):
        lanes = [Lane(indices, samples, manner, on_frame, region)]
        _track(clip, lanes, people, on_progress, len(indices))
    return lanes


def spread(indices: Ints, count: int) -> Ints:
    """``count`` of the numbers, evenly spread, away from both ends."""
    places = (np.arange(count) + 0.5) / count * len(indices)
    return indices[places.astype(int)] if len(indices) else indices


def _split(clip: Clip, indices: Ints) -> list[Ints]:
    """Halves of the work; the second begins ``SETTLE_S`` before the first one ends."""
    if len(indices) < LANES * MIN_LANE_FRAMES or clip.facts.width_px * clip.facts.height_px > LARGE_PIXELS:
        return [indices]
    middle = len(indices) // 2
    t_s = clip.t_s[indices]
    early = int(np.searchsorted(t_s, t_s[middle] - SETTLE_S))
    return [indices[:middle], indices[early:]]


def _track(clip: Clip, lanes: list[Lane], people: Any, on_progress: Progress | None, total: int) -> None:
    """Run all lanes at once; report progress from here."""
    stop = threading.Event()
    frames = sum(len(lane.indices) for lane in lanes)
    with ThreadPoolExecutor(len(lanes), "lane") as pool, ExitStack() as quiet:
        quiet.enter_context(quiet_libraries())
        jobs = [pool.submit(_run_lane, clip, lane, people, stop) for lane in lanes]
        try:
            running = True
            while running:
                done, waiting = wait(jobs, timeout=0.2, return_when=FIRST_EXCEPTION)
                running = bool(waiting) and not any(job.exception() for job in done)
                if any(lane.found for lane in lanes):
                    quiet.close()  # by now the libraries have said all that they always say
                if on_progress is not None:
                    on_progress(round(total * sum(len(lane.rows) for lane in lanes) / max(frames, 1)), total)
        finally:
            stop.set()
        for job in jobs:
            job.result()


def _run_lane(clip: Clip, lane: Lane, people: Any, stop: threading.Event) -> None:
    with landmarker("VIDEO", 1) as tracker:
        _follow_lane(clip, lane, tracker, people, stop)


def _follow_lane(clip: Clip, lane: Lane, tracker: Any, people: Any, stop: threading.Event) -> None:
    mirrored, side_px = lane.manner
    for count, frame in enumerate(read_ahead(clip.pick(lane.indices, side_px)), start=1):
        if stop.is_set():
            return
        if lane.on_frame is not None:
            lane.on_frame(frame if side_px == POSE_SIDE_PX else _smaller(clip, frame))
        part = part_of(frame.rgb, lane.region)
        rgb = mirror(part) if mirrored else part
        result = tracker.detect_for_video(image_of(rgb), count * STEP_MS)
        lane.rows.append((frame.index, frame.t_s, placed(points_of(result, mirrored), lane.region)))
        lane.found |= bool(result.pose_landmarks)
        if frame.index in lane.samples:
            lane.people[frame.index] = everybody(clip, people, frame)


def _smaller(clip: Clip, frame: Frame) -> Frame:
    small = cv2.resize(frame.rgb, clip.size_px(POSE_SIDE_PX), interpolation=cv2.INTER_AREA)
    return replace(frame, rgb=np.asarray(small, np.uint8))


def _same_person(facts: ClipFacts, first: Lane, second: Lane) -> bool:
    """Whether both trackers, where they overlap last, follow the same person; True where one sees nobody."""
    index, _, points = first.rows[-1] if first.rows else (-1, 0.0, np.full((lm.COUNT, 6), np.nan))
    other = next((row for number, _, row in second.rows if number == index), np.full_like(points, np.nan))
    mine, theirs = upright_px(points[:, :2], facts), upright_px(other[:, :2], facts)
    hips, shoulders = [lm.LEFT_HIP, lm.RIGHT_HIP], [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]
    trunk_px = np.linalg.norm(mine[shoulders].mean(axis=0) - mine[hips].mean(axis=0))
    apart_px = np.linalg.norm(theirs[hips].mean(axis=0) - mine[hips].mean(axis=0))
    return not apart_px > SAME_PERSON_TRUNKS * trunk_px  # NaN compares as False
