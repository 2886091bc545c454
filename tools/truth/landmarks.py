"""The joints of the truth on a body at rest: the same points as on the body of the shared clips, within 1 cm."""

import numpy as np

from tools.truth.body import Body
from tools.truth.rotation import Floats, unit

BONES = {
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
}
EYES_APART_M = 0.0605
HEEL_ABOVE_SOLE_M, TOE_ABOVE_SOLE_M = 0.0365, 0.031


def find_landmarks(body: Body) -> dict[str, Floats]:
    """Joints by name (hip_l, nose); heel and toe come with the shoes."""
    heads = dict(zip(body.bones, body.heads, strict=True))
    points, vertices = body.keypoints, body.vertices
    out: dict[str, Floats] = {}
    for side, word in (("l", "left"), ("r", "right")):
        out |= {f"{joint}_{side}": heads[f"{bone}.{side.upper()}"] for joint, bone in BONES.items()}
        out |= {f"{part}_{side}": points[f"{word}_{part}"] for part in ("ear", "eye")}
    # The ear point of the shared clips lies a little up, back and outwards, on a head of their size.
    size = (out["eye_r"][2] - out["eye_l"][2]) / EYES_APART_M
    for side, outwards in (("l", -1), ("r", 1)):
        out["ear_" + side] = out["ear_" + side] + size * np.array([-0.010, 0.010, 0.014 * outwards])
    level = np.abs(vertices[:, 1] - points["nose"][1]) < 0.025
    midline = vertices[level & (np.abs(vertices[:, 2]) < 0.01)]
    out["nose"] = midline[midline[:, 0].argmax()] * [1, 1, 0]
    out["neck"] = heads["neck01"]
    out["head_top"] = np.array([out["ear_l"][0], vertices[:, 1].max() + 0.012, 0.0])
    return out


def find_shoe_points(vertices: Floats, ankle: Floats) -> tuple[dict[str, Floats], Floats]:
    """Heel and toe of a shoe at rest, and some vertices of its sole."""
    forward = unit((vertices[vertices[:, 0].argmax()] - ankle) * [1, 0, 1])
    sideways = np.cross([0, 1, 0], forward)
    along, across = (vertices - ankle) @ forward, (vertices - ankle) @ sideways
    low = vertices[:, 1].min()

    def point(at: float, height_m: float) -> Floats:
        centre = float(np.mean(across[np.abs(along - at) < 0.03]))
        out: Floats = ankle * [1, 0, 1] + forward * at + sideways * centre + np.array([0, low + height_m, 0])
        return out

    ends = {"heel": point(along.min(), HEEL_ABOVE_SOLE_M), "toe": point(along.max(), TOE_ABOVE_SOLE_M)}
    return ends, vertices[vertices[:, 1] < low + 0.02][::3]
