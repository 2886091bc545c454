"""A body posed by series of angles: one rotation and one place for every bone and picture."""

from typing import NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from tools.truth.body import Body
from tools.truth.landmarks import find_landmarks, find_shoe_points
from tools.truth.legs import Leg, compute_ground, turn_leg
from tools.truth.motion import Events, Series
from tools.truth.rotation import Floats, arc, between, frame, line, middle, trunk_axis, turn, unit

SPINE = {"spine05": 0.2, "spine04": 0.45, "spine03": 0.75, "spine02": 1.0, "spine01": 1.0}
NECK = {"neck01": 0.3, "neck02": 0.6, "neck03": 0.85, "head": 1.0}
BELOW = ("root", "pelvis", "upperleg", "lowerleg", "foot", "toe")
# The bone that carries each joint of the truth.
CARRIERS = {
    "nose": "head",
    "head_top": "head",
    "eye": "head",
    "ear": "head",
    "neck": "neck01",
    "shoulder": "shoulder01",
    "elbow": "upperarm02",
    "wrist": "lowerarm02",
    "hip": "root",
    "knee": "upperleg02",
    "ankle": "lowerleg02",
    "heel": "foot",
    "toe": "foot",
}


class Trunk(NamedTuple):
    """Rotations (n, 3, 3) of pelvis, ribs, shoulder girdle and head from rest; ``line`` = axes of the shoulder line."""

    pelvis: Floats
    ribs: Floats
    girdle: Floats
    head: Floats
    line: Floats


