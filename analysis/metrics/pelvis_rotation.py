"""Rotation of the pelvis about the vertical, alone and against the shoulders.  Never from the hip landmarks.

Those turn with the thorax whatever the pelvis does (docs/adr/0004).  Three tape dots round a belt give a curve, as an
experiment of grade C; where the dots sit adds a constant, so that the mean is never read from them.
"""

import numpy as np

from analysis.cycle import stride_curves
from analysis.metrics.estimate import STRIDES_MIN, Method, interval, rom_of, strides_reason
from analysis.metrics.spec import Grade, Group, Measured, MetricSpec, NotMeasured, Reference
from analysis.types import Evidence, Floats, ViewName

# Side view, three dots, truth clips: 5.0 -> 5.7 and 12.9 -> 12.2 deg with a square camera, 11.7 -> 6.9 with an oblique
# one.
ROM = Method(error_sd=2.4)
# Against the shoulders: their error (2.4 deg after the gain) and the pelvis's.
COUNTER = Method(error_sd=3.2)
PHASE_SD_DEG = 20.0
STRIDES_GOOD = 10

HOW = (
    "The pose model cannot see the pelvis turn: its hip points follow the shoulders. Film from the side with three "
    "bright tape dots on a snug belt, one on the hip and one 45 degrees to either side of it."
)
_OFFSET = (
    "Where the pelvis points on average is not known: the pose model cannot see it, and a tape dot that sits 1 cm off "
    "turns it by 4 degrees. No way of filming shows it yet; where the shoulders point shows from the side."
)
_GRADES = {ViewName.SIDE: Grade.C, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X}
_ERRORS = (
    "An experiment: about 1 deg with a camera at right angles, and up to 5 deg too small with an oblique one. How well "
    "a belt follows the pelvis is not settled. It never flags."
)
_CAPTURE = Reference("Motion capture of 6-8 healthy runners at 2-5 m/s: 6-24 deg, mean 12.7, SD 7.4")
_COORDINATION = (
    Reference("Motion capture of healthy runners: ROM 13-52 deg (median 26), phase +5 to +90 deg, one at 155"),
    Reference("Seay et al. 2011: trunk and pelvis more in phase in runners with low-back pain"),
)


def compute_pelvis_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the pelvis's yaw over the mean stride, from tape only."""
    if "pelvis_rotation" not in evidence.waveforms:
        return NotMeasured(HOW)
    return _from_tape(rom_of(evidence, "pelvis_rotation", ROM, STRIDES_GOOD))


def compute_counter_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of shoulder yaw minus pelvis yaw over the mean stride, the pelvis from tape only."""
    if not _has_both(evidence):
        return NotMeasured(HOW)
    return _from_tape(rom_of(evidence, "counter_rotation", COUNTER, STRIDES_GOOD))


def compute_counter_phase(evidence: Evidence) -> Measured | NotMeasured:
    """Phase between shoulder and pelvis yaw at stride frequency: 0 = together, 180 = opposite; the pelvis from tape."""
    if not _has_both(evidence):
        return NotMeasured(HOW)
    cuts = evidence.strides.cuts_s
    shoulders = stride_curves(evidence.waveforms["thorax_rotation"], evidence.t_s, cuts)
    pelvis = stride_curves(evidence.waveforms["pelvis_rotation"], evidence.t_s, cuts)
    count = min(len(shoulders), len(pelvis))
    if count < STRIDES_MIN:
        return NotMeasured(strides_reason(count))
    value = compute_phase_deg(shoulders.mean(axis=0), pelvis.mean(axis=0))
    low, high = interval(value, PHASE_SD_DEG)
    return Measured(value, max(low, 0.0), min(high, 180.0), count, source="tape")


def compute_offset(evidence: Evidence) -> Measured | NotMeasured:
    """Not from landmarks, and not from dots: their places add a constant."""
    return NotMeasured(_OFFSET)


def compute_phase_deg(one: Floats, other: Floats) -> float:
    """How far two stride curves [101] are apart at stride frequency, 0..180 deg."""
    turn = np.exp(-2j * np.pi * np.arange(len(one) - 1) / (len(one) - 1))
    apart = np.angle(np.sum(one[:-1] * turn) / np.sum(other[:-1] * turn))
    return float(abs(np.degrees(apart)))


def _has_both(evidence: Evidence) -> bool:
    return {"thorax_rotation", "pelvis_rotation", "counter_rotation"} <= set(evidence.waveforms)


def _from_tape(found: Measured | NotMeasured) -> Measured | NotMeasured:
    if isinstance(found, NotMeasured):
        return found
    return Measured(
        found.value, found.low, found.high, found.strides, source="tape", grade=found.grade, note=found.note
    )


PELVIS_ROTATION_ROM = MetricSpec(
    key="pelvis_rotation_rom",
    label="Pelvis rotation",
    unit="deg",
    group=Group.TORSO,
    question="How far does your pelvis turn to and fro?",
    definition="Peak-to-peak of the pelvis's rotation about the vertical over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=8.0,
    references=(_CAPTURE,),
    errors=_ERRORS,
    compute=compute_pelvis_rom,
    waveform="pelvis_rotation",
    shown_at="peak",
    film=HOW,
)

COUNTER_ROTATION_ROM = MetricSpec(
    key="counter_rotation_rom",
    label="Shoulders against pelvis",
    unit="deg",
    group=Group.TORSO,
    question="How far do shoulders and pelvis turn against each other?",
    definition="Peak-to-peak of the shoulder line's rotation minus the pelvis's over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=10.0,
    references=_COORDINATION,
    errors=_ERRORS + " Most of it is the shoulders' own rotation.",
    compute=compute_counter_rom,
    waveform="counter_rotation",
    shown_at="peak",
    film=HOW,
)

COUNTER_ROTATION_PHASE = MetricSpec(
    key="counter_rotation_phase",
    label="Shoulders against pelvis, timing",
    unit="deg",
    group=Group.TORSO,
    question="Do shoulders and pelvis turn together or against each other?",
    definition="Phase between the rotations of shoulder line and pelvis at stride frequency.",
    sign="0 = together, 180 = opposite.",
    grades=_GRADES,
    mdc=55.0,
    references=_COORDINATION,
    errors=_ERRORS,
    compute=compute_counter_phase,
    waveform="counter_rotation",
    decimals=0,
    film=HOW,
)

SHOULDER_HIP_OFFSET = MetricSpec(
    key="shoulder_hip_offset",
    label="Shoulders and hips square",
    unit="deg",
    group=Group.TORSO,
    question="Do shoulders and hips look at the same point?",
    definition="Mean of the shoulder line's rotation minus the pelvis's.",
    sign="+ = shoulders turned further to your left than the hips.",
    grades=_GRADES,
    mdc=5.0,
    references=(Reference("Motion capture of 6-8 healthy runners: -5 to +3 deg"),),
    errors="Not measured from landmarks or tape: neither knows where the pelvis points on average.",
    compute=compute_offset,
    film=_OFFSET,
)

HIP_FACING = MetricSpec(
    key="hip_facing",
    label="Hips pointing forwards",
    unit="deg",
    group=Group.TORSO,
    question="Do your hips point where you run?",
    definition="Mean rotation of the pelvis against the direction of travel.",
    sign="+ = turned to your left.",
    grades=_GRADES,
    mdc=5.0,
    references=(Reference("Motion capture of 6-8 healthy runners: within 6 deg of the direction of travel"),),
    errors="Not measured from landmarks or tape: neither knows where the pelvis points on average.",
    compute=compute_offset,
    film=_OFFSET,
)
