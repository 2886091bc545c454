"""Clips for the queue: real files that go the whole way, as short as the question allows."""

from pathlib import Path

import av
import numpy as np


def tiny_clip(path: Path, number: int) -> Path:
    """Nobody is in it: refused after a second or two, with a report that says why.  Each number is another file."""
    with av.open(str(path), "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for index in range(12):
            picture = np.full((36, 64, 3), 40 + 10 * index, np.uint8)
            picture[:, : number % 64] = number // 64
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        film.mux(stream.encode(None))
    return path


def other_file(path: Path, clip: Path, number: int) -> Path:
    """The same film as another file: with empty boxes at its end, it is no duplicate."""
    path.write_bytes(clip.read_bytes() + number * b"\x00\x00\x00\x08free")
    return path
