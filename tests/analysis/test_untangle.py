"""Legs that the tracker exchanged are put back; legs that it got right are left alone."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.types import Bools, Floats, Landmarks, Side, Strides
from analysis.untangle import LEG, untangle_legs

FPS, STRIDE_HZ, SECONDS = 60, 1.45, 6.0
TIMES = np.arange(0, SECONDS, 1 / FPS)
TRUNK_PX = 140.0


def place(joint: int, turns: Floats) -> Floats:
    """A leg's knee, ankle, heel or toe about the hip, pixels: what a runner's does seen from the side."""
    reach, drop = (60.0, 110.0, 118.0, 125.0)[joint], (95.0, 200.0, 215.0, 212.0)[joint]
    angle = 2 * np.pi * turns
    x = reach * np.sin(angle) + 0.15 * reach * np.cos(2 * angle)
    y = -drop + 0.3 * reach * np.cos(angle) + 0.1 * reach * np.sin(2 * angle)
    return np.column_stack([x, y])


@pytest.fixture
def runner() -> Landmarks:
    """Drifts along the belt, jitters by 1 % of the trunk; right mid-stance at every whole stride."""
    turns, jitter = TIMES * STRIDE_HZ, np.random.default_rng(3)
    hips = np.column_stack([400 + 12 * TIMES, 420 + 9 * np.cos(4 * np.pi * turns)])
    xy = np.repeat(hips[:, None], lm.COUNT, axis=1)
    xy[:, [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER], 1] += TRUNK_PX
    for joint, (left, right) in enumerate(LEG):
        xy[:, right] += place(joint, turns)
        xy[:, left] += place(joint, turns + 0.5) + np.array([3.0, 6.0])
    xy += jitter.normal(0, 0.01 * TRUNK_PX, xy.shape)
    numbers = np.tile(np.arange(lm.COUNT, dtype=np.float64), (len(TIMES), 1))
    return Landmarks(xy, np.repeat(numbers[:, :, None], 3, axis=2), numbers, TIMES, 1280, 720)


@pytest.fixture
def strides() -> Strides:
    period = 1 / STRIDE_HZ
    right = np.arange(0, SECONDS, period)
    left = np.arange(period / 2, SECONDS, period)
    cuts = np.column_stack([right[:-1], right[1:]])
    none = {side: np.empty(0) for side in Side}
    stances = {Side.LEFT: left, Side.RIGHT: right}
    return Strides(period, cuts, none, none, stances, len(cuts), 120 * STRIDE_HZ, 0.1)


def exchange(landmarks: Landmarks, rows: Bools) -> Landmarks:
    xy, world, seen = (a.copy() for a in (landmarks.xy_px, landmarks.world_m, landmarks.visibility))
    for left, right in LEG:
        for block in (xy, world, seen):
            block[rows, left], block[rows, right] = block[rows, right], block[rows, left]
    return replace(landmarks, xy_px=xy, world_m=world, visibility=seen)


def clear_frames(landmarks: Landmarks) -> Bools:
    """Frames in which the ankles are a quarter of the trunk apart: there left and right can be told."""
    apart = landmarks.xy_px[:, lm.LEFT_ANKLE] - landmarks.xy_px[:, lm.RIGHT_ANKLE]
    return np.asarray(np.hypot(apart[:, 0], apart[:, 1]) > 0.25 * TRUNK_PX)


def test_legs_exchanged_for_a_few_frames_are_put_back_whole(runner: Landmarks, strides: Strides) -> None:
    rows = np.zeros(len(runner), dtype=np.bool_)
    for start in range(5, len(runner) - 5, 21):
        rows[start : start + 4] = True
    mended, share = untangle_legs(exchange(runner, rows), strides)
    clear = clear_frames(runner)
    assert share == pytest.approx(rows.mean(), abs=0.03)
    np.testing.assert_array_equal(mended.xy_px[clear], runner.xy_px[clear])
    np.testing.assert_array_equal(mended.world_m[clear], runner.world_m[clear])
    np.testing.assert_array_equal(mended.visibility[clear], runner.visibility[clear])


def test_sound_legs_stay_as_they_are_and_gaps_stay_gaps(runner: Landmarks, strides: Strides) -> None:
    runner.xy_px[40:55] = np.nan
    same, share = untangle_legs(runner, strides)
    clear = clear_frames(runner) | np.isnan(runner.xy_px[:, 0, 0])
    assert share < 0.02
    np.testing.assert_array_equal(same.xy_px[clear], runner.xy_px[clear])


def test_nothing_is_touched_when_the_legs_are_exchanged_too_often(runner: Landmarks, strides: Strides) -> None:
    rows = np.random.default_rng(1).random(len(runner)) < 0.45
    tangled = exchange(runner, rows)
    same, share = untangle_legs(tangled, strides)
    assert share > 0.3
    assert same is tangled
