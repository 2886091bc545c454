"""The head's metrics on a runner made of formulas."""

import pytest

from analysis.metrics.head_forward import HEAD_FORWARD, HEAD_FORWARD_TRUNK
from analysis.metrics.head_pitch import HEAD_PITCH_MEAN, HEAD_PITCH_ROM
from analysis.metrics.head_sway import HEAD_BOB, HEAD_SWAY
from analysis.metrics.head_tilt import HEAD_TILT_MEAN
from analysis.metrics.spec import Measured, MetricSpec, NotMeasured
from analysis.types import Evidence, Side, ViewName
from tests.analysis.evidence import evidence_of
from tests.analysis.runner import make_runner

FACING = pytest.mark.parametrize("facing", list(Side))


def _value(spec: MetricSpec, evidence: Evidence) -> float:
    assert spec.compute is not None
    result = spec.compute(evidence)
    assert isinstance(result, Measured), result
    return result.value


@FACING
def test_a_head_further_forward_is_further_forward(facing: Side) -> None:
    back = evidence_of(make_runner(facing=facing, ear_ahead_m=0.08))
    ahead = evidence_of(make_runner(facing=facing, ear_ahead_m=0.12))
    # What the pose model shows of it is half of what is there.
    assert _value(HEAD_FORWARD_TRUNK, ahead) - _value(HEAD_FORWARD_TRUNK, back) == pytest.approx(2 * 0.08, abs=0.02)


def test_a_runner_who_leans_is_not_punished_twice() -> None:
    """Trunk and head tip as one: the head stays on the trunk's line, and only the world sees it ahead."""
    upright = evidence_of(make_runner(forward_lean=4.0, ear_ahead_m=0.22 * 0.07 + 0.06))
    leaning = evidence_of(make_runner(forward_lean=14.0, ear_ahead_m=0.22 * 0.25 + 0.06))
    assert _value(HEAD_FORWARD_TRUNK, leaning) == pytest.approx(_value(HEAD_FORWARD_TRUNK, upright), abs=0.04)
    assert _value(HEAD_FORWARD, leaning) - _value(HEAD_FORWARD, upright) > 0.05


@FACING
def test_looking_down_is_negative(facing: Side) -> None:
    level = evidence_of(make_runner(facing=facing, head_pitch=0.0))
    down = evidence_of(make_runner(facing=facing, head_pitch=-20.0))
    assert _value(HEAD_PITCH_MEAN, down) < _value(HEAD_PITCH_MEAN, level) - 15.0


def test_nodding_grows_and_never_falls_below_nothing() -> None:
    still = evidence_of(make_runner(head_pitch_rom=0.0, forward_lean_rom=0.0))
    nodding = evidence_of(make_runner(head_pitch_rom=20.0, forward_lean_rom=0.0))
    assert _value(HEAD_PITCH_ROM, still) == 0.0
    assert _value(HEAD_PITCH_ROM, nodding) > 6.0


@pytest.mark.parametrize("view", list(ViewName))
def test_head_bob_is_in_centimetres(view: ViewName) -> None:
    evidence = evidence_of(make_runner(view, bounce_m=0.09, forward_lean_rom=0.0))
    assert _value(HEAD_BOB, evidence) == pytest.approx(9.0 / 0.97, abs=0.3)


@pytest.mark.parametrize("view", [ViewName.REAR, ViewName.FRONT])
def test_head_sway_is_in_centimetres(view: ViewName) -> None:
    evidence = evidence_of(make_runner(view, sway_rom_m=0.04, lateral_lean_rom=0.0))
    assert _value(HEAD_SWAY, evidence) == pytest.approx(4.0 / 0.88, abs=0.4)


def test_the_heads_tilt_does_not_show_from_the_side() -> None:
    assert HEAD_TILT_MEAN.compute is not None
    assert isinstance(HEAD_TILT_MEAN.compute(evidence_of(make_runner(ViewName.SIDE))), NotMeasured)
