"""The gait cycle: its period, the cuts between strides, and what repeats from stride to stride.

The frequency comes from everything that alternates left and right, the moments from the bounce of head and
shoulders, which every view sees alike, so that the cuts of all views are the same moment of the stride.
"""

from dataclasses import dataclass

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.cycle import STRIKE_BEFORE_MID_STANCE
from analysis.types import Floats, Landmarks, Side, Strides

# Stride frequencies searched: 40 to 120 strides a minute, so that walking is found too and then refused.
STRIDE_HZ = (0.65, 2.0)
PERIOD_TOLERANCE = 0.15
DEMODULATION_STRIDES = 2.0
# Shoulder to hip of an adult, +- 10 %: only to tell running from walking.
TRUNK_M = 0.50
# A standing clip is cut into pieces this long: five seconds give as many as a firm number needs.
STANDING_PIECE_S = 0.5


@dataclass(frozen=True)
class Rhythm:
    """What repeats in a clip: cadence; shares 0..1 of the left-right movement (the better
    half of the signals: in the dark the legs are mixed up, the arms are not) and of the bounce that repeat; and the
    fastest fall of head and shoulders, m/s2, for a trunk of 0.50 m (running 9-13, walking 2-5).
    """

    cadence_spm: float
    alternating: float
    bouncing: float
    fall_ms2: float


