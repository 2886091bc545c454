"""How large the runner is in the picture: pixels per metre.

From the runner's height when it is known.  Else from two independent sources, joined by inverse variance: gravity (a
runner in the air falls) and the usual height of adults.
"""

from dataclasses import dataclass

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Floats, Landmarks, Profile, Scale, Sex, View, ViewName

# Trunk, thigh and shank between BlazePose's points, over standing height.  Skeletons have 0.288, 0.245, 0.246 (Winter);
# on the truth clips the shoulder points lie 6 cm too high from the side and 3 cm from behind.
TRUNK_SHARE = {ViewName.SIDE: 0.308, ViewName.REAR: 0.282, ViewName.FRONT: 0.282}
THIGH_SHARE, SHANK_SHARE = 0.236, 0.246
# A leg swings out of the picture plane: its full length shows at the ends of the swing.
FULL_LENGTH_PERCENTILE = 90.0
# Proportions differ by 3 % between people, and landmarks by as much between views and clothes.
PROPORTIONS_SD = 0.04
SEEN = 0.5
SEEN_SHARE = 0.6

# Standing height of adults, metres, mean and relative SD (NCD-RisC 2016, high-income countries).
USUAL_HEIGHT = {Sex.MALE: (1.77, 0.041), Sex.FEMALE: (1.64, 0.041), None: (1.71, 0.056)}

# Head and shoulders of a runner accelerate downwards at their peak by so many m/s2: the mid-hip by 10.3 +- 0.7 (motion
# capture, 6 trials, 2-5 m/s), and what is above it bounces more (1.08 times on the truth clips, shoulders 9.3-12.8 cm
# where hips go 5.3-10.4).  The points of head and shoulders show it; the hip points do not (14-16 on the truth clips).
FALL_MPS2 = 11.5
FALL_SD = 0.10
# Gravity and usual height are told apart beyond so many standard errors: a child, or a clip not in real time.
APART = 2.0
ALONE_SD = 0.10
# A small adult whose fall is misread looks like a child: 1.66 m once as 1.37 m on rendered clips, 0.21 off.
CHILD_SD = 0.13
SMALLEST_RUNNER_M, SMALL_ADULT_M = 1.0, 1.50


@dataclass(frozen=True)
class _Guess:
    """Pixels per metre with its relative error (1 SD)."""

    px_per_m: float
    sd: float


def find_scale(landmarks: Landmarks, view: View, profile: Profile, strides_hz: float) -> Scale:
    """Pixels per metre at the runner's distance, with its relative standard error.

    Parameters
    ----------
    landmarks
        Cleaned, on a uniform clock.
    view
        From where the runner is filmed.
    profile
        ``height_cm`` decides when given; ``sex`` narrows the usual height.
    strides_hz
        Stride frequency, Hz.

    Returns
    -------
    Scale
        ``source`` is height, gravity+size, gravity (a runner much smaller than adults are, such as a child), size (a
        fall that no runner on earth has, such as slow motion), or none.

    Notes
    -----
    Known height: about 4 %.  Unknown: about 6 %, on the truth clips within 8 % (those at 0.9 of the real cadence break
    gravity and are still read so).  A child of more than 1.5 m is taken for a small adult by half of
    the difference: enter the height.
    """
    stature_px = compute_stature_px(landmarks, view)
    if stature_px is None:
        return Scale(None, 1.0, "none")
    if profile.height_cm is not None:
        return Scale(stature_px / (profile.height_cm / 100), PROPORTIONS_SD, "height")
    usual_m, usual_sd = USUAL_HEIGHT[profile.sex]
    size = _Guess(stature_px / usual_m, float(np.hypot(usual_sd, PROPORTIONS_SD)))
    fall = compute_fall_px(landmarks, strides_hz)
    if fall is None:
        return Scale(size.px_per_m, size.sd, "size")
    return _join(_Guess(fall / FALL_MPS2, FALL_SD), size, stature_px)


