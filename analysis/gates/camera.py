"""Checks of the camera: where it stands, how it is held, what it sees."""

import numpy as np

from analysis import geometry as geo
from analysis.direction import Heading
from analysis.gates.gate import BOUNCES, FEET, HEAD, LEANS, SWAYS, TILTS, TURNS, UPRIGHT, Gate, Verdict
from analysis.types import Landmarks, Scene, View, ViewName
from analysis.view import find_view

VIEW_MIN = 0.5
# Off the square view beyond this, rotation and tilt are less sure (docs/biomechanics.md 1.2: errors of 0.6-1.6 deg at
# 20 deg).
OBLIQUE_DEG = 20.0
# Mean brightness of the runner's box, 0..255 (section 6); the dim garage clip has 90.
DARK_LUMA = 50.0
# Share of its edges that a picture loses when blurred once more: 0.57 to 0.66 on real and rendered clips, 0.47 to 0.51
# after a blur of 1/90 of the runner's height, 0.30 to 0.34 after 1/45.
BLURRED = 0.40
# Shares of the picture's width (section 6: 0.5 % from picture to picture, 3 % drift, 0.5 degrees to either side).
SHAKE_SHARE, PAN_SHARE, TURN_DEG = 0.005, 0.03, 1.0
# To and fro by more than this (1 SD) the camera moves as far as a runner's shoulders do: 2 to 4 cm at 4 metres.
SHAKEN_SHARE = 0.010
# A phone leaning against something is within this of level.
TILTED_DEG = 2.0
ROLL_KNOWN_DEG = 1.0
# Furniture leans as far as this, and cameras seldom: there the runner must agree, who leans ahead by about 7 degrees
# and to no side (docs/biomechanics.md M6, M8).
FAR_DEG, USUAL_LEAN_DEG = 12.0, 7.0
# From behind and in front nobody runs leaning so far: the faults of the rendered clips reach 6, C-runners 3.  Seen from
# the side, people bend by 16 and more.
LEANING_DEG = {ViewName.SIDE: 18.0, ViewName.REAR: 9.0, ViewName.FRONT: 9.0}


def check_view(view: View) -> Gate:
    """One of the three views, clearly."""
    if view.confidence < VIEW_MIN:
        return Gate(
            "view",
            Verdict.WARN,
            f"The camera stood at an angle; this was taken as a {view.name} view. "
            "Film square from the side, from behind or from the front.",
        )
    return Gate("view", Verdict.OK, f"Filmed from the {view.name}." if view.name != "rear" else "Filmed from behind.")


def check_oblique(view: View, heading: Heading) -> Gate:
    """The camera stands square to the runner.  ``heading``: `analysis.heading`; where nothing shows the direction of
    travel, a guess by the shoulders.
    """
    if abs(heading.turn_deg) <= OBLIQUE_DEG:
        return Gate("oblique", Verdict.OK, "The camera stands square to the runner.")
    where = "beside" if view.name is ViewName.SIDE else "behind" if view.name is ViewName.REAR else "in front of"
    return Gate(
        "oblique",
        Verdict.WARN,
        f"The camera stood about {abs(heading.turn_deg):.0f} degrees off: rotation and tilt are less sure. "
        f"Put it exactly {where} the runner.",
        doubts=TURNS + TILTS,
    )


def check_light(scene: Scene) -> Gate:
    """Bright enough for the feet."""
    if scene.luma < DARK_LUMA:
        return Gate(
            "light",
            Verdict.WARN,
            "The runner is very dark in the picture: moving feet smear, so what needs them is not measured, and how "
            "the head and the trunk move is less sure. Switch on more light or film by day.",
            costs=FEET,
            doubts=TURNS + TILTS + HEAD + LEANS,
        )
    return Gate("light", Verdict.OK, "There is enough light.")


