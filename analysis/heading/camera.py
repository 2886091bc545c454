"""What a pinhole camera makes of a horizontal direction, and what is known of the camera before any line is seen.

Level axes: X to the right of the picture, Y up, Z away from the camera along the level.  Picture: shares of its longer
side from its middle, x to the right, y up.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.types import Floats

# Focal length over the picture's longer side: phones' main lenses are 24-28 mm against 35 mm film, and steadied video
# shows 5-20 % less than a photo.
FOCAL, FOCAL_SD = 0.82, 0.10
# How people hold a phone: an engineering default.
PITCH_SD_DEG = 10.0
# Height of the lens over the ground, metres: the advice is hip to chest height, the practice from the floor to the eye.
LENS_M, LENS_SD_M = 1.10, 0.40


class Camera(NamedTuple):
    """``azimuth`` of the direction of travel, clockwise from above, 0 = away from the camera; ``roll`` how far uprights
    lean clockwise; ``incline`` of the ground in the direction of travel; ``pitch`` of the camera, + = looking down (all
    radians); ``log_focal`` of the focal length over the picture's longer side.
    """

    azimuth: float
    roll: float
    incline: float
    pitch: float
    log_focal: float

    @property
    def focal(self) -> float:
        """Focal length over the picture's longer side."""
        return float(np.exp(self.log_focal))

    def turned(self, level: Floats) -> Floats:
        """A direction in level axes [3] in the camera's own axes."""
        x, y, z = level
        y, z = y * np.cos(self.pitch) + z * np.sin(self.pitch), z * np.cos(self.pitch) - y * np.sin(self.pitch)
        return np.array(
            [x * np.cos(self.roll) + y * np.sin(self.roll), y * np.cos(self.roll) - x * np.sin(self.roll), z]
        )

    def levelled(self, own: Floats) -> Floats:
        """A direction in the camera's own axes [3] in level axes."""
        x, y, z = own
        x, y = x * np.cos(self.roll) - y * np.sin(self.roll), y * np.cos(self.roll) + x * np.sin(self.roll)
        return np.array(
            [x, y * np.cos(self.pitch) - z * np.sin(self.pitch), z * np.cos(self.pitch) + y * np.sin(self.pitch)]
        )

    @property
    def travel(self) -> Floats:
        """The direction of travel in the camera's own axes, [3]."""
        flat = np.cos(self.incline)
        return self.turned(np.array([np.sin(self.azimuth) * flat, np.sin(self.incline), np.cos(self.azimuth) * flat]))

    def slopes(self, middle: Floats) -> Floats:
        """Direction in the picture of lines along the travel through points [n, 2]: angle against +x, radians, [n].

        The projection's derivative; it has no singular direction, unlike a vanishing point.
        """
        x, y, z = self.travel
        return np.asarray(np.arctan2(self.focal * y - middle[:, 1] * z, self.focal * x - middle[:, 0] * z))

    def sight_azimuth(self, at: Floats) -> float:
        """Azimuth of the line of sight through a point of the picture [2], radians, clockwise from above."""
        x, _, z = self.levelled(np.array([at[0], at[1], self.focal]))
        return float(np.arctan2(x, z))


@dataclass(frozen=True)
class Known:
    """What else tells of the camera, with errors (1 SD).

    ``azimuth`` and its error, a guess by the view; ``roll``; ``incline`` (all radians).  ``converging`` how fast
    uprights lean more to the right, radians per share of the longer side; NaN where no uprights are seen.  ``feet_y``
    where the runner's feet are in the picture, ``px_per_m`` over the longer side.
    """

    azimuth: tuple[float, float]
    roll: tuple[float, float]
    incline: tuple[float, float]
    converging: tuple[float, float]
    feet_y: float
    per_m: float

    @property
    def start(self) -> Camera:
        """The camera before any line is seen."""
        return Camera(self.azimuth[0], self.roll[0], self.incline[0], 0.0, float(np.log(FOCAL)))

    def misfit(self, camera: Camera) -> Floats:
        """How far a camera is from what is known, each in its own error, [m]."""
        lens_m = (camera.focal * np.tan(camera.pitch) - self.feet_y) / self.per_m
        out = [
            (camera.azimuth - self.azimuth[0]) / self.azimuth[1],
            (camera.roll - self.roll[0]) / self.roll[1],
            (camera.incline - self.incline[0]) / self.incline[1],
            camera.pitch / np.radians(PITCH_SD_DEG),
            (camera.log_focal - np.log(FOCAL)) / FOCAL_SD,
            (lens_m - LENS_M) / LENS_SD_M,
        ]
        if np.isfinite(self.converging[0]):
            out.append((np.tan(camera.pitch) / camera.focal - self.converging[0]) / self.converging[1])
        return np.array(out)
