"""Outliers, gaps, a uniform clock and the low-pass filter: landmarks as found to landmarks fit for angles.

Order and numbers: biomechanics.md section 4 (Hampel +-0.25 s, gaps up to 0.10 s, zero-lag Butterworth of 4th
effective order, trunk and head 6-8 Hz, feet 10-12 Hz, never above 0.4 of the frame rate).
"""

from dataclasses import replace

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import median_filter
from scipy.signal import butter, filtfilt

from analysis import landmarks as lm
from analysis.types import Bools, Floats, Landmarks

RATE_MIN_HZ = 100.0
TRUNK_HZ = 8.0
FEET_HZ = 12.0
GAP_S = 0.10
HAMPEL_S = 0.25
HAMPEL_SCALE = 3.0 * 1.4826
# Two passes of a 2nd-order Butterworth lower the cut-off: Winter's correction.
TWO_PASS = 0.802


def clean(raw: Landmarks) -> Landmarks:
    """Landmarks on a uniform clock of max(fps, 100) Hz, without outliers, low-passed; NaN in gaps over 0.10 s.

    Parameters
    ----------
    raw
        As found, with real timestamps; NaN rows where nobody was found.

    Returns
    -------
    Landmarks
        Same axes and units; ``visibility`` interpolated.
    """
    fps = fps_of(raw)
    rate = max(fps, RATE_MIN_HZ)
    t = np.arange(raw.t_s[0], raw.t_s[-1] + 0.5 / rate, 1.0 / rate)
    t = t[t <= raw.t_s[-1] + 1e-9]
    xy = _clean_block(raw.xy_px, raw.t_s, t, fps, rate)
    world = _clean_block(raw.world_m, raw.t_s, t, fps, rate)
    seen = np.where(np.isfinite(raw.visibility), raw.visibility, 0.0)
    visibility = np.stack([np.interp(t, raw.t_s, seen[:, i]) for i in range(lm.COUNT)], axis=1)
    return replace(raw, xy_px=xy, world_m=world, visibility=visibility, t_s=t)


def fps_of(landmarks: Landmarks) -> float:
    """Frames a second of the landmarks' own clock."""
    return 1.0 / float(np.median(np.diff(landmarks.t_s)))


def _clean_block(block: Floats, t_in: Floats, t: Floats, fps: float, rate: float) -> Floats:
    """One [n, 33, d] block onto the clock ``t``."""
    out = np.empty((len(t), *block.shape[1:]))
    for index in range(block.shape[1]):
        cutoff = min(FEET_HZ if index in lm.FEET else TRUNK_HZ, 0.4 * fps)
        for axis in range(block.shape[2]):
            out[:, index, axis] = clean_series(block[:, index, axis], t_in, t, cutoff, rate)
    return out


def clean_series(values: Floats, t_in: Floats, t: Floats, cutoff_hz: float, rate_hz: float) -> Floats:
    """One series: spikes out, resampled by PCHIP, low-passed; NaN where the source had a gap over 0.10 s."""
    good = np.isfinite(values)
    if good.sum() < 8:
        return np.full(len(t), np.nan)
    kept = hampel(values[good], t_in[good])
    smooth = low_pass(PchipInterpolator(t_in[good], kept, extrapolate=False)(t), cutoff_hz, rate_hz)
    smooth[_in_gap(t, t_in[good])] = np.nan
    return smooth


def hampel(values: Floats, t_s: Floats) -> Floats:
    """Replace single spikes by the local median (+-0.25 s, 3 robust SD)."""
    half = max(1, round(HAMPEL_S / float(np.median(np.diff(t_s)))))
    # The window is shorter than a stride: compare with a median-3 line, so that fast true motion is no outlier.
    line = median_filter(values, 3, mode="nearest")
    residual = values - line
    spread = HAMPEL_SCALE * median_filter(np.abs(residual), 2 * half + 1, mode="nearest")
    floor = 1e-3 * (np.nanmax(values) - np.nanmin(values) + 1e-9)
    return np.asarray(np.where(np.abs(residual) > np.maximum(spread, floor), line, values))


def low_pass(values: Floats, cutoff_hz: float, rate_hz: float) -> Floats:
    """Zero-lag Butterworth of 4th effective order; NaN at the ends are held, not spread."""
    good = np.isfinite(values)
    if good.sum() < 16:
        return values.copy()
    filled = np.interp(np.arange(len(values)), np.flatnonzero(good), values[good])
    b, a = butter(2, min(cutoff_hz / TWO_PASS, 0.49 * rate_hz) / (rate_hz / 2))
    return np.asarray(filtfilt(b, a, filled, padlen=min(len(filled) - 1, int(rate_hz * 0.3))))


def _in_gap(t: Floats, t_good: Floats) -> Bools:
    """True where ``t`` lies in a gap of the source that is longer than 0.10 s."""
    after = np.clip(np.searchsorted(t_good, t), 1, len(t_good) - 1)
    width = t_good[after] - t_good[after - 1]
    usual = float(np.median(np.diff(t_good)))
    outside = (t < t_good[0] - 1e-9) | (t > t_good[-1] + 1e-9)
    return np.asarray((width > max(GAP_S, 1.5 * usual)) | outside)
