"""Checks of the input: what is wrong with a clip, said plainly, with what to do.

A failed check that ``refuses`` ends the analysis; every other one costs only what it touches.  Limits:
biomechanics.md section 6.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.strides import Rhythm
from analysis.types import Activity, ClipFacts, Floats, Landmarks, Others, Strides, View

FPS_MIN = 24.0
FPS_FEET = 50.0
PERSON_MIN_SHARE = 0.75
PERSON_SOME_SHARE = 0.25
STRIDES_MIN = 3
STRIDES_GOOD = 6
# The bounce of running: 9.3-11.3 m/s2 at its fastest fall; below 6 nobody leaves the ground.
FALL_MIN_MS2 = 6.0
EXPLAINED_MIN = 0.5
CADENCE_RUNNING_SPM = 130.0
BORDER = 0.02
CROPPED_SHARE = 0.10
SEEN = 0.5
SMALL_SHARE, SMALL_PX, SMALL_TRUNK_PX = 0.25, 300.0, 80.0
VIEW_MIN = 0.5
# Quiet standing sways by 1-2 cm; a trunk is about 50 cm.
STANDING_MAX_TRUNKS = 0.08


class Verdict(StrEnum):
    """Of one check."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Gate:
    """One check: its key (for ever), verdict, text for people (what happened, what it means, what to do), and when."""

    id: str
    verdict: Verdict
    message: str
    at_s: float | None = None
    refuses: bool = False


def check_frame_rate(facts: ClipFacts) -> Gate:
    """Enough pictures a second: none below 24, no foot contact below 50."""
    fps = facts.fps * facts.slow_motion_factor
    if fps < FPS_MIN:
        return Gate(
            "frame_rate",
            Verdict.FAIL,
            f"The clip has only {fps:.0f} pictures a second: too few to follow a runner. "
            "Film with 60, and send the original, not a copy from a messenger.",
            refuses=True,
        )
    if fps < FPS_FEET:
        return Gate(
            "frame_rate",
            Verdict.WARN,
            f"The clip has {fps:.0f} pictures a second. Torso and head are fine; contact times need 60 or more.",
        )
    return Gate("frame_rate", Verdict.OK, f"{fps:.0f} pictures a second.")


def check_person(raw: Landmarks) -> Gate:
    """Somebody is seen in nearly every frame."""
    seen = np.isfinite(raw.xy_px[:, lm.NOSE, 0])
    share = float(seen.mean())
    if share < PERSON_SOME_SHARE:
        return Gate(
            "person",
            Verdict.FAIL,
            "Nobody could be found in the clip. Film the whole runner, in good light, from 3 to 5 metres away.",
            refuses=True,
        )
    if share < PERSON_MIN_SHARE:
        lost = float(raw.t_s[int(np.argmin(seen))])
        return Gate(
            "person",
            Verdict.FAIL,
            f"The runner was lost in {100 * (1 - share):.0f} % of the pictures. "
            "Keep the whole runner in view all the time.",
            lost,
            refuses=True,
        )
    return Gate("person", Verdict.OK, "The runner is seen throughout.")


def check_size(raw: Landmarks) -> Gate:
    """The runner is large enough in the picture."""
    height = float(np.nanmedian(np.nanmax(raw.xy_px[:, :, 1], axis=1) - np.nanmin(raw.xy_px[:, :, 1], axis=1)))
    trunk = geo.median(geo.length(geo.shoulder_mid(raw.xy_px) - geo.hip_mid(raw.xy_px)))
    if trunk < SMALL_TRUNK_PX / 2:
        return Gate(
            "size",
            Verdict.FAIL,
            f"The runner is only {height:.0f} pixels high: too small to measure. "
            "Film from 3 to 5 metres, phone upright, and send the original.",
            refuses=True,
        )
    if height < SMALL_PX or height < SMALL_SHARE * raw.height_px or trunk < SMALL_TRUNK_PX:
        return Gate(
            "size",
            Verdict.WARN,
            f"The runner is small in the picture ({height:.0f} pixels high). "
            "Numbers are less sure; film from 3 to 5 metres.",
        )
    return Gate("size", Verdict.OK, f"The runner is {height:.0f} pixels high.")


