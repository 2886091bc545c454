"""Layers of triangles around a body."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import ArrayLike
from scipy.spatial import ConvexHull

from tools.truth.body import Body
from tools.truth.rotation import Floats, Ints

MATERIALS = {"skin": 0, "cloth": 1, "shoe": 2, "hair": 3, "eye": 4}
"""As the shader knows them."""


@dataclass
class Layer:
    """Skinned triangles at rest; drawn where ``edge`` is positive, interpolated, so that cuts are clean."""

    vertices: Floats
    faces: Ints
    weights: Floats
    colours: Floats
    edge: Floats
    materials: Floats

    def __post_init__(self) -> None:
        self.normals = compute_normals(self.vertices, self.faces)


def paint(count: int, colour: ArrayLike, material: str) -> dict[str, Floats]:
    """Colours and materials of a layer of one colour."""
    return {
        "colours": np.tile(np.asarray(colour, float), (count, 1)),
        "materials": np.full(count, MATERIALS[material], float),
    }


def join(layers: list[Layer]) -> Layer:
    """All layers as one."""
    starts = np.cumsum([0, *(len(layer.vertices) for layer in layers)])
    faces = [layer.faces + start for layer, start in zip(layers, starts, strict=False)]

    def stack(name: str) -> Any:
        return np.concatenate([getattr(layer, name) for layer in layers]).astype(float)

    out = Layer(
        *(stack("vertices"), np.concatenate(faces), stack("weights")), *map(stack, ("colours", "edge", "materials"))
    )
    # A layer's own: where two of them touch, nothing is smoothed over.
    out.normals = stack("normals")
    return out


def compute_normals(vertices: Floats, faces: Ints) -> Floats:
    """(v, 3) unit normals."""
    across = _face_normals(vertices, faces)
    out = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(out, faces[:, corner], across)
    normals: Floats = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
    return normals


def _face_normals(vertices: Floats, faces: Ints) -> Floats:
    """(f, 3), twice as long as the face's area."""
    first, second, third = (vertices[faces[:, corner]] for corner in range(3))
    out: Floats = np.cross(second - first, third - first)
    return out


def smooth(vertices: Floats, faces: Ints, times: int) -> Floats:
    """Each vertex halfway to the mean of its neighbours, so many times."""
    first, second, third = faces.T
    rows, columns = np.r_[first, second, third, second, third, first], np.r_[second, third, first, first, second, third]
    beside: Any = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (len(vertices), len(vertices)))
    beside.data[:] = 1
    beside = sparse.diags(1 / np.maximum(np.asarray(beside.sum(1)).ravel(), 1)) @ beside
    for _ in range(times):
        vertices = 0.5 * vertices + 0.5 * (beside @ vertices)
    return vertices


def cut_layer(
    body: Body,
    edge: Floats,
    offset_m: float | Floats,
    rounds: int,
    colour: ArrayLike,
    material: str,
    *,
    weights: Floats | None = None,
) -> Layer:
    """The body where ``edge`` is positive, and a little beyond, moved outwards by ``offset_m`` and smoothed."""
    near = (edge[body.faces] > -0.07).all(1) & (edge[body.faces] > -0.05).any(1)
    kept, faces = np.unique(body.faces[near], return_inverse=True)
    faces = faces.reshape(-1, 3)
    start, normals = body.vertices[kept], compute_normals(body.vertices, body.faces)[kept]
    offset = np.broadcast_to(offset_m, (len(body.vertices),))[kept][:, None]
    vertices = smooth(start + normals * offset, faces, rounds)
    # Smoothing shrinks: keep at least half of the offset.
    outwards = np.sum((vertices - start) * normals, 1, keepdims=True)
    vertices = vertices + normals * np.maximum(offset * 0.5 - outwards, 0)
    carried = (body.weights if weights is None else weights)[kept]
    return Layer(vertices, faces, carried, edge=edge[kept], **paint(len(kept), colour, material))


def carry(count: int, body: Body, bone: str) -> Floats:
    """Weights of vertices that follow one bone alone."""
    out = np.zeros((count, len(body.bones)))
    out[:, body.bones.index(bone)] = 1
    return out


def hull_shoes(shoes: Layer, body: Body, colour: ArrayLike) -> Layer:
    """Each shoe as the convex hull of its points (no toes), carried by its foot alone."""
    vertices, faces, weights, start = [], [], [], 0
    for bone, chosen in (("foot.L", shoes.vertices[:, 2] < 0), ("foot.R", shoes.vertices[:, 2] >= 0)):
        points = shoes.vertices[chosen & (shoes.edge > 0)]
        kept, corners = np.unique(ConvexHull(points).simplices, return_inverse=True)
        hull, corners = points[kept], corners.reshape(-1, 3)
        outwards = np.sum(_face_normals(hull, corners) * (hull[corners].mean(1) - hull.mean(0)), 1)
        corners[outwards < 0] = corners[outwards < 0][:, ::-1]
        vertices.append(hull)
        faces.append(corners + start)
        weights.append(carry(len(hull), body, bone))
        start += len(hull)
    whole = np.concatenate(vertices)
    colours = paint(start, colour, "shoe")
    return Layer(whole, np.concatenate(faces), np.concatenate(weights), edge=np.ones(start), **colours)
