"""The stretch of a clip in which one runner runs evenly without a break.

A clip may be cut, joined, partly in slow motion, or lose its runner.  None of that spoils the rest: the clip is parted
at its breaks, and the part with the most strides is measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.cleaning import clean
from analysis.flukes import JUMP_SIZE, JUMP_TRUNKS, SETTLED_S, find_jumps, trunk_mid
from analysis.shifts import find_shifts
from analysis.steps import Steps, find_steps, step_numbers
from analysis.types import Bools, Floats, Landmarks

# Nobody in the picture for so long is a break; shorter is a gap.
GONE_S = 0.30
SEEN = 0.5
# Strides of one tempo: on real and rendered clips of steady running every stride lies within 5 % of the median.
TEMPO_TOLERANCE = 0.15
# Missed steps leave the others where they were; after a cut they come early or late, by this share of a step.
LATE_STEPS = 0.20
# Fewer strides of one tempo are a passage; UNEVEN stands for its tempo.
RUN_STRIDES, UNEVEN = 3, 2.0
STEP_POINTS = (lm.LEFT_EAR, lm.RIGHT_EAR, *lm.TRUNK, lm.LEFT_ANKLE, lm.RIGHT_ANKLE)
PARITY_STEPS, PARITY_AGREE, PARITY_APART = 5, 0.9, 2


class BreakKind(StrEnum):
    """What parts a clip."""

    CUT = "cut"
    PERSON = "person"
    GONE = "gone"
    TEMPO = "tempo"


@dataclass(frozen=True)
class Break:
    """Where a clip is parted: nothing between ``start_s`` and ``end_s`` (media time, seconds) is used.

    ``tempo`` is the stride's duration after it over that before.
    """

    kind: BreakKind
    start_s: float
    end_s: float
    tempo: float = 1.0


@dataclass(frozen=True)
class Stretch:
    """The rows of the landmarks that are measured, and the breaks of the clip."""

    rows: slice
    breaks: tuple[Break, ...]


def find_stretch(raw: Landmarks, cuts_s: Sequence[float] = (), running: bool = True) -> Stretch:
    """The longest part of a clip without a break, in strides (in seconds where nobody runs).

    Parameters
    ----------
    raw
        Landmarks as found.
    cuts_s
        Moments at which the whole picture changes (`analysis.scene`), media time in seconds.
    running
        False for a standing clip: it has no tempo.
    """
    breaks = [Break(BreakKind.CUT, t, t) for t in cuts_s] + _holes(raw) + _gone(raw)
    breaks += [b for b in _other_person(raw) if not any(_touch(b, other) for other in breaks)]
    part = _best(raw, breaks, None)
    if not running or len(raw.t_s[part]) < 16:
        return Stretch(part, _in_order(breaks))
    steps = find_steps(clean(_only(rows_of(raw, part), STEP_POINTS)))
    breaks += tempo_breaks(steps)
    breaks += [b for b in _shift_breaks(steps) if not any(_touch(b, other) for other in breaks)]
    return Stretch(_best(raw, breaks, steps), _in_order(breaks))


def rows_of(raw: Landmarks, rows: slice) -> Landmarks:
    """Some rows of the landmarks."""
    return replace(
        raw,
        xy_px=raw.xy_px[rows],
        world_m=raw.world_m[rows],
        visibility=raw.visibility[rows],
        t_s=raw.t_s[rows],
    )


def _only(landmarks: Landmarks, points: tuple[int, ...]) -> Landmarks:
    """Without the landmarks that are not needed: cleaning them would take nine tenths of the time."""
    xy = np.full_like(landmarks.xy_px, np.nan)
    xy[:, points] = landmarks.xy_px[:, points]
    return replace(landmarks, xy_px=xy, world_m=np.full_like(landmarks.world_m, np.nan))


def tempo_breaks(steps: Steps) -> list[Break]:
    """Where the tempo changes by more than 15 % and stays so, or the rhythm jumps: ramps, starts and stops, joins."""
    strides = steps.strides_s
    if len(strides) < 4:
        return []
    runs, first = [], 0
    while first < len(strides):
        end, after = _run_end(steps, first)
        runs.append((first, end))
        first = after
    # What lies between two tempos, or on a join, is neither.
    even = [run for run in runs if run[1] - run[0] >= RUN_STRIDES] or runs
    usual = [float(np.median(strides[first:end])) for first, end in even]
    out = [
        Break(BreakKind.TEMPO, float(steps.t_s[end]), float(steps.t_s[start]), after / before)
        for (_, end), (start, _), before, after in zip(even, even[1:], usual, usual[1:], strict=False)
    ]
    if even[0][0] > 0:
        out.append(Break(BreakKind.TEMPO, float(steps.t_s[0]), float(steps.t_s[even[0][0]]), UNEVEN))
    if even[-1][1] < len(strides):
        out.append(Break(BreakKind.TEMPO, float(steps.t_s[even[-1][1]]), float(steps.t_s[-1]), UNEVEN))
    return out + _parity_breaks(steps)


def _run_end(steps: Steps, first: int) -> tuple[int, int]:
    """End of the run of even strides that begins at ``first`` (the number of strides when there is no end), and where
    the next run may begin.
    """
    strides = steps.strides_s
    end = first + 1
    while end < len(strides):
        usual = float(np.median(strides[first:end]))
        if abs(np.log(strides[end] / usual)) < TEMPO_TOLERANCE:
            end += 1
            continue
        again = next(
            (i for i in range(end + 1, min(end + 5, len(strides))) if _same_rhythm(steps, end, i, usual)), None
        )
        if again is None:
            return end, end + 1
        end = again + 1
    return len(strides), len(strides)


def _same_rhythm(steps: Steps, last: int, later: int, stride_s: float) -> bool:
    """Whether the step ``later`` lies where it would with the rhythm before ``last`` and goes on in it."""
    if abs(np.log(steps.strides_s[later] / stride_s)) >= TEMPO_TOLERANCE:
        return False
    passed = (steps.t_s[later] - steps.t_s[last]) / (stride_s / 2)
    return bool(abs(passed - round(passed)) < LATE_STEPS)


def _parity_breaks(steps: Steps) -> list[Break]:
    """Where left and right change places for good: a join by half a stride.

    The trunk must say so as well as the legs, which the tracker may have exchanged.
    """
    if len(steps.sides) < 2 * PARITY_STEPS:
        return []
    legs, trunk = (_flips(side) for side in (steps.sides * (-1.0) ** step_numbers(steps)[:-1, None]).T)
    both = [at for at in legs if any(abs(at - other) <= PARITY_APART for other in trunk)]
    return [Break(BreakKind.TEMPO, float(steps.t_s[at]), float(steps.t_s[at + 1])) for at in both]


def _shift_breaks(steps: Steps) -> list[Break]:
    """Where the tempo changes by less than 15 %, or the rhythm jumps by less than a fifth of a step."""
    return [
        Break(BreakKind.TEMPO, float(steps.t_s[s.after - 1]), float(steps.t_s[s.after]), s.tempo)
        for s in find_shifts(steps)
    ]


def _flips(side: Floats) -> list[int]:
    """Steps after which the sign is another one and stays so; none where it changes all the time."""
    half = PARITY_STEPS // 2
    smooth = np.array([np.median(side[max(0, i - half) : i + half + 1]) for i in range(len(side))]) > 0
    # Landmarks exchange the legs for a few steps and come back: only what stays is a join.
    for first, last in _runs(smooth) + _runs(~smooth):
        if last - first < PARITY_STEPS:
            smooth[first:last] = ~smooth[first:last]
    if np.mean((side > 0) == smooth) < PARITY_AGREE:
        return []
    return np.flatnonzero(smooth[1:] != smooth[:-1]).tolist()


def _best(raw: Landmarks, breaks: Sequence[Break], steps: Steps | None) -> slice:
    """The part between breaks with the most steps, or the longest one."""
    borders = sorted((b.start_s, b.end_s) for b in breaks)
    starts = [float(raw.t_s[0]), *np.maximum.accumulate([end for _, end in borders]).tolist()]
    ends = [*(start for start, _ in borders), float(raw.t_s[-1])]

    def size(part: tuple[float, float]) -> tuple[float, float]:
        start, end = part
        count = 0 if steps is None else np.sum((steps.t_s >= start) & (steps.t_s <= end))
        return float(count), end - start

    start, end = max(zip(starts, ends, strict=True), key=size)
    first, last = np.searchsorted(raw.t_s, [start - 1e-9, end + 1e-9])
    whole = slice(int(first), int(last))
    return whole if not breaks or whole.stop - whole.start >= 2 else slice(0, len(raw))


def _holes(raw: Landmarks) -> list[Break]:
    """No new picture for 0.30 s or more: the film was stopped, or it froze."""
    at = np.flatnonzero(np.diff(raw.t_s) >= GONE_S)
    return [Break(BreakKind.CUT, float(raw.t_s[i]), float(raw.t_s[i + 1])) for i in at]


def _gone(raw: Landmarks) -> list[Break]:
    """Nobody there, or the middle of the trunk outside the picture, for 0.30 s or more."""
    middle = trunk_mid(raw)
    size = (raw.width_px, raw.height_px)
    seen = np.nan_to_num(raw.visibility[:, lm.TRUNK]).mean(axis=1) > SEEN
    there = seen & np.all((middle > 0) & (middle < size), axis=1)
    out = []
    for first, last in _runs(~there):
        start = float(raw.t_s[max(first - 1, 0)]) if first else float(raw.t_s[0])
        end = float(raw.t_s[min(last, len(raw) - 1)])
        if end - start >= GONE_S:
            out.append(Break(BreakKind.GONE, start, end))
    return out


def _other_person(raw: Landmarks) -> list[Break]:
    """Where the landmarks jump to somebody else and stay there."""
    middle, t_s = trunk_mid(raw), raw.t_s
    trunk = geo.length(geo.shoulder_mid(raw.xy_px) - geo.hip_mid(raw.xy_px))
    usual = geo.median(trunk)
    rows = np.flatnonzero(np.isfinite(middle).all(axis=1))
    out: list[Break] = []
    for at in np.flatnonzero(find_jumps(raw, rows)):
        last, first = t_s[rows[at]], t_s[rows[at + 1]]
        before, after = (t_s >= last - SETTLED_S) & (t_s <= last), (t_s >= first) & (t_s <= first + SETTLED_S)
        moved = geo.length(np.nanmedian(middle[after], axis=0)[None] - np.nanmedian(middle[before], axis=0)[None])[0]
        grown = abs(np.log(geo.median(trunk[after]) / geo.median(trunk[before])))
        if moved > JUMP_TRUNKS * usual or grown > JUMP_SIZE:
            out.append(Break(BreakKind.PERSON, float(last), float(first)))
    return out


def _touch(a: Break, b: Break) -> bool:
    return a.start_s <= b.end_s + SETTLED_S and b.start_s <= a.end_s + SETTLED_S


def _in_order(breaks: Sequence[Break]) -> tuple[Break, ...]:
    return tuple(sorted(breaks, key=lambda b: b.start_s))


def _runs(mask: Bools) -> list[tuple[int, int]]:
    """First row and the row after the last one of every stretch of True."""
    edges = np.diff(np.concatenate([[0], mask.astype(np.int64), [0]]))
    return [(int(a), int(b)) for a, b in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)]
