"""How large the runner is in the picture, with and without the height."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.scale import compute_fall_px, compute_stature_px, find_scale
from analysis.types import Landmarks, Profile, View, ViewName
from tests.analysis.runner import make_runner

SIDE = View(ViewName.SIDE, None, 1.0)
REAR = View(ViewName.REAR, None, 1.0)
HZ = 170 / 120


def _bouncing(fall_mps2: float, px_per_m: float = 300.0) -> Landmarks:
    """A runner whose head and shoulders fall at so many m/s2 at their peak."""
    return make_runner(bounce_m=2 * fall_mps2 / (4 * np.pi * HZ) ** 2, px_per_m=px_per_m, forward_lean_rom=0.0)


def test_the_fall_is_the_second_derivative_of_the_bounce() -> None:
    assert compute_fall_px(_bouncing(11.0), HZ) == pytest.approx(3300.0, rel=0.02)


def test_a_known_height_decides() -> None:
    stature = compute_stature_px(_bouncing(11.0), SIDE)
    assert stature is not None
    scale = find_scale(_bouncing(11.0), SIDE, Profile(height_cm=160.0), HZ)
    assert (scale.px_per_m, scale.source) == (pytest.approx(stature / 1.6), "height")
    assert scale.relative_sd < find_scale(_bouncing(11.0), SIDE, Profile(), HZ).relative_sd


@pytest.mark.parametrize("view", [SIDE, REAR])
def test_gravity_and_usual_size_together_are_surer_than_either(view: View) -> None:
    scale = find_scale(_bouncing(11.5), view, Profile(), HZ)
    assert scale.source == "gravity+size"
    assert scale.px_per_m == pytest.approx(300.0, rel=0.1)
    assert scale.relative_sd < 0.07


def test_a_child_is_measured_by_gravity_alone() -> None:
    # The drawn runner is 1.7 m at 300 px/m; seen as 1.2 m, one metre takes 1.4 times as many pixels.
    scale = find_scale(_bouncing(11.5 * 1.42), SIDE, Profile(), HZ)
    assert scale.source == "gravity"
    assert scale.px_per_m == pytest.approx(300 * 1.42, rel=0.1)


def test_slow_motion_does_not_make_a_giant() -> None:
    scale = find_scale(_bouncing(11.5 / 4), SIDE, Profile(), HZ)
    assert scale.source == "size"
    assert scale.px_per_m == pytest.approx(300.0, rel=0.12)


def test_feet_out_of_the_picture_leave_the_trunk_to_measure() -> None:
    runner = _bouncing(11.5)
    xy = runner.xy_px.copy()
    xy[:, list(lm.FEET), 1] = -50.0
    whole, cut = compute_stature_px(runner, SIDE), compute_stature_px(replace(runner, xy_px=xy), SIDE)
    assert whole is not None
    assert cut == pytest.approx(whole, rel=0.1)


def test_nobody_has_no_scale() -> None:
    runner = _bouncing(11.5)
    nothing = replace(runner, xy_px=np.full_like(runner.xy_px, np.nan))
    assert find_scale(nothing, SIDE, Profile(), HZ).px_per_m is None
