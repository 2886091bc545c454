"""Find the runner's landmarks in a clip with MediaPipe's PoseLandmarker.

The clip is cut into two lanes that are decoded and tracked at the same time, each with a tracker of its own: one
tracker keeps one core busy, whatever the machine has.  There are always two (one for short clips and for 4K), so that
every machine gets the same landmarks.  The second lane starts a little early, to be settled where the first one ends;
if the two do not see the same person there, one tracker goes through the whole clip instead.

A runner who faces image left is shown to the tracker mirrored, and the landmarks are mirrored back: BlazePose reads
the same runner differently in the two directions (thorax rotation 34 against 26 deg, head pitch -3 against -7 deg on a
truth clip and its mirror image), so every side clip is brought into one.
"""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis import landmarks as lm
from analysis.egl_stub import load_if_missing
from analysis.errors import AnalysisError
from analysis.light_import import without_plots_and_sound
from analysis.pose_model import model_path
from analysis.types import ClipFacts, Floats, Ints, Landmarks, Others
from analysis.video import Clip, Frame, Image, mirror, open_clip, read_ahead

# Read by MediaPipe's memory allocator, which aborts the process without a word when it is not there.
CPU_LIST = Path("/sys/devices/system/cpu/possible")
# Short side of the frames given to the tracker.  It looks at the runner in 256 x 256; measured on the truth clips,
# landmarks from 288 to 720 px differ less than from one clip to the next.
POSE_SIDE_PX = 432
# Time between frames as told to the tracker, which needs a rising clock and takes no other notice of it than in the
# One-Euro filter over its results.  With true times that filter costs ears and shoulders 29 ms and 8 % of their bounce;
# with 1000 s between frames it lets through 99.7 % of every change, and tracking and cost stay the same.
STEP_MS = 1_000_000
LANES = 2
MIN_LANE_FRAMES = 60
# A second decoder of 4K frames would take 200 to 300 MB.
MAX_LANE_PIXELS = 2560 * 1440
# Enough to settle: beyond it two trackers differ by what any two differ, 0.5 to 0.8 % of the trunk.
SETTLE_S = 0.35
# The lanes see the same person when their mid-hips are this close, in trunk lengths.
SAME_PERSON_TRUNKS = 0.25
MIN_SHARE_DECODED = 0.5

FIRST_LOOK_S, FIRST_LOOKS = 0.5, 4
# The landmark with the same name on the other side of the body.
OTHER_SIDE = np.arange(lm.COUNT)
for _left, _right in lm.PAIRS:
    OTHER_SIDE[[_left, _right]] = _right, _left

PEOPLE_SAMPLES = 6
MAX_PEOPLE = 3
SEEN = 0.5
# Two boxes that share this much of the smaller one are the same person.
SAME_BOX = 0.5

# What the C++ side says on every start and means nothing; anything else is shown.
NOISE = re.compile(
    rb"Read-only tensor|XNNPACK delegate|Logging before InitGoogle|inference_feedback_manager"
    rb"|landmark_projection_calculator|gl_context"
)

Progress = Callable[[int, int], None]
OnFrame = Callable[[Frame], None]
Region = tuple[float, float, float, float]


class _Person(NamedTuple):
    """Somebody in one frame: box (x0, y0, x1, y1) and landmarks [33, 2], pixels, y up."""

    box: Floats
    points: Floats


@dataclass
class _Lane:
    """A stretch of the clip for one tracker: frame numbers in, one row a decoded frame out."""

    indices: Ints
    samples: frozenset[int]
    mirrored: bool
    on_frame: OnFrame | None = None
    region: Region | None = None
    rows: list[tuple[int, float, Floats]] = field(default_factory=list)
    people: dict[int, list[_Person]] = field(default_factory=dict)
    found: bool = False


