"""Foot strike and toe-off from the side: when a foot lands, when it leaves, and how sure that is.

Every frame of a leg is put at its place in the stride, and one curve of up to ten harmonics is fitted to all of them,
robustly.  That mean stride has no lag (nothing is filtered in time) and is finer than the frame interval (strides do
not start on a frame), so the same moments come out at 60 and 240 frames a second.  From it:

- strike: heel and ankle are furthest ahead of the mid-hip (Zeni et al. 2008), and the foot loads a little later;
- toe-off: the knee is at its straightest (Fellin et al. 2010), and, independently, the toe has risen by 3 cm.

How far these moments lie from the contact itself (constants below) agrees between force plates under three runners
(2-5 m/s: furthest ahead 24 +- 9 ms before contact), the rendered runner (BlazePose) and a real clip in which the contact
was read by eye from frames sorted by their place in the stride (two pose models).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.cleaning import low_pass
from analysis.types import Contact, Floats, Landmarks, Side, Strides, View, ViewName

HARMONICS = 10
# Never above this share of the frame rate.
BAND = 0.4
WEIGHTINGS = 8
GRID = np.linspace(-0.5, 0.5, 1001)
BLOCKS = 12
STRIDES_MIN = 3

STRIKE_AFTER_REACH_S = 0.017
TOE_OFF_BEFORE_STRAIGHT_S = 0.010
TOE_OFF_AFTER_RISE_S = 0.000
TOE_RISE_TRUNKS = 0.06  # 3 cm of a trunk of 0.5 m
# Where in the stride to look, strides from that side's mid-stance.
REACH_WITHIN = (-0.32, -0.05)
PUSH_WITHIN = (0.05, 0.30)
# What a running contact can be: seconds, and share of the stride.
CONTACT_S = (0.12, 0.45)
CONTACT_SHARE = (0.15, 0.50)

JOINTS: Mapping[Side, tuple[int, ...]] = {
    Side.LEFT: (lm.LEFT_HIP, *lm.LEFT_LEG[1:]),
    Side.RIGHT: (lm.RIGHT_HIP, *lm.RIGHT_LEG[1:]),
}
HIP, KNEE, ANKLE, HEEL, TOE = range(5)


@dataclass(frozen=True)
class _Moments:
    """Places of the events in the stride, in strides from mid-stance."""

    strike: float
    off_by_knee: float
    off_by_toe: float

    @property
    def off(self) -> float:
        return (self.off_by_knee + self.off_by_toe) / 2

    @property
    def contact(self) -> float:
        """Share of the stride that the foot is on the ground."""
        return self.off - self.strike


def near_side(view: View) -> Side:
    """The leg nearer to the camera in the side view: the right one of a runner who faces right."""
    return view.facing or Side.RIGHT


def find_events(landmarks: Landmarks, view: View, strides: Strides) -> Strides:
    """The strides with foot strikes, toe-offs and contacts of each leg that shows them.

    Parameters
    ----------
    landmarks
        As found, not filtered (a filter moves a landing), exchanged legs put back (`analysis.untangle`).
    view, strides
        Of the same clip; mid-stances tell where in the stride a frame lies.

    Returns
    -------
    Strides
        Side view: ``foot_strike`` and ``toe_off`` (one per mid-stance) and ``contact`` for the legs in which they were
        found; anything else as it was.  A leg has no contact when its points do not make a running step.
    """
    if view.name is not ViewName.SIDE:
        return strides
    strikes, offs = dict(strides.foot_strike), dict(strides.toe_off)
    contacts: dict[Side, Contact] = {}
    for side in Side:
        found = _leg(landmarks, view, strides, side)
        if found is None:
            continue
        moments, contacts[side] = found
        stance = strides.mid_stance[side]
        strikes[side] = stance + moments.strike * strides.period_s
        offs[side] = stance + moments.off * strides.period_s
    return replace(strides, foot_strike=strikes, toe_off=offs, contact=contacts)


def _leg(landmarks: Landmarks, view: View, strides: Strides, side: Side) -> tuple[_Moments, Contact] | None:
    stance, period = strides.mid_stance[side], strides.period_s
    points = _about_hips(landmarks, view, side, period)
    good = np.isfinite(points).all(axis=1)
    orders = _orders(landmarks.t_s, period)
    if len(stance) < STRIDES_MIN or good.sum() < 3 * (2 * len(orders) + 1):
        return None
    phase = _phase(landmarks.t_s[good], stance, period)
    trunk = geo.median(geo.length(geo.shoulder_mid(landmarks.xy_px) - geo.hip_mid(landmarks.xy_px)))
    leg = _Leg(phase, geo.harmonics(phase, 1.0, orders), points[good], orders, trunk, period)
    whole = leg.moments(leg.weight)
    if whole is None or not _plausible(whole.contact * period, period):
        return None
    apart = abs(whole.off_by_knee - whole.off_by_toe) * period
    error, count = leg.error_s()
    return whole, Contact(whole.contact * period, error, apart, count, side is near_side(view))


def _plausible(seconds: float, period: float) -> bool:
    return CONTACT_S[0] <= seconds <= CONTACT_S[1] and CONTACT_SHARE[0] <= seconds / period <= CONTACT_SHARE[1]


def _orders(t_s: Floats, period: float) -> tuple[int, ...]:
    fps = 1.0 / float(np.median(np.diff(t_s)))
    return tuple(range(1, max(3, min(HARMONICS, int(BAND * fps * period))) + 1))


def _about_hips(landmarks: Landmarks, view: View, side: Side, period: float) -> Floats:
    """The leg's points, x in the direction of travel, without where the runner drifts to: [n, 5 * 2]."""
    xy = landmarks.xy_px * np.array([view.travel_sign, 1.0])
    rate = 1.0 / float(np.median(np.diff(landmarks.t_s)))
    drift = np.stack([low_pass(geo.hip_mid(xy)[:, axis], 0.4 / period, rate) for axis in (0, 1)], axis=1)
    return np.asarray((xy[:, JOINTS[side]] - drift[:, None]).reshape(len(xy), -1))


