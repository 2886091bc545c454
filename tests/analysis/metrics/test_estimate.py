"""The interval: what of the spread between strides is an error, and how many strides it was read from."""

import numpy as np
import pytest

from analysis.metrics.estimate import RESERVE, Z95, Method, mean_of, rom_of, student
from analysis.metrics.spec import Measured, NotMeasured
from analysis.types import ClipFacts, Evidence, Floats, Profile, Scale, Side, Strides, View, ViewName

PERIOD_S = 0.7
EXACT = Method(error_sd=0.0)


def evidence_of(strides: Floats, found: int | None = None) -> Evidence:
    """Strides [k, n] one after the other as the series ``told``; ``found`` of them were run."""
    count, samples = strides.shape
    t_s = np.arange(count * samples + 1) * PERIOD_S / samples
    edges = np.arange(count + 1) * PERIOD_S
    cuts = np.column_stack([edges[:-1], edges[1:]])
    nothing = {side: np.empty(0) for side in Side}
    return Evidence(
        facts=ClipFacts(60.0, len(t_s), 1280, 720, float(t_s[-1]), 0, "h264", False),
        profile=Profile(),
        view=View(ViewName.SIDE, Side.RIGHT, 1.0),
        strides=Strides(PERIOD_S, cuts, nothing, nothing, nothing, found or count, 171.0, 0.1),
        scale=Scale(300.0, 0.02, "height"),
        t_s=t_s,
        waveforms={"told": np.append(strides.ravel(), strides.ravel()[-1])},
        visible={},
    )


def drawn(count: int, seed: int = 3, spread: float = 1.0) -> Floats:
    """Strides whose level differs from one to the next."""
    turn = 2 * np.pi * np.arange(100) / 100
    levels = np.random.default_rng(seed).normal(0.0, spread, (count, 1))
    return np.asarray(5.0 * np.sin(turn) + levels)


def half_width(strides: Floats, method: Method = EXACT, found: int | None = None) -> float:
    result = mean_of(evidence_of(strides, found), "told", method)
    assert isinstance(result, Measured)
    return (result.high - result.low) / 2


def test_a_mean_counts_half_of_the_spread_between_strides() -> None:
    strides = drawn(30)
    standard_error = float(np.std(strides.mean(axis=1), ddof=1)) / np.sqrt(30)
    assert half_width(strides) == pytest.approx(0.5 * student(29) * standard_error, rel=0.12)


def test_strides_that_were_left_out_count_in_full() -> None:
    strides = drawn(12)
    assert half_width(strides, found=24) > 1.2 * half_width(strides)
    assert half_width(strides, found=10_000) == pytest.approx(2 * half_width(strides), rel=0.01)


def test_an_even_runner_is_as_sure_as_the_method_and_its_reserve() -> None:
    assert half_width(drawn(12, spread=0.0), Method(error_sd=1.5)) == pytest.approx(Z95 * RESERVE * 1.5, rel=1e-6)


def test_a_view_without_a_method_does_not_show_it() -> None:
    assert isinstance(mean_of(evidence_of(drawn(5)), "told", {ViewName.REAR: EXACT}), NotMeasured)
    assert isinstance(mean_of(evidence_of(drawn(5)), "told", {ViewName.SIDE: EXACT}), Measured)


def test_few_strides_make_wide_intervals() -> None:
    wide, narrow = half_width(drawn(3)), half_width(drawn(48))
    assert wide > 4 * narrow


@pytest.mark.parametrize(("freedom", "table"), [(3, 3.182), (5, 2.571), (11, 2.201), (30, 2.042), (1000, 1.962)])
def test_students_t_is_that_of_the_table(freedom: int, table: float) -> None:
    assert student(freedom) == pytest.approx(table, rel=0.007)


def test_a_rom_counts_more_of_its_spread_than_a_mean() -> None:
    chance = np.random.default_rng(1)
    strides = drawn(20, spread=0.0) + chance.normal(0.0, 1.0, (20, 1)) * np.sin(2 * np.pi * np.arange(100) / 100)
    result = rom_of(evidence_of(strides), "told", EXACT)
    assert isinstance(result, Measured)
    standard_error = 2 * float(np.std(strides.max(axis=1), ddof=1)) / np.sqrt(20)
    assert (result.high - result.low) / 2 == pytest.approx(0.9 * student(19) * standard_error, rel=0.2)
