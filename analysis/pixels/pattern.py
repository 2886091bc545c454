"""Which of the blobs are tape: the constellation of two or three that travels with the runner through the clip.

A poster, a hand, a logo also makes blobs.  Tape is a set of two (rear, front) or three (side) blobs of one colour
that keeps its spacing, stays near the same place on the body and moves up and down with it.
Image frame, y down; lengths in trunk lengths.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from analysis.landmarks import LEFT_HIP, LEFT_SHOULDER, RIGHT_HIP, RIGHT_SHOULDER
from analysis.types import Bools, Floats, Ints, Landmarks

# What a pair or triple of dots may look like: gap between neighbours, slope of the line through the end dots,
# place of the middle, and largest colour difference (CIELAB a, b) within it.
GAPS = {2: (0.10, 0.42), 3: (0.07, 0.36)}
MAX_SLOPE = 0.75
MAX_OFF_CENTRE = 0.18
MAX_OFF_MIDDLE = 0.15
MAX_COLOUR_GAP = {2: 28.0, 3: 42.0}
MAX_BEND = 0.022
# How far a frame's constellation may be from the clip's: place (the hip landmarks wander), spacing (the pelvis
# turns), slope (the pelvis drops), colour (light).
TOLERANCE = {"x": 0.10, "y": 0.14, "gap": 0.15, "slope": 0.40, "a": 18.0, "b": 18.0}
# Area over the clip's median of the same dot: less is half covered, more has grown together with the wall.
AREA_RANGE = {2: (0.6, 1.6), 3: (0.55, 1.6)}
# How much the gap of two neighbours may differ from its usual one when the third dot is hidden.
PAIR_GAP = 0.25
# A constellation that stands still while the trunk bobs belongs to the wall.
MIN_BOB = 0.010
MIN_FOLLOW = 0.4
SEEDS = 300
MAX_PER_FRAME = 8


@dataclass(frozen=True)
class Pattern:
    """The tape in a clip.

    ``xy`` [n, dots, 2] centres in pixels, y down, from image left to image right, NaN where a dot was not seen (of two
    dots both or none, of three at least two or none); ``lab`` the tape's median colour; ``crowd`` median number of
    blobs of that colour in the window.
    """

    xy: Floats
    lab: Floats
    crowd: float

    @property
    def seen(self) -> Bools:
        """Frames with the whole set, [n]."""
        return np.asarray(np.isfinite(self.xy[..., 0]).all(axis=1))


@dataclass(frozen=True)
class _Sets:
    """All candidate sets of the clip: ``frame`` [m], ``member`` [m, dots] column of the blob, ``shape`` [m, 6]."""

    frame: Ints
    member: Ints
    shape: Floats


def find_pattern(blobs: Floats, waist: Floats, trunk: Floats, dots: int) -> Pattern | None:
    """Find the constellation that most frames share.

    Parameters
    ----------
    blobs
        [n, k, 7] blobs per frame, columns `analysis.pixels.dots.COLUMNS`, NaN-padded.
    waist, trunk
        Hip-mid [n, 2] and trunk length [n] in pixels, y down.
    dots
        2 (rear, front) or 3 (side).

    Returns
    -------
    Pattern or None
        None when no two frames agree.
    """
    if dots == 3:
        blobs = _like_the_middle_one(blobs, waist, trunk)
    blobs = blobs[:, :MAX_PER_FRAME]
    sets = _candidate_sets(blobs, waist, trunk, dots)
    if len(sets.frame) < 2:
        return None
    template = _densest(sets)
    for _ in range(3):
        near = _distance(sets.shape, template) <= 1.0
        if near.sum() < 2:
            return None
        template = np.median(sets.shape[near], axis=0)
    return _follow(blobs, waist, trunk, sets, template)


def _like_the_middle_one(blobs: Floats, waist: Floats, trunk: Floats) -> Floats:
    """Blobs of every frame, nearest in colour to the lateral dot first.

    The outer dots of a side view are small and have much else round them; the lateral one is seen well and always
    in the same place, so it tells the colour.
    """
    xy = (blobs[..., :2] - waist[:, None]) / trunk[:, None, None]
    feature = np.concatenate([xy, blobs[..., 3:5]], axis=-1)
    middle = feature[np.abs(xy[..., 0]) < MAX_OFF_MIDDLE]
    if not len(middle):
        return blobs
    limit = np.array([TOLERANCE[key] for key in ("x", "y", "a", "b")]) / 2
    seeds = middle[:: max(1, len(middle) // SEEDS)]
    votes = [(np.abs(middle - seed) < limit).all(axis=1) for seed in seeds]
    colour = np.median(middle[max(votes, key=np.sum)], axis=0)[2:]
    distance = np.linalg.norm(blobs[..., 3:5] - colour, axis=-1)
    order = np.argsort(np.where(np.isnan(distance), np.inf, distance), axis=1)
    return np.take_along_axis(blobs, order[..., None], axis=1)


def _candidate_sets(blobs: Floats, waist: Floats, trunk: Floats, dots: int) -> _Sets:
    """Every set of ``dots`` blobs in a frame that could be tape, ordered from image left to right."""
    order = np.argsort(np.where(np.isnan(blobs[..., 0]), np.inf, blobs[..., 0]), axis=1)
    columns = np.array(list(combinations(range(blobs.shape[1]), dots)), dtype=np.int64)
    member = order[:, columns]  # [n, c, dots]
    picked = blobs[np.arange(len(blobs))[:, None, None], member]
    xy = (picked[..., :2] - waist[:, None, None]) / trunk[:, None, None, None]
    gap = np.diff(xy[..., 0], axis=-1)
    ends = xy[..., -1, :] - xy[..., 0, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = ends[..., 1] / ends[..., 0]
        bend = _bend(xy)
        colour = np.ptp(picked[..., 3:5], axis=2).max(axis=-1)
        low, high = GAPS[dots]
        keep = (
            (gap.min(-1) > low) & (gap.max(-1) < high) & (np.abs(slope) < MAX_SLOPE) & (colour < MAX_COLOUR_GAP[dots])
        )
        keep &= (np.abs(xy[..., 0].mean(-1)) < MAX_OFF_CENTRE) & (bend < MAX_BEND)
        size = np.log(np.hypot(ends[..., 0], ends[..., 1]))
        ratio = gap[..., 0] / ends[..., 0]
    shape = np.stack(
        [xy[..., 0].mean(-1), xy[..., 1].mean(-1), size, slope, ratio, *np.moveaxis(picked[..., 3:5].mean(2), -1, 0)],
        -1,
    )
    frame, column = np.nonzero(keep)
    return _Sets(frame, member[frame, column], shape[frame, column])


def _bend(xy: Floats) -> Floats:
    """How far inner dots lie off the line through the end dots, vertically."""
    ends = xy[..., -1, :] - xy[..., 0, :]
    on_line = xy[..., :1, 1] + (xy[..., 0] - xy[..., :1, 0]) * (ends[..., 1] / ends[..., 0])[..., None]
    return np.asarray(np.abs(xy[..., 1] - on_line).max(-1))


def _distance(shape: Floats, template: Floats) -> Floats:
    """Largest difference from the template in units of its tolerance, [m]."""
    limit = np.array([TOLERANCE[key] for key in ("x", "y", "gap", "slope", "gap", "a", "b")])
    return np.asarray((np.abs(shape - template) / limit).max(axis=-1))


def _densest(sets: _Sets) -> Floats:
    """The set around which most frames have a similar one."""
    rng = np.random.default_rng(0)
    few = np.arange(len(sets.frame)) if len(sets.frame) <= SEEDS else rng.choice(len(sets.frame), SEEDS, replace=False)
    frames = [len(np.unique(sets.frame[_distance(sets.shape, sets.shape[seed]) <= 0.8])) for seed in few]
    return np.asarray(sets.shape[few[int(np.argmax(frames))]])


def _follow(blobs: Floats, waist: Floats, trunk: Floats, sets: _Sets, template: Floats) -> Pattern:
    """The set nearest to the template in every frame, without half-covered dots."""
    distance = _distance(sets.shape, template)
    near = np.flatnonzero(distance <= 1.0)
    near = near[np.lexsort((distance[near], sets.frame[near]))]
    frame, first = np.unique(sets.frame[near], return_index=True)
    chosen = blobs[frame[:, None], sets.member[near[first]]]  # [m, dots, 7]
    dots = chosen.shape[1]
    share = chosen[..., 5] / np.median(chosen[..., 5], axis=0)
    low, high = AREA_RANGE[dots]
    whole = ((share > low) & (share < high)).all(axis=1)
    frame, chosen = frame[whole], chosen[whole]
    xy = np.full((len(blobs), dots, 2), np.nan)
    xy[frame] = chosen[..., :2]
    if dots == 3 and len(frame):
        typical = np.median(_on_body(chosen, waist[frame], trunk[frame]), axis=0)
        for pair in (1, 0):
            _fill_pair(xy, blobs, _on_body(blobs, waist, trunk), typical, pair)
    colour = np.median(chosen[..., 2:5], axis=(0, 1)) if len(frame) else np.zeros(3)
    with np.errstate(invalid="ignore"):
        alike = (np.abs(blobs[..., 3:5] - colour[1:]) < MAX_COLOUR_GAP[2]).all(axis=-1).sum(axis=1)
    return Pattern(xy, colour, float(np.median(alike)))


def _on_body(blobs: Floats, waist: Floats, trunk: Floats) -> Floats:
    """Blobs [..., 5]: place from hip-mid in trunk lengths, colour (a, b), logarithm of the area."""
    xy = (blobs[..., :2] - waist[:, None]) / trunk[:, None, None]
    return np.concatenate([xy, blobs[..., 3:5], np.log(blobs[..., 5:6])], axis=-1)


def _fill_pair(xy: Floats, blobs: Floats, body: Floats, typical: Floats, first: int) -> None:
    """Put dots ``first`` and ``first + 1`` into ``xy`` where no set is known but this pair is seen as it always is.

    The arm hides an outer dot for half of the stride; the middle one with the other still tells the rotation.
    """
    left, right = typical[first], typical[first + 1]
    gap = (body[:, None, :, :2] - body[:, :, None, :2]) - (right - left)[:2]
    limit = np.array([PAIR_GAP * (right - left)[0], MAX_BEND])
    each = np.array([TOLERANCE["x"], TOLERANCE["y"], TOLERANCE["a"], TOLERANCE["b"], np.log(AREA_RANGE[3][1])])
    with np.errstate(invalid="ignore"):
        off = np.stack(
            [
                (np.abs(gap) / limit).max(axis=-1),
                np.broadcast_to((np.abs(body - left) / each).max(axis=-1)[:, :, None], gap.shape[:3]),
                np.broadcast_to((np.abs(body - right) / each).max(axis=-1)[:, None, :], gap.shape[:3]),
            ]
        ).max(axis=0)
    flat = np.where(np.isnan(off), np.inf, off).reshape(len(off), -1)
    best = flat.argmin(axis=1)
    rows = np.flatnonzero((flat[np.arange(len(flat)), best] <= 1.0) & np.isnan(xy[..., 0]).all(axis=1))
    one, other = np.unravel_index(best[rows], off.shape[1:])
    xy[rows, first], xy[rows, first + 1] = blobs[rows, one, :2], blobs[rows, other, :2]


def moves_with(pattern: Pattern, landmarks: Landmarks) -> bool:
    """Whether the constellation bobs with the runner's trunk and not with the wall.

    Compares the vertical motion within the stride (what is left after a running mean of 0.7 s) of the dots with that
    of shoulder-mid and hip-mid.  A runner who stands still is not refused: nothing moves then.
    """
    trunk = landmarks.xy_px[:, [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP]]
    length = np.nanmedian(np.abs(trunk[:, :2].mean(axis=1) - trunk[:, 2:].mean(axis=1))[:, 1])
    body = -trunk[:, :, 1].mean(axis=1) / length
    dots = np.where(pattern.seen, pattern.xy[:, :, 1].mean(axis=1), np.nan) / length
    both = np.isfinite(body) & np.isfinite(dots)
    step = np.median(np.diff(landmarks.t_s))
    width = max(3, round(0.7 / step))
    body, dots = (_within_stride(series[both], width) for series in (body, dots))
    if body.std() < MIN_BOB:
        return True
    return bool(dots.std() > MIN_BOB and np.corrcoef(body, dots)[0, 1] > MIN_FOLLOW)


def _within_stride(series: Floats, width: int) -> Floats:
    from scipy.ndimage import uniform_filter1d

    return np.asarray(series - uniform_filter1d(series, width, mode="nearest"))
