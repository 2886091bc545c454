"""From where the runner is filmed, and where the runner faces: found from the landmarks."""

import numpy as np

from analysis import landmarks as lm
from analysis.geometry import circular_mean_deg, median
from analysis.types import Floats, Landmarks, Side, View, ViewName

# The shoulder line seen from above: 0 = right shoulder at image right (rear), 180 = at image left (front),
# -90 = right shoulder nearer (runner faces image right), +90 = left shoulder nearer (faces image left).
HALF_SECTOR_DEG = 45.0


def shoulder_azimuth_deg(landmarks: Landmarks) -> Floats:
    """Direction of the shoulder line (left to right) seen from above, in the camera's frame, [n] degrees."""
    line = landmarks.world_m[:, lm.RIGHT_SHOULDER] - landmarks.world_m[:, lm.LEFT_SHOULDER]
    return np.asarray(np.degrees(np.arctan2(line[:, 2], line[:, 0])))


def find_view(landmarks: Landmarks, told: ViewName | None = None) -> View:
    """Side, rear or front by the mean azimuth of the shoulder line (or as ``told``); the feet confirm the facing.

    The confidence falls with the distance from the sector's middle, with a restless azimuth, and when the feet
    point the other way.
    """
    azimuth, steadiness = circular_mean_deg(shoulder_azimuth_deg(landmarks))
    name = told or _sector(azimuth)
    middle = {ViewName.REAR: 0.0, ViewName.SIDE: 90.0, ViewName.FRONT: 180.0}[name]
    off = min(abs(abs(azimuth) - middle), 2 * HALF_SECTOR_DEG)
    confidence = steadiness * (1.0 - 0.5 * off / HALF_SECTOR_DEG)
    if name is not ViewName.SIDE:
        return View(name, None, round(confidence, 3))
    by_shoulders = Side.RIGHT if azimuth < 0 else Side.LEFT
    facing = _facing_by_feet(landmarks) or by_shoulders
    if facing is not by_shoulders:
        confidence *= 0.5
    return View(name, facing, round(confidence, 3))


def _sector(azimuth_deg: float) -> ViewName:
    if abs(azimuth_deg) <= HALF_SECTOR_DEG:
        return ViewName.REAR
    return ViewName.FRONT if abs(azimuth_deg) >= 180 - HALF_SECTOR_DEG else ViewName.SIDE


def obliqueness_deg(landmarks: Landmarks, view: View) -> float:
    """How far the camera (or the runner) is turned off the square view, degrees, by the mean shoulder azimuth.

    + = turned anticlockwise seen from above.  Includes the runner's own turn: one clip cannot tell them apart.
    """
    azimuth, _ = circular_mean_deg(shoulder_azimuth_deg(landmarks))
    square = {ViewName.REAR: 0.0, ViewName.FRONT: 180.0, ViewName.SIDE: -90.0 * view.travel_sign}[view.name]
    return float((azimuth - square + 180) % 360 - 180)


def _facing_by_feet(landmarks: Landmarks) -> Side | None:
    """The way that the feet point, by a clear majority of frames in which they are seen."""
    xy, seen = landmarks.xy_px, landmarks.visibility
    heels, toes = (lm.LEFT_HEEL, lm.RIGHT_HEEL), (lm.LEFT_FOOT_INDEX, lm.RIGHT_FOOT_INDEX)
    points = np.concatenate(
        [
            (xy[:, t, 0] - xy[:, h, 0])[np.minimum(seen[:, t], seen[:, h]) > 0.5]
            for h, t in zip(heels, toes, strict=True)
        ]
    )
    if len(points) < 0.2 * len(landmarks):
        return None
    share = float(np.mean(points > 0))
    if 0.35 < share < 0.65 or not np.isfinite(median(points)):
        return None
    return Side.RIGHT if share > 0.5 else Side.LEFT
