"""The stride as a curve of 101 points, and what repeats.  NumPy only, because the web reads the metrics."""

import numpy as np

from analysis.types import Floats

POINTS = 101
# Right foot strike before mid-stance, share of the stride: 0.157 against force plates (truth clips, 174 and 156 spm).
STRIKE_BEFORE_MID_STANCE = 0.157


def stride_curves(series: Floats, t_s: Floats, cuts_s: Floats) -> Floats:
    """Cut a series into strides: [k, 101], 0..100 % of the stride; strides with a gap are left out."""
    rows = [np.interp(np.linspace(a, b, POINTS), t_s, series) for a, b in cuts_s]
    table = np.array(rows).reshape(-1, POINTS)
    return np.asarray(table[np.isfinite(table).all(axis=1)])


def repeating(curves: Floats) -> float:
    """Share of the curves' variance that repeats from stride to stride, 0..1."""
    mean = curves.mean(axis=0)
    total = float(np.var(curves - curves.mean()))
    return float(np.clip(np.var(mean) / total, 0.0, 1.0)) if total > 0 else 0.0


def compute_fundamental(curves: Floats) -> complex:
    """Amplitude and phase at stride frequency of the mean of curves [k, 101]."""
    mean = curves.mean(axis=0)[:-1]
    turn = np.exp(-2j * np.pi * np.arange(len(mean)) / len(mean))
    return complex(2 * np.mean(mean * turn)) or complex(1e-9)
