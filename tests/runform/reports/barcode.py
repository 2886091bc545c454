"""A clip that says on every picture which one it is, and where its one landmark is."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from analysis.landmarks import LEFT_WRIST, RIGHT_ANKLE, RIGHT_WRIST
from analysis.types import Landmarks

WIDTH, HEIGHT, BITS, STRIP = 640, 360, 8, 60
PICTURES, FIRST, LAST = 150, 20, 129  # the stretch with landmarks
LEFT_PAINT, RIGHT_PAINT = (86, 180, 233), (240, 170, 40)
HIDDEN, UNSURE = (610, 340), (25, 340)  # the right wrist and ankle, seen 0.3 and 0.4


def place(number: int) -> tuple[int, int]:
    """Centre of the white square on a picture, px, y down; neighbours lie far apart."""
    return 40 + number * 97 % 560, 120 + number * 61 % 200


def moments() -> np.ndarray:
    """A variable frame rate, as phones film: 30 a second, now and then 24 or 60."""
    spans = np.random.default_rng(7).choice([1 / 30, 1 / 24, 1 / 60], PICTURES, p=[0.6, 0.2, 0.2])
    return np.round(np.r_[0.0, np.cumsum(spans)[:-1]] * 90_000) / 90_000


def picture(number: int) -> np.ndarray:
    rgb = np.full((HEIGHT, WIDTH, 3), 70, np.uint8)
    wide = WIDTH // BITS
    for bit in range(BITS):
        rgb[:STRIP, bit * wide : (bit + 1) * wide] = 235 if number >> bit & 1 else 20
    x, y = place(number)
    rgb[y - 14 : y + 14, x - 14 : x + 14] = 235
    return rgb


def write_clip(path: Path) -> None:
    """H.264 with pictures that depend on later ones, as a phone writes it."""
    with av.open(str(path), "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=30, options={"bf": "2", "preset": "veryfast", "crf": "16"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        for number, t_s in enumerate(moments()):
            frame = av.VideoFrame.from_ndarray(picture(number))
            frame.pts, frame.time_base = round(t_s * 90_000), Fraction(1, 90_000)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def landmarks() -> Landmarks:
    """The left wrist is the white square; of the rest the right wrist and ankle are hardly seen."""
    rows = range(FIRST, LAST + 1)
    xy_px, seen = np.full((len(rows), 33, 2), 10.0), np.zeros((len(rows), 33))
    xy_px[:, LEFT_WRIST] = [(x - 0.5, HEIGHT - y + 0.5) for x, y in map(place, rows)]
    xy_px[:, RIGHT_WRIST], xy_px[:, RIGHT_ANKLE] = ((x, HEIGHT - y) for x, y in (HIDDEN, UNSURE))
    seen[:, LEFT_WRIST], seen[:, RIGHT_WRIST], seen[:, RIGHT_ANKLE] = 1.0, 0.3, 0.4
    return Landmarks(xy_px, np.zeros((len(rows), 33, 3)), seen, moments()[FIRST : LAST + 1], WIDTH, HEIGHT)


def read(shot: np.ndarray) -> tuple[int, np.ndarray | None]:
    """Of a picture of the stage (RGB): the number in its strip, and the landmark drawn (x, y in px of the clip)."""
    scale = shot.shape[1] / WIDTH
    grey = shot.mean(axis=2)
    wide = WIDTH // BITS
    centres = [grey[int(scale * STRIP / 2), int(scale * wide * (bit + 0.5))] for bit in range(BITS)]
    number = sum(1 << bit for bit, light in enumerate(centres) if light > 128)
    blue = np.abs(shot.astype(int) - LEFT_PAINT).sum(axis=2) < 40
    if not blue.any():
        return number, None
    rows, columns = np.nonzero(blue)
    return number, np.array([columns.mean(), rows.mean()]) / scale
