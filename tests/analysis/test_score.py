"""Composite scores from metrics and their bands."""

import pytest

from analysis.metrics.head_balance import HEAD_BALANCE
from analysis.metrics.spec import Band, Grade, Measured, NotMeasured
from analysis.metrics.torso_stability import TORSO_STABILITY
from analysis.score import Scored, compute_score, compute_shares

UP_TO_10 = Band(ok=(-10.0, 10.0), watch=(-20.0, 20.0))


def _scored(value: float, error: float = 0.1, grade: Grade = Grade.A, band: Band | None = UP_TO_10) -> Scored:
    return Scored(Measured(value, value - 1.96 * error, value + 1.96 * error, 12), grade, band)


def _head(value: float, error: float = 0.1) -> Measured:
    parts = {"head_forward_trunk": _scored(0.0), "head_pitch_mean": _scored(value, error)}
    result = compute_score(HEAD_BALANCE, parts)
    assert isinstance(result, Measured)
    return result


def test_everything_inside_its_band_has_all_the_points() -> None:
    assert _head(-9.0).value == 100


@pytest.mark.parametrize(("value", "points"), [(20.0, 200 / 3), (-20.0, 200 / 3), (30.0, 100 / 3), (40.0, 0.0)])
def test_every_width_of_the_watch_band_costs_a_third(value: float, points: float) -> None:
    # Head position (35) has all its points, pitch (30) these.
    assert _head(value).value == pytest.approx((35 * 100 + 30 * points) / 65, abs=0.1)


def test_a_poor_measurement_softens_the_penalty_and_widens_the_interval() -> None:
    sharp, poor = _head(30.0), _head(30.0, error=10.0)
    assert poor.value > sharp.value
    assert poor.high - poor.low > 5 * (sharp.high - sharp.low)


def test_what_is_measured_less_surely_counts_less() -> None:
    parts = {"head_forward_trunk": _scored(0.0), "head_pitch_mean": _scored(40.0, grade=Grade.B)}
    result = compute_score(HEAD_BALANCE, parts)
    assert isinstance(result, Measured)
    assert result.value == pytest.approx(100 * 35 / (35 + 0.6 * 30), abs=0.1)


def test_too_little_of_it_is_no_score_and_says_how_much_and_how_to_film() -> None:
    result = compute_score(TORSO_STABILITY, {"vertical_oscillation": _scored(8.0), "lateral_lean_rom": _scored(5.0)})
    assert isinstance(result, NotMeasured)
    assert "24 of 100" in result.reason
    assert "Film from behind" in result.reason


def test_turning_too_little_costs_half_of_turning_too_much() -> None:
    band = Band(ok=(10.0, 36.0), watch=(None, 45.0))
    rest = {"lateral_lean_rom": 12, "vertical_oscillation": 12, "shoulder_sway": 8, "lateral_lean_mean": 8}
    others = {key: _scored(0.0) for key in rest}

    def lost(value: float) -> float:
        result = compute_score(TORSO_STABILITY, others | {"thorax_rotation_rom": _scored(value, band=band)})
        assert isinstance(result, Measured)
        return 100 - result.value

    # Below the band there is no watch border: the ok border itself is the width.
    assert lost(0.0) == pytest.approx(lost(45.0) / 2, rel=0.02)


def test_a_share_is_its_own_points() -> None:
    parts = {key: _scored(0.0) for key in ("lateral_lean_rom", "lateral_lean_mean", "vertical_oscillation")}
    parts["pelvic_drop_left"] = _scored(0.0)
    parts["stride_regularity"] = Scored(Measured(0.5, 0.49, 0.51, 12), Grade.A, None)
    result = compute_score(TORSO_STABILITY, parts)
    assert isinstance(result, Measured)
    assert result.value == pytest.approx((42 * 100 + 8 * 50) / 50, abs=0.1)


def test_the_shares_say_what_went_in_and_what_was_missing() -> None:
    shares = compute_shares(HEAD_BALANCE, {"head_pitch_mean": _scored(20.0, grade=Grade.B)})
    by_key = {share.key: share for share in shares}
    assert list(by_key) == [part.key for part in HEAD_BALANCE.parts]
    assert by_key["head_pitch_mean"].counted == pytest.approx(0.6 * 30)
    assert by_key["head_pitch_mean"].kept == pytest.approx(2 / 3, abs=0.01)
    assert (by_key["head_forward_trunk"].counted, by_key["head_forward_trunk"].kept) == (0, None)


def test_a_metric_without_a_band_for_this_runner_is_missing() -> None:
    (share, *_) = compute_shares(HEAD_BALANCE, {"head_forward_trunk": _scored(0.0, band=None)})
    assert share.kept is None