def find_rhythm(landmarks: Landmarks) -> Rhythm | None:
    """How regular the movement of cleaned landmarks is; None when there is too little of it to say."""
    signals, bounce = _alternating(landmarks), _bounce(landmarks)
    if signals.shape[1] == 0 or bounce is None:
        return None
    hz = _stride_frequency(signals, landmarks.t_s)
    fit = _explained(signals, landmarks.t_s, hz, (1, 2, 3))
    wave = geo.harmonics(landmarks.t_s, hz, (2, 4))
    curve, *_ = np.linalg.lstsq(wave, bounce, rcond=None)
    clock = np.linspace(0.0, 0.5 / hz, 200, endpoint=False)
    speed = 2 * np.pi * hz * np.array([0, 2, 4, 2, 4])
    fall = -float(np.min(geo.harmonics(clock, hz, (2, 4)) @ (-(speed**2) * curve)))
    trunk = geo.median(geo.length(geo.shoulder_mid(landmarks.xy_px) - geo.hip_mid(landmarks.xy_px)))
    return Rhythm(
        cadence_spm=120.0 * hz,
        alternating=float(np.mean(np.sort(fit)[len(fit) // 2 :])),
        bouncing=float(_explained(bounce[:, None], landmarks.t_s, hz, (2, 4))[0]),
        fall_ms2=fall / trunk * TRUNK_M,
    )


def find_strides(landmarks: Landmarks) -> Strides | None:
    """The strides of cleaned landmarks; None when nothing repeats.

    Mid-stance is where the head and shoulders are lowest (docs/biomechanics.md 3.2: -15 +- 14 ms against force plates,
    any view); the raised ankle tells which foot stands; foot strike lies a fixed share of the stride before.

    Parameters
    ----------
    landmarks
        On a uniform clock (``cleaning.clean``).

    Returns
    -------
    Strides or None
        Cuts at right foot strike (+-20 ms; the mean and ROM of a stride curve do not depend on it).
        ``cadence_se_spm`` from the scatter of the step times.
    """
    signals = _alternating(landmarks)
    bounce = _bounce(landmarks)
    if signals.shape[1] == 0 or bounce is None:
        return None
    hz = _stride_frequency(signals, landmarks.t_s)
    if landmarks.t_s[-1] - landmarks.t_s[0] < DEMODULATION_STRIDES / hz:
        return None
    steps = _mid_stances(bounce, landmarks.t_s, hz)
    middle = _by_side(steps, _ankle_difference(landmarks), landmarks.t_s, hz)
    edges = middle[Side.RIGHT] - STRIKE_BEFORE_MID_STANCE / hz
    edges = edges[edges >= landmarks.t_s[0]]
    if len(edges) < 2:
        return None
    periods = np.diff(edges)
    keep = np.abs(periods * hz - 1) <= PERIOD_TOLERANCE
    strike = {side: times - STRIKE_BEFORE_MID_STANCE / hz for side, times in middle.items()}
    return Strides(
        period_s=1.0 / hz,
        cuts_s=np.column_stack([edges[:-1], edges[1:]])[keep],
        foot_strike={side: times[times >= landmarks.t_s[0]] for side, times in strike.items()},
        toe_off={Side.LEFT: np.empty(0), Side.RIGHT: np.empty(0)},
        mid_stance=middle,
        found=len(periods),
        # All steps count the same; the fitted frequency would weigh the middle of the clip more.
        cadence_spm=60.0 * (len(steps) - 1) / float(steps[-1] - steps[0]),
        cadence_se_spm=_cadence_error(steps, hz),
    )


def standing_strides(t_s: Floats) -> Strides:
    """A standing clip cut into pieces, so that posture is averaged and its scatter known as in strides."""
    piece = STANDING_PIECE_S
    cuts = np.arange(t_s[0], t_s[-1] - piece + 1e-9, piece)
    nothing = {Side.LEFT: np.empty(0), Side.RIGHT: np.empty(0)}
    return Strides(piece, np.column_stack([cuts, cuts + piece]), nothing, nothing, nothing, len(cuts), 0.0, 0.0)


def _ankle_difference(landmarks: Landmarks) -> Floats:
    xy = landmarks.xy_px
    return np.asarray(xy[:, lm.LEFT_ANKLE, 1] - xy[:, lm.RIGHT_ANKLE, 1])


def _alternating(landmarks: Landmarks) -> Floats:
    """Signals that change sign from step to step (left minus right), each of unit variance: [n, m]."""
    xy = landmarks.xy_px
    trunk = geo.median(geo.length(geo.shoulder_mid(xy) - geo.hip_mid(xy)))
    pairs = ((lm.LEFT_ANKLE, lm.RIGHT_ANKLE), (lm.LEFT_KNEE, lm.RIGHT_KNEE), (lm.LEFT_HEEL, lm.RIGHT_HEEL))
    columns: list[Floats] = []
    for left, right in (*pairs, (lm.LEFT_WRIST, lm.RIGHT_WRIST)):
        for axis in (0, 1):
            signal = xy[:, left, axis] - xy[:, right, axis]
            good = np.isfinite(signal)
            if good.mean() < 0.5 or np.nanstd(signal) < 0.05 * trunk:
                continue
            signal = np.interp(landmarks.t_s, landmarks.t_s[good], signal[good])
            signal = _without_drift(signal, landmarks.t_s)
            columns.append(signal / (np.std(signal) + 1e-12))
    return np.array(columns).reshape(-1, len(landmarks)).T


def _without_drift(signal: Floats, t_s: Floats) -> Floats:
    return np.asarray(signal - np.polyval(np.polyfit(t_s - t_s.mean(), signal, 1), t_s - t_s.mean()))


def _unexplained(signals: Floats, t_s: Floats, hz: float) -> float:
    """Variance left after fitting three harmonics; the fundamental must carry it."""
    base = geo.harmonics(t_s, hz, (1, 2, 3))
    fit, *_ = np.linalg.lstsq(base, signals, rcond=None)
    left = np.var(signals - base @ fit, axis=0)
    fundamental = np.var(geo.harmonics(t_s, hz, (1,)) @ fit[[0, 1, 4]], axis=0)
    return float(np.mean(left - 0.5 * fundamental))


def _explained(signals: Floats, t_s: Floats, hz: float, orders: tuple[int, ...]) -> Floats:
    """Share of each column's variance that the harmonics explain."""
    base = geo.harmonics(t_s, hz, orders)
    fit, *_ = np.linalg.lstsq(base, signals, rcond=None)
    return np.asarray(1.0 - np.var(signals - base @ fit, axis=0) / (np.var(signals, axis=0) + 1e-12))


def _stride_frequency(signals: Floats, t_s: Floats) -> float:
    from scipy.optimize import minimize_scalar

    seconds = t_s[-1] - t_s[0]
    grid = np.arange(*STRIDE_HZ, 0.2 / seconds)
    cost = [_unexplained(signals, t_s, hz) for hz in grid]
    best = grid[int(np.argmin(cost))]
    step = 0.25 / seconds
    found = minimize_scalar(
        lambda hz: _unexplained(signals, t_s, hz),
        bounds=(best - step, best + step),
        method="bounded",
        options={"xatol": 1e-5},
    )
    return float(found.x)


def _bounce(landmarks: Landmarks) -> Floats | None:
    """Height of head and shoulders, pixels, gaps bridged and drift removed; None when they are mostly unseen."""
    xy = landmarks.xy_px
    height = (geo.shoulder_mid(xy)[:, 1] + geo.ear_mid(xy)[:, 1]) / 2
    good = np.isfinite(height)
    if good.mean() < 0.5:
        return None
    return _without_drift(np.interp(landmarks.t_s, landmarks.t_s[good], height[good]), landmarks.t_s)


def _mid_stances(bounce: Floats, t_s: Floats, hz: float) -> Floats:
    """Times of the lowest point of every step.

    The lowest point of the mean step (two harmonics), carried along by the step's own phase: complex demodulation
    over two strides follows slow changes of cadence without following noise.
    """
    base = geo.harmonics(t_s, hz, (2, 4))
    fit, *_ = np.linalg.lstsq(base, bounce, rcond=None)
    clock = np.linspace(0.0, 0.5 / hz, 400, endpoint=False)
    lowest = float(clock[np.argmin(geo.harmonics(clock, hz, (2, 4)) @ fit)])
    rate = 1.0 / float(np.median(np.diff(t_s)))
    window = np.hanning(max(3, round(DEMODULATION_STRIDES * rate / hz)) + 2)[1:-1]
    window = window[: len(t_s)]
    slow = np.convolve(bounce * np.exp(-4j * np.pi * hz * t_s), window, mode="same")
    mean_angle = np.angle(fit[1] - 1j * fit[3])
    wander = np.unwrap(np.angle(slow)) - mean_angle
    wander -= 2 * np.pi * np.round(np.median(wander) / (2 * np.pi))
    phase = 2 * hz * (t_s - lowest) + wander / (2 * np.pi)
    rising = np.maximum.accumulate(phase)
    wanted = np.arange(np.ceil(rising[0]), np.floor(rising[-1]) + 1)
    return np.asarray(np.interp(wanted, rising, t_s))


def _by_side(steps: Floats, ankle_difference: Floats, t_s: Floats, hz: float) -> dict[Side, Floats]:
    """Every other step is right: those at which the left ankle is the higher one (heel recovery)."""
    good = np.isfinite(ankle_difference)
    filled = np.interp(t_s, t_s[good], ankle_difference[good])
    base = geo.harmonics(t_s, hz, (1,))
    fit, *_ = np.linalg.lstsq(base, filled, rcond=None)
    even = float(np.mean(geo.harmonics(steps[::2], hz, (1,))[:, 1:] @ fit[1:])) if len(steps) else 0.0
    first, second = (Side.RIGHT, Side.LEFT) if even > 0 else (Side.LEFT, Side.RIGHT)
    return {first: steps[::2], second: steps[1::2]}


def _cadence_error(steps: Floats, hz: float) -> float:
    """Standard error of the cadence, steps a minute, from the scatter of the step times about a straight line."""
    if len(steps) < 4:
        return 0.1 * 120 * hz
    index = np.arange(len(steps))
    slope, start = np.polyfit(index, steps, 1)
    scatter = float(np.std(steps - (start + slope * index)))
    spread = float(np.sqrt(np.sum((index - index.mean()) ** 2)))
    return 120 * hz * scatter / (spread * float(slope))
