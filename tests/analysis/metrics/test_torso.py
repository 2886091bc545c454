"""The torso's metrics on a runner made of formulas: what is put in comes out, within the model's own correction."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.cycle import stride_curves
from analysis.direction import UNSEEN, Heading
from analysis.metrics.forward_lean import FORWARD_LEAN_ROM
from analysis.metrics.lateral_lean import LATERAL_LEAN_MEAN, LATERAL_LEAN_ROM
from analysis.metrics.pelvis_rotation import (
    COUNTER_ROTATION_PHASE,
    COUNTER_ROTATION_ROM,
    PELVIS_ROTATION_ROM,
    SHOULDER_HIP_OFFSET,
    compute_phase_deg,
)
from analysis.metrics.shoulder_tilt import FOLLOWED, SHOULDER_TILT_MEAN, SHOULDER_TILT_ROM
from analysis.metrics.shoulder_tilt import MEAN as TILT
from analysis.metrics.shoulder_tilt import ROM as DIP
from analysis.metrics.spec import Grade, Measured, MetricSpec, NotMeasured
from analysis.metrics.sway import PELVIS_SWAY, SHOULDER_SWAY
from analysis.metrics.thorax_rotation import METHOD, SHOULDER_FACING, THORAX_ROTATION_ROM
from analysis.metrics.vertical_oscillation import VERTICAL_OSCILLATION
from analysis.types import Evidence, Floats, Side, ViewName
from analysis.waveforms import counter_rotation
from tests.analysis.evidence import evidence_of
from tests.analysis.heading.pinhole import Pinhole
from tests.analysis.runner import Motion, body_m, make_runner

T_S = np.arange(0.0, 6.0, 1 / 60)
SHOULDERS_M = 1.40
FRONTAL = pytest.mark.parametrize("view", [ViewName.REAR, ViewName.FRONT])


def _value(spec: MetricSpec, evidence: Evidence) -> float:
    return _measured(spec, evidence).value


def _measured(spec: MetricSpec, evidence: Evidence) -> Measured:
    assert spec.compute is not None
    result = spec.compute(evidence)
    assert isinstance(result, Measured), result
    return result


def _reason(spec: MetricSpec, evidence: Evidence) -> str:
    assert spec.compute is not None
    result = spec.compute(evidence)
    assert isinstance(result, NotMeasured)
    return result.reason


@FRONTAL
def test_side_lean_is_to_the_runners_right_in_both_views(view: ViewName) -> None:
    right = evidence_of(make_runner(view, lateral_lean=4.0, lateral_lean_rom=6.0))
    left = evidence_of(make_runner(view, lateral_lean=-4.0, lateral_lean_rom=6.0))
    assert _value(LATERAL_LEAN_MEAN, right) - _value(LATERAL_LEAN_MEAN, left) == pytest.approx(8.0, abs=0.3)
    assert _value(LATERAL_LEAN_ROM, right) == pytest.approx(6.0, abs=1.0)


@FRONTAL
def test_the_right_shoulder_up_is_positive_and_dipping_follows(view: ViewName) -> None:
    up = evidence_of(make_runner(view, shoulder_tilt=4.0, shoulder_tilt_rom=6.0, thorax_rotation_rom=0.0))
    down = evidence_of(make_runner(view, shoulder_tilt=-4.0, shoulder_tilt_rom=14.0, thorax_rotation_rom=0.0))
    apart = _value(SHOULDER_TILT_MEAN, up) - _value(SHOULDER_TILT_MEAN, down)
    assert apart * TILT[view].gain == pytest.approx(8.0, abs=0.3)
    dips = _value(SHOULDER_TILT_ROM, down) - _value(SHOULDER_TILT_ROM, up)
    assert dips * DIP[view].gain == pytest.approx(8.0, abs=0.5)


@FRONTAL
@pytest.mark.parametrize("turn_deg", [-29.0, 29.0])
def test_what_the_cameras_height_adds_to_the_dip_or_hides_of_it_is_taken_out(view: ViewName, turn_deg: float) -> None:
    # Of one runner the shoulder that goes forwards drops, of another it rises.
    body = body_m(Motion(shoulder_tilt_rom=12.0, thorax_rotation_rom=turn_deg, forward_lean=0.0), T_S)
    low, level = (evidence_of(Pinhole(view, lens_m=lens_m, away_m=4.0).see(body, T_S)) for lens_m in (0.9, SHOULDERS_M))
    rise = float(np.degrees(np.arctan((SHOULDERS_M - 0.9) / 4.0)))
    as_level, as_low = (Heading(0.0, 0.5, "deck", rise_deg=one, rise_sd_deg=1.0) for one in (0.0, rise))
    added = _value(SHOULDER_TILT_ROM, replace(low, heading=as_level)) - _value(
        SHOULDER_TILT_ROM, replace(level, heading=as_level)
    )
    taken = _value(SHOULDER_TILT_ROM, replace(low, heading=as_level)) - _value(
        SHOULDER_TILT_ROM, replace(low, heading=as_low)
    )
    assert abs(added) > 2.5
    assert taken == pytest.approx(abs(FOLLOWED[view]) * DIP[view].gain * added, abs=0.8)


@FRONTAL
def test_a_camera_of_unknown_height_leaves_the_dip_unsure(view: ViewName) -> None:
    evidence = evidence_of(make_runner(view, shoulder_tilt_rom=8.0))
    unknown = _measured(SHOULDER_TILT_ROM, replace(evidence, heading=UNSEEN))
    known = _measured(
        SHOULDER_TILT_ROM, replace(evidence, heading=Heading(0.0, 0.5, "deck", rise_deg=0.0, rise_sd_deg=0.5))
    )
    assert unknown.high - unknown.value > known.high - known.value + (0.8 if view is ViewName.REAR else 2.0)
    assert known.low <= known.value <= known.high


def _tilts(camera: Pinhole, body: Floats) -> Floats:
    evidence = evidence_of(camera.see(body, T_S))
    return stride_curves(evidence.waveforms["shoulder_tilt"], evidence.t_s, evidence.strides.cuts_s)


@FRONTAL
def test_sway_is_in_centimetres_and_drift_is_not_sway(view: ViewName) -> None:
    still = evidence_of(make_runner(view, sway_rom_m=0.036, lateral_lean_rom=0.0))
    assert _value(PELVIS_SWAY, still) == pytest.approx(3.6 / 0.88, abs=0.3)
    assert _value(SHOULDER_SWAY, still) == pytest.approx(3.6 / 0.95, abs=0.3)
    wandering = make_runner(view, sway_rom_m=0.036, lateral_lean_rom=0.0)
    xy = wandering.xy_px + np.column_stack([6.0 * wandering.t_s, 0 * wandering.t_s])[:, None]
    assert _value(PELVIS_SWAY, evidence_of(replace(wandering, xy_px=xy))) == pytest.approx(3.6 / 0.88, abs=0.3)


@pytest.mark.parametrize("view", list(ViewName))
@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_bounce_is_in_centimetres_whatever_the_frame_rate(view: ViewName, fps: float) -> None:
    bounce = _value(VERTICAL_OSCILLATION, evidence_of(make_runner(view, fps, bounce_m=0.08, forward_lean_rom=0.0)))
    assert bounce == pytest.approx(8.0, rel=0.12)


def test_no_centimetres_without_a_scale() -> None:
    unknown = evidence_of(make_runner(ViewName.REAR), px_per_m=None)
    for spec in (VERTICAL_OSCILLATION, PELVIS_SWAY, SHOULDER_SWAY):
        assert "height" in _reason(spec, unknown)


def test_an_unsure_scale_widens_what_is_in_centimetres() -> None:
    sure = evidence_of(make_runner(ViewName.REAR))
    unsure = replace(sure, scale=replace(sure.scale, relative_sd=0.10, source="gravity"))
    narrow, wide = _measured(VERTICAL_OSCILLATION, sure), _measured(VERTICAL_OSCILLATION, unsure)
    assert wide.value == narrow.value
    assert wide.high - wide.low > narrow.high - narrow.low
    assert "height" in (wide.note or "")


@pytest.mark.parametrize("facing", list(Side))
def test_forward_rocking_follows_what_is_put_in(facing: Side) -> None:
    little = evidence_of(make_runner(facing=facing, forward_lean_rom=4.0))
    much = evidence_of(make_runner(facing=facing, forward_lean_rom=10.0))
    assert _value(FORWARD_LEAN_ROM, much) - _value(FORWARD_LEAN_ROM, little) == pytest.approx(6.0, abs=0.4)


@pytest.mark.parametrize("facing", list(Side))
def test_shoulder_rotation_follows_what_is_put_in(facing: Side) -> None:
    """The drawn runner turns in full; what a pose model shows of it is put back."""
    shown = METHOD.gain
    usual = _value(THORAX_ROTATION_ROM, evidence_of(make_runner(facing=facing, thorax_rotation_rom=28.0)))
    twisted = _value(THORAX_ROTATION_ROM, evidence_of(make_runner(facing=facing, thorax_rotation_rom=48.0)))
    assert (twisted - usual) * shown == pytest.approx(20.0, abs=4.0)


def test_exchanged_shoulders_are_refused() -> None:
    runner = make_runner(ViewName.SIDE)
    swapped = runner.world_m.copy()
    some = slice(100, 160)
    swapped[some, lm.LEFT_SHOULDER] = runner.world_m[some, lm.RIGHT_SHOULDER]
    swapped[some, lm.RIGHT_SHOULDER] = runner.world_m[some, lm.LEFT_SHOULDER]
    assert "far shoulder" in _reason(THORAX_ROTATION_ROM, evidence_of(replace(runner, world_m=swapped)))


def test_a_far_shoulder_that_is_glued_to_the_near_one_is_refused() -> None:
    runner = make_runner(ViewName.SIDE)
    xy = runner.xy_px.copy()
    xy[:, lm.LEFT_SHOULDER] = xy[:, lm.RIGHT_SHOULDER] + np.array([4.0, 0.0])
    assert "far shoulder" in _reason(THORAX_ROTATION_ROM, evidence_of(replace(runner, xy_px=xy)))


def test_where_the_shoulders_point_needs_the_heading() -> None:
    assert "within 3 degrees" in _reason(SHOULDER_FACING, evidence_of(make_runner(ViewName.SIDE)))


def test_the_pelvis_does_not_turn_without_tape() -> None:
    """Hip points that turn by 40 degrees are no pelvis."""
    runner = make_runner(ViewName.SIDE)
    turned = runner.world_m.copy()
    swing = 0.03 * np.sin(2 * np.pi * runner.t_s * 170 / 120)
    turned[:, lm.LEFT_HIP, 0] -= swing
    turned[:, lm.RIGHT_HIP, 0] += swing
    evidence = evidence_of(replace(runner, world_m=turned))
    for spec in (PELVIS_ROTATION_ROM, COUNTER_ROTATION_ROM, COUNTER_ROTATION_PHASE):
        assert "tape" in _reason(spec, evidence)
    assert "tape" in _reason(SHOULDER_HIP_OFFSET, evidence)


def test_tape_gives_pelvis_and_counter_rotation_that_never_flag() -> None:
    evidence = evidence_of(make_runner(ViewName.SIDE, thorax_rotation_rom=28.0))
    turn = 2 * np.pi * evidence.t_s / evidence.strides.period_s
    thorax = evidence.waveforms["thorax_rotation"]
    waveforms = dict(evidence.waveforms) | {"pelvis_rotation": -5.0 * np.sin(turn)}
    waveforms |= counter_rotation(waveforms)
    taped = replace(evidence, waveforms=waveforms)
    pelvis, against = _measured(PELVIS_ROTATION_ROM, taped), _measured(COUNTER_ROTATION_ROM, taped)
    assert pelvis.value == pytest.approx(10.0, abs=0.3)
    assert against.value == pytest.approx(float(np.ptp(thorax[200:-200])) + 10.0, abs=1.5)
    assert {pelvis.source, against.source} == {"tape"}
    assert _value(COUNTER_ROTATION_PHASE, taped) == pytest.approx(180.0, abs=10.0)
    assert {spec.grades[ViewName.SIDE] for spec in (PELVIS_ROTATION_ROM, COUNTER_ROTATION_ROM)} == {Grade.C}


def test_phase_is_0_together_and_180_opposite() -> None:
    turn = np.linspace(0, 2 * np.pi, 101)
    assert compute_phase_deg(np.sin(turn), 3 * np.sin(turn)) == pytest.approx(0.0, abs=1e-6)
    assert compute_phase_deg(np.sin(turn), -np.sin(turn)) == pytest.approx(180.0)
    assert compute_phase_deg(np.sin(turn), np.cos(turn)) == pytest.approx(90.0)
