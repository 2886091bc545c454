"""A runner who passes by: found, cut to where all of the runner is in the picture, and brought to one place.

Overground only a few strides are seen, and the picture of the runner travels.  With the travel taken out (place and, on
a track that comes nearer or goes away, size), a pass is measured as a treadmill run is.

Evidence: docs/adr/0011.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Bools, Floats, Landmarks, Side, Strides

# Faster than anybody drifts on a belt (0.6 m/s for a trunk of 0.5 m), and further than a belt is long.
PASS_TRUNKS_S, PASS_TRUNKS = 1.2, 3.0
# Of the place's variance the even travel explains so much.
EVEN = 0.95
TURNING = {"thorax_rotation", "thorax_rotation_flat", "thorax_rotation_near", "thorax_rotation_deep"}
# Points of a curve of 101.
SAME_PLACE = 5
BODY = (lm.NOSE, *lm.TRUNK, *lm.LEFT_LEG, *lm.RIGHT_LEG)


@dataclass(frozen=True)
class Pass:
    """The even travel of a runner through the picture: mid-trunk at ``start_px`` [2] at ``at_s``, ``px_s`` [2] pixels a
    second, ``growth`` of the size a second, as a share of the size at ``at_s``.
    """

    at_s: float
    start_px: Floats
    px_s: Floats
    growth: float

    def size(self, t_s: Floats) -> Floats:
        """Size against that at ``at_s``, [n]."""
        # Size is one over the distance, which is what changes evenly.
        return np.asarray(1.0 / np.clip(1.0 - self.growth * (t_s - self.at_s), 0.3, 3.0))


def is_pass(raw: Landmarks) -> bool:
    """Whether the runner travels across the picture; landmarks as found."""
    middle, trunk = _middle(raw), geo.median(_trunk(raw))
    good = np.isfinite(middle[:, 0]) & (raw.visibility[:, lm.TRUNK].mean(axis=1) > 0.5)
    if good.sum() < 16 or not trunk > 0:
        return False
    x, t_s = middle[good, 0], raw.t_s[good]
    slope = float(np.polyfit(t_s, x, 1)[0])
    left = float(np.var(x - np.polyval(np.polyfit(t_s, x, 1), t_s)))
    far = abs(slope) * float(np.ptp(t_s)) > PASS_TRUNKS * trunk
    return bool(far and abs(slope) > PASS_TRUNKS_S * trunk and left < (1 - EVEN) * float(np.var(x)))


def whole_rows(raw: Landmarks) -> Bools:
    """Rows in which no part of the body is beyond the picture's left or right border, [n]."""
    x = raw.xy_px[:, BODY, 0]
    with np.errstate(invalid="ignore"):
        return np.asarray(((x > 0) & (x < raw.width_px)).all(axis=1))


def whole_part(raw: Landmarks) -> Landmarks:
    """Of a runner who passes by the longest part with all of the body in the picture; anything else as it was."""
    if not is_pass(raw):
        return raw
    whole = np.concatenate([[False], whole_rows(raw), [False]])
    starts, ends = (np.flatnonzero(whole[1:] & ~whole[:-1]), np.flatnonzero(~whole[1:] & whole[:-1]))
    if not len(starts):
        return raw
    best = int(np.argmax(ends - starts))
    rows = slice(int(starts[best]), int(ends[best]))
    return replace(
        raw,
        xy_px=raw.xy_px[rows],
        world_m=raw.world_m[rows],
        visibility=raw.visibility[rows],
        t_s=raw.t_s[rows],
    )


