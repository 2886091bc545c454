"""One check of the input, and what a failed one may cost."""

from dataclasses import dataclass
from enum import StrEnum

# Metrics that lean on one part of the picture; a check that spoils the part names them.
FEET = (
    "contact_time_left",
    "contact_time_right",
    "flight_time",
    "duty_factor",
    "overstride",
    "knee_flexion_contact",
    "foot_strike_angle",
)
ARMS = ("arm_crossing_left", "arm_crossing_right")
TURNS = (
    "thorax_rotation_rom",
    "pelvis_rotation_rom",
    "counter_rotation_rom",
    "counter_rotation_phase",
    "shoulder_hip_offset",
    "shoulder_facing",
    "hip_facing",
)
TILTS = (
    "pelvic_obliquity_rom",
    "pelvic_drop_left",
    "pelvic_drop_right",
    "shoulder_tilt_rom",
    "shoulder_tilt_mean",
)
LEANS = ("lateral_lean_rom", "forward_lean_rom")
SWAYS = ("shoulder_sway", "pelvis_sway", "head_sway")
BOUNCES = ("vertical_oscillation", "head_bob")
HEAD = ("head_forward", "head_forward_trunk", "head_pitch_mean", "head_pitch_rom", "head_tilt_mean", "head_tilt_rom")
# What is read against the vertical of the picture.
UPRIGHT = (
    "shoulder_tilt_mean",
    "lateral_lean_mean",
    "forward_lean_mean",
    "head_tilt_mean",
    "head_pitch_mean",
    "head_forward",
)


class Verdict(StrEnum):
    """Of one check."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Gate:
    """One check: its key (for ever), verdict, text for people (what happened, what it means, what to do), and when.

    ``at_s`` media time in seconds.  ``refuses``: no numbers at all.  ``costs``: metrics that are not measured because
    of it; ``doubts``: metrics of which it leaves only grade C, which never flags.
    """

    id: str
    verdict: Verdict
    message: str
    at_s: float | None = None
    refuses: bool = False
    costs: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
