"""The gym: pictures on its walls, and its triangles.

A vertex is 12 numbers: place (m), normal, colour (0 to 1), place in the picture,
kind (0 wall, 1 poster, 2 window, 3 belt, 4 floor).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

from tools.truth.rotation import Floats

PICTURE_PX = (512, 384)
FLOOR_M, DEPTH_M, TOP_M = -0.2, 5.2, 2.6
WALL, FLOOR = (0.84, 0.78, 0.70), (0.20, 0.22, 0.25)
GREY, BLACK, STEEL = (0.62, 0.63, 0.66), (0.06, 0.06, 0.065), (0.66, 0.67, 0.70)
FRAME = (110, 110, 112)
Vertices = list[Floats]
Generator = np.random.Generator


def draw_poster(rng: Generator) -> Image.Image:
    width, height = PICTURE_PX
    picture = Image.new("RGB", PICTURE_PX, tuple(rng.integers(120, 255, 3).tolist()))
    draw = ImageDraw.Draw(picture)
    for _ in range(26):
        x, y, across, up = (int(rng.integers(*span)) for span in ((0, width), (0, height), (30, 150), (30, 150)))
        colour = tuple(rng.integers(20, 255, 3).tolist())
        draw.ellipse([x - across, y - up, x + across, y + up], fill=colour)
    draw.text((width // 2, height // 2), "RUN", fill="white", anchor="mm", font=ImageFont.load_default(140))
    return picture


def draw_window(rng: Generator) -> Image.Image:
    width, height = PICTURE_PX
    picture = Image.new("RGB", PICTURE_PX, (205, 222, 240))
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, across = (int(rng.integers(*span)) for span in ((0, width), (int(height * 0.6), height), (15, 60)))
        green = int(rng.integers(90, 200))
        box = [x - across, y - across * 0.8, x + across, y + across * 0.8]
        draw.ellipse(box, fill=(int(green * 0.5), green, int(green * 0.35)))
    for x in (0, 170, 341, 505):
        draw.rectangle([x, 0, x + 7, height], fill=FRAME)
    draw.rectangle([0, 0, width, 7], fill=FRAME)
    draw.rectangle([0, height - 8, width, height], fill=FRAME)
    return picture


def draw_grain(rng: Generator) -> Image.Image:
    total = np.zeros((256, 256))
    for cells in (8, 32, 128, 256):
        noise = Image.fromarray((rng.random((cells, cells)) * 255).astype("u1"))
        total += np.asarray(noise.resize((256, 256), Image.Resampling.BICUBIC), float) / 4
    return Image.fromarray(total.clip(0, 255).astype("u1")).convert("RGB")


def build_room(rng: Generator, *, console: bool) -> NDArray[np.float32]:
    """Triangles (n, 12): walls that face inwards only, floor, clutter and the treadmill."""
    corners = [(-9, -9), (-9, 9), (9, 9), (-9, -9), (9, 9), (9, -9)]
    out = [np.array([x, FLOOR_M, z, 0, 1, 0, *FLOOR, 0, 0, 4], float) for x, z in corners]
    walls: Any = (((0, 0, 1), (1, 0, 0)), ((0, 0, -1), (-1, 0, 0)), ((1, 0, 0), (0, 0, -1)), ((-1, 0, 0), (0, 0, 1)))
    for normal, right in walls:
        out += _build_wall(rng, np.array(normal, float), np.array(right, float))
    return np.array(out + _build_treadmill(console=console), "f4")


def _build_wall(rng: Generator, normal: Floats, right: Floats) -> Vertices:
    wide, foot = right * DEPTH_M * 1.2, -normal * DEPTH_M
    out = _quad(foot + np.array([0, (FLOOR_M + TOP_M) / 2, 0]), wide, (TOP_M - FLOOR_M) / 2, normal, 0, WALL)
    out += _quad(foot + np.array([0, TOP_M + 1.2, 0]), wide, 1.2, normal, 0, (0.5, 0.5, 0.5))
    for at, kind, half in ((-2.6, 2, 0.9), (rng.uniform(-0.4, 0.4), 1, 0.85), (2.6, 2, 0.9)):
        centre = -normal * (DEPTH_M - 0.03) + right * at + [0, 1.45, 0]
        out += _quad(centre, right * half, 0.65, normal, kind)
    for _ in range(5):
        at, height, half = rng.uniform(-4, 4), rng.uniform(0.3, 1.2), rng.uniform(0.15, 0.4)
        if abs(at) < 0.4:
            continue
        place = -normal * (DEPTH_M - 0.7) + right * at
        low = place + np.array([-half, FLOOR_M, -half])
        high = place + np.array([half, height + FLOOR_M, half])
        out += _box(low, high, rng.uniform(0.05, 0.8, 3))
    return out


def _build_treadmill(*, console: bool) -> Vertices:
    """The belt's top is y = 0; the console stands in front of the runner."""
    out = _box((-1.0, FLOOR_M, -0.42), (1.12, -0.02, 0.42), BLACK)
    out += _box((-0.97, -0.02, -0.27), (0.86, 0, 0.27), (0.085, 0.085, 0.09), 3)
    for near, far in ((-0.40, -0.275), (0.275, 0.40)):
        out += _box((-0.93, -0.02, near), (0.86, 0.028, far), GREY)
    out += _box((0.78, -0.02, -0.42), (1.14, 0.14, 0.42), BLACK)
    if not console:
        return out
    for post in (-0.40, 0.40):
        out += _box((0.98, 0, post - 0.025), (1.04, 1.15, post + 0.025), STEEL)
        out += _box((0.50, 0.93, post - 0.02), (1.04, 0.97, post + 0.02), BLACK)
    out += _box((0.96, 1.0, -0.42), (1.10, 1.36, 0.42), BLACK)
    return out + _box((0.952, 1.08, -0.12), (0.96, 1.30, 0.12), (0.25, 0.5, 0.75))


def _quad(
    centre: Floats, right: Floats, half_height: float, normal: Floats, kind: int, colour: ArrayLike = (1, 1, 1)
) -> Vertices:
    up = np.array([0, half_height, 0])
    corners = [centre - right - up, centre + right - up, centre + right + up, centre - right + up]
    spots = [(0, 1), (1, 1), (1, 0), (0, 0)]
    return [np.r_[corners[at], normal, colour, spots[at], kind] for at in (0, 1, 2, 0, 2, 3)]


def _box(low: ArrayLike, high: ArrayLike, colour: ArrayLike, kind: int = 0) -> Vertices:
    ends = np.array([low, high], float)
    out = []
    for axis in range(3):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        for end in (0, 1):
            normal, corners = np.zeros(3), []
            normal[axis] = 1 if end else -1
            for spot in ((0, 0), (1, 0), (1, 1), (0, 1)):
                corner = np.zeros(3)
                corner[axis], corner[first], corner[second] = (
                    ends[end][axis],
                    ends[spot[0]][first],
                    ends[spot[1]][second],
                )
                corners.append(np.r_[corner, normal, colour, spot, kind])
            if not end:
                corners.reverse()
            out += [corners[at] for at in (0, 1, 2, 0, 2, 3)]
    return out