def check_sharp(scene: Scene) -> Gate:
    """The runner is in focus."""
    if scene.sharpness < BLURRED:
        return Gate(
            "sharp",
            Verdict.WARN,
            "The runner is blurred: what needs the feet or the shoulders' turn is not measured, and the rest is less "
            "sure. Clean the lens, tap on the runner to focus, and film in good light.",
            costs=FEET + TURNS,
            doubts=TILTS + HEAD + SWAYS + BOUNCES + LEANS,
        )
    return Gate("sharp", Verdict.OK, "The runner is in focus.")


def check_steady(scene: Scene) -> Gate:
    """The camera stands still.  Not judged when the background shows too little."""
    if scene.pan > PAN_SHARE:
        return Gate(
            "steady",
            Verdict.WARN,
            "The camera was swung along or zoomed: how far the runner moves sideways is not measured, and the bounce "
            "is less sure. Put the phone on a tripod or lean it against something.",
            costs=SWAYS,
            doubts=BOUNCES,
        )
    if scene.shake > SHAKEN_SHARE:
        return Gate(
            "steady",
            Verdict.WARN,
            "The camera shakes as far as a runner moves: sway and bounce are not measured. "
            "Put the phone on a tripod or lean it against something.",
            costs=SWAYS + BOUNCES,
        )
    if scene.shake > SHAKE_SHARE or scene.turn_deg > TURN_DEG:
        return Gate(
            "steady",
            Verdict.WARN,
            "The camera was held by hand and shakes: sway and bounce are less sure. "
            "Put the phone on a tripod or lean it against something.",
            doubts=SWAYS + BOUNCES,
        )
    if not np.isfinite(scene.pan):
        return Gate("steady", Verdict.OK, "The background shows too little to tell whether the camera stood still.")
    return Gate("steady", Verdict.OK, "The camera stands still.")


def check_level(scene: Scene, cleaned: Landmarks) -> Gate:
    """The camera is level, or its tilt is known and taken out.  ``cleaned`` landmarks as they lie in the picture."""
    if not is_level_known(scene, cleaned):
        return _check_leaning(cleaned)
    if abs(scene.roll_deg) <= TILTED_DEG:
        return Gate("level", Verdict.OK, "The camera is level.")
    return Gate(
        "level",
        Verdict.WARN,
        f"The camera was tilted by about {abs(scene.roll_deg):.0f} degrees, as the upright lines in the scene show. "
        "That was taken out of the numbers; hold the phone level for firmer ones.",
    )


def _check_leaning(cleaned: Landmarks) -> Gate:
    """Where no line tells the camera's roll: the runner leans no further than people do."""
    if abs(_leaning_deg(cleaned)) <= LEANING_DEG[find_view(cleaned).name]:
        text = (
            "Nothing in the picture tells whether the camera was level, so angles against the vertical are less sure."
        )
        return Gate("level", Verdict.OK, text)
    return Gate(
        "level",
        Verdict.WARN,
        "The whole runner leans further than people do: the camera seems to have been tilted, and nothing in the "
        "picture tells how far. Angles against the vertical are not measured. Hold the phone level and film again.",
        costs=UPRIGHT,
    )


def is_level_known(scene: Scene, cleaned: Landmarks) -> bool:
    """Whether the upright lines of the scene tell the camera's roll: within a degree, in a picture that is sharp, and
    one that makes the runner more upright where it is large.
    """
    if not scene.roll_se_deg < ROLL_KNOWN_DEG or scene.sharpness < BLURRED:
        return False
    leaning = _leaning_deg(cleaned)
    return bool(abs(scene.roll_deg) < FAR_DEG or abs(leaning - scene.roll_deg) < abs(leaning))


def _leaning_deg(cleaned: Landmarks) -> float:
    """How far the trunk leans in the picture beyond what runners do, degrees clockwise."""
    view = find_view(cleaned)
    lean = geo.median(geo.angle_from_vertical_deg(geo.shoulder_mid(cleaned.xy_px) - geo.hip_mid(cleaned.xy_px)))
    return lean - (USUAL_LEAN_DEG * view.travel_sign if view.name is ViewName.SIDE else 0.0)
