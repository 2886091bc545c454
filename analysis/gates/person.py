"""Checks of who is in the picture: somebody, whole, large enough, alone, and always the same one."""

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.gates.gate import BOUNCES, FEET, HEAD, LEANS, SWAYS, TILTS, TURNS, Gate, Verdict
from analysis.types import Bools, Floats, Landmarks, Others

PERSON_MIN_SHARE = 0.75
PERSON_SOME_SHARE = 0.25
BORDER = 0.02
CROPPED_SHARE = 0.10
# The crown lies this much above the ears, trunk lengths.  The model sets a whole head into the picture, whatever is
# left of it: cut at the hair, its pitch swings three to five times too far; cut at the brow, which leaves less than
# BROW_TRUNKS above the ears as the model sees them, the bounce shrinks by up to a third, and the trunk follows.
CROWN_TRUNKS, BROW_TRUNKS = 0.28, 0.15
SEEN = 0.5
SMALL_SHARE, SMALL_PX, SMALL_TRUNK_PX = 0.25, 300.0, 80.0
# The model shows ever less of the shoulders' turn in small runners: 5 % less of it with a trunk of 77 pixels, 16 % with
# 54, 27 % with 43; everything else it reads as in large ones.
TURNING_TRUNK_PX = 60.0
CLOSE_SHARE = 0.90
# A trunk that lies nearer to the horizontal than to the upright, in a picture that nobody turned.
LYING_DEG = 45.0
# A person this much higher in the picture than the one who was measured may be the one who was meant.
LARGER = 1.3
# A mirror shows the same movement with left and right exchanged (docs/biomechanics.md section 6).
MIRROR_R, MIRROR_SAMPLES = 0.9, 4
OF_HEAD = (*HEAD, "head_sway", "head_bob")
PARTS = {
    "head": lm.FACE,
    "trunk": lm.TRUNK,
    "feet": lm.FEET,
    "hands": (lm.LEFT_WRIST, lm.RIGHT_WRIST),
    "left_foot": lm.LEFT_LEG[2:],
    "right_foot": lm.RIGHT_LEG[2:],
}


def check_nobody(raw: Landmarks) -> Gate:
    """Somebody is seen at all."""
    if _seen(raw).mean() < PERSON_SOME_SHARE:
        return Gate(
            "person",
            Verdict.FAIL,
            "Nobody could be found in the clip. Film the whole runner, in good light, from 3 to 5 metres away.",
            refuses=True,
        )
    return Gate("person", Verdict.OK, "Somebody is seen.")


def check_person(raw: Landmarks) -> Gate:
    """Somebody is seen in nearly every frame of what is measured."""
    seen = _seen(raw)
    share = float(seen.mean())
    if share < PERSON_MIN_SHARE:
        return Gate(
            "person",
            Verdict.FAIL,
            f"The runner was lost in {100 * (1 - share):.0f} % of the pictures. "
            "Keep the whole runner in view all the time.",
            float(raw.t_s[int(np.argmin(seen))]),
            refuses=True,
        )
    return Gate("person", Verdict.OK, "The runner is seen throughout.")


def check_upright(raw: Landmarks) -> Gate:
    """The runner stands upright in the picture: phones forget to note that they were turned, and some apps drop it."""
    lean = geo.angle_from_vertical_deg(geo.shoulder_mid(raw.xy_px) - geo.hip_mid(raw.xy_px))
    lying = np.abs(lean[np.isfinite(lean)]) > LYING_DEG
    if lying.mean() <= 0.5:
        return Gate("upright", Verdict.OK, "The picture stands upright.")
    return Gate(
        "upright",
        Verdict.FAIL,
        "The runner lies across the picture: the clip seems to be on its side. "
        "Turn it upright on the phone and send it again.",
        refuses=True,
    )


def _seen(raw: Landmarks) -> Bools:
    return np.asarray(np.isfinite(raw.xy_px[:, lm.NOSE, 0]))


def check_size(raw: Landmarks) -> Gate:
    """The runner is large enough in the picture, and not too near."""
    height = float(np.median(np.ptp(raw.xy_px[_seen(raw), :, 1], axis=1)))
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
            costs=TURNS if trunk < TURNING_TRUNK_PX else (),
        )
    if height > CLOSE_SHARE * raw.height_px:
        return Gate(
            "size",
            Verdict.WARN,
            "The camera stands very close: what is nearer looks larger, and shoulders look tilted. "
            "Film from 4 to 6 metres, phone upright.",
            doubts=TILTS,
        )
    return Gate("size", Verdict.OK, f"The runner is {height:.0f} pixels high.")


def check_cropped(visible: dict[str, float], raw: Landmarks) -> Gate:
    """Head, trunk and feet are inside the picture; ``visible`` as `compute_visible` gives it."""
    missing = [part for part in ("head", "trunk", "feet") if visible[f"{part}_inside"] < 1 - CROPPED_SHARE]
    if not missing:
        return Gate("cropped", Verdict.OK, "The whole runner is in the picture.")
    names = " and ".join(missing)
    outside = ~np.all([_part_inside(raw, part) for part in missing], axis=0)
    brow = "head" in missing and geo.median(_room_above_ears(raw)) < BROW_TRUNKS
    return Gate(
        "cropped",
        Verdict.WARN if "trunk" not in missing else Verdict.FAIL,
        f"The {names} of the runner left the picture. What needs the {names} is not measured, the rest is"
        f"{', but less surely' if brow else ''}. Leave a hand's breadth of room all round.",
        float(raw.t_s[int(np.argmax(outside))]),
        costs=(*(OF_HEAD if "head" in missing else ()), *(BOUNCES if brow else ())),
        doubts=(*FEET, *TURNS, *TILTS, *LEANS, *SWAYS) if brow else (),
    )


