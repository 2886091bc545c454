"""Trunk and head seen from the side: what BlazePose shows, and what is really there.

BlazePose draws a runner's posture towards a usual one, and one part of it into another: a head that is carried 8 cm
forwards moves its ear points by 7 cm and drags the shoulder points along by 2 cm, so that a plain reading sees half of
the shift, a trunk that leans 2 deg more and a head that looks 9 deg down.  What it shows of a posture held over a clip
is a linear function of three things (residuals on 13 truth clips with one fault each: 0.1 deg, 0.002, 0.2 deg):

    shown lean   = LEAN_SHIFT + lean + LEAN_PER_HEAD * head + LEAN_PER_PITCH * pitch
    shown head   = HEAD_SHIFT + HEAD_PER_LEAN * lean + HEAD_GAIN * head + HEAD_PER_PITCH * pitch
    shown pitch  = PITCH_SHIFT + PITCH_PER_LEAN * lean + PITCH_PER_HEAD * head + PITCH_GAIN * pitch

This module solves the three for lean, head (in front of the trunk line, over trunk length) and pitch.  The gains are
those of the clips with faults; the pitch's is the middle of five bodies.  The shifts belong to the model's points and
differ between bodies and, above all, with the hair around the face; they are set between the people that were compared,
and the metrics carry the rest in their intervals (docs/adr/0006, docs/adr/0022).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.types import Floats, Landmarks, View

# The hip points lie 2 cm in front of the joints, the shoulder points above them and 1 cm in front; the shoulder points
# follow the head by a fifth of its shift, and a little when it nods.
LEAN_SHIFT_DEG = -2.19
LEAN_PER_HEAD_DEG = 12.5
LEAN_PER_PITCH = 0.038
# The ear points lie 3-6 cm in front of the ear's root.
HEAD_SHIFT = 0.1175
HEAD_PER_LEAN = -0.0011
HEAD_GAIN = 0.50
HEAD_PER_PITCH = -0.0005
PITCH_SHIFT_DEG = 9.02
PITCH_PER_LEAN = -0.24
PITCH_PER_HEAD_DEG = -52.5
# 0.44 to 0.65 on five bodies with 12 to 20 deg of fault.
PITCH_GAIN = 0.52

# Height of the ear over the shoulder along the trunk: shown to true, over the true trunk length.
UP_SHIFT, UP_GAIN = 0.117, 1.147

# The face from the side when BlazePose shows it level: ear, eye, inner and outer corner of the eye, nose, mouth, in
# trunk lengths, x forwards, y up.  Six points rather than the line from ear to nose: a face that is unlike others in
# one of them is then misread less, and the head's turn to the side with each arm swing cancels in part.
FACE_PAIRS = (
    (lm.LEFT_EAR, lm.RIGHT_EAR),
    (lm.LEFT_EYE, lm.RIGHT_EYE),
    (lm.LEFT_EYE_INNER, lm.RIGHT_EYE_INNER),
    (lm.LEFT_EYE_OUTER, lm.RIGHT_EYE_OUTER),
    (lm.NOSE, lm.NOSE),
    (lm.MOUTH_LEFT, lm.MOUTH_RIGHT),
)
LEVEL_FACE: NDArray[np.complex128] = np.array(
    [-0.084 + 0.022j, 0.008 + 0.037j, 0.016 + 0.034j, -0.002 + 0.039j, 0.048 - 0.036j, 0.014 - 0.095j]
)


@dataclass(frozen=True)
class Shown:
    """Per frame [n], as BlazePose shows it, x in the direction of travel: lean of the trunk (deg, forwards), ear in
    front of the trunk line and above the shoulder along it (trunk lengths), turn of the face (deg, + = up).
    """

    lean_deg: Floats
    ahead: Floats
    above: Floats
    face_deg: Floats


def read_side(landmarks: Landmarks, view: View) -> Shown:
    """What the landmarks of a side view show."""
    xy = landmarks.xy_px * np.array([view.travel_sign, 1.0])
    trunk = geo.shoulder_mid(xy) - geo.hip_mid(xy)
    head = geo.ear_mid(xy) - geo.shoulder_mid(xy)
    axis = trunk / geo.length(trunk)[:, None]
    trunk_px = geo.median(geo.length(trunk))
    world = landmarks.world_m[..., :2] * np.array([view.travel_sign, 1.0])
    lean_3d = geo.angle_from_vertical_deg(geo.shoulder_mid(world) - geo.hip_mid(world))
    return Shown(
        # Picture and model agree within 1 deg in the mean; their movement is steadier together than in either.
        lean_deg=np.asarray((geo.angle_from_vertical_deg(trunk) + lean_3d) / 2),
        ahead=np.asarray((head[:, 0] * axis[:, 1] - head[:, 1] * axis[:, 0]) / trunk_px),
        above=np.asarray(np.sum(head * axis, axis=1) / trunk_px),
        face_deg=compute_face_turn_deg(xy),
    )


def compute_face_turn_deg(xy: Floats) -> Floats:
    """Turn of the face against the level one, by least squares over its points: [n, 33, 2], x forwards -> [n] deg."""
    points = np.stack([geo.middle(xy, left, right) for left, right in FACE_PAIRS], axis=1)
    plane = points[..., 0] + 1j * points[..., 1]
    centred = plane - plane.mean(axis=1, keepdims=True)
    return np.asarray(np.degrees(np.angle(np.sum(centred * np.conj(LEVEL_FACE), axis=1))))


def solve_posture(shown_lean_deg: float, shown_head: float, shown_pitch_deg: float) -> tuple[float, float, float]:
    """True lean (deg), head in front of the trunk line (trunk lengths) and pitch (deg) from what is shown."""
    matrix = np.array(
        [
            [1.0, LEAN_PER_HEAD_DEG, LEAN_PER_PITCH],
            [HEAD_PER_LEAN, HEAD_GAIN, HEAD_PER_PITCH],
            [PITCH_PER_LEAN, PITCH_PER_HEAD_DEG, PITCH_GAIN],
        ]
    )
    shown = np.array([shown_lean_deg - LEAN_SHIFT_DEG, shown_head - HEAD_SHIFT, shown_pitch_deg - PITCH_SHIFT_DEG])
    lean, head, pitch = np.linalg.solve(matrix, shown)
    return float(lean), float(head), float(pitch)


def correct_posture(shown: Shown) -> Mapping[str, Floats]:
    """The series of a side view with true means: forward_lean, head_forward, head_forward_trunk, head_pitch.

    Only the means are corrected.  What changes within the stride is kept as shown: there the gains are other ones.
    """
    lean, head, pitch = solve_posture(
        float(np.nanmean(shown.lean_deg)), float(np.nanmean(shown.ahead)), float(np.nanmean(shown.face_deg))
    )
    above = UP_SHIFT + UP_GAIN * float(np.nanmean(shown.above))
    angle = np.radians(lean)
    ahead = head * np.cos(angle) + above * np.sin(angle)
    moving = shown.ahead - np.nanmean(shown.ahead)
    return {
        "forward_lean": shown.lean_deg - np.nanmean(shown.lean_deg) + lean,
        "head_forward": moving + ahead,
        "head_forward_trunk": moving + head,
        "head_pitch": shown.face_deg - np.nanmean(shown.face_deg) + pitch,
    }
