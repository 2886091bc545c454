"""Checks of the input: what is wrong with a clip, said plainly, with what to do.

A failed check that ``refuses`` ends the analysis; every other one costs only what it touches.  Limits:
docs/biomechanics.md section 6, unless the constant says where else from.
"""

from analysis.gates.breaks import check_breaks
from analysis.gates.camera import (
    check_level,
    check_light,
    check_oblique,
    check_sharp,
    check_steady,
    check_view,
    is_level_known,
)
from analysis.gates.clip import check_doubled, check_frame_rate, check_slow_motion, check_time
from analysis.gates.gate import Gate, Verdict
from analysis.gates.person import (
    check_cropped,
    check_mirror,
    check_nobody,
    check_others,
    check_person,
    check_size,
    check_upright,
    compute_visible,
)
from analysis.gates.running import (
    blame_the_clip,
    check_activity,
    check_even,
    check_forwards,
    check_hands,
    check_passing,
    check_sides,
    check_standing,
    check_strides,
    compute_wander,
)

__all__ = [
    "Gate",
    "Verdict",
    "blame_the_clip",
    "check_activity",
    "check_breaks",
    "check_cropped",
    "check_doubled",
    "check_even",
    "check_forwards",
    "check_frame_rate",
    "check_hands",
    "check_level",
    "check_light",
    "check_mirror",
    "check_nobody",
    "check_oblique",
    "check_others",
    "check_passing",
    "check_person",
    "check_sharp",
    "check_sides",
    "check_size",
    "check_slow_motion",
    "check_standing",
    "check_steady",
    "check_strides",
    "check_time",
    "check_upright",
    "check_view",
    "compute_visible",
    "compute_wander",
    "is_level_known",
]
