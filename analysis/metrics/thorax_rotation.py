"""Rotation of the shoulder line about the vertical: how much with each stride, and where it points."""

from dataclasses import replace

import numpy as np

from analysis.cycle import compute_fundamental, repeating, stride_curves
from analysis.metrics.estimate import Z95, Method, interval, mean_of, not_negative, rom_of
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
from analysis.types import Evidence, Floats, Sex, Side, ViewName

# Side view, six rendered bodies, twists of 22 to 50 deg: shown in full, as far off in small ones as in large ones.
METHOD = Method(error_sd=1.6, gain=0.97)
STRIDES_GOOD = 10
# The mean of the model's depth, less the camera's turn, which it shows in full (-10 to 15 deg: 1.0 of it).  Of a turn
# of the runner's own it shows 0.6 (0.4 to 0.7, six bodies).  That is not undone, for it would make 1.7 times of what
# bodies differ by; what is missing of the number is counted as error, in this share of it (1 SD).
FACING = Method(error_sd=4.5)
MISSING = 0.4
# The nearer shoulder is read behind the further one, by -0.2 deg in the one set of rendered clips and by 4 to 6 deg on
# five bodies in the other, whatever their clothes, light and lens.  Nothing tells which the next runner is like: the
# number lies between the sets, and the error holds both.
NEAR_BEHIND_DEG = 1.8

# Left and right shoulder are exchanged where the line turns past this; so often at most.
EXCHANGED_DEG = 80.0
EXCHANGED_SHARE = 0.05
# The length of the shoulder line in the picture, the nearer shoulder and the model's depth have to tell the same story
# at stride frequency (clear pictures: 0.6-1.2 of each other, 10 deg of phase apart), and most of the curve has to come
# back in every stride.
APART_TIMES, APART_PHASE_DEG = 2.0, 40.0
REPEATING_MIN = 0.6
# What nearer shoulder and length differ by is counted as error, in this share (1 SD): they are joined half and half.
APART_ERROR = 0.5

_UNCLEAR = (
    "The far shoulder could not be followed clearly enough. Film from the side in good light, in a fitted top that "
    "differs from the background."
)
_HEADING = (
    "One clip cannot tell whether the runner or the camera is turned: the direction of the belt has to be known within "
    "3 degrees. Film from the side, at right angles, with both long edges of the belt in the picture, or draw a line "
    "along the edge of the deck. From behind and in front less than half of a turn shows."
)
_GRADES = {ViewName.SIDE: Grade.B, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X}
_REFERENCES = (
    Reference("Motion capture of 6-8 healthy runners at 3-4 m/s: 16-42 deg, mean 29, SD 9"),
    Reference("Lang et al. 2023, Sports 11:204: rotation is individual and grows with speed; no clear cost (n = 86)"),
    Reference("Arellano & Kram 2014, JEB 217:2456: running without arm swing turns the trunk more and costs 3-13 %"),
)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the shoulder line's yaw over the mean stride (side view)."""
    if (reason := find_doubt(evidence)) is not None:
        return NotMeasured(reason)
    found = rom_of(evidence, "thorax_rotation", METHOD, STRIDES_GOOD)
    if isinstance(found, NotMeasured):
        return found
    own = (found.high - found.low) / 2 / Z95
    apart = abs(compute_apart(evidence, "near")) - 1.0
    low, high = interval(found.value, float(np.hypot(own, APART_ERROR * apart * found.value)))
    return not_negative(replace(found, low=low, high=high))


def compute_facing(evidence: Evidence) -> Measured | NotMeasured:
    """Mean yaw of the shoulder line against the direction of travel, where that is known within 3 degrees."""
    heading = evidence.heading
    if evidence.view.name is not ViewName.SIDE or not heading.is_known:
        return NotMeasured(_HEADING)
    if (reason := find_doubt(evidence)) is not None:
        return NotMeasured(reason)
    found = mean_of(evidence, "thorax_rotation_deep", FACING, STRIDES_GOOD)
    if isinstance(found, NotMeasured):
        return found
    own = (found.high - found.low) / 2 / Z95
    nearer = 1.0 if evidence.view.near is Side.RIGHT else -1.0
    value = found.value - heading.turn_deg + NEAR_BEHIND_DEG * nearer
    low, high = interval(value, float(np.linalg.norm([own, heading.sd_deg, MISSING * value])))
    return replace(found, value=value, low=low, high=high, marked_by=heading.marked_by)


