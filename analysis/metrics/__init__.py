"""The catalogue: every metric, explicit and in the order in which people read them.

A new metric is one file in this folder and one line here; keys are for ever.
"""

from analysis.metrics.arm_crossing import ARM_CROSSING_LEFT, ARM_CROSSING_RIGHT
from analysis.metrics.cadence import CADENCE
from analysis.metrics.contact import CONTACT_TIME_LEFT, CONTACT_TIME_RIGHT, DUTY_FACTOR, FLIGHT_TIME
from analysis.metrics.foot_strike import FOOT_STRIKE_ANGLE
from analysis.metrics.forward_lean import FORWARD_LEAN_MEAN, FORWARD_LEAN_ROM
from analysis.metrics.head_balance import HEAD_BALANCE
from analysis.metrics.head_forward import HEAD_FORWARD, HEAD_FORWARD_TRUNK
from analysis.metrics.head_pitch import HEAD_PITCH_MEAN, HEAD_PITCH_ROM
from analysis.metrics.head_sway import HEAD_BOB, HEAD_SWAY
from analysis.metrics.head_tilt import HEAD_TILT_MEAN, HEAD_TILT_ROM
from analysis.metrics.knee_flexion import KNEE_FLEXION_CONTACT
from analysis.metrics.lateral_lean import LATERAL_LEAN_LEFT_RIGHT, LATERAL_LEAN_MEAN, LATERAL_LEAN_ROM
from analysis.metrics.overstride import OVERSTRIDE
from analysis.metrics.pelvic_drop import PELVIC_DROP_LEFT, PELVIC_DROP_RIGHT, PELVIC_OBLIQUITY_ROM
from analysis.metrics.pelvis_rotation import (
    COUNTER_ROTATION_PHASE,
    COUNTER_ROTATION_ROM,
    HIP_FACING,
    PELVIS_ROTATION_ROM,
    SHOULDER_HIP_OFFSET,
)
from analysis.metrics.shoulder_tilt import SHOULDER_TILT_MEAN, SHOULDER_TILT_ROM
from analysis.metrics.spec import MetricSpec
from analysis.metrics.step_width import STEP_WIDTH
from analysis.metrics.stride_regularity import STRIDE_REGULARITY
from analysis.metrics.sway import PELVIS_SWAY, SHOULDER_SWAY
from analysis.metrics.thorax_rotation import SHOULDER_FACING, THORAX_ROTATION_ROM
from analysis.metrics.torso_stability import TORSO_STABILITY
from analysis.metrics.vertical_oscillation import VERTICAL_OSCILLATION

METRICS: tuple[MetricSpec, ...] = (
    # the whole
    TORSO_STABILITY,
    HEAD_BALANCE,
    # torso: rotation
    THORAX_ROTATION_ROM,
    PELVIS_ROTATION_ROM,
    COUNTER_ROTATION_ROM,
    COUNTER_ROTATION_PHASE,
    SHOULDER_HIP_OFFSET,
    SHOULDER_FACING,
    HIP_FACING,
    # torso: dipping and leaning
    PELVIC_DROP_LEFT,
    PELVIC_DROP_RIGHT,
    PELVIC_OBLIQUITY_ROM,
    SHOULDER_TILT_MEAN,
    SHOULDER_TILT_ROM,
    LATERAL_LEAN_MEAN,
    LATERAL_LEAN_ROM,
    LATERAL_LEAN_LEFT_RIGHT,
    FORWARD_LEAN_MEAN,
    FORWARD_LEAN_ROM,
    # torso: not much should be happening
    VERTICAL_OSCILLATION,
    SHOULDER_SWAY,
    PELVIS_SWAY,
    STRIDE_REGULARITY,
    # head
    HEAD_FORWARD,
    HEAD_FORWARD_TRUNK,
    HEAD_PITCH_MEAN,
    HEAD_PITCH_ROM,
    HEAD_TILT_MEAN,
    HEAD_TILT_ROM,
    HEAD_SWAY,
    HEAD_BOB,
    # running
    CADENCE,
    CONTACT_TIME_LEFT,
    CONTACT_TIME_RIGHT,
    FLIGHT_TIME,
    DUTY_FACTOR,
    OVERSTRIDE,
    KNEE_FLEXION_CONTACT,
    FOOT_STRIKE_ANGLE,
    STEP_WIDTH,
    ARM_CROSSING_LEFT,
    ARM_CROSSING_RIGHT,
)