def find_pass(cleaned: Landmarks) -> Pass | None:
    """The travel of cleaned landmarks; None for a runner who stays in one place."""
    if not is_pass(cleaned):
        return None
    middle, size = _middle(cleaned), 1.0 / _trunk(cleaned)
    good = np.isfinite(middle).all(axis=1) & np.isfinite(size)
    at_s = float(np.mean(cleaned.t_s[good]))
    since = cleaned.t_s[good] - at_s
    distance = np.polyfit(since, size[good], 1)
    across, up = (np.polyfit(since, middle[good, axis], 1) for axis in (0, 1))
    growth = float(-distance[0] / distance[1])
    return Pass(at_s, np.array([across[1], up[1]]), np.array([across[0], up[0]]), growth)


def brought_to_one_place(cleaned: Landmarks, travel: Pass) -> Landmarks:
    """The same movement in the middle of the picture, its size that of the middle of the pass."""
    t_s, xy = cleaned.t_s, cleaned.xy_px
    size = travel.size(t_s)
    middle = np.column_stack([_slow(_middle(cleaned)[:, axis], t_s, 3) for axis in (0, 1)])
    to = np.array([cleaned.width_px / 2, float(np.mean(middle[:, 1]))])
    return replace(cleaned, xy_px=(xy - middle[:, None]) / size[:, None, None] + to)


def _slow(values: Floats, t_s: Floats, order: int) -> Floats:
    """The slow part of a series: a polynomial of low order, so that no step is taken out, [n]."""
    good, since = np.isfinite(values), t_s - np.mean(t_s)
    return np.asarray(np.polyval(np.polyfit(since[good], values[good], order), since))


def _middle(landmarks: Landmarks) -> Floats:
    return np.asarray((geo.shoulder_mid(landmarks.xy_px) + geo.hip_mid(landmarks.xy_px)) / 2)


def _trunk(landmarks: Landmarks) -> Floats:
    return geo.length(geo.shoulder_mid(landmarks.xy_px) - geo.hip_mid(landmarks.xy_px))


def without_turning(waveforms: Mapping[str, Floats], t_s: Floats, period_s: float) -> dict[str, Floats]:
    """The shoulders' rotation without the turn of the line of sight: a runner who passes by is seen from ahead at first
    and from behind at last.  The mean is kept.
    """
    out = dict(waveforms)
    since = t_s - np.mean(t_s)
    for name in TURNING & set(waveforms):
        good = np.isfinite(waveforms[name])
        design = np.column_stack([geo.harmonics(since[good], 1.0 / period_s, (1, 2)), since[good]])
        fit, *_ = np.linalg.lstsq(design, waveforms[name][good], rcond=None)
        out[name] = waveforms[name] - fit[-1] * since
    return out


def cut_from_start(strides: Strides, t_s: Floats) -> Strides:
    """The strides cut from the first moment on, where that gives more whole ones than from foot strike to foot strike.

    A mean and a ROM do not depend on where a stride is cut, and of a pass no part of a stride is to spare.
    """
    count = int((t_s[-1] - t_s[0]) / strides.period_s + 1e-6)
    if count <= len(strides):
        return strides
    # What is left over is left out at both ends, where the filter is less sure.
    first = t_s[0] + (t_s[-1] - t_s[0] - count * strides.period_s) / 2
    edges = first + strides.period_s * np.arange(count + 1)
    edges[-1] = min(edges[-1], t_s[-1])
    return replace(strides, cuts_s=np.column_stack([edges[:-1], edges[1:]]), found=count)


def from_foot_strike(curve: Floats, strides: Strides) -> Floats:
    """A curve over the stride [101], from wherever it was cut, turned so that it begins at right foot strike."""
    strikes = strides.foot_strike[Side.RIGHT]
    if not len(strikes) or not len(strides):
        return curve
    after = float(strikes[0] - strides.cuts_s[0, 0]) / strides.period_s % 1.0
    by = round(after * (len(curve) - 1)) % (len(curve) - 1)
    # Cut at foot strike, it begins there but for the error of its moment.
    if min(by, len(curve) - 1 - by) <= SAME_PLACE:
        return curve
    turned = np.roll(curve[:-1], -by)
    return np.append(turned, turned[0])
