"""Dots of tape on the back of the shirt at the waist, painted over the picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from tools.truth.camera import Camera
from tools.truth.mesh import MATERIALS, Layer
from tools.truth.puppet import Puppet
from tools.truth.rotation import Floats
from tools.truth.scene import Picture

RADIUS_M = 0.0135
PELVIS_SHARE = 0.75
"""Of a dot's movement; the rest it makes with the cloth."""
# cv2 takes whole numbers with this many binary places.
BITS = 4


def track_dots(dots: Sequence[Mapping[str, Any]], layer: Layer, puppet: Puppet, matrices: Floats) -> dict[str, Floats]:
    """World places (n, 3) of each dot; ``y`` and ``z`` of a dot are metres from the middle of the hips."""
    out = {}
    places, hip = layer.vertices, puppet.hip
    for dot in dots:
        y, z = hip[1] + dot["y"], dot["z"]
        back = (layer.materials == MATERIALS["cloth"]) & (layer.edge > 0) & (places[:, 0] < hip[0])
        back &= (np.abs(places[:, 1] - y) < 0.03) & (np.abs(places[:, 2] - z) < 0.03)
        point = np.array([places[back, 0].min() - 0.003, y, z])
        nearest = np.argsort(np.linalg.norm(places - point, axis=1) + 10 * ~back)[:6]
        skin = np.einsum("b,nbij->nij", layer.weights[nearest].mean(0), matrices)
        cloth = skin[:, :, :3] @ point + skin[:, :, 3]
        out[dot["name"]] = PELVIS_SHARE * puppet.follow(matrices, "root", point) + (1 - PELVIS_SHARE) * cloth
    return out


def paint_dots(
    picture: Picture, dots: Sequence[Mapping[str, Any]], places: Mapping[str, Floats], camera: Camera, away_m: float
) -> Picture:
    """The picture with each dot at its world place (3,)."""
    picture = np.ascontiguousarray(picture)
    unit = 1 << BITS
    radius = int(RADIUS_M * camera.focal_px / away_m * unit)
    for dot in dots:
        x, y = camera.project(places[dot["name"]])
        colour = [int(255 * part) for part in dot["col"]]
        centre = (round(float(x) * unit), round(float(y) * unit))
        cv2.ellipse(picture, centre, (radius, radius), 0, 0, 360, colour, -1, cv2.LINE_AA, BITS)
    return picture
