"""Foot strike and toe-off from the side: when a foot lands, when it leaves, how it lands, and how sure that is.

Every frame of a leg is put at its place in the stride, and one curve of up to ten harmonics is fitted to all of them,
robustly.  That mean stride has no lag (nothing is filtered in time) and is finer than the frame interval (strides do
not start on a frame), so the same moments come out at 60 and 240 frames a second.  From it:

- strike: heel and ankle are furthest ahead of the hip (Zeni et al. 2008), and the foot loads a little later;
- toe-off: the knee bends again after its straightest (Fellin et al. 2010), and, on its own, the toe is up by 3 cm.

How far these moments lie from the contact itself (constants below) agrees between force plates under three runners
(2-5 m/s: furthest ahead 24 +- 9 ms before contact), the rendered runner (BlazePose) and a real clip in which the
contact was read by eye from frames sorted by their place in the stride (two pose models).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.cleaning import fps_of, low_pass
from analysis.types import Estimate, Floats, Ints, Landmarks, Side, Step, Strides, View, ViewName

HARMONICS = 10
# Never above this share of the frame rate.
BAND = 0.4
WEIGHTINGS = 8
GRID = np.linspace(-0.5, 0.5, 1001)
FLAT = np.abs(GRID) <= 0.03
BLOCKS = 12
STRIDES_MIN = 3

STRIKE_AFTER_REACH_S = 0.017
# The model draws the far leg further forward; its reach ends so much earlier (rendered runner).
FAR_EARLY_S = 0.004
TOE_OFF_BEFORE_BEND_S = 0.033
BEND_DEG = 2.0
# Of the two readings between runners: the toe is what leaves, the knee only goes with it.
OFF_KNEE_SD_S, OFF_TOE_SD_S = 0.012, 0.008
TOE_RISE_TRUNKS = 0.06  # 3 cm of a trunk of 0.5 m
# Where in the stride to look, strides from that side's mid-stance.
REACH_WITHIN = (-0.32, -0.05)
LOWEST_TOE_WITHIN = (-0.05, 0.22)
# The straight knee is looked for so near to the toe's rise.
KNEE_ABOUT_RISE_S = 0.080
# What a running contact can be: seconds, and share of the stride (force plates: 0.34 to 0.43 at 2-5 m/s).  A body in
# tights whose legs were mixed up read 0.21 for 0.34.
CONTACT_S = (0.12, 0.45)
CONTACT_SHARE = (0.22, 0.50)
# Beyond these the points do not agree with themselves on when the foot leaves, and nothing is said of the leg.
APART_MAX_S = {True: 0.050, False: 0.035}  # near leg, far leg
ERROR_MAX_S = 0.015

LEGS: Mapping[Side, tuple[int, ...]] = {Side.LEFT: lm.LEFT_LEG, Side.RIGHT: lm.RIGHT_LEG}
HIP, KNEE, ANKLE, HEEL, TOE, MID_HIP = range(6)


class _Moments(NamedTuple):
    """The mean step: places in strides from mid-stance, then what the leg does at foot strike (`types.Step`)."""

    strike: float
    off_by_knee: float
    off_by_toe: float
    heel_ahead: float
    knee_flexion_deg: float
    foot_angle_deg: float


class Shift(NamedTuple):
    """How far a person moves the place of an event in the stride, seconds, and how sure that is (1 SD)."""

    seconds: float = 0.0
    se: float = 0.0


Shifts = Mapping[tuple[str, Side], Shift]
UNMOVED = Shift()


def find_events(landmarks: Landmarks, view: View, strides: Strides, shifts: Shifts | None = None) -> Strides:
    """The strides with the foot strikes, toe-offs and mean step of each leg that shows them.

    Parameters
    ----------
    landmarks
        As found, not filtered (a filter moves a landing), exchanged legs put back (`analysis.untangle`).
    view, strides
        Of the same clip; mid-stances tell where in the stride a frame lies.
    shifts
        What a person moved: ("foot_strike" or "toe_off", side) to how far (`analysis.corrections.events`).

    Returns
    -------
    Strides
        Side view: ``foot_strike`` and ``toe_off`` within the clip and ``steps`` of the legs in which they were found;
        anything else as it was.  A leg has none when its points do not make a running step, or not surely.
    """
    if view.name is not ViewName.SIDE:
        return strides
    strikes, offs = dict(strides.foot_strike), dict(strides.toe_off)
    steps: dict[Side, Step] = {}
    for side in Side:
        moved = [(shifts or {}).get((event, side), UNMOVED) for event in ("foot_strike", "toe_off")]
        leg = _leg(landmarks, view, strides, side, moved)
        mean = None if leg is None else leg.moments(leg.weight)
        if leg is None or mean is None:
            continue
        step = _step(leg, mean, near=side is view.near)
        if not _sure(step, strides.period_s):
            continue
        steps[side] = step
        strike = strides.mid_stance[side] + mean.strike * strides.period_s
        strikes[side] = _inside(strike, landmarks.t_s)
        offs[side] = _inside(strike + step.contact_s.value, landmarks.t_s)
    return replace(strides, foot_strike=strikes, toe_off=offs, steps=steps)


def _inside(times: Floats, t_s: Floats) -> Floats:
    return np.asarray(times[(times >= t_s[0]) & (times <= t_s[-1])])


def _sure(step: Step, period: float) -> bool:
    """Whether the contact is a runner's, and the points agree on it."""
    seconds, error = step.contact_s
    running = CONTACT_S[0] <= seconds <= CONTACT_S[1] and CONTACT_SHARE[0] <= seconds / period <= CONTACT_SHARE[1]
    return running and step.apart_s <= APART_MAX_S[step.near] and error <= ERROR_MAX_S


