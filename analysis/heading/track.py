"""The track of a runner who passes by, as lines along the travel: head, shoulders, hips and ankles go straight on."""

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.heading.solve import Lines, lines_between
from analysis.types import Floats, Landmarks

STEP_ORDERS = (2, 4)
LEAST_SHARE = 0.6
# A point of the model moves on the body while the runner is seen from ahead, from the side and from behind.
MODEL_SD_DEG = 0.10


def read_track(landmarks: Landmarks, strides_hz: float) -> Lines:
    """Straight lines through the way of each level of the body, the bounce taken out.

    Parameters
    ----------
    landmarks
        Cleaned, still travelling through the picture.
    strides_hz
        Stride frequency, Hz.
    """
    xy = landmarks.xy_px
    levels = (geo.ear_mid(xy), geo.shoulder_mid(xy), geo.hip_mid(xy), geo.middle(xy, lm.LEFT_ANKLE, lm.RIGHT_ANKLE))
    half = np.array([landmarks.width_px, landmarks.height_px]) / 2
    longer = max(landmarks.width_px, landmarks.height_px)
    ways = [_way((level - half) / longer, landmarks.t_s, strides_hz) for level in levels]
    found = [way for way in ways if way is not None]
    lines = lines_between(np.array([ends for ends, _ in found]).reshape(-1, 4))
    own = np.array([error for _, error in found])
    return Lines(lines.middle, lines.length, lines.slope, np.hypot(np.radians(MODEL_SD_DEG), own))


def _way(level: Floats, t_s: Floats, hz: float) -> tuple[Floats, float] | None:
    """Ends [4] of a point's straight way and the error of its slope, radians; None when it is mostly unseen."""
    good = np.isfinite(level).all(axis=1)
    if good.mean() < LEAST_SHARE:
        return None
    since = t_s[good] - np.mean(t_s[good])
    x = np.polyval(np.polyfit(since, level[good, 0], 3), since)
    design = np.column_stack([geo.harmonics(since, hz, STEP_ORDERS), x])
    fit, *_ = np.linalg.lstsq(design, level[good, 1], rcond=None)
    left = level[good, 1] - design @ fit
    # Neighbouring frames share their error: what counts is the number of strides.
    count = max(2.0, 2 * hz * float(np.ptp(since)))
    error = float(np.std(left) / np.std(x) / np.sqrt(count))
    ends = np.array([x[0], fit[0] + fit[-1] * x[0], x[-1], fit[0] + fit[-1] * x[-1]])
    return ends, error