def check_others(others: Others, raw: Landmarks) -> Gate:
    """Nobody else in the picture; if there is, say which one was measured."""
    crowded = [i for i, boxes in enumerate(others.boxes) if len(boxes)]
    if not crowded:
        return Gate("others", Verdict.OK, "Nobody else is in the picture.")
    first = crowded[0]
    at_s = float(others.t_s[first])
    if is_mirror(others):
        return Gate("others", Verdict.OK, "Nobody else is in the picture but the runner's mirror image.")
    other = float(np.mean(others.boxes[first][0][[0, 2]]))
    own = float(np.mean(others.runner[first][[0, 2]])) if np.isfinite(others.runner[first]).all() else raw.width_px / 2
    where = "left" if own < other else "right"
    larger = " The other one is larger in the picture." if _is_larger(others) else ""
    return Gate(
        "others",
        Verdict.WARN,
        f"There is a second person in the picture, or an image of one. The one on the {where} was measured.{larger} "
        "If that is the wrong one, film again with only the runner in view.",
        at_s,
    )


def check_mirror(others: Others) -> Gate:
    """No mirror image of the runner."""
    if not is_mirror(others):
        return Gate("mirror", Verdict.OK, "No mirror image of the runner is in the picture.")
    first = next(i for i, boxes in enumerate(others.boxes) if len(boxes))
    return Gate(
        "mirror",
        Verdict.WARN,
        "There is a mirror or a window with the runner's image in the picture. The larger one was measured. "
        "Cover the mirror or turn the camera if the wrong one is marked.",
        float(others.t_s[first]),
    )


def _is_larger(others: Others) -> bool:
    """Whether somebody else is mostly larger than the person who was measured."""
    ratios = [
        float(np.max(boxes[:, 3] - boxes[:, 1]) / (own[3] - own[1]))
        for boxes, own in zip(others.boxes, others.runner, strict=True)
        if len(boxes) and np.isfinite(own).all()
    ]
    return bool(ratios) and float(np.median(ratios)) > LARGER


def is_mirror(others: Others) -> bool:
    """Whether the second person's legs do at every sampled moment what the runner's do, left and right exchanged."""
    pairs = [
        (_legs(own), _legs(points[0]))
        for own, points in zip(others.runner_points, others.points, strict=True)
        if len(points) and np.isfinite(own).all()
    ]
    if len(pairs) < MIRROR_SAMPLES:
        return False
    mine, theirs = np.concatenate([a for a, _ in pairs]), np.concatenate([-b for _, b in pairs])
    return bool(np.corrcoef(mine, theirs)[0, 1] > MIRROR_R)


def _legs(points: Floats) -> Floats:
    """How much higher the left knee, ankle and heel are than the right ones, trunk lengths."""
    left, right = ([side[i] for i in (1, 2, 3)] for side in (lm.LEFT_LEG, lm.RIGHT_LEG))
    trunk = geo.shoulder_mid(points[None]) - geo.hip_mid(points[None])
    return np.asarray((points[left, 1] - points[right, 1]) / max(float(geo.length(trunk)[0]), 1e-9))


def compute_visible(raw: Landmarks) -> dict[str, float]:
    """Share of frames in which a part of the body is in the picture (``_inside``) and also clearly seen."""
    out: dict[str, float] = {}
    for name, points in PARTS.items():
        inside = _part_inside(raw, name)
        out[f"{name}_inside"] = float(inside.mean())
        out[name] = float((inside & (raw.visibility[:, points].mean(axis=1) > SEEN)).mean())
    return out


def _part_inside(raw: Landmarks, part: str) -> Bools:
    """Rows in which all points of a part are in the picture; of the head, the crown too, for which there is none."""
    x, y = raw.xy_px[:, PARTS[part], 0], raw.xy_px[:, PARTS[part], 1]
    # Only the border itself counts: a runner who fills the frame to its last centimetres is still whole.
    left, top = -BORDER * raw.width_px, -BORDER * raw.height_px
    inside = (x > left) & (x < raw.width_px - left) & (y > top) & (y < raw.height_px - top)
    rows = np.asarray(inside.all(axis=1))
    return rows & (_room_above_ears(raw) > CROWN_TRUNKS) if part == "head" else rows


def _room_above_ears(raw: Landmarks) -> Floats:
    """How far the upper border of the picture is above the ears [n], trunk lengths."""
    trunk = geo.median(geo.length(geo.shoulder_mid(raw.xy_px) - geo.hip_mid(raw.xy_px)))
    return np.asarray((raw.height_px - geo.ear_mid(raw.xy_px)[:, 1]) / trunk)
