"""The catalogue: every metric, explicit and in the order in which people read them.

A new metric is one file in this folder and one line here; keys are for ever.
"""

from analysis.metrics.cadence import CADENCE
from analysis.metrics.forward_lean import FORWARD_LEAN_MEAN, FORWARD_LEAN_ROM
from analysis.metrics.head_forward import HEAD_FORWARD, HEAD_FORWARD_TRUNK
from analysis.metrics.head_pitch import HEAD_PITCH_MEAN, HEAD_PITCH_ROM
from analysis.metrics.lateral_lean import LATERAL_LEAN_LEFT_RIGHT, LATERAL_LEAN_MEAN, LATERAL_LEAN_ROM
from analysis.metrics.pelvic_drop import PELVIC_DROP_LEFT, PELVIC_DROP_RIGHT, PELVIC_OBLIQUITY_ROM
from analysis.metrics.spec import MetricSpec
from analysis.metrics.vertical_oscillation import VERTICAL_OSCILLATION

METRICS: tuple[MetricSpec, ...] = (
    # torso
    PELVIC_DROP_LEFT,
    PELVIC_DROP_RIGHT,
    PELVIC_OBLIQUITY_ROM,
    LATERAL_LEAN_MEAN,
    LATERAL_LEAN_ROM,
    LATERAL_LEAN_LEFT_RIGHT,
    FORWARD_LEAN_MEAN,
    FORWARD_LEAN_ROM,
    VERTICAL_OSCILLATION,
    # head
    HEAD_FORWARD,
    HEAD_FORWARD_TRUNK,
    HEAD_PITCH_MEAN,
    HEAD_PITCH_ROM,
    # running
    CADENCE,
)
