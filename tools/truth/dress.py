"""Clothes, hair and shoes: layers cut from the body and moved outwards.  The skin under them is cut away."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tools.truth.body import Body
from tools.truth.mesh import MATERIALS, Layer, carry, cut_layer, hull_shoes, join, paint
from tools.truth.rotation import Floats, Ints, Joints, middle

SKINS = {"light": (0.86, 0.64, 0.52), "pale": (0.93, 0.74, 0.64), "tan": (0.72, 0.50, 0.36), "dark": (0.33, 0.20, 0.13)}
LIPS = (0.85, 0.5, 0.5)
# `loose` is metres off the body; `sleeve` and `short` are shares of upper arm and thigh.
DEFAULT_LOOK: dict[str, Any] = {
    "skin": "light",
    "hair": (0.07, 0.05, 0.04),
    "shirt": (0.10, 0.24, 0.62),
    "shorts": (0.03, 0.03, 0.035),
    "shoe": (0.88, 0.88, 0.9),
    "sock": (0.85, 0.85, 0.87),
    "loose": 0.0,
    "legs": "shorts",
    "sleeve": 0.62,
    "short": 0.62,
}


class Wardrobe:
    """What a body wears; every edge is positive (metres) where the garment is."""

    def __init__(self, body: Body, rest: Joints, look: Mapping[str, Any]) -> None:
        self.body, self.rest, self.look = body, rest, {**DEFAULT_LOOK, **look}
        self.vertices = body.vertices
        self.side: Ints = np.where(self.vertices[:, 2] < 0, 0, 1)
        self.hip = middle(rest, "hip")
        self.size = float(np.linalg.norm(rest["shoulder_l"] - self.hip)) / 0.5
        self.on_arm = body.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
        self.on_head = body.weight_of("neck02", "neck03", "head", "eye")
        self.on_low_leg = body.weight_of("lowerleg", "foot", "toe") > 0.5
        self.down_thigh, self.down_shank = self._along("hip", "knee"), self._along("knee", "ankle")
        self.ankle_height = np.array([rest["ankle_l"][1], rest["ankle_r"][1]])[self.side]

    def _along(self, near: str, far: str) -> Floats:
        """How far down the limb of its side each vertex is: 0 at ``near``, 1 at ``far``."""
        shares = []
        for side in "lr":
            start = self.rest[f"{near}_{side}"]
            limb = self.rest[f"{far}_{side}"] - start
            shares.append((self.vertices - start) @ limb / (limb @ limb))
        out: Floats = np.stack(shares)[self.side, np.arange(len(self.vertices))]
        return out

    def shirt_edge(self) -> Floats:
        vertices, neck = self.vertices, self.rest["neck"]
        hem = self.hip[1] - (0.02 + 0.05 * (self.look["loose"] > 0)) * self.size
        neckline = neck[1] - 0.015 - 0.35 * np.clip(vertices[:, 0] - neck[0], -0.08, 0.1)
        arm_m = np.linalg.norm(self.rest["elbow_l"] - self.rest["shoulder_l"])
        down_arm = self._along("shoulder", "elbow")
        sleeve = np.where(self.on_arm > 0.02, (self.look["sleeve"] - down_arm) * arm_m, 1)
        trunk = np.where(self.on_arm > 0.5, 1, vertices[:, 1] - hem)
        edge = np.minimum(np.minimum(trunk, sleeve), neckline - vertices[:, 1])
        bare = self.body.weight_of("lowerarm", "wrist", "finger", "meta") > 0.6
        return np.where((self.on_head > 0.6) | bare, -1, edge)

    def legs_edge(self, shirt: Floats) -> Floats:
        if self.look["legs"] == "tights":
            cut = np.minimum((0.93 - self.down_shank) * 0.4, 1)
        else:
            thigh_m = np.linalg.norm(self.rest["knee_l"] - self.rest["hip_l"])
            cut = np.where(self.down_shank > 0.3, -1, (self.look["short"] - self.down_thigh) * thigh_m)
        waist = self.hip[1] + 0.13 * self.size - self.vertices[:, 1]
        edge = np.where((self.on_arm > 0.5) | (self.on_head > 0.1), -1, np.minimum(cut, waist))
        return np.minimum(edge, 0.075 - shirt)

    def shoe_edge(self) -> Floats:
        behind = np.clip(self.rest["ankle_l"][0] - self.vertices[:, 0], -1, 0.0)
        edge = np.where(self.on_low_leg, self.ankle_height - 0.015 - self.vertices[:, 1] + 0.15 * behind, -1)
        toes = np.maximum(edge, np.where(self.body.weight_of("toe") > 0.3, 0.05, edge))
        return np.where(self.body.weight_of("foot", "toe") > 0.5, toes, edge)

    def sock_edge(self) -> Floats:
        return np.where(self.on_low_leg, self.ankle_height + 0.07 * self.size - self.vertices[:, 1], -1)

    def hair_edge(self, style: str) -> Floats:
        """Hair grows before the ear, to its middle, and with a fringe to the brow and down to the lobe.

        Bare temples are no small thing: the pose model then draws the face 5 deg higher (decision 22).
        """
        vertices, side = self.vertices, np.abs(self.rest["ear_l"][2]) - 0.012
        ear, eye = middle(self.rest, "ear"), middle(self.rest, "eye")
        lobe, temple, brow = (-0.045, 0.002, 0.03) if style == "fringe" else (-0.02, 0.012, 0.062)
        x = [*(ear[0] + np.array([-0.12, -0.03, 0.005, 0.015, 0.045])), eye[0] - 0.01, eye[0] + 0.1]
        y = [*(ear[1] + np.array([-0.055, -0.045, 0.035, lobe, temple])), eye[1] + brow, eye[1] + brow]
        line = np.interp(vertices[:, 0], x, y)
        ahead = vertices[:, 0] - ear[0]
        around = (np.abs(vertices[:, 1] - ear[1]) < 0.035) & (ahead > -0.035) & (ahead < 0.012)
        covers = (self.on_head > 0.5) & ~(around & (np.abs(vertices[:, 2]) > side))
        return np.where(covers, vertices[:, 1] - line, -1)

    def skin(self, covered: Floats) -> Layer:
        body, colour = self.body, np.array(SKINS[self.look["skin"]])
        lips = body.lips[:, None]
        eyes = body.weight_of("eye") > 0.5
        colours = colour * (1 - 0.7 * lips) + colour * LIPS * 0.7 * lips
        edge = np.where(eyes, 1, -covered)
        materials = np.where(eyes, MATERIALS["eye"], MATERIALS["skin"]).astype(float)
        return Layer(body.vertices, body.faces, body.weights, colours, edge, materials)

    def shirt(self, edge: Floats) -> Layer:
        flare = np.clip((self.rest["shoulder_l"][1] - self.vertices[:, 1]) / 0.5, 0, 1)
        slack = self.look["loose"] * (0.25 + 0.75 * flare) * np.where(self.on_arm > 0.5, 0.5, 1)
        offset = 0.012 + 0.008 * flare + slack
        return cut_layer(self.body, edge, offset, 24, self.look["shirt"], "cloth", weights=self._hang_from_pelvis())

    def _hang_from_pelvis(self) -> Floats:
        """What hangs over the hips follows the pelvis, not the thighs."""
        weights, bones = self.body.weights.copy(), self.body.bones
        legs = [index for index, name in enumerate(bones) if name.startswith(("upperleg", "lowerleg"))]
        weights[:, bones.index("root")] += 0.85 * weights[:, legs].sum(1)
        weights[:, legs] *= 0.15
        return weights

    def shoes(self, edge: Floats) -> Layer:
        shoes = cut_layer(self.body, edge, 0.010, 14, self.look["shoe"], "shoe")
        x, y, z = shoes.vertices.T
        flat = np.where(y < 0.025, np.minimum(y, 0.012) * 0.15 - 0.016, y)
        longer = np.where(x > self.rest["ankle_l"][0] + 0.1, x + 0.012, x)
        shoes.vertices = np.column_stack([longer, flat, z])
        return hull_shoes(shoes, self.body, self.look["shoe"])

    def hair(self, style: str) -> list[Layer]:
        if style == "bald":
            return []
        vertices = self.vertices
        lumps = 0.012 + 0.006 * np.sin(90 * vertices[:, 0]) * np.sin(80 * vertices[:, 2] + 1)
        cap = cut_layer(self.body, self.hair_edge(style), lumps, 3, self.look["hair"], "hair")
        return [cap, self._ponytail()] if style == "pony" else [cap]

    def _ponytail(self) -> Layer:
        """A tapering bent tube behind the head, carried by it: 12 rings of 12 points."""
        ear, along = middle(self.rest, "ear"), np.linspace(0, 1, 12)
        x, y = ear[0] - 0.095 - 0.10 * np.sin(along * 1.9), ear[1] + 0.06 + 0.02 * along - 0.28 * along**2
        radius = (0.012 + 0.026 * np.sin(np.pi * np.clip(along * 0.95 + 0.05, 0, 1)) ** 0.8)[:, None]
        around = np.linspace(0, 2 * np.pi, 13)[:-1]
        rings = [
            x[:, None] + radius * np.cos(around),
            y[:, None] + 0.3 * radius * np.cos(around),
            radius * np.sin(around),
        ]
        vertices = np.stack(rings, -1).reshape(-1, 3)
        faces = []
        for ring in range(0, 132, 12):
            for step in range(12):
                here, beside = ring + step, ring + (step + 1) % 12
                faces += [(here, beside, here + 12), (beside, beside + 12, here + 12)]
        count, weights = len(vertices), carry(len(vertices), self.body, "head")
        return Layer(vertices, np.array(faces), weights, edge=np.ones(count), **paint(count, self.look["hair"], "hair"))


def dress(body: Body, rest: Joints, hair: str, look: Mapping[str, Any]) -> tuple[Layer, dict[str, Floats]]:
    """The dressed body in one layer, and the rest vertices of the left (l) and right (r) shoe."""
    wear = Wardrobe(body, rest, look)
    shirt, shoe = wear.shirt_edge(), wear.shoe_edge()
    legs = wear.legs_edge(shirt)
    under_legs = np.where(legs > 0.02, legs - 0.02, -1)
    covered = np.maximum(np.maximum(shirt - 0.02, under_legs), shoe - 0.01)
    legs_off = 0.005 if wear.look["legs"] == "tights" else 0.010 + 0.01 * np.clip(wear.down_thigh, 0, 1)
    shoes = wear.shoes(shoe)
    layers = [
        wear.skin(covered),
        cut_layer(body, wear.sock_edge(), 0.004, 3, wear.look["sock"], "cloth"),
        cut_layer(body, legs, legs_off, 4, wear.look["shorts"], "cloth"),
        wear.shirt(shirt),
        shoes,
        *wear.hair(hair),
    ]
    points = shoes.vertices
    return join(layers), {"l": points[points[:, 2] < 0], "r": points[points[:, 2] > 0]}