def find_landmarks(
    path: Path,
    on_progress: Progress | None = None,
    *,
    window: tuple[float, float] | None = None,
    max_fps: float | None = None,
    on_frame: OnFrame | None = None,
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
    clip = open_clip(path)
    indices = clip.wanted(window, max_fps)
    mirrored = region is None and _faces_left(_first_look(clip, indices))
    lanes = _follow(clip, indices, mirrored, on_progress, on_frame, region)
    if _faces_left(_points_of(lanes)) is not mirrored:  # the first look was mistaken, or came too early
        lanes = _follow(clip, indices, not mirrored, on_progress, on_frame, region)
    rows = {index: (t_s, points) for lane in reversed(lanes) for index, t_s, points in lane.rows}
    if len(rows) < MIN_SHARE_DECODED * len(indices):
        raise AnalysisError("unreadable", "Most of the clip is damaged. Please upload it again.")
    facts = replace(clip.facts, frames_lost=len(indices) - len(rows))
    found = _landmarks(facts, [rows[index] for index in sorted(rows)])
    people = {index: boxes for lane in reversed(lanes) for index, boxes in lane.people.items()}
    return facts, found, _others(clip, found, people)


def look_once(clip: Clip, frames: Iterable[Frame]) -> Landmarks:
    """The largest person of single frames, each on its own; for pictures that lie far apart."""
    rows = []
    with quiet_libraries(), _landmarker("IMAGE", 1) as people:
        for frame in frames:
            rows.append((frame.t_s, _points(people.detect(_image(frame.rgb)), False)))
    return _landmarks(clip.facts, rows)


def _follow(
    clip: Clip,
    indices: Ints,
    mirrored: bool,
    on_progress: Progress | None,
    on_frame: OnFrame | None,
    region: Region | None,
) -> list[_Lane]:
    """Track all frames in lanes; in a single one where two would see different people."""
    samples = frozenset(int(i) for i in _spread(indices, PEOPLE_SAMPLES))
    lanes = [_Lane(part, samples, mirrored, on_frame, region) for part in _split(clip, indices)]
    _track(clip, lanes, on_progress, len(indices))
    if len(lanes) > 1 and not _same_person(clip.facts, *lanes):
        lanes = [_Lane(indices, samples, mirrored, on_frame, region)]
        _track(clip, lanes, on_progress, len(indices))
    return lanes


def _first_look(clip: Clip, indices: Ints) -> Floats:
    """Points [m, 33, 6] of a few frames from the beginning, which need no seeking."""
    early = indices[clip.t_s[indices] <= clip.t_s[indices[0]] + FIRST_LOOK_S] if len(indices) else indices
    with quiet_libraries(), _landmarker("IMAGE", 1) as people:
        frames = clip.pick(_spread(early, FIRST_LOOKS), POSE_SIDE_PX)
        return np.array([_points(people.detect(_image(frame.rgb)), False) for frame in frames]).reshape(-1, lm.COUNT, 6)


def _points_of(lanes: list[_Lane]) -> Floats:
    return np.array([points for lane in lanes for _, _, points in lane.rows]).reshape(-1, lm.COUNT, 6)


def _faces_left(points: Floats) -> bool:
    """Whether the runner is seen from the side and faces image left: the left shoulder is the nearer one."""
    line = points[:, lm.RIGHT_SHOULDER, 2:5] - points[:, lm.LEFT_SHOULDER, 2:5]
    seen = line[np.isfinite(line).all(axis=1)]
    return bool(len(seen)) and bool(np.median(seen[:, 2]) > np.median(np.abs(seen[:, 0])))


def _spread(indices: Ints, count: int) -> Ints:
    """``count`` of the numbers, evenly spread, away from both ends."""
    places = (np.arange(count) + 0.5) / count * len(indices)
    return indices[places.astype(int)] if len(indices) else indices


def _split(clip: Clip, indices: Ints) -> list[Ints]:
    """Halves of the work; the second begins ``SETTLE_S`` before the first one ends."""
    if len(indices) < LANES * MIN_LANE_FRAMES or clip.facts.width_px * clip.facts.height_px > MAX_LANE_PIXELS:
        return [indices]
    middle = len(indices) // 2
    t_s = clip.t_s[indices]
    early = int(np.searchsorted(t_s, t_s[middle] - SETTLE_S))
    return [indices[:middle], indices[early:]]


def _track(clip: Clip, lanes: list[_Lane], on_progress: Progress | None, total: int) -> None:
    """Run all lanes at once; report progress from here."""
    stop = threading.Event()
    frames = sum(len(lane.indices) for lane in lanes)
    with ExitStack() as stack, ThreadPoolExecutor(len(lanes), "lane") as pool, ExitStack() as quiet:
        quiet.enter_context(quiet_libraries())
        people = stack.enter_context(_landmarker("IMAGE", MAX_PEOPLE))
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


def _run_lane(clip: Clip, lane: _Lane, people: Any, stop: threading.Event) -> None:
    with _landmarker("VIDEO", 1) as tracker:
        _follow_lane(clip, lane, tracker, people, stop)


def _follow_lane(clip: Clip, lane: _Lane, tracker: Any, people: Any, stop: threading.Event) -> None:
    for count, frame in enumerate(read_ahead(clip.pick(lane.indices, POSE_SIDE_PX)), start=1):
        if stop.is_set():
            return
        if lane.on_frame is not None:
            lane.on_frame(frame)
        part = _part(frame.rgb, lane.region)
        rgb = mirror(part) if lane.mirrored else part
        result = tracker.detect_for_video(_image(rgb), count * STEP_MS)
        lane.rows.append((frame.index, frame.t_s, _placed(_points(result, lane.mirrored), lane.region)))
        lane.found |= bool(result.pose_landmarks)
        if frame.index in lane.samples:
            lane.people[frame.index] = _everybody(clip, people, frame)


def _landmarker(mode: str, poses: int) -> Any:
    model = model_path()
    if sys.platform == "linux" and not CPU_LIST.exists():
        raise AnalysisError("no_sys", "MediaPipe needs /sys, which is not mounted here. In a chroot, mount it first.")
    load_if_missing()
    with without_plots_and_sound():
        from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode[mode],
        num_poses=poses,
    )
    return vision.PoseLandmarker.create_from_options(options)


