"""Steps at any tempo: the turns of head and shoulders."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Floats, Landmarks

# A step begins when head and shoulders have turned by so much of the trunk's length: 2.5 cm.
TURN_TRUNKS = 0.05


@dataclass(frozen=True)
class Steps:
    """Times [n] at which head and shoulders pass the middle of their rise, once a step, seconds; and ``left_up`` [n],
    + where the left ankle is the higher one at that moment, - where the right one is, trunk lengths.
    """

    t_s: Floats
    left_up: Floats

    @property
    def strides_s(self) -> Floats:
        """Duration of every stride: two steps, from every step on [n - 2]."""
        return np.asarray(self.t_s[2:] - self.t_s[:-2])


def find_steps(cleaned: Landmarks) -> Steps:
    """The steps of cleaned landmarks, found by the turns of head and shoulders: at any tempo, any drift, any view.

    The middle of the rise is known better than its ends: strides of steady running scatter by 1 to 2 %.
    """
    height, t_s = _height_trunks(cleaned), cleaned.t_s
    turns = _turns(height, TURN_TRUNKS)
    times = [_middle_of_rise(height, t_s, a, b) for a, b in pairwise(turns) if height[b] > height[a]]
    if not times:
        return Steps(np.empty(0), np.empty(0))
    ankles = cleaned.xy_px[:, lm.LEFT_ANKLE, 1] - cleaned.xy_px[:, lm.RIGHT_ANKLE, 1]
    good = np.isfinite(ankles)
    at = np.interp(times, t_s[good], ankles[good]) if good.any() else np.zeros(len(times))
    return Steps(np.array(times), np.asarray(at / _trunk_px(cleaned)))


def _turns(height: Floats, least: float) -> list[int]:
    """Rows at which a curve turns by at least ``least``, low and high by turns; the first one is no sure turn."""
    turns: list[int] = []
    low = high = 0
    rising: bool | None = None
    for i, value in enumerate(height):
        low = i if value < height[low] else low
        high = i if value > height[high] else high
        if rising is not True and value - height[low] > least:
            turns.append(low)
            rising, high = True, i
        elif rising is not False and height[high] - value > least:
            turns.append(high)
            rising, low = False, i
    return turns[1:]


def _middle_of_rise(height: Floats, t_s: Floats, low: int, high: int) -> float:
    level = (height[low] + height[high]) / 2
    row = low + int(np.argmax(height[low : high + 1] >= level))
    share = (level - height[row - 1]) / (height[row] - height[row - 1])
    return float(t_s[row - 1] + share * (t_s[row] - t_s[row - 1]))


def _height_trunks(cleaned: Landmarks) -> Floats:
    """Height of head and shoulders in trunk lengths, gaps bridged."""
    xy = cleaned.xy_px
    height = (geo.shoulder_mid(xy)[:, 1] + geo.ear_mid(xy)[:, 1]) / 2 / _trunk_px(cleaned)
    good = np.isfinite(height)
    if not good.any():
        return np.zeros(len(cleaned))
    return np.asarray(np.interp(cleaned.t_s, cleaned.t_s[good], height[good]))


def _trunk_px(landmarks: Landmarks) -> float:
    return geo.median(geo.length(geo.shoulder_mid(landmarks.xy_px) - geo.hip_mid(landmarks.xy_px)))