def check_activity(rhythm: Rhythm | None) -> tuple[Activity, Gate]:
    """Running: left and right alternate, and the body falls freely between the steps."""
    if rhythm is None or rhythm.alternating < EXPLAINED_MIN or rhythm.bouncing < EXPLAINED_MIN:
        text = "This does not look like running. Send a clip in which one person runs steadily, 20 to 30 seconds long."
        return Activity.OTHER, Gate("running", Verdict.FAIL, text, refuses=True)
    if rhythm.fall_ms2 < FALL_MIN_MS2:
        text = (
            f"This looks like walking ({rhythm.cadence_spm:.0f} steps a minute, both feet never off the ground). "
            "RunForm measures running. If it was running in slow motion, say so and send it again."
        )
        return Activity.WALKING, Gate("running", Verdict.FAIL, text, refuses=True)
    return Activity.RUNNING, Gate("running", Verdict.OK, f"Running, {rhythm.cadence_spm:.0f} steps a minute.")


def check_standing(cleaned: Landmarks) -> Gate:
    """A standing clip: the hips stay where they are."""
    hips = geo.hip_mid(cleaned.xy_px)
    trunk = geo.median(geo.length(geo.shoulder_mid(cleaned.xy_px) - hips))
    wander = float(np.nanmax(np.nanpercentile(hips, 95, axis=0) - np.nanpercentile(hips, 5, axis=0))) / trunk
    if wander > STANDING_MAX_TRUNKS:
        text = "This was sent as a standing clip, but the person moves. Stand relaxed and still for five seconds."
        return Gate("standing", Verdict.FAIL, text, refuses=True)
    return Gate("standing", Verdict.OK, "Standing still.")


def check_strides(strides: Strides | None) -> Gate:
    """Enough whole strides."""
    count = len(strides) if strides is not None else 0
    if count < STRIDES_MIN:
        return Gate(
            "strides",
            Verdict.FAIL,
            f"Only {count} whole strides are in the clip; at least {STRIDES_MIN} are needed. "
            "Film 20 to 30 seconds of steady running.",
            refuses=True,
        )
    if count < STRIDES_GOOD:
        return Gate(
            "strides",
            Verdict.WARN,
            f"Only {count} whole strides: the numbers are less sure. Film 20 to 30 seconds of steady running.",
        )
    return Gate("strides", Verdict.OK, f"{count} whole strides.")


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


def check_cropped(visible: dict[str, float]) -> Gate:
    """Head, trunk and feet are inside the picture."""
    missing = [part for part in ("head", "trunk", "feet") if visible[f"{part}_inside"] < 1 - CROPPED_SHARE]
    if not missing:
        return Gate("cropped", Verdict.OK, "The whole runner is in the picture.")
    names = " and ".join(missing)
    return Gate(
        "cropped",
        Verdict.WARN if "trunk" not in missing else Verdict.FAIL,
        f"The {names} of the runner left the picture. What needs the {names} is not measured, the rest is. "
        "Leave a hand's breadth of room all round.",
    )


def check_others(others: Others, raw: Landmarks) -> Gate:
    """Nobody else in the picture; if there is, say which one was measured."""
    crowded = [i for i, boxes in enumerate(others.boxes) if len(boxes)]
    if not crowded:
        return Gate("others", Verdict.OK, "Nobody else is in the picture.")
    first = crowded[0]
    other = float(np.mean(others.boxes[first][0][[0, 2]]))
    own = float(np.mean(others.runner[first][[0, 2]])) if np.isfinite(others.runner[first]).all() else raw.width_px / 2
    where = "left" if own < other else "right"
    return Gate(
        "others",
        Verdict.WARN,
        f"There is a second person in the picture. The one on the {where} was measured. "
        "If that is the wrong one, film again with only the runner in view.",
        float(others.t_s[first]),
    )


def compute_visible(raw: Landmarks) -> dict[str, float]:
    """Share of frames in which a part of the body is in the picture (``_inside``) and also clearly seen."""
    parts = {"head": lm.FACE, "trunk": lm.TRUNK, "feet": lm.FEET, "hands": (lm.LEFT_WRIST, lm.RIGHT_WRIST)}
    parts |= {"left_foot": lm.LEFT_LEG[2:], "right_foot": lm.RIGHT_LEG[2:]}
    out: dict[str, float] = {}
    for name, points in parts.items():
        inside = _inside(raw)[:, points].all(axis=1)
        out[f"{name}_inside"] = float(inside.mean())
        out[name] = float((inside & (raw.visibility[:, points].mean(axis=1) > SEEN)).mean())
    return out


def _inside(raw: Landmarks) -> Floats:
    x, y = raw.xy_px[:, :, 0], raw.xy_px[:, :, 1]
    # Only the border itself counts: a runner who fills the frame to its last centimetres is still whole.
    left, top = -BORDER * raw.width_px, -BORDER * raw.height_px
    return np.asarray((x > left) & (x < raw.width_px - left) & (y > top) & (y < raw.height_px - top) & np.isfinite(x))