def find_doubt(evidence: Evidence) -> str | None:
    """Why the shoulder line of this side view is not to be trusted; None when it is.

    Exchanged or invented shoulders show in three ways: the line turns past a right angle, its length disagrees with the
    nearer shoulder or the model's depth, or it does not come back from stride to stride.
    """
    if "thorax_rotation_flat" not in evidence.waveforms:
        return "The rotation of the shoulders shows from the side only."
    deep = evidence.waveforms["thorax_rotation_deep"]
    finite = deep[np.isfinite(deep)]
    if len(finite) and float(np.mean(np.abs(finite) > EXCHANGED_DEG)) > EXCHANGED_SHARE:
        return _UNCLEAR
    curves = [_curves(evidence, way) for way in ("flat", "deep")]
    if not all(len(one) for one in curves):
        return None
    same = all(_is_same(compute_apart(evidence, way)) for way in ("near", "deep"))
    steady = min(repeating(one) for one in curves) > REPEATING_MIN
    return None if same and steady else _UNCLEAR


def compute_apart(evidence: Evidence, way: str) -> complex:
    """Rotation read in one ``way`` (near, deep) over that by the line's length, at stride frequency: size and phase."""
    return compute_fundamental(_curves(evidence, way)) / compute_fundamental(_curves(evidence, "flat"))


def _is_same(apart: complex) -> bool:
    return 1 / APART_TIMES < abs(apart) < APART_TIMES and bool(abs(np.degrees(np.angle(apart))) < APART_PHASE_DEG)


def _curves(evidence: Evidence, way: str) -> Floats:
    """Stride curves [k, 101] of one reading of the rotation."""
    return stride_curves(evidence.waveforms[f"thorax_rotation_{way}"], evidence.t_s, evidence.strides.cuts_s)


THORAX_ROTATION_ROM = MetricSpec(
    key="thorax_rotation_rom",
    label="Shoulder line rotation",
    unit="deg",
    group=Group.TORSO,
    question="How far do your shoulders turn to and fro?",
    definition="Peak-to-peak of the shoulder line's rotation about the vertical over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=6.0,
    references=_REFERENCES,
    errors=(
        "About 2-3 deg from the side on rendered clips of several bodies. It is the line between the shoulders, not "
        "the spine. "
        "From behind or in front the turn hardly changes the picture."
    ),
    compute=compute_rom,
    bands=(
        Band(ok=(10.0, 36.0), watch=(None, 45.0), sex=Sex.MALE),
        Band(ok=(10.0, 40.0), watch=(None, 45.0), sex=Sex.FEMALE),
    ),
    praise="Your shoulder line turns by a healthy amount.",
    advice_high=Advice(
        title="Shoulders twist a lot",
        cue="Headlamp on your breastbone: keep the beam on the road. Elbows drive back, not across.",
        drills=(
            Drill("Arm swing in front of a mirror, kneeling tall", "3 x 30 s, three times a week"),
            Drill("Pallof press", "3 x 10 each side, three times a week"),
            Drill("Dead bug", "3 x 8 each side, three times a week"),
        ),
        why="Arms balance the legs. When they swing across, the trunk turns for them: swing better, do not clamp.",
        source="Arellano & Kram 2014; coaching practice",
    ),
    advice_low=Advice(
        title="Very still shoulders",
        cue="Let ribs and hips gently unwind; soft shoulders.",
        drills=(
            Drill("Open book, lying on the side", "2 x 8 each side, daily"),
            Drill("Thread the needle", "2 x 8 each side, daily"),
            Drill("Relaxed strides", "6 x 15 s, once a week"),
        ),
        why="A small counter-rotation is wanted: runners with back pain turn trunk and pelvis more as one block.",
        source="Seay et al. 2011",
    ),
    waveform="thorax_rotation",
    shown_at="peak",
)

SHOULDER_FACING = MetricSpec(
    key="shoulder_facing",
    label="Shoulders pointing forwards",
    unit="deg",
    group=Group.TORSO,
    question="Do your shoulders point where you run?",
    definition="Mean rotation of the shoulder line against the direction of travel.",
    sign="+ = turned to your left.",
    grades={ViewName.SIDE: Grade.C, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X},
    mdc=5.0,
    references=(Reference("Motion capture of 6-8 healthy runners: within 5 deg of the direction of travel"),),
    errors=(
        "About 4 deg between bodies, and the error of the direction of travel: 1 to 2 deg from the edges of the deck. "
        "Of a turn about two thirds are seen. A camera that is turned by 10 deg adds 10 deg: only with that direction "
        "known within 3 deg. Best compared with another clip of the same runner."
    ),
    compute=compute_facing,
    film=_HEADING,
)
