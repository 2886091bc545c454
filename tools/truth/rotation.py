"""Directions and rotations over time.

World axes everywhere: X = direction of travel, Y = up, Z = the runner's right; metres and degrees.  Yaw: + = turned to
the runner's left (right side forward).  Obliquity: + = right side up.  Lean: + = forward, + = to the right.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Joints = Mapping[str, Floats]


def unit(vectors: Floats) -> Floats:
    """The same directions with length 1, over the last axis."""
    out: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return out


def frame(y: Floats, z: Floats) -> Floats:
    """Rotation matrices (columns X, Y, Z) with Z along ``z`` and Y as near ``y`` as can be; (..., 3) -> (..., 3, 3)."""
    z = unit(z)
    y = unit(y - np.sum(y * z, -1, keepdims=True) * z)
    return np.stack([np.cross(y, z), y, z], -1)


def line(yaw_deg: Floats, obliquity_deg: Floats) -> Floats:
    """Unit vector from the left to the right side of a body part."""
    yaw, obliquity = np.radians(yaw_deg), np.radians(obliquity_deg)
    return np.stack([np.sin(yaw) * np.cos(obliquity), np.sin(obliquity), np.cos(yaw) * np.cos(obliquity)], -1)


def compute_yaw_deg(vectors: Floats) -> Floats:
    """Yaw of vectors that point to the right side."""
    return np.degrees(np.arctan2(vectors[:, 0], vectors[:, 2]))


def compute_obliquity_deg(vectors: Floats) -> Floats:
    """Obliquity of vectors that point to the right side."""
    return np.degrees(np.arctan2(vectors[:, 1], np.hypot(vectors[:, 0], vectors[:, 2])))


def trunk_axis(forward_lean_deg: Floats, lateral_lean_deg: Floats) -> Floats:
    """Unit vector from the hips to the shoulders."""
    forward, lateral = np.tan(np.radians(forward_lean_deg)), np.tan(np.radians(lateral_lean_deg))
    return unit(np.stack([forward, np.ones_like(forward), lateral], -1))


def compute_forward_lean_deg(trunk: Floats) -> Floats:
    """Lean in the side view of vectors from the hips to the shoulders."""
    return np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1]))


def compute_lateral_lean_deg(trunk: Floats) -> Floats:
    """Lean in the rear view of vectors from the hips to the shoulders."""
    return np.degrees(np.arctan2(trunk[:, 2], trunk[:, 1]))


def middle(joints: Joints, part: str) -> Floats:
    """The point between left and right."""
    out: Floats = (joints[part + "_l"] + joints[part + "_r"]) / 2
    return out


def turn(rotations: Floats, vector: Floats) -> Floats:
    """One vector under each of (n, 3, 3) rotations."""
    out: Floats = np.einsum("nij,j->ni", rotations, vector)
    return out


def arc(start: Floats, end: Floats) -> Floats:
    """Shortest rotations that take unit vectors ``start`` to ``end``; (n, 3, 3)."""
    axis = np.cross(start, end)
    sine, cosine = np.linalg.norm(axis, axis=-1, keepdims=True), np.sum(start * end, -1, keepdims=True)
    safe = np.where(sine > 1e-9, axis / np.maximum(sine, 1e-9), 0)
    return Rotation.from_rotvec(safe * np.arctan2(sine, cosine)).as_matrix()


def between(start: Floats, end: Floats, share: float) -> Floats:
    """Rotations that go ``share`` of the way from ``start`` to ``end``."""
    way = Rotation.from_matrix(np.swapaxes(start, -1, -2) @ end).as_rotvec()
    out: Floats = start @ Rotation.from_rotvec(way * share).as_matrix()
    return out
