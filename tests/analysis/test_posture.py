"""What the pose model shows of a posture, turned back into the posture."""

import numpy as np
import pytest

from analysis import posture
from analysis.posture import Shown, correct_posture, solve_posture
from analysis.types import Side, View, ViewName
from tests.analysis.runner import make_runner


def _shown(lean: float, head: float, pitch: float) -> tuple[float, float, float]:
    """The model's own equations, forwards."""
    return (
        posture.LEAN_SHIFT_DEG + lean + posture.LEAN_PER_HEAD_DEG * head + posture.LEAN_PER_PITCH * pitch,
        posture.HEAD_SHIFT + posture.HEAD_PER_LEAN * lean + posture.HEAD_GAIN * head + posture.HEAD_PER_PITCH * pitch,
        posture.PITCH_SHIFT_DEG
        + posture.PITCH_PER_LEAN * lean
        + posture.PITCH_PER_HEAD_DEG * head
        + posture.PITCH_GAIN * pitch,
    )


@pytest.mark.parametrize(("lean", "head", "pitch"), [(8.0, 0.03, 0.0), (8.0, 0.21, 0.0), (14.0, 0.03, -22.0)])
def test_what_is_shown_is_turned_back_into_what_is_there(lean: float, head: float, pitch: float) -> None:
    assert solve_posture(*_shown(lean, head, pitch)) == pytest.approx((lean, head, pitch), abs=1e-9)


def test_a_head_carried_forwards_alone_changes_neither_lean_nor_pitch() -> None:
    # As BlazePose shows 8 cm: 2.2 deg more lean, 0.085 more head, 9 deg of looking down (truth clips).
    lean, head, pitch = solve_posture(6.9, 0.147, 0.0)
    lean_8, head_8, pitch_8 = solve_posture(6.9 + 2.2, 0.147 + 0.085, -9.0)
    assert lean_8 - lean == pytest.approx(0.0, abs=0.3)
    assert head_8 - head == pytest.approx(0.17, abs=0.01)
    assert pitch_8 - pitch == pytest.approx(0.0, abs=1.0)


def test_a_leaning_runner_is_ahead_of_the_hips_but_not_of_the_trunk_line() -> None:
    still = np.zeros(50)
    series = correct_posture(
        Shown(*(still + value for value in (_shown(20.0, 0.0, 0.0)[0], _shown(20.0, 0.0, 0.0)[1], 0.35, 0.0)))
    )
    assert series["head_forward_trunk"].mean() == pytest.approx(0.0, abs=0.02)
    assert series["head_forward"].mean() == pytest.approx((0.117 + 1.147 * 0.35) * np.sin(np.radians(20)), abs=0.02)


@pytest.mark.parametrize("facing", list(Side))
def test_lean_head_and_face_are_read_as_they_are_drawn(facing: Side) -> None:
    drawn = make_runner(
        facing=facing, forward_lean=10.0, forward_lean_rom=0.0, ear_ahead_m=0.05, head_pitch=0.0, head_pitch_rom=0.0
    )
    shown = posture.read_side(drawn, View(ViewName.SIDE, facing, 1.0))
    ahead_m = 0.05 * np.cos(np.radians(10)) - 0.22 * np.sin(np.radians(10))
    above_m = 0.05 * np.sin(np.radians(10)) + 0.22 * np.cos(np.radians(10))
    trunk_m = 0.5 / np.cos(np.radians(10))
    assert np.median(shown.lean_deg) == pytest.approx(10.0, abs=0.1)
    assert np.median(shown.ahead) == pytest.approx(ahead_m / trunk_m, abs=0.002)
    assert np.median(shown.above) == pytest.approx(above_m / trunk_m, abs=0.002)


@pytest.mark.parametrize("turn", [-30.0, 0.0, 12.0])
def test_the_face_turns_as_its_points_do(turn: float) -> None:
    xy = np.zeros((1, 33, 2))
    turned = 100 * posture.LEVEL_FACE * np.exp(1j * np.radians(turn)) + (400 + 300j)
    for (left, right), point in zip(posture.FACE_PAIRS, turned, strict=True):
        xy[:, [left, right]] = [point.real, point.imag]
    assert posture.compute_face_turn_deg(xy) == pytest.approx(turn)