def _image(rgb: Image) -> Any:
    import mediapipe

    return mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)


def _points(result: Any, mirrored: bool) -> Floats:
    """[33, 6]: x and y as shares of the picture, y down; x, y down, z in metres; visibility.  NaN for nobody."""
    if not result.pose_landmarks:
        return np.full((lm.COUNT, 6), np.nan)
    pairs = zip(result.pose_landmarks[0], result.pose_world_landmarks[0], strict=True)
    points = np.array([(p.x, p.y, w.x, w.y, w.z, p.visibility) for p, w in pairs], dtype=np.float64)
    if not mirrored:
        return points
    points[:, 0], points[:, 2] = 1.0 - points[:, 0], -points[:, 2]
    return points[OTHER_SIDE]


def _part(rgb: Image, region: Region | None) -> Image:
    """The part of a picture where the runner is looked for."""
    if region is None:
        return rgb
    height, width = rgb.shape[:2]
    x0, y0, x1, y1 = (round(share * side) for share, side in zip(region, (width, height) * 2, strict=True))
    return np.ascontiguousarray(rgb[y0:y1, x0:x1])


def _placed(points: Floats, region: Region | None) -> Floats:
    """Points found in a part of the picture, as shares of the whole one."""
    if region is not None:
        points[:, :2] = np.array(region[:2]) + points[:, :2] * (np.array(region[2:]) - np.array(region[:2]))
    return points


def _everybody(clip: Clip, people: Any, frame: Frame) -> list[_Person]:
    """All the people in one frame."""
    found = people.detect(_image(frame.rgb)).pose_landmarks
    rows = [np.array([(p.x, p.y, p.visibility) for p in person], dtype=np.float64) for person in found]
    placed = [(_upright_px(row[:, :2], clip.facts), row[:, 2]) for row in rows]
    return [_Person(_box(points, seen), points) for points, seen in placed]


