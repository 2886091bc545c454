"""The renderer: moderngl on EGL; Mesa's llvmpipe is enough."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from tools.truth import shaders
from tools.truth.camera import Camera
from tools.truth.mesh import Layer
from tools.truth.room import build_room, draw_grain, draw_poster, draw_window
from tools.truth.rotation import Floats, Ints

Picture = NDArray[np.uint8]
SUN = np.array([0.25, 1.0, 0.45]) / np.linalg.norm([0.25, 1.0, 0.45])
SAMPLES = 4
# Smaller triangles throw no shadow that anyone sees.
SHADOW_MIN_M2 = 8e-5


class Stage:
    """A room seen by one camera; `enter` brings a runner in."""

    def __init__(self, camera: Camera, *, seed: int, console: bool, dim: float) -> None:
        import moderngl

        self.camera, self.dim = camera, dim
        self.gl: Any = moderngl.create_context(standalone=True, backend="egl")
        self.gl.enable(moderngl.DEPTH_TEST)
        self.smooth, self.empty = self._framebuffer(), self._framebuffer()
        self.flat = self.gl.framebuffer([self.gl.renderbuffer(camera.size, 4)])
        self.person = self.gl.program(shaders.PERSON_VERTEX, shaders.PERSON_PIXEL)
        self.room = self.gl.program(shaders.ROOM_VERTEX, shaders.ROOM_PIXEL)
        self.shadow = self.gl.program(shaders.SHADOW_VERTEX, shaders.SHADOW_PIXEL)
        rng = np.random.default_rng(seed)
        pictures = {"poster": draw_poster(rng), "window": draw_window(rng), "grain": draw_grain(rng)}
        for slot, (name, picture) in enumerate(pictures.items()):
            texture = self.gl.texture(picture.size, 3, picture.tobytes())
            texture.build_mipmaps()
            texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
            texture.use(slot)
            self.room[name] = slot
        self._draw_room(build_room(rng, console=console).tobytes(), moderngl.CULL_FACE)

    def _framebuffer(self) -> Any:
        size = self.camera.size
        colour = self.gl.renderbuffer(size, 4, samples=SAMPLES)
        return self.gl.framebuffer([colour], self.gl.depth_renderbuffer(size, samples=SAMPLES))

    def _set_view(self, program: Any) -> None:
        program["vp"].write(np.ascontiguousarray(self.camera.gl_matrix().T.astype("f4")).tobytes())
        for name, value in (("sun", tuple(SUN)), ("dim", self.dim)):
            if name in program:
                program[name] = value

    def _draw_room(self, triangles: bytes, cull: int) -> None:
        """Once: the camera stands still, and what moves is the runner."""
        self._set_view(self.room)
        buffer = self.gl.buffer(triangles)
        walls = self.gl.vertex_array(self.room, [(buffer, "3f 3f 3f 3f", "pos", "nrm", "col", "uvt")])
        self.empty.use()
        self.gl.clear(0.5, 0.5, 0.5)
        self.gl.enable(cull)
        walls.render()
        self.gl.disable(cull)

    def enter(self, layer: Layer, look: Mapping[str, Any], eyes: tuple[Floats, Floats]) -> None:
        """A dressed body; ``eyes``: where its left and right eye are at rest."""
        self.weights: Any = sparse.csr_matrix(np.where(layer.weights > 1e-3, layer.weights, 0))
        self.rest = np.column_stack([layer.vertices, np.ones(len(layer.vertices))])
        self.normals = layer.normals
        self.moving = self.gl.buffer(reserve=len(self.rest) * 24)
        fixed = np.column_stack([layer.vertices, layer.colours, layer.edge, layer.materials])
        still = self.gl.buffer(fixed.astype("f4").tobytes())
        faces = layer.faces[(layer.edge[layer.faces] > 0).any(1)]
        inputs = [(self.moving, "3f 3f", "pos", "nrm"), (still, "3f 3f 2f", "rest", "col", "em")]
        self.runner = self.gl.vertex_array(self.person, inputs, self._corners(faces))
        first, second, third = (layer.vertices[faces[:, corner]] for corner in range(3))
        large = np.linalg.norm(np.cross(second - first, third - first), axis=1) > SHADOW_MIN_M2
        inputs = [(self.moving, "3f 12x", "pos"), (still, "24x 2f", "em")]
        self.cast = self.gl.vertex_array(self.shadow, inputs, self._corners(faces[large]))
        self.person["eyel"], self.person["eyer"] = tuple(eyes[0]), tuple(eyes[1])
        self.person["brow"] = tuple(np.array(look.get("hair", (0.1, 0.07, 0.05))) * 0.8)
        self.person["eye"] = tuple(self.camera.eye)
        self._set_view(self.person)
        self._set_view(self.shadow)

    def _corners(self, faces: Ints) -> Any:
        return self.gl.buffer(faces.astype("i4").tobytes())

    def draw(self, matrices: Floats) -> Picture:
        """(height, width, 3) of the runner posed by (bones, 3, 4) matrices."""
        skin = (self.weights @ matrices.reshape(len(matrices), 12)).reshape(-1, 3, 4)
        places = np.einsum("nij,nj->ni", skin, self.rest)
        normals = np.einsum("nij,nj->ni", skin[:, :, :3], self.normals)
        self.moving.write(np.column_stack([places, normals]).astype("f4").tobytes())
        self.gl.copy_framebuffer(self.smooth, self.empty)
        self.smooth.use()
        self.cast.render()
        self.runner.render()
        self.gl.copy_framebuffer(self.flat, self.smooth)
        width, height = self.camera.size
        return np.frombuffer(self.flat.read(components=3), np.uint8).reshape(height, width, 3)[::-1]

    def close(self) -> None:
        self.gl.release()
