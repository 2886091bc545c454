"""Single frames: turned upright, scaled, and decoded ahead of their reader."""

import queue
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

READ_AHEAD_FRAMES = 4

Image = NDArray[np.uint8]

_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


@dataclass(frozen=True)
class Frame:
    """One upright picture: ``rgb`` [h, w, 3], y down, contiguous; ``index`` counts the clip's frames from 0;
    ``t_s`` media time in seconds, 0 at the clip's first frame.
    """

    index: int
    t_s: float
    rgb: Image


def orientation(frame: VideoFrame) -> tuple[int, bool]:
    """Counter-clockwise turn (degrees, multiple of 90) that makes the frame upright; whether it is then mirrored."""
    side_data: Any = frame.side_data
    matrix = side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return 0, False
    a, b, _, c, d = struct.unpack("<5i", bytes(matrix)[:20])
    flipped = a * d - b * c < 0
    turn_deg = -np.degrees(np.arctan2(b, -a if flipped else a))
    return int(np.round(turn_deg / 90.0) * 90) % 360, flipped


def upright(
    frame: VideoFrame, size: tuple[int, int], rotation_deg: int, flipped: bool, scaler: VideoReformatter
) -> Image:
    """The frame as an image of ``size`` (width, height).  Scaled before it is turned: fewer pixels to move.

    ``scaler`` remembers how, from one frame of a clip to the next.
    """
    width, height = size if rotation_deg % 180 == 0 else (size[1], size[0])
    small = scaler.reformat(frame, width, height, "rgb24", interpolation=Interpolation.BILINEAR, threads=1)
    # PyAV pads its lines; mediapipe and OpenCV want them without.
    rgb = np.ascontiguousarray(small.to_ndarray(), dtype=np.uint8)
    if rotation_deg in _TURNS:
        rgb = np.asarray(cv2.rotate(rgb, _TURNS[rotation_deg]), dtype=np.uint8)
    return mirror(rgb) if flipped else rgb


def mirror(rgb: Image) -> Image:
    """The picture with left and right exchanged; five times as fast as by NumPy's slices."""
    return np.asarray(cv2.flip(rgb, 1), dtype=np.uint8)


def read_ahead(frames: Iterator[Frame], depth: int = READ_AHEAD_FRAMES) -> Iterator[Frame]:
    """Decode in a thread of its own, at most ``depth`` frames ahead of the reader; errors arrive at the reader."""
    ready: queue.Queue[Frame | BaseException | None] = queue.Queue(maxsize=depth)
    stop = threading.Event()

    def put(item: Frame | BaseException | None) -> None:
        while not stop.is_set():
            with suppress(queue.Full):
                return ready.put(item, timeout=0.1)

    def work() -> None:
        try:
            for frame in frames:
                put(frame)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:
            put(error)

    thread = threading.Thread(target=work, name="decode", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join()
