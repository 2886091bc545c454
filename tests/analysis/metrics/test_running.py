"""What arms and legs do, against a runner whose every movement is known."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from analysis.direction import Heading
from analysis.metrics import METRICS, arm_crossing, contact, foot_strike, knee_flexion, overstride, step_width
from analysis.metrics.footing import TIMED
from analysis.metrics.spec import Grade, Measured, MetricSpec, NotMeasured, Status, assess
from analysis.types import Evidence, Side, Step, ViewName
from tests.analysis.evidence import evidence_of
from tests.analysis.runner import HALF_SHOULDERS, SHANK, THIGH, Motion, make_runner

SPECS: Mapping[str, MetricSpec] = {spec.key: spec for spec in METRICS}
LEG = THIGH + SHANK
FEET = ("contact_time_left", "contact_time_right", "flight_time", "duty_factor", "knee_flexion_contact")


def measured(key: str, evidence: Evidence) -> Measured:
    found = SPECS[key].compute(evidence)
    assert isinstance(found, Measured), found
    assert found.low < found.high
    assert found.low <= found.value <= found.high
    return found


def with_step(evidence: Evidence, side: Side, **changes: object) -> Evidence:
    steps: dict[Side, Step] = dict(evidence.strides.steps)
    steps[side] = replace(steps[side], **changes)
    return replace(evidence, strides=replace(evidence.strides, steps=steps))


def test_flight_and_duty_factor_go_with_the_near_foots_contact() -> None:
    evidence = evidence_of(make_runner(facing=Side.LEFT))
    near = measured("contact_time_left", evidence)
    stride_ms = 1000 * Motion().period_s
    assert measured("flight_time", evidence).value == pytest.approx(stride_ms / 2 - near.value, abs=0.5)
    assert measured("duty_factor", evidence).value == pytest.approx(near.value / stride_ms, abs=1e-3)


def test_the_far_foot_is_less_sure_and_says_so() -> None:
    evidence = evidence_of(make_runner(jitter_px=2.0))
    near, far = measured("contact_time_right", evidence), measured("contact_time_left", evidence)
    assert far.high - far.low > near.high - near.low
    assert far.grade is Grade.C
    assert far.note is not None
    assert "far side" in far.note


def test_contact_is_grade_a_from_120_frames_a_second() -> None:
    assert measured("contact_time_right", evidence_of(make_runner(fps=60))).grade is Grade.B
    assert measured("contact_time_right", evidence_of(make_runner(fps=120))).grade is None


def test_what_needs_many_pictures_a_second_is_named_and_nothing_else_is() -> None:
    slow, fast = evidence_of(make_runner(fps=30)), evidence_of(make_runner(fps=60))
    of_the_side = [spec for spec in METRICS if spec.compute and spec.grades[ViewName.SIDE] is not Grade.X]
    seen = [spec for spec in of_the_side if isinstance(spec.compute(fast), Measured)]
    assert {spec.key for spec in seen if isinstance(spec.compute(slow), NotMeasured)} == TIMED


@pytest.mark.parametrize("key", [*FEET, "foot_strike_angle"])
def test_no_moment_of_a_foot_is_told_below_50_frames_a_second(key: str) -> None:
    found = SPECS[key].compute(evidence_of(make_runner(fps=30)))
    assert isinstance(found, NotMeasured)
    assert "30 pictures a second" in found.reason


def test_toe_offs_that_do_not_agree_widen_the_interval() -> None:
    evidence = evidence_of(make_runner())
    sure, unsure = (measured("contact_time_right", with_step(evidence, Side.RIGHT, apart_s=s)) for s in (0.0, 0.06))
    assert unsure.high - unsure.low > 1.5 * (sure.high - sure.low)


def test_a_leg_without_a_sure_step_is_not_measured_and_says_which() -> None:
    evidence = evidence_of(make_runner())
    for side, words in ((Side.RIGHT, "right foot"), (Side.LEFT, "far side")):
        steps = {other: step for other, step in evidence.strides.steps.items() if other is not side}
        without = replace(evidence, strides=replace(evidence.strides, steps=steps))
        found = SPECS[f"contact_time_{side}"].compute(without)
        assert isinstance(found, NotMeasured)
        assert words in found.reason
        assert isinstance(SPECS["overstride"].compute(without), NotMeasured) is (side is Side.RIGHT)


@pytest.mark.parametrize(("turn_deg", "timed"), [(10.0, True), (-25.0, False)])
def test_a_camera_far_off_the_square_view_times_no_foot(turn_deg: float, timed: bool) -> None:
    evidence = replace(evidence_of(make_runner()), heading=Heading(turn_deg, 2.0, "deck"))
    for key in ("contact_time_right", "contact_time_left", "flight_time", "duty_factor"):
        assert isinstance(SPECS[key].compute(evidence), Measured) is timed


def test_a_near_foot_out_of_the_picture_is_not_measured() -> None:
    evidence = evidence_of(make_runner())
    cut = replace(evidence, visible={**evidence.visible, "right_foot": 0.3})
    assert isinstance(SPECS["overstride"].compute(cut), NotMeasured)


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_overstride_follows_where_the_heel_lands(fps: float) -> None:
    reaches = np.array([0.12, 0.20, 0.28])
    found = [measured("overstride", evidence_of(make_runner(fps=fps, reach_m=reach))).value for reach in reaches]
    slope, _ = np.polyfit(reaches / LEG / overstride.METHOD.gain, found, 1)
    assert slope == pytest.approx(1, abs=0.1)
    assert found[1] * overstride.METHOD.gain == pytest.approx(0.20 / LEG, abs=0.02)


def test_overstride_is_judged_by_speed_and_only_then() -> None:
    runner = make_runner(reach_m=0.32, speed_mps=3.0, contact_s=0.26)
    for speed, status in ((3.0, Status.FLAG), (4.4, Status.WATCH), (None, Status.INFO)):
        evidence = evidence_of(runner, speed_mps=speed)
        found = measured("overstride", evidence)
        assert assess(SPECS["overstride"], found, ViewName.SIDE, evidence.profile) is status, speed


def test_foot_strike_tells_heel_from_forefoot() -> None:
    landings = np.array([-20.0, 0.0, 15.0, 25.0])
    evidence = [evidence_of(make_runner(fps=120, landing_deg=deg, contact_s=0.22)) for deg in landings]
    found = [measured("foot_strike_angle", one) for one in evidence]
    slope, level = np.polyfit(landings, [one.value + foot_strike.METHOD.offset for one in found], 1)
    assert slope == pytest.approx(1, abs=0.2)
    assert level == pytest.approx(0, abs=4)
    assert [str(one.note).split(" ")[0] for one in (found[0], found[-1])] == ["Forefoot", "Heel"]
    assert measured("foot_strike_angle", evidence_of(make_runner(fps=60))).grade is Grade.C


def test_knee_flexion_follows_the_knee() -> None:
    evidence = [evidence_of(make_runner(reach_m=reach)) for reach in (0.10, 0.16, 0.22)]
    found = [measured("knee_flexion_contact", one).value + knee_flexion.METHOD.offset for one in evidence]
    curves = [
        np.interp(one.strides.foot_strike[Side.RIGHT][2:-2], one.t_s, one.waveforms["knee_flexion"]) for one in evidence
    ]
    for value, curve in zip(found, curves, strict=True):
        assert value == pytest.approx(float(np.median(curve)), abs=3)
    assert found[0] > found[1] > found[2]


@pytest.mark.parametrize("view", [ViewName.REAR, ViewName.FRONT])
@pytest.mark.parametrize("width_m", [-0.06, 0.0, 0.06, 0.12])
def test_step_width_is_what_lies_between_the_feet(view: ViewName, width_m: float) -> None:
    found = measured("step_width", evidence_of(make_runner(view, step_width_m=width_m, jitter_px=1.0)))
    assert found.value + step_width.OFFSET_CM[view] == pytest.approx(100 * width_m, abs=0.5)


def test_step_width_is_flagged_where_feet_cross_and_needs_a_scale() -> None:
    runner = make_runner(ViewName.REAR, step_width_m=-0.06)
    evidence = evidence_of(runner, speed_mps=3.0)
    assert assess(SPECS["step_width"], measured("step_width", evidence), ViewName.REAR, evidence.profile) is Status.FLAG
    assert isinstance(SPECS["step_width"].compute(evidence_of(runner, px_per_m=None)), NotMeasured)


@pytest.mark.parametrize("view", [ViewName.REAR, ViewName.FRONT])
def test_arms_are_read_where_they_come_furthest_in(view: ViewName) -> None:
    evidence = evidence_of(make_runner(view, wrist_out_m=0.05, wrist_swing_m=0.09, thorax_rotation_rom=10.0))
    for side in Side:
        found = measured(f"arm_crossing_{side}", evidence)
        assert found.value + arm_crossing.METHODS[view].offset == pytest.approx(-0.04 / HALF_SHOULDERS, abs=0.05)


def test_crossed_arms_are_flagged_from_the_front_and_watched_from_behind() -> None:
    for view, status in ((ViewName.FRONT, Status.FLAG), (ViewName.REAR, Status.WATCH)):
        evidence = evidence_of(make_runner(view, wrist_out_m=0.02, wrist_swing_m=0.09))
        found = measured("arm_crossing_left", evidence)
        assert assess(SPECS["arm_crossing_left"], found, view, evidence.profile) is status


@pytest.mark.parametrize("view", list(ViewName))
def test_regularity_falls_when_strides_differ(view: ViewName) -> None:
    alike = measured("stride_regularity", evidence_of(make_runner(view)))
    shaken = measured("stride_regularity", evidence_of(make_runner(view, jitter_px=16.0)))
    assert alike.value > 0.95
    assert shaken.value < alike.value - 0.05


def test_nothing_is_measured_without_landmarks_of_the_limb() -> None:
    evidence = evidence_of(make_runner(ViewName.FRONT))
    empty = replace(evidence, waveforms={name: np.full_like(v, np.nan) for name, v in evidence.waveforms.items()})
    for key in ("arm_crossing_left", "step_width", "stride_regularity"):
        assert isinstance(SPECS[key].compute(empty), NotMeasured), key
    assert contact.compute_error_s(next(iter(evidence_of(make_runner()).strides.steps.values()))) > contact.NEAR_SD_S