def _box(xy_px: Floats, visibility: Floats) -> Floats:
    seen = xy_px[visibility >= SEEN] if np.any(visibility >= SEEN) else xy_px
    return np.concatenate([seen.min(axis=0), seen.max(axis=0)])


def _upright_px(shares: Floats, facts: ClipFacts) -> Floats:
    """Shares of the picture, y down, to pixels, y up: the one place where a landmark is turned over."""
    return np.stack([shares[..., 0] * facts.width_px, (1.0 - shares[..., 1]) * facts.height_px], axis=-1)


def _landmarks(facts: ClipFacts, rows: list[tuple[float, Floats]]) -> Landmarks:
    points = np.array([row[1] for row in rows]).reshape(-1, lm.COUNT, 6)
    return Landmarks(
        xy_px=_upright_px(points[:, :, :2], facts),
        world_m=points[:, :, 2:5] * (1.0, -1.0, 1.0),
        visibility=np.nan_to_num(points[:, :, 5]),
        t_s=np.array([row[0] for row in rows]),
        width_px=facts.width_px,
        height_px=facts.height_px,
    )


def _same_person(facts: ClipFacts, first: _Lane, second: _Lane) -> bool:
    """Whether both trackers, where they overlap last, follow the same person; True where one sees nobody."""
    index, _, points = first.rows[-1] if first.rows else (-1, 0.0, np.full((lm.COUNT, 6), np.nan))
    other = next((row for number, _, row in second.rows if number == index), np.full_like(points, np.nan))
    mine, theirs = _upright_px(points[:, :2], facts), _upright_px(other[:, :2], facts)
    hips, shoulders = [lm.LEFT_HIP, lm.RIGHT_HIP], [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]
    trunk_px = np.linalg.norm(mine[shoulders].mean(axis=0) - mine[hips].mean(axis=0))
    apart_px = np.linalg.norm(theirs[hips].mean(axis=0) - mine[hips].mean(axis=0))
    return not apart_px > SAME_PERSON_TRUNKS * trunk_px  # NaN compares as False


def _others(clip: Clip, found: Landmarks, people: dict[int, list[_Person]]) -> Others:
    """The people sampled, without the runner and without doubles."""
    t_s, runner, others = [], [], []
    for index in sorted(people):
        row = int(np.searchsorted(found.t_s, clip.t_s[index] - 1e-9))
        own = _Person(_box(found.xy_px[row], found.visibility[row]), found.xy_px[row])
        kept = [own] if np.isfinite(own.box).all() else []
        known = len(kept)
        for person in people[index]:
            if all(_overlap(person.box, other.box) < SAME_BOX for other in kept):
                kept.append(person)
        t_s.append(float(clip.t_s[index]))
        runner.append(own)
        others.append(kept[known:])
    return Others(
        np.array(t_s),
        tuple(np.array([person.box for person in crowd]).reshape(-1, 4) for crowd in others),
        np.array([own.box for own in runner]).reshape(-1, 4),
        tuple(np.array([person.points for person in crowd]).reshape(-1, lm.COUNT, 2) for crowd in others),
        np.array([own.points for own in runner]).reshape(-1, lm.COUNT, 2),
    )


def _overlap(a: Floats, b: Floats) -> float:
    """Shared area over the smaller box's area."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    areas = [float(np.prod(box[2:] - box[:2])) for box in (a, b)]
    return float(np.prod(np.maximum(sides, 0.0))) / max(min(areas), 1e-9)


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Hold back what C++ libraries write to stderr, and pass on all of it but the known noise."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            lines = [line for line in said.read().splitlines(keepends=True) if not NOISE.search(line)]
            if lines:
                os.write(2, b"".join(lines))