def _phase(t_s: Floats, stance: Floats, period: float) -> Floats:
    """Strides from the first mid-stance; beyond the ends with the mean period."""
    inside = np.interp(t_s, stance, np.arange(len(stance)))
    before, after = np.minimum(t_s - stance[0], 0.0), np.maximum(t_s - stance[-1], 0.0)
    return np.asarray(inside + (before + after) / period)


@dataclass(frozen=True)
class _Leg:
    """A leg's points [n, 10] (hip, knee, ankle, heel, toe), each frame at its ``phase`` in the stride."""

    phase: Floats
    design: Floats
    points: Floats
    orders: tuple[int, ...]
    trunk_px: float
    period: float

    @cached_property
    def weight(self) -> Floats:
        """One weight a frame, falling fast beyond the usual distance from the mean stride: strays count for nothing."""
        weight = np.ones(len(self.points))
        for _ in range(WEIGHTINGS):
            away = geo.length(self.points - self.design @ self._fit(weight))
            usual = 1.5 * 1.4826 * geo.median(away)
            weight = np.asarray(1.0 / (1.0 + (away / max(usual, 1e-9)) ** 2) ** 2)
        return weight

    def moments(self, weight: Floats) -> _Moments | None:
        """Strike and toe-off of the mean stride; None where the toe never rises from its lowest point."""
        leg = (geo.harmonics(GRID, 1.0, self.orders) @ self._fit(weight)).reshape(len(GRID), 5, 2)
        reach = (leg[:, HEEL, 0] + leg[:, ANKLE, 0]) / 2 - leg[:, HIP, 0]
        knee = geo.inner_angle_deg(leg[:, HIP], leg[:, KNEE], leg[:, ANKLE])
        rise = _rise(leg[:, TOE, 1], TOE_RISE_TRUNKS * self.trunk_px)
        if rise is None:
            return None
        return _Moments(
            _peak(reach, REACH_WITHIN) + STRIKE_AFTER_REACH_S / self.period,
            _peak(knee, PUSH_WITHIN) - TOE_OFF_BEFORE_STRAIGHT_S / self.period,
            rise + TOE_OFF_AFTER_RISE_S / self.period,
        )

    def error_s(self) -> tuple[float, int]:
        """Standard error of the contact time by leaving out a block of strides at a time (jackknife), and the strides."""
        number = np.floor(self.phase + 0.5)
        strides = np.unique(number)
        without = []
        for block in np.array_split(strides, min(BLOCKS, len(strides))):
            moments = self.moments(np.where(np.isin(number, block), 0.0, self.weight))
            if moments is not None:
                without.append(moments.contact * self.period)
        count = len(without)
        return (float(np.sqrt((count - 1) * np.var(without))) if count > 1 else np.inf), len(strides)

    def _fit(self, weight: Floats) -> Floats:
        """Coefficients [1 + 2k, 10] by weighted least squares."""
        weighted = (self.design * weight[:, None]).T
        ridge = 1e-9 * len(self.design) * np.eye(self.design.shape[1])
        return np.asarray(np.linalg.solve(weighted @ self.design + ridge, weighted @ self.points))


def _peak(series: Floats, within: tuple[float, float]) -> float:
    inside = (GRID >= within[0]) & (GRID <= within[1])
    return float(GRID[inside][np.argmax(series[inside])])


def _rise(height: Floats, by: float) -> float | None:
    """Where the toe, after its lowest point in the second half of stance, has come up by ``by``."""
    stance = np.flatnonzero((GRID >= -0.05) & (GRID <= 0.22))
    lowest = stance[int(np.argmin(height[stance]))]
    above = np.flatnonzero(height[lowest:] > height[lowest] + by)
    return float(GRID[lowest + above[0]]) if len(above) else None
