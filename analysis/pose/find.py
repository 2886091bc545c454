"""Go through a clip and find the runner.

A runner who faces image left is shown to the tracker mirrored, and the landmarks are mirrored back: BlazePose reads
the same runner differently in the two directions (thorax rotation 34 against 26 deg, head pitch -3 against -7 deg on a
truth clip and its mirror image), so every side clip is brought into one.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis import landmarks as lm
from analysis.errors import AnalysisError
from analysis.pose.lanes import Lane, Manner, OnFrame, Progress, follow, spread
from analysis.pose.people import MAX_PEOPLE, Person, everybody, others_of
from analysis.pose.places import Region, landmarks_of, part_of, placed
from analysis.pose.tracker import (
    GOOD_RUNNER_PX,
    MOST_SIDE_PX,
    POSE_SIDE_PX,
    SMALL_RUNNER_PX,
    image_of,
    landmarker,
    points_of,
    quiet_libraries,
)
from analysis.types import ClipFacts, Floats, Ints, Landmarks, Others
from analysis.video import Clip, Frame, OnDecoded, open_clip

MIN_SHARE_DECODED = 0.5
FIRST_LOOK_S, FIRST_LOOKS = 0.5, 4
# Looked at anew where the pictures should be so much larger.
LARGER = 1.25


def find_landmarks(
    path: Path,
    on_progress: Progress | None = None,
    *,
    window: tuple[float, float] | None = None,
    max_fps: float | None = None,
    on_frame: OnFrame | None = None,
    on_decoded: OnDecoded | None = None,
    region: Region | None = None,
) -> tuple[ClipFacts, Landmarks, Others]:
    """Track the runner through a clip.

    Parameters
    ----------
    path
        The clip.
    on_progress
        Called with frames done and frames in all, several times a second, in the caller's thread; what it raises
        stops the work and is passed on.
    window
        Start and end of the stretch to work on, seconds of media time; None = the whole clip.
    max_fps
        Leave out frames beyond this rate; None = every frame.
    on_frame
        Called with every decoded frame (short side `POSE_SIDE_PX`), in the lanes' threads; some come twice.
    on_decoded
        Called with number and picture, as stored, of every frame right after it is decoded, in the lanes' threads.
    region
        Where to look for the runner: x0, y0, x1, y1 as shares of the picture, y down; None = everywhere.

    Returns
    -------
    tuple
        Facts of the whole clip; landmarks of the chosen frames (y up, NaN rows where nobody was found); the other
        people in the picture.

    Raises
    ------
    AnalysisError
        What `analysis.video.probe` raises; ``model_missing``, ``no_egl``; ``unreadable`` when most frames are damaged.
    """
    clip = replace(open_clip(path), on_decoded=on_decoded)
    indices = clip.wanted(window, max_fps)
    lanes = _follow_well(clip, indices, on_progress, on_frame, region)
    rows = {index: (t_s, points) for lane in reversed(lanes) for index, t_s, points in lane.rows}
    if len(rows) < MIN_SHARE_DECODED * len(indices):
        raise AnalysisError("unreadable", "Most of the clip is damaged. Please upload it again.")
    facts = replace(clip.facts, frames_lost=len(indices) - len(rows))
    found = landmarks_of(facts, [rows[index] for index in sorted(rows)])
    people = {index: boxes for lane in reversed(lanes) for index, boxes in lane.people.items()}
    return facts, found, others_of(clip, found, people)


def _follow_well(
    clip: Clip, indices: Ints, on_progress: Progress | None, on_frame: OnFrame | None, region: Region | None
) -> list[Lane]:
    """Track the runner, shown to the tracker in the manner that suits."""
    manner = Manner()
    with ExitStack() as stack:
        with quiet_libraries():
            people = stack.enter_context(landmarker("IMAGE", MAX_PEOPLE))
            if region is None:
                points, region = _first_look(clip, indices, people)
                manner = choose_manner(points, clip.facts)
        lanes = follow(clip, indices, manner, people, on_progress, on_frame, region)
        better = choose_manner(_all_points(lanes), clip.facts)
        # The first look was mistaken, or came too early.
        if better.mirrored is not manner.mirrored or better.side_px > LARGER * manner.side_px:
            lanes = follow(clip, indices, better, people, on_progress, on_frame, region)
    return lanes


def look_once(clip: Clip, frames: Iterable[Frame]) -> Landmarks:
    """The largest person of single frames, each on its own; for pictures that lie far apart."""
    rows = []
    with quiet_libraries(), landmarker("IMAGE", 1) as people:
        for frame in frames:
            rows.append((frame.t_s, points_of(people.detect(image_of(frame.rgb)), False)))
    return landmarks_of(clip.facts, rows)


def people_in(clip: Clip, indices: Iterable[int]) -> dict[int, list[Person]]:
    """All the people in some frames, by the frame's number."""
    wanted = np.unique(np.fromiter(indices, np.int64))
    with quiet_libraries(), landmarker("IMAGE", MAX_PEOPLE) as people:
        return {frame.index: everybody(clip, people, frame) for frame in clip.pick(wanted, POSE_SIDE_PX)}


