"""Foot strike and toe-off from the side: when a foot lands, when it leaves, how it lands, and how sure that is.

Every frame of a leg is put at its place in the stride, and one curve of up to ten harmonics is fitted to all of them,
robustly.  That mean stride has no lag (nothing is filtered in time) and is finer than the frame interval (strides do
not start on a frame), so the same moments come out at 60 and 240 frames a second.  From it:

- strike: heel and ankle are furthest ahead of the hip (Zeni et al. 2008), and the foot loads a little later;
- toe-off: the knee bends again after its straightest (Fellin et al. 2010), and, on its own, the toe is 3 cm above the
  line that it goes along with the belt: level only for a level camera that looks square at the runner.

How far these moments lie from the contact itself (constants here and in `analysis.mean_step`) agrees between force
plates under three runners (2-5 m/s: furthest ahead 24 +- 9 ms before contact), the rendered runner (BlazePose) and a
real clip in which the contact was read by eye from frames sorted by their place in the stride (two pose models).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.cleaning import fps_of, low_pass
from analysis.mean_step import STRIDES_MIN, UNMOVED, Leg, Moments, Shift, find_belt_slope
from analysis.types import Estimate, Floats, Landmarks, Side, Step, Strides, View, ViewName

HARMONICS = 10
# Never above this share of the frame rate.
BAND = 0.4

STRIKE_AFTER_REACH_S = 0.017
# The model draws the far leg further forward; its reach ends so much earlier (rendered runner).
FAR_EARLY_S = 0.004
# Of the two readings between runners: the toe is what leaves, the knee only goes with it (30 clips of seven bodies and
# two runners: 19 and 9 ms on the near leg).
OFF_KNEE_SD_S, OFF_TOE_SD_S = 0.019, 0.009
# What a running contact can be: seconds, and share of the stride (force plates: 0.34 to 0.43 at 2-5 m/s).  A body in
# tights whose legs were mixed up read 0.21 for 0.34.
CONTACT_S = (0.12, 0.45)
CONTACT_SHARE = (0.22, 0.50)
# Beyond these the points do not agree with themselves on when the foot leaves, and nothing is said of the leg.
APART_MAX_S = {True: 0.030, False: 0.022}  # near leg, far leg
ERROR_MAX_S = 0.015
# A far leg whose contact differs by more of the near one's was hidden, not uneven: on clips with known truth such a toe
# was lost behind the near leg, 40 to 80 ms early.
UNEVEN_MAX = 0.15

LEGS: Mapping[Side, tuple[int, ...]] = {Side.LEFT: lm.LEFT_LEG, Side.RIGHT: lm.RIGHT_LEG}
Shifts = Mapping[tuple[str, Side], Shift]


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
    slope = find_belt_slope(_leg(landmarks, view, strides, view.near))
    for side in sorted(Side, key=lambda side: side is not view.near):
        moved = [(shifts or {}).get((event, side), UNMOVED) for event in ("foot_strike", "toe_off")]
        leg = _leg(landmarks, view, strides, side, slope, moved)
        mean = None if leg is None else leg.moments(leg.weight)
        if leg is None or mean is None:
            continue
        step = _step(leg, mean, near=side is view.near)
        if not _sure(step, strides.period_s) or not (step.near or _alike(step, steps.get(view.near))):
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


def _alike(far: Step, near: Step | None) -> bool:
    """Whether a far leg steps much as the near one does, which is seen better."""
    return near is not None and abs(far.contact_s.value / near.contact_s.value - 1) <= UNEVEN_MAX


def _step(leg: Leg, mean: Moments, *, near: bool) -> Step:
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


def _contact(mean: Moments, error: Moments, period: float) -> tuple[Estimate, float]:
    """Strike to toe-off, and how far the two toe-offs lie apart, seconds: the steadier reading weighs more."""
    offs = np.array([mean.off_by_knee, mean.off_by_toe]) * period
    spread = np.array([error.off_by_knee, error.off_by_toe]) * period
    weight = 1.0 / (np.array([OFF_KNEE_SD_S, OFF_TOE_SD_S]) ** 2 + spread**2)
    weight /= weight.sum()
    seconds = float(weight @ offs) - mean.strike * period
    se = float(np.sqrt((error.strike * period) ** 2 + np.sum((weight * spread) ** 2)))
    return Estimate(seconds, se), float(abs(offs[0] - offs[1]) * 2 * weight[0])


def _leg(
    landmarks: Landmarks,
    view: View,
    strides: Strides,
    side: Side,
    belt_slope: float = 0.0,
    moved: Sequence[Shift] = (UNMOVED, UNMOVED),
) -> Leg | None:
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
    return Leg(phase, points[good], tuple(range(1, highest + 1)), trunk, period, after_reach, belt_slope, *moved)


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
