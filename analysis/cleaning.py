"""Outliers, gaps, a uniform clock and the low-pass filter: landmarks as found to landmarks fit for angles.

Order and numbers: docs/biomechanics.md section 4 (Hampel +-0.25 s, gaps up to 0.10 s, zero-lag Butterworth of 4th
effective order, trunk and head 6-8 Hz, feet 10-12 Hz, never above 0.4 of the frame rate).

SciPy takes 0.4 s to import, so here and elsewhere it is imported where it is used: `analysis.pipeline` does that while
the trackers run.
"""

from dataclasses import replace

import numpy as np

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
    cutoff = np.minimum(np.where(np.isin(np.arange(lm.COUNT), lm.FEET), FEET_HZ, TRUNK_HZ), 0.4 * fps)
    points = np.concatenate([raw.xy_px, raw.world_m], axis=2)
    columns = points.reshape(len(raw), -1)
    fit = _clean_columns(columns, raw.t_s, t, np.repeat(cutoff, points.shape[2]), rate)
    xy, world = np.split(fit.reshape(len(t), *points.shape[1:]), [raw.xy_px.shape[2]], axis=2)
    seen = np.where(np.isfinite(raw.visibility), raw.visibility, 0.0)
    visibility = np.stack([np.interp(t, raw.t_s, seen[:, i]) for i in range(lm.COUNT)], axis=1)
    return replace(raw, xy_px=xy, world_m=world, visibility=visibility, t_s=t)


def fps_of(landmarks: Landmarks) -> float:
    """Frames a second of the landmarks' own clock."""
    return 1.0 / float(np.median(np.diff(landmarks.t_s)))


def clean_series(
    values: Floats, t_in: Floats, t: Floats, cutoff_hz: float, rate_hz: float, spike: float = 0.0
) -> Floats:
    """One series: spikes out, resampled by PCHIP, low-passed; NaN where the source had a gap over 0.10 s.

    ``spike`` is the least that counts as one, in the unit of ``values`` (`hampel`).
    """
    return _clean_columns(values[:, None], t_in, t, np.array([cutoff_hz]), rate_hz, spike)[:, 0]


def _clean_columns(
    values: Floats, t_in: Floats, t: Floats, cutoff_hz: Floats, rate_hz: float, spike: float = 0.0
) -> Floats:
    """`clean_series` of [n, k], all columns that are known at the same moments at once; ``cutoff_hz`` [k]."""
    from scipy.interpolate import PchipInterpolator

    out = np.full((len(t), values.shape[1]), np.nan)
    known, group = np.unique(np.isfinite(values), axis=1, return_inverse=True)
    for number, good in enumerate(known.T):
        if good.sum() < 8:
            continue
        columns = np.flatnonzero(group.reshape(-1) == number)
        kept = np.stack([hampel(values[good, column], t_in[good], spike) for column in columns], axis=1)
        fine = PchipInterpolator(t_in[good], kept, extrapolate=False)(t)
        out[:, columns] = _low_pass_columns(fine, cutoff_hz[columns], rate_hz)
        out[np.ix_(_in_gap(t, t_in[good]), columns)] = np.nan
    return out


def hampel(values: Floats, t_s: Floats, least: float = 0.0) -> Floats:
    """Replace single spikes by the local median (+-0.25 s, 3 robust SD), if they stand out by ``least``.

    A smooth series is its own median nearly everywhere, so that its robust SD is next to nothing and its turning points
    count as spikes: where the peaks are what is measured, ``least`` keeps them.
    """
    from scipy.ndimage import median_filter

    half = max(1, round(HAMPEL_S / float(np.median(np.diff(t_s)))))
    # The window is shorter than a stride: compare with a median-3 line, so that fast true motion is no outlier.
    line = median_filter(values, 3, mode="nearest")
    residual = values - line
    spread = HAMPEL_SCALE * median_filter(np.abs(residual), 2 * half + 1, mode="nearest")
    floor = max(least, 1e-3 * float(np.nanmax(values) - np.nanmin(values) + 1e-9))
    return np.asarray(np.where(np.abs(residual) > np.maximum(spread, floor), line, values))


def low_pass(values: Floats, cutoff_hz: float, rate_hz: float) -> Floats:
    """Zero-lag Butterworth of 4th effective order of [n]; NaN at the ends are held, not spread."""
    return _low_pass_columns(values[:, None], np.array([cutoff_hz]), rate_hz)[:, 0]


def _low_pass_columns(values: Floats, cutoff_hz: Floats, rate_hz: float) -> Floats:
    """`low_pass` of [n, k] whose NaN lie in the same rows, each column with its own cut-off.

    As ``scipy.signal.filtfilt``, whose import takes longer than all the filtering of a clip.
    """
    good = np.isfinite(values).all(axis=1)
    if good.sum() < 16:
        return values.copy()
    rows = np.flatnonzero(good)
    place = np.interp(np.arange(len(values)), rows, np.arange(len(rows)))
    before = np.minimum(place.astype(np.int64), len(rows) - 2)
    share = (place - before)[:, None]
    filled = values[rows[before]] * (1 - share) + values[rows[before + 1]] * share
    pad = min(len(filled) - 1, int(rate_hz * 0.3))
    start, end = 2 * filled[0] - filled[pad:0:-1], 2 * filled[-1] - filled[-2 : -pad - 2 : -1]
    long = np.concatenate([start, filled, end])
    share_hz = np.minimum(cutoff_hz / TWO_PASS, 0.49 * rate_hz) / rate_hz
    return _one_pass(_one_pass(long, share_hz)[::-1], share_hz)[::-1][pad : pad + len(filled)]


def _one_pass(values: Floats, share_hz: Floats) -> Floats:
    """Butterworth of 2nd order, forwards, [n, k], settled on the first row; cut-offs as shares of the rate."""
    k = np.tan(np.pi * share_hz)
    scale = 1.0 / (1.0 + np.sqrt(2.0) * k + k**2)
    last, before_last = 2.0 * (k**2 - 1.0) * scale, (1.0 - np.sqrt(2.0) * k + k**2) * scale
    risen = np.concatenate([np.zeros((2, values.shape[1])), values - values[0]])
    out = k**2 * scale * (risen[2:] + 2.0 * risen[1:-1] + risen[:-2])
    for row in range(2, len(out)):
        out[row] -= last * out[row - 1] + before_last * out[row - 2]
    return np.asarray(out + values[0])


def _in_gap(t: Floats, t_good: Floats) -> Bools:
    """True where ``t`` lies in a gap of the source that is longer than 0.10 s."""
    after = np.clip(np.searchsorted(t_good, t), 1, len(t_good) - 1)
    width = t_good[after] - t_good[after - 1]
    usual = float(np.median(np.diff(t_good)))
    outside = (t < t_good[0] - 1e-9) | (t > t_good[-1] + 1e-9)
    return np.asarray((width > max(GAP_S, 1.5 * usual)) | outside)