def _join(gravity: _Guess, size: _Guess, stature_px: float) -> Scale:
    """The inverse-variance mean of two guesses; where they contradict, the one that is possible."""
    if abs(np.log(gravity.px_per_m / size.px_per_m)) > APART * np.hypot(gravity.sd, size.sd):
        height_m = stature_px / gravity.px_per_m
        if SMALLEST_RUNNER_M < height_m < SMALL_ADULT_M:
            return Scale(gravity.px_per_m, CHILD_SD, "gravity")
        return Scale(size.px_per_m, ALONE_SD, "size")
    weight = size.sd**2 / (size.sd**2 + gravity.sd**2)
    px_per_m = gravity.px_per_m**weight * size.px_per_m ** (1 - weight)
    return Scale(px_per_m, float(1 / np.sqrt(gravity.sd**-2 + size.sd**-2)), "gravity+size")


def compute_stature_px(landmarks: Landmarks, view: View) -> float | None:
    """The runner's standing height in pixels, from trunk, thighs and shanks as far as they are seen."""
    xy = landmarks.xy_px
    pixels = geo.median(geo.length(geo.shoulder_mid(xy) - geo.hip_mid(xy)))
    share = TRUNK_SHARE[view.name]
    for part, ends in (
        (THIGH_SHARE, ((lm.LEFT_HIP, lm.LEFT_KNEE), (lm.RIGHT_HIP, lm.RIGHT_KNEE))),
        (SHANK_SHARE, ((lm.LEFT_KNEE, lm.LEFT_ANKLE), (lm.RIGHT_KNEE, lm.RIGHT_ANKLE))),
    ):
        full = [_full_length_px(landmarks, a, b) for a, b in ends]
        if not np.isfinite(full).all():
            break
        pixels, share = pixels + float(np.mean(full)), share + part
    return pixels / share if np.isfinite(pixels) and pixels > 0 else None


def _full_length_px(landmarks: Landmarks, upper: int, lower: int) -> float:
    """Length of a leg's segment where it shows most of it; NaN when it is mostly unseen."""
    xy, seen = landmarks.xy_px, landmarks.visibility
    inside = np.all((xy[:, lower] > 0) & (xy[:, lower] < (landmarks.width_px, landmarks.height_px)), axis=1)
    good = inside & (seen[:, upper] > SEEN) & (seen[:, lower] > SEEN)
    if good.mean() < SEEN_SHARE:
        return float("nan")
    return float(np.percentile(geo.length(xy[good, upper] - xy[good, lower]), FULL_LENGTH_PERCENTILE))


def compute_fall_px(landmarks: Landmarks, strides_hz: float) -> float | None:
    """Peak downward acceleration of head and shoulders, px/s2, from two harmonics of the step."""
    falls = [_peak_fall(y[:, 1], landmarks.t_s, strides_hz) for y in _upper_body(landmarks)]
    finite = [fall for fall in falls if fall is not None]
    mean = float(np.mean(finite)) if finite else 0.0
    return mean if mean > 0 else None


def _upper_body(landmarks: Landmarks) -> tuple[Floats, Floats]:
    return geo.ear_mid(landmarks.xy_px), geo.shoulder_mid(landmarks.xy_px)


def _peak_fall(height_px: Floats, t_s: Floats, strides_hz: float) -> float | None:
    good = np.isfinite(height_px)
    if good.mean() < SEEN_SHARE:
        return None
    orders = (2, 4)
    base = np.column_stack([geo.harmonics(t_s[good], strides_hz, orders), t_s[good]])
    fit, *_ = np.linalg.lstsq(base, height_px[good], rcond=None)
    clock = np.linspace(0.0, 0.5 / strides_hz, 200, endpoint=False)
    waves = geo.harmonics(clock, strides_hz, orders)[:, 1:]
    squared = (2 * np.pi * strides_hz * np.array(orders)) ** 2
    return float(np.max(waves @ (fit[1:5] * np.tile(squared, 2))))
