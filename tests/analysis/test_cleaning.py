"""Cleaning: the filter is the textbook's, whole blocks come out as their columns do, gaps stay gaps."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator
from scipy.signal import butter, filtfilt

from analysis import landmarks as lm
from analysis.cleaning import FEET_HZ, GAP_S, TRUNK_HZ, TWO_PASS, clean, clean_series, hampel, low_pass
from analysis.types import Floats, Landmarks


def wandering(n: int, columns: int, seed: int = 0) -> Floats:
    return 600.0 + np.cumsum(np.random.default_rng(seed).normal(size=(n, columns)), axis=0)


def somebody(fps: float, seconds: float = 4.0) -> Landmarks:
    n = round(fps * seconds)
    xy, world = wandering(n, 2 * lm.COUNT), wandering(n, 3 * lm.COUNT, seed=1) / 600
    seen = np.full((n, lm.COUNT), 0.9)
    return Landmarks(xy.reshape(n, -1, 2), world.reshape(n, -1, 3), seen, np.arange(n) / fps, 720, 1280)


def textbook(values: Floats, t_in: Floats, t: Floats, cutoff_hz: float, rate_hz: float) -> Floats:
    """The same with SciPy's own filter, where nothing is missing."""
    b, a = butter(2, min(cutoff_hz / TWO_PASS, 0.49 * rate_hz) / (rate_hz / 2))
    fine = PchipInterpolator(t_in, hampel(values, t_in))(t)
    return np.asarray(filtfilt(b, a, fine, padlen=min(len(t) - 1, int(rate_hz * 0.3))))


@pytest.mark.parametrize("fps", [15.0, 30.0, 59.94, 120.0])
def test_every_landmark_is_filtered_as_by_the_textbook(fps: float) -> None:
    raw = somebody(fps)
    cleaned = clean(raw)
    rate = max(fps, 100.0)
    for index in range(lm.COUNT):
        cutoff = min(FEET_HZ if index in lm.FEET else TRUNK_HZ, 0.4 * fps)
        for block, smooth in ((raw.xy_px, cleaned.xy_px), (raw.world_m, cleaned.world_m)):
            for axis in range(block.shape[2]):
                expected = textbook(block[:, index, axis], raw.t_s, cleaned.t_s, cutoff, rate)
                np.testing.assert_allclose(smooth[:, index, axis], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("n", [16, 20, 31, 400])
def test_a_single_series_is_filtered_as_by_the_textbook(n: int) -> None:
    values = wandering(n, 1)[:, 0]
    b, a = butter(2, 6.0 / TWO_PASS / 50.0)
    expected = filtfilt(b, a, values, padlen=min(n - 1, 30))
    np.testing.assert_allclose(low_pass(values, 6.0, 100.0), expected, rtol=0, atol=1e-9)
    held = np.concatenate([[np.nan] * 3, values, [np.nan] * 2])
    expected = filtfilt(b, a, np.pad(values, (3, 2), mode="edge"), padlen=min(n + 4, 30))
    np.testing.assert_allclose(low_pass(held, 6.0, 100.0), expected, rtol=0, atol=1e-9)


def test_a_column_comes_out_the_same_whatever_its_neighbours_miss() -> None:
    raw = somebody(60.0)
    raw.xy_px[40:44, 3] = np.nan
    raw.xy_px[100:130] = np.nan
    raw.world_m[100:130] = np.nan
    raw.xy_px[:, 9] = np.nan
    cleaned = clean(raw)
    for index in (3, 4, 9, 30):
        cutoff = FEET_HZ if index in lm.FEET else TRUNK_HZ
        alone = clean_series(raw.xy_px[:, index, 0], raw.t_s, cleaned.t_s, cutoff, 100.0)
        np.testing.assert_allclose(cleaned.xy_px[:, index, 0], alone, rtol=0, atol=1e-9)
    assert np.isfinite(cleaned.xy_px[60:75, 3]).all()
    assert np.isnan(cleaned.xy_px[:, 9]).all()


def test_short_gaps_are_bridged_and_long_ones_stay_open() -> None:
    for missing in (1, 4, 6, 7, 20):
        raw = somebody(60.0)
        raw.xy_px[100 : 100 + missing] = np.nan
        inside = (raw.t_s[99] + 0.011, raw.t_s[100 + missing] - 0.011)
        cleaned = clean(raw)
        there = np.isfinite(cleaned.xy_px[(cleaned.t_s > inside[0]) & (cleaned.t_s < inside[1])])
        assert there.all() if (missing + 1) / 60.0 <= GAP_S else not there.any()


def test_a_single_spike_is_taken_out_and_a_true_movement_is_not() -> None:
    t_s = np.arange(240) / 60.0
    wave = 30.0 * np.sin(2 * np.pi * 2.8 * t_s)
    spiked = wave.copy()
    spiked[100] += 200.0
    assert np.abs(hampel(spiked, t_s) - wave).max() < 8.7
    assert np.abs(hampel(wave, t_s) - wave).max() < 2.0


def test_turning_points_stay_where_a_least_spike_is_told() -> None:
    t_s = np.arange(120) / 30.0
    wave = 6.0 * np.sin(2 * np.pi * 2.8 * t_s)
    assert np.abs(hampel(wave, t_s) - wave).max() > 0.2
    np.testing.assert_array_equal(hampel(wave, t_s, 1.5), wave)
    spiked = wave.copy()
    spiked[50] += 20.0
    assert np.abs(hampel(spiked, t_s, 1.5) - wave).max() < 4.0


def test_too_little_is_nothing() -> None:
    raw = somebody(30.0)
    raw.xy_px[7:] = np.nan
    assert np.isnan(clean(raw).xy_px).all()
    assert np.isfinite(clean(replace(raw, xy_px=raw.world_m[..., :2])).xy_px).all()
