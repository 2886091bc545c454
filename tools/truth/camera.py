"""Where the camera stands, and how it shows points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.truth.rotation import Floats

AZIMUTH_DEG = {"side_r": 90.0, "side_l": -90.0, "rear": 180.0, "front": 0.0}
"""From +X towards +Z."""
TRAVEL_IN_IMAGE = {"side_r": "right", "side_l": "left", "rear": "away", "front": "towards"}
NEAR_M, FAR_M = 0.1, 40.0


@dataclass(frozen=True)
class Camera:
    """A pinhole camera; ``from_world`` (4, 4) gives OpenGL's axes (x right, y up, z towards the eye)."""

    from_world: Floats
    focal_px: float
    eye: Floats
    size: tuple[int, int]

    def project(self, points: Floats) -> Floats:
        """World points (..., 3) to pixels (..., 2), y down."""
        seen = points @ self.from_world[:3, :3].T + self.from_world[:3, 3]
        width, height = self.size
        right = self.focal_px * seen[..., 0] / -seen[..., 2] + width / 2
        return np.stack([right, -self.focal_px * seen[..., 1] / -seen[..., 2] + height / 2], -1)

    def gl_matrix(self) -> Floats:
        """World to OpenGL's clip space."""
        width, height = self.size
        depth = FAR_M - NEAR_M
        lens = np.zeros((4, 4))
        lens[0, 0], lens[1, 1] = 2 * self.focal_px / width, 2 * self.focal_px / height
        lens[2, 2], lens[2, 3], lens[3, 2] = -(FAR_M + NEAR_M) / depth, -2 * FAR_M * NEAR_M / depth, -1
        out: Floats = lens @ self.from_world
        return out


def place_camera(spec: Mapping[str, Any]) -> Camera:
    """Of a spec's view, dist, height, aim (m), oblique, roll and fov (deg, of the longer side)."""
    oblique = spec.get("oblique", 0.0)
    # Beside the runner the camera swings towards the front, whichever side it stands on.
    swing = -oblique if spec["view"] == "side_r" else oblique
    azimuth = np.radians(AZIMUTH_DEG[spec["view"]] + swing)
    eye = np.array([np.cos(azimuth) * spec["dist"], spec["height"], np.sin(azimuth) * spec["dist"]])
    eye[np.abs(eye) < 1e-12] = 0
    back = eye - [0, spec.get("aim", 0.92), 0]
    back /= np.linalg.norm(back)
    right = np.cross([0, 1, 0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    roll = np.radians(spec.get("roll", 0.0))
    right, up = right * np.cos(roll) + up * np.sin(roll), -right * np.sin(roll) + up * np.cos(roll)
    from_world = np.eye(4)
    from_world[:3, :3] = [right, up, back]
    from_world[:3, 3] = -from_world[:3, :3] @ eye
    width, height = spec["size"]
    fov = np.radians(spec.get("fov", 66.0 if width > height else 58.0))
    return Camera(from_world, float(max(width, height) / 2 / np.tan(fov / 2)), eye, (width, height))
