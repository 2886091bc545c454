"""Checks of who is in the picture: somebody, whole, large enough, alone, and always the same one."""

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.gates.gate import Gate, Verdict
from analysis.types import Floats, Landmarks, Others

PERSON_MIN_SHARE = 0.75
PERSON_SOME_SHARE = 0.25
BORDER = 0.02
CROPPED_SHARE = 0.10
SEEN = 0.5
SMALL_SHARE, SMALL_PX, SMALL_TRUNK_PX = 0.25, 300.0, 80.0


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
