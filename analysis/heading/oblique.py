"""A camera that stands off the square view: what it changes is taken out where the direction of travel is known, and
put into the interval where it is not.

In the runner's axes the trunk goes up, forwards by its lean and sideways by its lean to the side.  A camera turned by
``turn`` sees the forward part sideways: behind a runner who leans 8 deg forwards, 10 deg off the square view show 1.4
deg of side lean that is not there.

Evidence: docs/adr/0010.
"""

from collections.abc import Mapping

import numpy as np

from analysis.direction import Heading
from analysis.types import Floats, View

# Surer than this, the direction is used; less sure, it only widens.
USED_SD_DEG = 3.5
# Beyond this everything looks another way.
MOST_DEG = 30.0
# What a view from behind cannot see, in runners (docs/biomechanics.md M10: 7.3 +- 3.6 and 6.9 deg, ROM 5-8 deg), and
# one from the side (M7: mean within 2.8 deg, ROM 5.3 +- 1.7 deg).
LEAN_DEG, LEAN_SD_DEG, LEAN_ROM_DEG = 7.3, 3.6, 6.5
SIDE_LEAN_SD_DEG, SIDE_LEAN_ROM_DEG = 1.4, 5.3
# A curve at stride frequency and one at step frequency add up to anything between nothing and all of the smaller one.
OF_A_ROM = 0.5
# The head is nearer to the sky than the shoulders: 0.2 m at 4 m.
HEAD_RISE_DEG = 3.0
# What the pose model makes of a turned runner is not known better than this share of the turn, deg a deg.  Rendered
# runners: seen 16 deg from behind 33 deg of rotation read 43, pitch 4 deg less; 4 to 10 deg off they read as from the
# side, 26 deg off rotation 6 deg too large.  From behind and in front 20 deg off side lean is wrong by 3 and 7 deg,
# head tilt by 3 and 10, shoulder tilt by 3; up to 11 deg off by no more than when square.
MODEL_SHARE = {
    "thorax_rotation_rom": 0.30,
    "head_pitch_mean": 0.30,
    "lateral_lean_mean": 0.20,
    "head_tilt_mean": 0.25,
    "shoulder_tilt_mean": 0.10,
}
# A hand is ahead of the trunk where it is furthest in, by half a shoulder width and more: 9 and 20 deg off, in front,
# -0.14 and -0.34 of that.
HAND_AHEAD = 1.0
# Of a runner who passes by only three or four strides are seen, small and never from the same side (1 SD; clips of a
# pass with known truth: 26 deg of rotation for 36, 47 for 52; 3 and 4 deg of pitch; contact 204 to 266 ms for 236).
OF_A_PASS = {
    "thorax_rotation_rom": 5.0,
    "head_pitch_mean": 2.0,
    "head_pitch_rom": 1.5,
    "contact_time_left": 12.0,
    "contact_time_right": 12.0,
    "flight_time": 12.0,
}
# Trunks move to and fro by 2 cm within a stride.
FORE_AFT_CM = 2.0


def square_up(waveforms: Mapping[str, Floats], view: View, heading: Heading) -> dict[str, Floats]:
    """The series as a camera square to the runner would show them, as far as the direction of travel is known."""
    out = dict(waveforms)
    if not _used(heading):
        return out
    turn = np.radians(np.clip(heading.turn_deg, -MOST_DEG, MOST_DEG))
    for name, series in waveforms.items():
        if name in ("head_forward", "head_forward_trunk") or name.endswith("_sideways"):
            out[name] = series / np.cos(turn)
        elif name == "forward_lean":
            out[name] = _angle(_tan(series) / np.cos(turn))
        elif name == "head_pitch":
            out[name] = _angle(_tan(series) * np.cos(turn))
        elif name == "lateral_lean":
            out[name] = _angle((_tan(series) + np.tan(np.radians(LEAN_DEG)) * np.sin(turn)) / np.cos(turn))
        elif name in ("shoulder_tilt", "head_tilt"):
            out[name] = _angle(_tan(series) * np.cos(turn) + _dip(name, view, heading) * np.sin(turn))
    return out


def _dip(name: str, view: View, heading: Heading) -> float:
    """By how much the further one of two points at one height seems lower, per distance between them; a tilt of the
    shoulders counts up on the right, one of the head down.
    """
    rise = heading.rise_deg + (HEAD_RISE_DEG if name == "head_tilt" else 0.0)
    further = view.right_sign * (-1.0 if name == "head_tilt" else 1.0)
    return float(np.tan(np.radians(rise)) * further)


def leak_sd(key: str, heading: Heading) -> float:
    """What an oblique camera adds to a metric's error (1 SD, in the metric's unit)."""
    passing = OF_A_PASS.get(key, 0.0) if heading.source == "track" else 0.0
    return float(np.hypot(passing, _oblique_sd(key, heading)))


def _oblique_sd(key: str, heading: Heading) -> float:
    """By perspective and by what the pose model makes of it."""
    off = float(np.degrees(_off(heading)[0]))
    return float(np.hypot(MODEL_SHARE.get(key, 0.0) * off, _perspective_sd(key, heading)))


def _perspective_sd(key: str, heading: Heading) -> float:
    off, left = _off(heading)
    if key == "lateral_lean_mean":
        return float(np.hypot(LEAN_DEG * left, LEAN_SD_DEG * off))
    if key in ("lateral_lean_rom", "lateral_lean_left_right"):
        return OF_A_ROM * LEAN_ROM_DEG * off
    if key in ("shoulder_tilt_mean", "head_tilt_mean"):
        rise = heading.rise_deg + (HEAD_RISE_DEG if key == "head_tilt_mean" else 0.0)
        return float(np.hypot(rise * left, heading.rise_sd_deg * off))
    if key == "forward_lean_mean":
        return float(np.hypot(SIDE_LEAN_SD_DEG * off, LEAN_DEG * left * off))
    if key == "forward_lean_rom":
        return OF_A_ROM * SIDE_LEAN_ROM_DEG * off
    if key in ("shoulder_sway", "pelvis_sway", "head_sway"):
        return OF_A_ROM * FORE_AFT_CM * off
    if key in ("arm_crossing_left", "arm_crossing_right"):
        return HAND_AHEAD * off
    return 0.0


def _off(heading: Heading) -> tuple[float, float]:
    """How far the camera stands off the square view, and how much of that is not taken out (1 SD), radians."""
    off = np.radians(np.hypot(heading.turn_deg, heading.sd_deg))
    return float(off), float(np.radians(heading.sd_deg) if _used(heading) else off)


def _used(heading: Heading) -> bool:
    return heading.is_seen and heading.sd_deg <= USED_SD_DEG


def _tan(degrees: Floats) -> Floats:
    return np.asarray(np.tan(np.radians(degrees)))


def _angle(tangent: Floats) -> Floats:
    return np.asarray(np.degrees(np.arctan(tangent)))