def _first_look(clip: Clip, indices: Ints, people: Any) -> tuple[Floats, Region | None]:
    """Points [m, 33, 6] of a few frames from the beginning, which need no seeking; and where to look for the runner.

    MediaPipe finds a person in a square of 224 x 224 that holds the whole picture.  In one of 1280 x 720 it does not
    find a runner below a quarter of its height; in the part of it that is a square of 720 x 720 it does.
    """
    early = indices[clip.t_s[indices] <= clip.t_s[indices[0]] + FIRST_LOOK_S] if len(indices) else indices
    frames = list(clip.pick(spread(early, FIRST_LOOKS), POSE_SIDE_PX))

    def points_in(region: Region | None) -> Floats:
        rows = [points_of(people.detect(image_of(part_of(frame.rgb, region))), False) for frame in frames]
        return np.array([placed(row, region) for row in rows]).reshape(-1, lm.COUNT, 6)

    whole = points_in(None)
    if np.isfinite(whole).any():
        return whole, None
    parts = {part: points_in(part) for part in squares_of(clip.facts)}
    best = max(parts, key=lambda part: int(np.isfinite(parts[part]).sum()))
    return (parts[best], best) if np.isfinite(parts[best]).any() else (whole, None)


def squares_of(facts: ClipFacts) -> list[Region]:
    """Square parts of an oblong picture, each half over the next, the middle first."""
    across = facts.width_px >= facts.height_px
    side = min(facts.width_px, facts.height_px) / max(facts.width_px, facts.height_px)
    count = int(np.ceil((1.0 - side) / (side / 2) - 1e-9)) + 1
    starts = np.linspace(0.0, 1.0 - side, count).tolist()
    starts.sort(key=lambda start: abs(start + side / 2 - 0.5))
    return [(at, 0.0, at + side, 1.0) if across else (0.0, at, 1.0, at + side) for at in starts]


def _all_points(lanes: list[Lane]) -> Floats:
    return np.array([points for lane in lanes for _, _, points in lane.rows]).reshape(-1, lm.COUNT, 6)


def choose_manner(points: Floats, facts: ClipFacts) -> Manner:
    """How this runner is best shown to the tracker, by points [m, 33, 6] as it gives them."""
    short_px = min(facts.width_px, facts.height_px)
    heights = np.ptp(points[:, :, 1], axis=1) * facts.height_px * POSE_SIDE_PX / short_px
    seen = heights[np.isfinite(heights)]
    side_px = POSE_SIDE_PX
    if len(seen) and (height_px := float(np.median(seen))) < SMALL_RUNNER_PX:
        wanted_px = round(POSE_SIDE_PX * GOOD_RUNNER_PX / max(height_px, 1.0))
        side_px = max(POSE_SIDE_PX, min(wanted_px, short_px, MOST_SIDE_PX))
    return Manner(_faces_left(points), side_px)


def _faces_left(points: Floats) -> bool:
    """Whether the runner is seen from the side and faces image left: the left shoulder is the nearer one."""
    line = points[:, lm.RIGHT_SHOULDER, 2:5] - points[:, lm.LEFT_SHOULDER, 2:5]
    seen = line[np.isfinite(line).all(axis=1)]
    return bool(len(seen)) and bool(np.median(seen[:, 2]) > np.median(np.abs(seen[:, 0])))
