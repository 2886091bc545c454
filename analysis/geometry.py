"""Angles and distances of points, y up.  Every angle in degrees, from pixels, never from normalised coordinates."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import landmarks as lm
from analysis.types import Floats


def middle(xy: Floats, left: int, right: int) -> Floats:
    """The point half-way between two landmarks: [n, 33, d] -> [n, d]."""
    return np.asarray((xy[:, left] + xy[:, right]) / 2)


def shoulder_mid(xy: Floats) -> Floats:
    """Half-way between the shoulders, [n, d]."""
    return middle(xy, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER)


def hip_mid(xy: Floats) -> Floats:
    """Half-way between the hip points, [n, d]; says where the pelvis is, never how it is tilted or turned."""
    return middle(xy, lm.LEFT_HIP, lm.RIGHT_HIP)


def ear_mid(xy: Floats) -> Floats:
    """Half-way between the ears, [n, d]."""
    return middle(xy, lm.LEFT_EAR, lm.RIGHT_EAR)


def angle_from_vertical_deg(vector: Floats) -> Floats:
    """Angle of [n, 2] vectors against the upward vertical, + towards +x."""
    return np.asarray(np.degrees(np.arctan2(vector[:, 0], vector[:, 1])))


def angle_from_horizontal_deg(vector: Floats) -> Floats:
    """Angle of [n, 2] vectors against +x, + upwards."""
    return np.asarray(np.degrees(np.arctan2(vector[:, 1], vector[:, 0])))


def length(vector: Floats) -> Floats:
    """Length of [n, d] vectors."""
    return np.asarray(np.linalg.norm(vector, axis=1))


def inner_angle_deg(a: Floats, vertex: Floats, b: Floats) -> Floats:
    """Angle at ``vertex`` between the rays to ``a`` and ``b``, 0..180, [n]."""
    u, v = a - vertex, b - vertex
    cosine = np.sum(u * v, axis=1) / (length(u) * length(v))
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def circular_mean_deg(angles_deg: Floats) -> tuple[float, float]:
    """Mean direction of angles and their concentration 0..1 (1 = all the same)."""
    vector = np.nanmean(np.exp(1j * np.radians(angles_deg)))
    return float(np.degrees(np.angle(vector))), float(abs(vector))


def median(values: NDArray[Any]) -> float:
    """Median without NaN, as a float; NaN if nothing is left."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else float("nan")


def mean(values: Floats) -> float:
    """Mean without NaN; NaN if nothing is left."""
    finite = values[np.isfinite(values)]
    return float(np.mean(finite)) if len(finite) else float("nan")


def harmonics(t_s: Floats, hz: float, orders: Sequence[int]) -> Floats:
    """Design matrix of a constant and the cosine and sine of each order: [n, 1 + 2 * len(orders)]."""
    angles = 2 * np.pi * hz * np.outer(t_s, orders)
    return np.column_stack([np.ones_like(t_s), np.cos(angles), np.sin(angles)])
