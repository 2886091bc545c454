"""Dipping of the pelvis: how far the swinging side drops while the other foot stands.

From tape dots or from lines drawn by a person, never from the hip landmarks: those stay level whatever the
pelvis does (docs/adr/0004).
"""

from dataclasses import replace

import numpy as np

from analysis.metrics import marked
from analysis.metrics.estimate import Method, not_negative, of_curves, rom_of
from analysis.metrics.spec import (
    Advice,
    Band,
    Drill,
    Grade,
    Group,
    Measured,
    MetricSpec,
    NotMeasured,
    Reference,
)
from analysis.types import Evidence, Floats, Side, ViewName

# Tape dots, rear view, eight truth clips of three bodies: -0.1 deg a side, 0.3 deg rms.  Real belts are not measured,
# so it is shown as +- 2 deg.
DROP = Method(error_sd=0.8)
ROM = Method(error_sd=0.8)
# Cloth under the belt that the thighs pull along hides up to 2.3 deg of a pelvis that hardly drops, and adds 0.5 at
# most.
BELT_GIVES_DEG = 1.0
# The pelvis has a third harmonic of a third of its fundamental, of which four places in the stride show nothing: drawn
# without error, 12.7 and 24.5 deg read 11.7 to 13.4 and 23.4 to 24.5 for mid-stances within 3 % of the stride, and 8.8
# of a pelvis that hardly drops reads 7.0.
UNSEEN_SD = 1.3
BETWEEN_TOO = (
    "The lines that were drawn show how deep the pelvis drops; draw them on the frames between the steps, too, for the "
    "whole movement."
)
# Stance as a share of the stride, from that side's foot strike: duty factor at 2.5-4.5 m/s.
STANCE = 0.36

HOW = (
    "The pose model cannot see the pelvis tilt. Film from behind with two bright tape dots on a snug belt at the "
    "dimples of the low back, or mark the waistband on the frames that RunForm picks."
)

_GRADES = {ViewName.SIDE: Grade.X, ViewName.REAR: Grade.B, ViewName.FRONT: Grade.B}
_REFERENCES = (
    Reference(
        "Bramah et al. 2018: injured runners drop the pelvis more (72 against 36 runners; an association only)",
        "https://pubmed.ncbi.nlm.nih.gov/30193080/",
    ),
    Reference(
        "Dingenen et al. 2018: pelvic drop from 2D video, ICC 0.59-0.77, SDD 2.7-2.8 deg",
        "https://research.monash.edu/en/publications/test-retest-reliability-of-two-dimensional-video-analysis-during-",
    ),
)
_ERRORS = (
    "About 2 deg either way: half a degree on clips with known truth. A belt goes with the trunk by about a twelfth, "
    "which is taken out; how far yours does is not known. It is counted from the stride's mean, because dots are "
    "never placed quite level."
)
_DRILLS = (
    Drill("Side plank with the top leg lifted", "3 x 20 s each side, three times a week"),
    Drill("Single-leg step-down in front of a mirror, hips level", "3 x 8 each side, three times a week"),
    Drill("Metronome run, 5-10 % quicker steps", "3 x 2 min in an easy run, 4-6 weeks"),
)
_WHY = (
    "A pelvis that dips asks more of hip and knee at every step. "
    "Quicker steps and feedback have been shown to lessen it."
)


def compute_left(evidence: Evidence) -> Measured | NotMeasured:
    """Drop of the right hip below the stride mean during left stance."""
    return _drop(evidence, Side.LEFT)


def compute_right(evidence: Evidence) -> Measured | NotMeasured:
    """Drop of the left hip below the stride mean during right stance."""
    return _drop(evidence, Side.RIGHT)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the pelvis's tilt over the mean stride."""
    found = rom_of(evidence, "pelvic_obliquity", ROM)
    if isinstance(found, Measured):
        return _from_tape(replace(found, high=found.high + BELT_GIVES_DEG), evidence)
    tilts = marked.tilts_of(evidence, "waist")
    if marked.fewest(tilts) < marked.MARKS_A_SIDE:
        return _from_tape(found, evidence)
    if not marked.has_between(tilts):
        return NotMeasured(BETWEEN_TOO)
    return not_negative(marked.compute_swing(tilts, marked.marked_by(evidence, "waist"), UNSEEN_SD))


