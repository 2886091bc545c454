"""Which drawing shows what a metric measures: templates/components/figures/<name>.html and what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Drawing:
    name: str
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"components/figures/{self.name}.html"


LEAN_REAR, SHOULDERS, PELVIS = Drawing("lean_rear"), Drawing("shoulders"), Drawing("pelvis")
SHOULDERS_TURN, HIPS_TURN = Drawing("turn", {"shoulders": True}), Drawing("turn", {"hips": True})
BOTH_TURN = Drawing("turn", {"shoulders": True, "hips": True})
LEAN_SIDE, HEAD_TILT = Drawing("lean_side"), Drawing("head_tilt")

DRAWINGS: Mapping[str, Drawing] = {
    "torso_stability": Drawing("torso"),
    "head_balance": Drawing("head"),
    "thorax_rotation_rom": SHOULDERS_TURN,
    "shoulder_facing": SHOULDERS_TURN,
    "pelvis_rotation_rom": HIPS_TURN,
    "hip_facing": HIPS_TURN,
    "counter_rotation_rom": BOTH_TURN,
    "counter_rotation_phase": BOTH_TURN,
    "shoulder_hip_offset": BOTH_TURN,
    "pelvic_drop_left": PELVIS,
    "pelvic_drop_right": Drawing("pelvis", {"mirror": True}),
    "pelvic_obliquity_rom": PELVIS,
    "shoulder_tilt_mean": SHOULDERS,
    "shoulder_tilt_rom": SHOULDERS,
    "lateral_lean_mean": LEAN_REAR,
    "lateral_lean_rom": LEAN_REAR,
    "lateral_lean_left_right": LEAN_REAR,
    "forward_lean_mean": LEAN_SIDE,
    "forward_lean_rom": LEAN_SIDE,
    "vertical_oscillation": Drawing("bounce", {"x": 120, "y": 198}),
    "head_bob": Drawing("bounce", {"x": 159, "y": 48}),
    "shoulder_sway": Drawing("sway", {"y": 98}),
    "pelvis_sway": Drawing("sway", {"y": 200}),
    "head_sway": Drawing("sway", {"y": 46}),
    "stride_regularity": Drawing("regularity"),
    "head_forward": Drawing("head_forward"),
    "head_forward_trunk": Drawing("head_forward", {"trunk": True}),
    "head_pitch_mean": Drawing("head_pitch"),
    "head_pitch_rom": Drawing("head_pitch", {"nod": True}),
    "head_tilt_mean": HEAD_TILT,
    "head_tilt_rom": HEAD_TILT,
    "cadence": Drawing("steps", {"mark": "cadence"}),
    "contact_time_left": Drawing("steps", {"mark": "contact-left"}),
    "contact_time_right": Drawing("steps", {"mark": "contact-right"}),
    "flight_time": Drawing("steps", {"mark": "flight"}),
    "duty_factor": Drawing("steps", {"mark": "duty"}),
    "overstride": Drawing("overstride"),
    "knee_flexion_contact": Drawing("knee"),
    "foot_strike_angle": Drawing("foot"),
    "step_width": Drawing("step_width"),
    "arm_crossing_left": Drawing("arms"),
    "arm_crossing_right": Drawing("arms", {"mirror": True}),
}
