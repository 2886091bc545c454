"""Steps at any tempo: the turns of head and shoulders."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Floats, Landmarks

# A step begins when head and shoulders have turned by so much of the trunk's length: 2.5 cm.
TURN_TRUNKS = 0.05
# What left and right do by turns, looked at in so many moments of a step.
LEGS = ((lm.LEFT_ANKLE, lm.RIGHT_ANKLE),)
TRUNK = ((lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER), (lm.LEFT_HIP, lm.RIGHT_HIP))
MOMENTS = np.arange(8) / 8


@dataclass(frozen=True)
class Steps:
    """Times [n] at which head and shoulders pass the middle of their rise, once a step, seconds; and on which side each
    step is, by the legs and by the trunk: + for one side, - for the other (which is which nobody says), about 1 in
    size, [n - 1, 2].
    """

    t_s: Floats
    sides: Floats

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
    return Steps(np.array(times), np.column_stack([_sides(cleaned, times, pairs) for pairs in (LEGS, TRUNK)]))


def _sides(cleaned: Landmarks, times: list[float], pairs: tuple[tuple[int, int], ...]) -> Floats:
    """On which side each step is, [n - 1]: how much of the movement that most of them share, left minus right."""
    if len(times) < 3:
        return np.zeros(max(0, len(times) - 1))
    starts = np.array(times)
    moments = starts[:-1, None] + np.diff(starts)[:, None] * MOMENTS
    apart = np.concatenate([cleaned.xy_px[:, left] - cleaned.xy_px[:, right] for left, right in pairs], axis=1).T
    seen = [(series, np.isfinite(series)) for series in apart]
    curves = [np.interp(moments, cleaned.t_s[good], series[good]) for series, good in seen if good.mean() >= 0.5]
    if not curves:
        return np.zeros(len(moments))
    steps = np.concatenate(curves, axis=1)
    shares, _, _ = np.linalg.svd(steps - steps.mean(axis=0), full_matrices=False)
    return np.asarray(shares[:, 0] * np.sqrt(len(shares)))


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


def step_numbers(steps: Steps) -> Floats:
    """A whole number per step, counting those that were missed."""
    step_s = float(np.median(steps.strides_s)) / 2 if len(steps.t_s) > 2 else 1.0
    return np.concatenate([[0.0], np.cumsum(np.maximum(1, np.round(np.diff(steps.t_s) / step_s)))])[: len(steps.t_s)]