class Puppet:
    """One body with shoes (`dress` gives their rest vertices for l and r)."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.index = {name: number for number, name in enumerate(body.bones)}
        self.heads = dict(zip(body.bones, body.heads, strict=True))
        self.rest = find_landmarks(body)
        self.hip, self.shoulder, self.ear = (middle(self.rest, part) for part in ("hip", "shoulder", "ear"))
        rest = self.rest
        self.trunk_m = float(np.linalg.norm(self.shoulder - self.hip))
        self.trunk_rest = frame(self.shoulder - self.hip, rest["shoulder_r"] - rest["shoulder_l"])
        self.pelvis_rest = frame(self.shoulder - self.hip, rest["hip_r"] - rest["hip_l"])
        thigh, shank = rest["knee_l"] - rest["hip_l"], rest["ankle_l"] - rest["knee_l"]
        self.leg_m = float(np.linalg.norm(thigh) + np.linalg.norm(shank))
        face = rest["nose"] - self.ear
        self.pitch_rest_deg = float(np.degrees(np.arctan2(face[1], face[0])))
        self.soles: dict[str, Floats] = {}

    def put_on(self, shoes: dict[str, Floats]) -> None:
        """Shoes define the heel and toe points and the soles."""
        for side, vertices in shoes.items():
            points, self.soles[side] = find_shoe_points(vertices, self.rest["ankle_" + side])
            self.rest |= {f"{part}_{side}": point for part, point in points.items()}

    def pose(self, series: Series, events: Events) -> tuple[Floats, dict[str, Floats]]:
        """Matrices from rest to world (n, bones, 3, 4) and joints {name: (n, 3)}; events in pictures."""
        axis = trunk_axis(series["forward_lean"], series["lateral_lean"])
        trunk = self._turn_trunk(series, axis)
        legs = {side: turn_leg(self.rest, series, side, trunk.pelvis) for side in "lr"}
        hip, legs = compute_ground(self, events, trunk.pelvis, series["hip"] * self.leg_m, legs)
        turns = self._turn_bones(series, trunk, legs)
        places = self._place_bones(turns, trunk.pelvis, hip)
        shoulder = hip + axis * self.trunk_m
        self._pull(places, turns, shoulder, self._aim_ear(series, shoulder, trunk))
        moved = places - np.einsum("nbij,bj->nbi", turns, self.body.heads)
        matrices = np.concatenate([turns, moved[..., None]], -1)
        return matrices, self._read_joints(matrices)

    def follow(self, matrices: Floats, bone: str, point: Floats) -> Floats:
        """(n, 3): where a rest point goes with a bone."""
        matrix = matrices[:, self.index[bone]]
        out: Floats = matrix[:, :, :3] @ point + matrix[:, :, 3]
        return out

    def _turn_trunk(self, series: Series, axis: Floats) -> Trunk:
        pelvis = frame(axis, line(series["pelvis_yaw"], series["pelvic_obliquity"])) @ self.pelvis_rest.T
        ribs = frame(axis, line(series["rib_yaw"], series["shoulder_obliquity"])) @ self.trunk_rest.T
        across = frame(axis, line(series["shoulder_yaw"], series["shoulder_obliquity"]))
        pitch = np.radians(series["head_pitch"])
        up = np.stack([-np.sin(pitch), np.cos(pitch), np.zeros_like(pitch)], -1)
        head = frame(up, line(series["head_yaw"], series["head_obliquity"]))
        return Trunk(pelvis, ribs, across @ self.trunk_rest.T, head, across)

    def _aim_ear(self, series: Series, shoulder: Floats, trunk: Trunk) -> Floats:
        """Where the middle of the ears belongs: as high above the shoulders as at rest."""
        rest = self.trunk_rest.T @ (self.ear - self.shoulder)
        want = series["ear"] * self.trunk_m
        want[:, 1] = rest[1]
        forward, sideways = series["head_forward_m"], series["head_sideways_m"]
        out: Floats = shoulder + np.einsum("nij,nj->ni", trunk.line, want)
        return out + np.stack([forward, 0 * forward, sideways], -1)

    def _turn_bones(self, series: Series, trunk: Trunk, legs: dict[str, Leg]) -> Floats:
        """(n, bones, 3, 3); a bone without a rotation of its own follows its parent."""
        own = {bone: between(trunk.pelvis, trunk.ribs, share) for bone, share in SPINE.items() if share < 1}
        own |= {"spine02": trunk.ribs, "spine01": trunk.ribs, "eye": trunk.head, "pelvis": trunk.pelvis}
        own |= {bone: between(trunk.ribs, trunk.head, share) for bone, share in NECK.items() if share < 1}
        own |= {"head": trunk.head, "clavicle": between(trunk.ribs, trunk.girdle, 0.5), "shoulder01": trunk.girdle}
        curls = {}
        for side in "lr":
            arm, curls[side] = self._turn_arm(series, side, trunk)
            own |= {f"{bone}.{side}": rotation for bone, rotation in arm.items()}
            names = ("upperleg", "lowerleg", "foot")
            own |= {f"{bone}.{side}": rotation for bone, rotation in zip(names, legs[side], strict=True)}
        turns = np.tile(np.eye(3), (len(trunk.pelvis), len(self.body.bones), 1, 1))
        for number, name in enumerate(self.body.bones):
            parent = self.body.parents[number]
            stem, _, side = name.lower().partition(".")
            found = [key for key in (stem, name.lower(), f"{stem[:-2]}.{side}") if key in own]
            if found:
                turns[:, number] = own[found[0]]
            elif stem.startswith("finger"):
                bend = curls[side] * (0.1 if stem[6] == "1" else 0.35)
                turns[:, number] = turns[:, parent] @ Rotation.from_rotvec(bend).as_matrix()
            else:
                turns[:, number] = trunk.pelvis if parent < 0 else turns[:, parent]
        return turns

    def _turn_arm(self, series: Series, side: str, trunk: Trunk) -> tuple[dict[str, Floats], Floats]:
        """Rotations of the arm's bones, and the axis about which the fingers curl."""
        rest = self.rest
        upper_rest = unit(rest["elbow_" + side] - rest["shoulder_" + side])
        fore_rest = unit(rest["wrist_" + side] - rest["elbow_" + side])
        hinge_rest = unit(np.cross(upper_rest, fore_rest))
        upper = np.einsum("nij,nj->ni", trunk.line, series["upper_arm_" + side])
        fore = np.einsum("nij,nj->ni", trunk.line, series["forearm_" + side])
        hinge = unit(np.cross(upper, fore))
        turned = frame(hinge, upper) @ frame(hinge_rest, upper_rest).T
        bent = frame(hinge, fore) @ frame(hinge_rest, fore_rest).T
        # The shoulder's skin is spared most of the arm's twist.
        swung = arc(turn(trunk.girdle, upper_rest), upper) @ trunk.girdle
        first = between(swung, turned, 0.35)
        bones = {"upperarm01": first, "upperarm02": turned, "lowerarm01": bent, "lowerarm02": bent, "wrist": bent}
        return bones, hinge_rest

    def _place_bones(self, turns: Floats, pelvis: Floats, hip: Floats) -> Floats:
        """(n, bones, 3): where each bone begins."""
        places = np.zeros((*turns.shape[:2], 3))
        for number, head in enumerate(self.body.heads):
            parent = self.body.parents[number]
            if parent < 0:
                places[:, number] = hip + turn(pelvis, head - self.hip)
            else:
                places[:, number] = places[:, parent] + turn(turns[:, parent], head - self.body.heads[parent])
        return places

    def _pull(self, places: Floats, turns: Floats, shoulder: Floats, ear: Floats) -> None:
        """Shift spine and head so that the middles of shoulders and ears fall on their targets."""
        index = self.index
        apart = shoulder - sum(places[:, index["upperarm01." + side]] for side in "LR") / 2
        for name, number in index.items():
            if not name.startswith(BELOW):
                places[:, number] += apart * SPINE.get(name, 1.0)
        head = index["head"]
        apart = ear - places[:, head] - turn(turns[:, head], self.ear - self.heads["head"])
        for name, share in (("neck01", 0.15), ("neck02", 0.45), ("neck03", 0.75), ("head", 1.0)):
            places[:, index[name]] += apart * share
        for number, parent in enumerate(self.body.parents):
            if parent == head:
                places[:, number] += apart

    def _read_joints(self, matrices: Floats) -> dict[str, Floats]:
        out = {}
        for name, point in self.rest.items():
            part, _, side = name.partition("_")
            bone = CARRIERS.get(name) or CARRIERS[part]
            sided = f"{bone}.{side.upper()}"
            out[name] = self.follow(matrices, sided if sided in self.index else bone, point)
        return out