def compute_drop(curves: Floats, side: Side) -> float:
    """Mean over strides of the largest drop about the stride mean in that side's stance; curves [k, 101], deg."""
    sign, start = (-1.0, 0.5) if side is Side.LEFT else (1.0, 0.0)
    first, last = round(100 * start), round(100 * (start + STANCE))
    return float(np.max(sign * (curves.mean(axis=0) - curves.mean())[first : last + 1]))


def _drop(evidence: Evidence, side: Side) -> Measured | NotMeasured:
    tilts = marked.tilts_of(evidence, "waist")
    tape = of_curves(evidence, "pelvic_obliquity", DROP, lambda curves: compute_drop(curves, side))
    drawn = marked.compute_drop(tilts, side, marked.marked_by(evidence, "waist"))
    if isinstance(drawn, Measured) or (isinstance(tape, NotMeasured) and any(map(len, tilts.values()))):
        return drawn
    return _from_tape(tape, evidence)


def _from_tape(found: Measured | NotMeasured, evidence: Evidence) -> Measured | NotMeasured:
    if isinstance(found, NotMeasured):
        reason = evidence.notes.get("tape")
        return NotMeasured(f"{reason} {HOW}" if reason else HOW)
    return replace(found, source="tape")


def _advice(side: str) -> Advice:
    return Advice(
        title=f"The pelvis drops while you stand on the {side} leg",
        cue="Carry a tray of drinks on your hips: keep it level.",
        drills=_DRILLS,
        why=_WHY,
        source="Bramah et al. 2018, 2019; Willy et al. 2012",
    )


def _drop_spec(side: Side) -> MetricSpec:
    return MetricSpec(
        key=f"pelvic_drop_{side}",
        label=f"Pelvic drop, {side} stance",
        unit="deg",
        group=Group.TORSO,
        question=f"Does your pelvis dip while you stand on the {side} foot?",
        definition=(
            f"How far the {side.other} hip drops below the stride's mean while the {side} foot is on the ground, "
            "mean of the peaks."
        ),
        sign="Named by the standing leg; larger = deeper dip.",
        grades=_GRADES,
        mdc=3.5,
        references=_REFERENCES,
        errors=_ERRORS,
        compute=compute_left if side is Side.LEFT else compute_right,
        bands=(Band(ok=(None, 6.0), watch=(None, 8.0)), Band(ok=(None, 7.5), watch=(None, 9.5), speed_mps=(4.5, 7.0))),
        praise=f"Your pelvis stays level while you stand on the {side} leg.",
        advice_high=_advice(side),
        waveform="pelvic_obliquity",
        shown_at="peak",
        film=HOW,
    )


PELVIC_DROP_LEFT = _drop_spec(Side.LEFT)
PELVIC_DROP_RIGHT = _drop_spec(Side.RIGHT)

PELVIC_OBLIQUITY_ROM = MetricSpec(
    key="pelvic_obliquity_rom",
    label="Pelvis, side to side tilt",
    unit="deg",
    group=Group.TORSO,
    question="How much does your pelvis tilt from side to side?",
    definition="Peak-to-peak of the pelvis's tilt in the frontal plane over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=3.0,
    references=(
        Reference("Fukuchi et al. 2017, RBDS: medians 10.3, 11.4, 13.8 deg at 2.5, 3.5, 4.5 m/s"),
        *_REFERENCES,
    ),
    errors=_ERRORS,
    compute=compute_rom,
    praise="",
    waveform="pelvic_obliquity",
    shown_at="peak",
    film=HOW,
)