def _step(leg: "_Leg", mean: _Moments, *, near: bool) -> Step:
    error = leg.errors()
    contact, apart_s = _contact(mean, error, leg.period)
    contact = Estimate(contact.value, float(np.linalg.norm([contact.se, leg.strike_moved.se, leg.off_moved.se])))
    return Step(
        contact_s=contact,
        heel_ahead=Estimate(mean.heel_ahead, error.heel_ahead),
        knee_flexion_deg=Estimate(mean.knee_flexion_deg, error.knee_flexion_deg),
        foot_angle_deg=Estimate(mean.foot_angle_deg, error.foot_angle_deg),
        apart_s=apart_s,
        strides=len(leg.numbers),
        near=near,
    )


def _contact(mean: _Moments, error: _Moments, period: float) -> tuple[Estimate, float]:
    """Strike to toe-off, and how far the two toe-offs lie apart, seconds: the steadier reading weighs more."""
    offs = np.array([mean.off_by_knee, mean.off_by_toe]) * period
    spread = np.array([error.off_by_knee, error.off_by_toe]) * period
    weight = 1.0 / (np.array([OFF_KNEE_SD_S, OFF_TOE_SD_S]) ** 2 + spread**2)
    weight /= weight.sum()
    seconds = float(weight @ offs) - mean.strike * period
    se = float(np.sqrt((error.strike * period) ** 2 + np.sum((weight * spread) ** 2)))
    return Estimate(seconds, se), float(abs(offs[0] - offs[1]) * 2 * weight[0])


def _leg(landmarks: Landmarks, view: View, strides: Strides, side: Side, moved: list[Shift]) -> "_Leg | None":
    """A leg's frames at their places in the stride; None when there are too few for a mean stride."""
    stance, period = strides.mid_stance[side], strides.period_s
    points = _without_drift(landmarks, view, side, period)
    good = np.isfinite(points).all(axis=1)
    highest = max(3, min(HARMONICS, int(BAND * fps_of(landmarks) * period)))
    if len(stance) < STRIDES_MIN or good.sum() < 3 * (2 * highest + 1):
        return None
    trunk = geo.median(geo.length(geo.shoulder_mid(landmarks.xy_px) - geo.hip_mid(landmarks.xy_px)))
    phase = _phase(landmarks.t_s[good], stance, period)
    after_reach = STRIKE_AFTER_REACH_S + (0.0 if side is view.near else FAR_EARLY_S)
    return _Leg(phase, points[good], tuple(range(1, highest + 1)), trunk, period, after_reach, *moved)


def _without_drift(landmarks: Landmarks, view: View, side: Side, period: float) -> Floats:
    """The leg's points and mid-hip, x in the direction of travel, without where the runner drifts to: [n, 6 * 2]."""
    xy = landmarks.xy_px * np.array([view.travel_sign, 1.0])
    hips = geo.hip_mid(xy)
    drift = np.stack([low_pass(hips[:, axis], 0.4 / period, fps_of(landmarks)) for axis in (0, 1)], axis=1)
    points = np.concatenate([xy[:, LEGS[side]], hips[:, None]], axis=1)
    return np.asarray((points - drift[:, None]).reshape(len(xy), -1))


def _phase(t_s: Floats, stance: Floats, period: float) -> Floats:
    """Strides from the first mid-stance; beyond the ends with the mean period."""
    inside = np.interp(t_s, stance, np.arange(len(stance)))
    before, after = np.minimum(t_s - stance[0], 0.0), np.maximum(t_s - stance[-1], 0.0)
    return np.asarray(inside + (before + after) / period)


