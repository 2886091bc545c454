"""Small clips made on the fly: every frame carries its own number, and the upright picture's top left is red."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from analysis.video import Image

WIDTH, HEIGHT = 96, 160
BITS = 8
RED = (220, 30, 30)


def picture(number: int) -> Image:
    """An upright picture: red top left, and the frame's number as white and black fields below."""
    rgb = np.full((HEIGHT, WIDTH, 3), 90, dtype=np.uint8)
    rgb[:40, :40] = RED
    for bit in range(BITS):
        top, left = 60 + 40 * (bit // 4), 24 * (bit % 4)
        rgb[top : top + 40, left : left + 24] = 235 if number >> bit & 1 else 20
    return rgb


def number_in(rgb: Image) -> int:
    """The number that `picture` wrote, read from an upright frame of any size."""
    height, width = rgb.shape[:2]
    rows = [int((80 + 40 * (bit // 4)) * height / HEIGHT) for bit in range(BITS)]
    columns = [int((12 + 24 * (bit % 4)) * width / WIDTH) for bit in range(BITS)]
    return sum(int(rgb[y, x].mean() > 128) << bit for bit, (y, x) in enumerate(zip(rows, columns, strict=True)))


@dataclass(frozen=True)
class Recipe:
    """How a clip is written: ``pts`` in ticks of ``time_base``; ``turn_deg``, ``mirrored`` as a phone notes them."""

    name: str = "clip.mp4"
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    pts: Sequence[int] = tuple(range(30))
    time_base: Fraction = Fraction(1, 30)
    options: dict[str, str] = field(default_factory=dict)
    container: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    turn_deg: int = 0
    mirrored: bool = False
    pixel_aspect: Fraction | None = None


def write_clip(folder: Path, recipe: Recipe) -> Path:
    """Write the clip and return its path.

    In a thread of its own: under root the AV1 encoder gives its caller, and all that this starts from then on,
    real-time priority for good, and nothing else comes to its turn.
    """
    with ThreadPoolExecutor(1) as own:
        return own.submit(_write, folder / recipe.name, recipe).result()


def _write(path: Path, recipe: Recipe) -> Path:
    with av.open(str(path), "w", options=recipe.container) as target:
        target.metadata.update(recipe.metadata)
        stream = target.add_stream(recipe.codec, rate=round(1 / recipe.time_base), options=recipe.options)
        stored = [_stored(picture(n), recipe) for n in range(len(recipe.pts))]
        stream.height, stream.width = stored[0].shape[:2]
        stream.pix_fmt = recipe.pix_fmt
        stream.codec_context.time_base = recipe.time_base
        if recipe.pixel_aspect is not None:
            stream.sample_aspect_ratio = recipe.pixel_aspect
        if recipe.turn_deg or recipe.mirrored:
            stream.set_display_rotation(recipe.turn_deg, hflip=recipe.mirrored)
        for pts, rgb in zip(recipe.pts, stored, strict=True):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = pts, recipe.time_base
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """An audio file without a picture."""
    with av.open(str(path), "w") as target:
        stream = target.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48000
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


def _stored(upright: Image, recipe: Recipe) -> Image:
    """The picture as the sensor saw it: turning it by ``turn_deg`` and then mirroring it makes it upright."""
    rgb = upright[:, ::-1] if recipe.mirrored else upright
    return np.ascontiguousarray(np.rot90(rgb, -recipe.turn_deg // 90))
