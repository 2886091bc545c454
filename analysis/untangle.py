"""Legs that the tracker exchanged, put back.

Seen from the side the legs hide each other once a step, and BlazePose then often calls left what is right for two to
five frames: in 9-18 % of the frames of the rendered side clips (60 fps), 0-1 % of the real one, never from behind.
"""

from dataclasses import replace

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Bools, Floats, Landmarks, Side, Strides

LEG = tuple(zip(lm.LEFT_LEG[1:], lm.RIGHT_LEG[1:], strict=True))  # knee, ankle, heel, toe
ORDERS = (1, 2, 3)
ROUNDS = 4
WEIGHTINGS = 15
# Legs closer than this to lying equally well either way are left alone, trunk lengths a landmark (about 1 cm).
MARGIN_TRUNKS = 0.02
# Above this the usual way round is itself in doubt, and nothing is touched.
MAX_SHARE = 0.30


def untangle_legs(landmarks: Landmarks, strides: Strides) -> tuple[Landmarks, float]:
    """Give every leg the knee, ankle, heel and toe that go with its place in the stride.

    Both legs do the same half a stride apart, so one curve of three harmonics about the mid-hip, fitted to both
    robustly, tells where each leg is to be; the frames in which exchanged legs fit it better are exchanged back.
    On the rendered side clips this undoes every exchange of legs more than 8 cm apart and makes no new one
    (unfiltered landmarks, 14 clips); it holds while most frames are right and the strides are regular.

    Parameters
    ----------
    landmarks
        As found or cleaned; better as found, for a filter smears an exchange over its neighbours.
    strides
        Of the same clip: mid-stances tell which leg is where.

    Returns
    -------
    tuple
        The landmarks (pixels, metres and visibility exchanged alike), and the share 0..1 of frames that were
        exchanged.  Above 0.30 the landmarks come back as they were: left and right cannot be told apart.
    """
    exchanged = _exchanged(landmarks.xy_px, _phase(landmarks.t_s, strides))
    share = float(exchanged.mean())
    if share > MAX_SHARE or not exchanged.any():
        return landmarks, share
    order = np.arange(lm.COUNT)
    for left, right in LEG:
        order[[left, right]] = right, left
    rows = np.flatnonzero(exchanged)[:, None]
    blocks = [block.copy() for block in (landmarks.xy_px, landmarks.world_m, landmarks.visibility)]
    for block in blocks:
        block[rows[:, 0]] = block[rows, order]
    return replace(landmarks, xy_px=blocks[0], world_m=blocks[1], visibility=blocks[2]), share


def _phase(t_s: Floats, strides: Strides) -> Floats:
    """Strides since a right mid-stance, one value a frame; at the ends with the mean period."""
    stances = [(float(t), side) for side, times in strides.mid_stance.items() for t in times]
    times, sides = zip(*sorted(stances), strict=True)
    turns = 0.5 * np.arange(len(times)) + (0.0 if sides[0] is Side.RIGHT else 0.5)
    inside = np.interp(t_s, times, turns)
    before, after = np.minimum(t_s - times[0], 0.0), np.maximum(t_s - times[-1], 0.0)
    return np.asarray(inside + (before + after) / strides.period_s)


def _exchanged(xy: Floats, phase: Floats) -> Bools:
    """Frames in which the legs go better with their places when left and right change names."""
    hips, shoulders = geo.hip_mid(xy), geo.shoulder_mid(xy)
    margin = MARGIN_TRUNKS * 2 * len(LEG) * geo.median(geo.length(shoulders - hips))
    left, right = (np.stack([xy[:, pair[side]] - hips for pair in LEG], axis=1) for side in (0, 1))
    good = np.isfinite(left + right).all(axis=(1, 2))
    place_right, place_left = _places(phase), _places(phase + 0.5)
    place_left[:, -1] = 1.0
    swap = np.zeros(len(xy), dtype=np.bool_)
    for _ in range(ROUNDS):
        named_left = np.where(swap[:, None, None], right, left)
        named_right = np.where(swap[:, None, None], left, right)
        gain = np.zeros(len(xy))
        for joint in range(len(LEG)):
            seen = np.concatenate([named_right[good, joint], named_left[good, joint]])
            curve = _robust_fit(np.concatenate([place_right[good], place_left[good]]), seen)
            at_right, at_left = place_right @ curve, place_left @ curve
            gain += geo.length(left[:, joint] - at_left) + geo.length(right[:, joint] - at_right)
            gain -= geo.length(left[:, joint] - at_right) + geo.length(right[:, joint] - at_left)
        swap = np.asarray(gain > margin)
    return swap


def _places(phase: Floats) -> Floats:
    """Design matrix of a leg's place in the stride; the last column is for what sets the far leg off, 0 here."""
    return np.column_stack([geo.harmonics(phase, 1.0, ORDERS), np.zeros(len(phase))])


def _robust_fit(design: Floats, values: Floats) -> Floats:
    """Coefficients of [n, 2] values on [n, m], with weights that fall as residuals grow past their median."""
    weight = np.ones((len(values), 1))
    curve: Floats = np.zeros((design.shape[1], values.shape[1]))
    for _ in range(WEIGHTINGS):
        curve = np.asarray(np.linalg.lstsq(design * weight, values * weight, rcond=None)[0], dtype=np.float64)
        away = geo.length(values - design @ curve)
        weight = (1.0 / np.sqrt(1.0 + (away / max(geo.median(away), 1e-9)) ** 2))[:, None]
    return curve