@dataclass(frozen=True)
class _Leg:
    """A leg's points [n, 6 * 2] (hip, knee, ankle, heel, toe, mid-hip), each frame at its ``phase`` in the stride."""

    phase: Floats
    points: Floats
    orders: tuple[int, ...]
    trunk_px: float
    period: float
    after_reach_s: float
    strike_moved: Shift = UNMOVED
    off_moved: Shift = UNMOVED

    @cached_property
    def numbers(self) -> Floats:
        """The strides' numbers."""
        return np.unique(np.floor(self.phase + 0.5))

    @cached_property
    def design(self) -> Floats:
        """Harmonics of each frame's place in the stride, [n, 1 + 2k]."""
        return geo.harmonics(self.phase, 1.0, self.orders)

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
        """Read the mean step off the mean stride; None where the toe never rises from its lowest point."""
        curve = geo.harmonics(GRID, 1.0, self.orders) @ self._fit(weight)
        leg = curve.reshape(len(GRID), 6, 2)
        off_by_toe = _rise(leg[:, TOE, 1], TOE_RISE_TRUNKS * self.trunk_px)
        if off_by_toe is None:
            return None
        reach = (leg[:, HEEL, 0] + leg[:, ANKLE, 0]) / 2 - leg[:, HIP, 0]
        knee = geo.inner_angle_deg(leg[:, HIP], leg[:, KNEE], leg[:, ANKLE])
        foot = geo.angle_from_horizontal_deg(leg[:, TOE] - leg[:, HEEL])
        strike = _peak(reach, REACH_WITHIN) + (self.after_reach_s + self.strike_moved.seconds) / self.period
        about = KNEE_ABOUT_RISE_S / self.period
        bend = _bend(knee, (max(off_by_toe - about, 0.0), off_by_toe + about))
        off_by_knee = bend + (self.off_moved.seconds - TOE_OFF_BEFORE_BEND_S) / self.period
        bones = geo.length(leg[:, HIP] - leg[:, KNEE]) + geo.length(leg[:, KNEE] - leg[:, ANKLE])
        ahead = (leg[:, HEEL, 0] - leg[:, MID_HIP, 0]) / geo.median(bones)
        return _Moments(
            strike=strike,
            off_by_knee=off_by_knee,
            off_by_toe=off_by_toe + self.off_moved.seconds / self.period,
            heel_ahead=float(np.interp(strike, GRID, ahead)),
            knee_flexion_deg=180.0 - float(np.interp(strike, GRID, knee)),
            foot_angle_deg=float(np.interp(strike, GRID, foot) - foot[FLAT].mean()),
        )

    def errors(self) -> _Moments:
        """Standard errors of the mean step, by leaving out a block of strides at a time (jackknife)."""
        without = []
        for block in np.array_split(self.numbers, min(BLOCKS, len(self.numbers))):
            moments = self.moments(np.where(np.isin(np.floor(self.phase + 0.5), block), 0.0, self.weight))
            if moments is not None:
                without.append(moments)
        if len(without) < STRIDES_MIN:
            return _Moments(*[np.inf] * len(_Moments._fields))
        spread = np.sqrt(len(without) - 1) * np.std(np.array(without), axis=0)
        return _Moments(*spread.tolist())

    def _fit(self, weight: Floats) -> Floats:
        """Coefficients [1 + 2k, 12] by weighted least squares."""
        weighted = (self.design * weight[:, None]).T
        ridge = 1e-9 * len(self.design) * np.eye(self.design.shape[1])
        return np.asarray(np.linalg.solve(weighted @ self.design + ridge, weighted @ self.points))


def _peak(series: Floats, within: tuple[float, float]) -> float:
    rows = _rows(within)
    return float(GRID[rows[int(np.argmax(series[rows]))]])


def _bend(angle: Floats, within: tuple[float, float]) -> float:
    """Where the knee has bent by ``BEND_DEG`` from its straightest; the peak wanders if a knee stays straight."""
    rows = _rows(within)
    straightest = rows[int(np.argmax(angle[rows]))]
    bent = np.flatnonzero(angle[straightest:] < angle[straightest] - BEND_DEG)
    return float(GRID[straightest + bent[0]]) if len(bent) else float(GRID[-1])


def _rise(height: Floats, by: float) -> float | None:
    """Where the toe, after its lowest point in stance, has come up by ``by``."""
    rows = _rows(LOWEST_TOE_WITHIN)
    lowest = rows[int(np.argmin(height[rows]))]
    above = np.flatnonzero(height[lowest:] > height[lowest] + by)
    return float(GRID[lowest + above[0]]) if len(above) else None


def _rows(within: tuple[float, float]) -> Ints:
    return np.flatnonzero((within[0] <= GRID) & (within[1] >= GRID))
