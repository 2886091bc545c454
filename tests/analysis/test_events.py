"""Foot strike and toe-off are found at any frame rate, follow what the feet do, and are not thrown off by strays.

The points of a formula lie on the joints; the pose model's do not, and the constants of `analysis.events` are made for
the model.  So the formula's runner tells whether differences are right, the rendered one whether the level is.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.events import find_events
from analysis.pose import find_landmarks
from analysis.types import Landmarks, Side, Step, Strides, ViewName
from tests.analysis.evidence import evidence_of
from tests.analysis.runner import Motion, make_runner


def steps_of(found: Landmarks) -> dict[Side, Step]:
    return dict(evidence_of(found).strides.steps)


def contact_ms(found: Landmarks, side: Side = Side.RIGHT) -> float:
    return 1000 * steps_of(found)[side].contact_s.value


def test_contact_does_not_depend_on_the_frame_rate() -> None:
    found = [contact_ms(make_runner(fps=fps)) for fps in (50, 60, 90, 120, 240)]
    assert max(found) - min(found) < 3


@pytest.mark.parametrize("jitter_px", [0.0, 2.0])
def test_contact_follows_the_feet(jitter_px: float) -> None:
    # Medians of 26 runners at 2.5, 3.5 and 4.5 m/s (Fukuchi et al. 2017).
    norms = ((2.5, 159, 0.270, 0.17), (3.5, 171, 0.223, 0.20), (4.5, 184, 0.193, 0.22))
    found = [
        contact_ms(make_runner(speed_mps=v, cadence_spm=c, contact_s=t, reach_m=reach, jitter_px=jitter_px))
        for v, c, t, reach in norms
    ]
    slope, _ = np.polyfit([1000 * norm[2] for norm in norms], found, 1)
    # The knee, a third of the toe-off, does not follow the formula as it follows a body: a fifth of the change is lost.
    assert 0.7 < slope < 1.2


def test_the_level_of_points_on_the_joints_is_known() -> None:
    # BlazePose shows the toe rising and the knee straight 20-40 ms before the joints do; the constants are BlazePose's.
    assert contact_ms(make_runner(contact_s=0.24)) == pytest.approx(240 + 30, abs=15)


def test_strikes_and_toe_offs_lie_a_stride_apart_and_belong_to_their_side() -> None:
    strides = evidence_of(make_runner()).strides
    period = Motion().period_s
    for side in Side:
        strikes = strides.foot_strike[side]
        np.testing.assert_allclose(np.diff(strikes), period, atol=0.01)
        offs = strides.toe_off[side][strides.toe_off[side] > strikes[0]]
        np.testing.assert_allclose(offs - strikes[: len(offs)], strides.steps[side].contact_s.value, atol=1e-9)
    apart = strides.foot_strike[Side.LEFT][1] - strides.foot_strike[Side.RIGHT][:3]
    assert np.min(np.abs(np.abs(apart) - period / 2)) < 0.01


def test_a_runner_who_faces_left_has_the_left_leg_near_with_the_numbers_of_the_other() -> None:
    right, left = steps_of(make_runner()), steps_of(make_runner(facing=Side.LEFT))
    assert right[Side.RIGHT].near
    assert left[Side.LEFT].near
    assert not left[Side.RIGHT].near
    for side in Side:
        # Points on the joints know no far leg: only the correction for it differs.
        assert left[side].contact_s.value == pytest.approx(right[side.other].contact_s.value, abs=3e-3)
        assert left[side].heel_ahead.value == pytest.approx(right[side.other].heel_ahead.value, abs=1e-2)


def test_strays_in_one_frame_of_ten_and_gaps_do_not_move_a_landing() -> None:
    sound = make_runner(jitter_px=2.0)
    chance = np.random.default_rng(5)
    xy = sound.xy_px.copy()
    strays = chance.random(len(sound)) < 0.1
    xy[strays] += chance.normal(0, 80, (int(strays.sum()), 1, 2))
    xy[200:215] = np.nan
    events = evidence_of(sound)
    spoilt = find_events(replace(sound, xy_px=xy), events.view, events.strides)
    for side in Side:
        assert spoilt.steps[side].contact_s.value == pytest.approx(
            events.strides.steps[side].contact_s.value, abs=0.008
        )


def test_the_standard_error_tells_how_far_the_numbers_scatter() -> None:
    steps = [steps_of(make_runner(jitter_px=4.0, seed=seed))[Side.RIGHT] for seed in range(6)]
    scatter = float(np.std([step.contact_s.value for step in steps], ddof=1))
    stated = float(np.mean([step.contact_s.se for step in steps]))
    assert scatter / 3 < stated < 3 * scatter


def test_toe_offs_that_do_not_agree_give_no_step_and_no_toe_off() -> None:
    # With so short a contact the formula's knee is straightest under the body, long before its toe rises.
    strides = evidence_of(make_runner(contact_s=0.18)).strides
    assert strides.steps == {}
    assert all(len(times) == 0 for times in strides.toe_off.values())


@pytest.mark.parametrize("slope", [-0.12, 0.12])
def test_a_belt_that_slopes_in_the_picture_does_not_move_the_toe_off(slope: float) -> None:
    level = make_runner()
    events = evidence_of(level)
    xy = level.xy_px.copy()
    xy[..., 1] += slope * xy[..., 0]
    sloping = find_events(replace(level, xy_px=xy), events.view, replace(events.strides, steps={}))
    for side, step in events.strides.steps.items():
        assert sloping.steps[side].contact_s.value == pytest.approx(step.contact_s.value, abs=0.008)


def test_a_far_leg_that_steps_unlike_the_near_one_is_not_trusted() -> None:
    long, short = make_runner(contact_s=0.28), make_runner(contact_s=0.22)
    events = evidence_of(long)
    xy = long.xy_px.copy()
    far = list(lm.LEFT_LEG)
    xy[:, far] = short.xy_px[:, far]
    mixed = find_events(replace(long, xy_px=xy), events.view, replace(events.strides, steps={}))
    assert set(events.strides.steps) == set(Side)
    assert set(mixed.steps) == {Side.RIGHT}


@pytest.mark.parametrize("view", [ViewName.REAR, ViewName.FRONT])
def test_only_the_side_view_shows_contact(view: ViewName) -> None:
    strides = evidence_of(make_runner(view)).strides
    assert strides.steps == {}
    assert all(len(times) == 0 for times in strides.toe_off.values())


def test_feet_that_hang_still_make_no_step() -> None:
    sound = make_runner()
    events = evidence_of(sound)
    xy = sound.xy_px.copy()
    feet = list(lm.FEET)
    xy[:, feet] = xy[:, feet].mean(axis=0)
    nothing = Strides(**{**vars(events.strides), "steps": {}})
    assert find_events(replace(sound, xy_px=xy), events.view, nothing).steps == {}


def test_contact_of_the_rendered_runner_is_right(truth_clips: Path) -> None:
    clip = truth_clips / "s14_side_cad90.mp4"
    truth = json.loads(clip.with_suffix(".json").read_text())["events"]
    _, found, _ = find_landmarks(clip)
    for side, step in steps_of(found).items():
        true = float(np.mean(truth[side]["visual_contact_ms"]))
        assert 1000 * step.contact_s.value == pytest.approx(true, abs=15 if step.near else 20)
