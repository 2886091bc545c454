"""Slow motion, found by what it does to gravity and cadence.

A clip slowed k times falls k^2 times too slowly and steps k times too rarely.  Gravity alone would need the runner's
size: a trunk of 0.50 m +- 10 % makes k uncertain by 5 % (7 % with the scatter between runners), which tells 1, 2, 4
and 8 apart; the cadence confirms it (docs/biomechanics.md section 4).
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.strides import Rhythm, find_rhythm
from analysis.types import ClipFacts, Floats, Landmarks

FACTORS = (2.0, 4.0, 8.0)
CADENCE_SPM = (140.0, 210.0)
# Head and shoulders of runners fall at up to 8.7 to 13.3 m/s2 for a trunk of 0.50 m (real and rendered clips); a factor
# that is wrong by two is wrong here by four.
FALL_MS2 = (6.0, 18.0)
EXPLAINED_MIN = 0.5
# Seen from the side, a runner's feet are furthest apart when the body is high (phase -54 to -12 deg; 66 to 107 as the
# model sees it from behind), a walker's when it is low (180): the one thing about walking that no slow motion changes.
WALKING_DEG = 135.0
# What the phone says of itself counts when it agrees this well with a factor.
SAID_TOLERANCE = 0.1


@dataclass(frozen=True)
class RealTime:
    """How many times slower than life the clip plays, and whether the phone says the same."""

    factor: float
    sure: bool


def find_real_time(cleaned: Landmarks, facts: ClipFacts) -> RealTime:
    """The slow-motion factor of cleaned landmarks on media time; 1 when they run in real time, or do not run at all.

    A slow walk and a run slowed twice have much the same cadence and fall: there the phase between feet and body
    decides.
    """
    if is_running(find_rhythm(cleaned)):
        return RealTime(1.0, True)
    said = round(facts.capture_fps / facts.fps, 2) if facts.capture_fps else 1.0
    factors = {factor: abs(np.log(said / factor)) < SAID_TOLERANCE for factor in FACTORS}
    if said > 1 + SAID_TOLERANCE and not any(factors.values()):
        factors[said] = True
    for factor, agreed in factors.items():
        slowed = retimed(cleaned, factor)
        rhythm = find_rhythm(slowed)
        if rhythm is None or not is_running(rhythm) or not CADENCE_SPM[0] <= rhythm.cadence_spm <= CADENCE_SPM[1]:
            continue
        if abs(_feet_lead_deg(slowed, rhythm)) < WALKING_DEG:
            return RealTime(factor, agreed)
    return RealTime(1.0, True)


def is_running(rhythm: Rhythm | None) -> bool:
    """Whether left and right alternate and the body falls as fast as a runner's."""
    return (
        rhythm is not None
        and min(rhythm.alternating, rhythm.bouncing) >= EXPLAINED_MIN
        and FALL_MS2[0] <= rhythm.fall_ms2 <= FALL_MS2[1]
    )


def retimed(landmarks: Landmarks, factor: float) -> Landmarks:
    """The same landmarks on a clock that runs ``factor`` times faster."""
    return replace(landmarks, t_s=landmarks.t_s / factor)


def _feet_lead_deg(landmarks: Landmarks, rhythm: Rhythm) -> float:
    """Phase of the distance between the feet against the height of the body, at step frequency."""
    world, xy = landmarks.world_m, landmarks.xy_px
    apart = geo.length(world[:, lm.LEFT_ANKLE] - world[:, lm.RIGHT_ANKLE])
    body = (geo.shoulder_mid(xy)[:, 1] + geo.ear_mid(xy)[:, 1]) / 2
    hz = rhythm.cadence_spm / 60.0
    waves = [_wave(series, landmarks.t_s, hz) for series in (apart, body)]
    return float(np.degrees(np.angle(waves[0] / waves[1])))


def _wave(series: Floats, t_s: Floats, hz: float) -> complex:
    good = np.isfinite(series)
    fit, *_ = np.linalg.lstsq(geo.harmonics(t_s[good], hz, (1,)), series[good], rcond=None)
    return complex(fit[1], -fit[2])
