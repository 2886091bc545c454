"""Read a clip: its facts, and its frames one after the other, upright, in real time stamps.

A frame here has y down, as the picture is stored; its pixels are square and the phone's rotation is undone.
"""

import queue
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from analysis.errors import AnalysisError
from analysis.types import ClipFacts, Floats, Ints

# Only these are opened: play lists and the like could point at other files.
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,gif"
MAX_PIXELS = 8192 * 4608
MAX_SIDE_PX = 16384
MIN_SIDE_PX = 32
MAX_SECONDS = 30 * 60
MAX_FRAMES = 250_000
MIN_FRAMES = 2
# A container that promises more than it holds has been cut off on its way here.
MIN_SHARE_HELD = 0.95
VARIABLE_CV = 0.05
LONG_INTERVAL = 2.5
READ_AHEAD_FRAMES = 4

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Frame:
    """One upright picture: ``rgb`` [h, w, 3], y down, contiguous; ``index`` counts the clip's frames from 0;
    ``t_s`` media time in seconds, 0 at the clip's first frame.
    """

    index: int
    t_s: float
    rgb: Image


@dataclass(frozen=True)
class Clip:
    """A clip whose index has been read.  ``pts`` [n] are the time stamps of its frames, rising, in ``time_base``."""

    path: Path
    facts: ClipFacts
    pts: Ints
    time_base: Fraction
    flipped: bool

    @property
    def t_s(self) -> Floats:
        """Media time of every frame [n], seconds, from 0."""
        return np.asarray((self.pts - self.pts[0]) * float(self.time_base), dtype=np.float64)

    def size_px(self, short_side_px: int | None) -> tuple[int, int]:
        """Width and height of an upright frame whose short side is at most ``short_side_px``."""
        width, height = self.facts.width_px, self.facts.height_px
        scale = min(1.0, (short_side_px or min(width, height)) / min(width, height))
        return max(1, round(width * scale)), max(1, round(height * scale))

    def wanted(self, window: tuple[float, float] | None = None, max_fps: float | None = None) -> Ints:
        """Numbers of the frames inside ``window`` (start and end in seconds), thinned to at most ``max_fps``."""
        step = max(1, int(np.ceil(self.facts.fps / max_fps - 0.05))) if max_fps else 1
        chosen = np.arange(0, len(self.pts), step)
        if window is not None:
            t_s = self.t_s[chosen]
            chosen = chosen[(t_s >= window[0] - 1e-9) & (t_s <= window[1] + 1e-9)]
        return chosen

    def frames(
        self,
        short_side_px: int | None = None,
        window: tuple[float, float] | None = None,
        max_fps: float | None = None,
    ) -> Iterator[Frame]:
        """Yield the frames of `wanted`, in order, decoding only from the key frame before the window on."""
        return self.pick(self.wanted(window, max_fps), short_side_px)

    def pick(self, indices: Ints, short_side_px: int | None = None) -> Iterator[Frame]:
        """Yield the frames with these numbers, in rising order; frames that do not decode are left out."""
        left = [int(i) for i in np.unique(indices)]
        if not left:
            return
        with _open(self.path) as (container, stream):
            _seek(container, stream, int(self.pts[left[0]]))
            size = self.size_px(short_side_px)
            place = 0
            for frame, pts in _decode(container, stream):
                index = int(np.searchsorted(self.pts, pts))
                while place < len(left) and left[place] < index:
                    place += 1
                if place == len(left):
                    return
                if left[place] == index and int(self.pts[index]) == pts:
                    t_s = float((pts - int(self.pts[0])) * self.time_base)
                    yield Frame(index, t_s, _upright(frame, size, self.facts.rotation_deg, self.flipped))
                    place += 1


def probe(path: Path) -> ClipFacts:
    """Facts of a clip, from its index and its first frame.

    Raises
    ------
    AnalysisError
        ``missing``, ``empty``, ``unreadable``, ``no_video``, ``truncated``, ``too_large``, ``too_small``,
        ``too_long`` or ``too_short``.
    """
    return open_clip(path).facts


def open_clip(path: Path) -> Clip:
    """Read the clip's index, without decoding more than one frame.  Errors as `probe`."""
    path = Path(path)
    if not path.is_file():
        raise AnalysisError("missing", "There is no such file.")
    if path.stat().st_size == 0:
        raise AnalysisError("empty", "The file is empty. Please upload the clip again.")
    with _open(path) as (container, stream):
        first = next(_decode(container, stream), None)
        if first is None:
            raise _unreadable()
        rotation_deg, flipped = _orientation(first[0])
        width, height = _square_size(stream, first[0])
        if rotation_deg % 180:
            width, height = height, width
        capture_fps, codec = _capture_fps(container), stream.codec_context.name
    time_base, pts = _time_stamps(path, first[1])
    if len(pts) < MIN_FRAMES:
        raise AnalysisError("too_short", "This is a single picture, not a clip. Please upload a video.")
    fps, variable = _rate(pts, time_base)
    seconds = float((pts[-1] - pts[0]) * time_base) + 1.0 / fps
    facts = ClipFacts(fps, len(pts), width, height, seconds, rotation_deg, codec, variable, capture_fps=capture_fps)
    return Clip(path, facts, pts, time_base, flipped)


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


@contextmanager
def _open(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open the first real video stream; whatever the libraries say becomes one plain sentence."""
    try:
        container = av.open(f"file:{path.resolve()}", options={"format_whitelist": CONTAINERS})
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreadable() from error
    with container:
        stream = next((s for s in container.streams.video if not _is_cover(s)), None)
        if stream is None:
            raise AnalysisError("no_video", "The file holds no moving picture. Please upload the video itself.")
        _check_size(stream.codec_context.width, stream.codec_context.height)
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        stream.thread_type = "AUTO"
        try:
            yield container, stream
        except av.FFmpegError as error:
            raise _unreadable() from error


def _unreadable() -> AnalysisError:
    return AnalysisError(
        "unreadable",
        "This file cannot be read as a video. Please upload the clip as the phone saved it (MP4, MOV or WebM).",
    )


def _is_cover(stream: VideoStream) -> bool:
    """Whether the stream is the cover picture of a sound file."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise AnalysisError(
            "too_large", f"The picture is too large ({width} x {height}). Please film in 1080p or 4K and upload again."
        )
    if 0 < min(width, height) < MIN_SIDE_PX:
        raise AnalysisError("too_small", f"The picture is too small to see a runner ({width} x {height}).")


def _decode(container: InputContainer, stream: VideoStream) -> Iterator[tuple[VideoFrame, int]]:
    """Decode from here to the end, with time stamps that rise strictly; damaged packets are skipped."""
    last: int | None = None
    for packet in _packets(container, stream):
        try:
            decoded = stream.codec_context.decode(packet)
        except av.FFmpegError:
            continue
        for frame in decoded:
            if frame.pts is not None and (last is None or frame.pts > last):
                last = frame.pts
                yield frame, frame.pts


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Any]:
    """Packets of the stream up to the end of what can be read; the last one flushes the decoder."""
    with suppress(av.FFmpegError):
        yield from container.demux(stream)


def _seek(container: InputContainer, stream: VideoStream, pts: int) -> None:
    with suppress(av.FFmpegError):
        container.seek(pts, stream=stream, backward=True)


def _time_stamps(path: Path, first: int) -> tuple[Fraction, Ints]:
    """Time base, and the time stamps of all frames from ``first`` on, rising, each once, without decoding them."""
    found: list[int] = []
    with _open(path) as (container, stream):
        time_base = stream.time_base or Fraction(1, 1000)
        _check_index(container, stream)
        for packet in _packets(container, stream):
            if packet.size and not packet.is_discard and packet.pts is not None and packet.pts >= first:
                found.append(packet.pts)
                if (packet.pts - first) * time_base > MAX_SECONDS or len(found) > MAX_FRAMES:
                    raise AnalysisError(
                        "too_long", f"The clip is longer than {MAX_SECONDS // 60} minutes. Please cut it and try again."
                    )
        promised_s = container.duration / av.time_base if container.duration and not stream.duration else 0.0
    if len(found) < MIN_FRAMES:
        found = _decoded_time_stamps(path)
    pts = np.unique(np.array(found, dtype=np.int64))
    if len(pts) and float((pts[-1] - pts[0]) * time_base) < MIN_SHARE_HELD * promised_s - 1.0:
        raise _truncated(float((pts[-1] - pts[0]) * time_base) / promised_s)
    return time_base, pts


def _decoded_time_stamps(path: Path) -> list[int]:
    """For the few containers (AVI) whose packets do not say when they are shown."""
    with _open(path) as (container, stream):
        return [pts for _, pts in _decode(container, stream)]


def _check_index(container: InputContainer, stream: VideoStream) -> None:
    """MP4 and MOV list where each frame lies in the file: those beyond its end never arrived."""
    ends = [entry.pos + entry.size for entry in stream.index_entries if entry.size]
    held = sum(end <= container.size for end in ends)
    if held < MIN_SHARE_HELD * len(ends):
        raise _truncated(held / len(ends))


def _truncated(share: float) -> AnalysisError:
    return AnalysisError("truncated", f"The clip is cut off: only {share:.0%} of it is here. Please upload it again.")


def _rate(pts: Ints, time_base: Fraction) -> tuple[float, bool]:
    """Frames per second, and whether the rate varies.

    The median interval is known to one tick only (1 ms in WebM), so the rate is the mean of the intervals within a
    tick and a half of it, and the rounding's own variance (tick^2 / 6) is taken off before the spread is judged.
    """
    steps = np.diff(pts).astype(np.float64)
    median = float(np.median(steps))
    near = steps[np.abs(steps - median) <= max(1.5, 0.02 * median)]
    typical = float(near.mean())
    spread = np.sqrt(max(0.0, float(steps.var()) - 1.0 / 6.0)) / typical
    variable = bool(spread > VARIABLE_CV or steps.max() > LONG_INTERVAL * typical)
    return 1.0 / (typical * float(time_base)), variable


def _capture_fps(container: InputContainer) -> float | None:
    """Rate at which Android says it filmed slow motion; None when it does not say."""
    with suppress(KeyError, ValueError):
        return float(container.metadata["com.android.capture.fps"])
    return None


def _orientation(frame: VideoFrame) -> tuple[int, bool]:
    """Counter-clockwise turn (degrees, multiple of 90) that makes the frame upright; whether it is then mirrored."""
    side_data: Any = frame.side_data
    matrix = side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return 0, False
    a, b, _, c, d = struct.unpack("<5i", bytes(matrix)[:20])
    flipped = a * d - b * c < 0
    turn_deg = -np.degrees(np.arctan2(b, -a if flipped else a))
    return int(np.round(turn_deg / 90.0) * 90) % 360, flipped


def _square_size(stream: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """Stored size with square pixels."""
    _check_size(frame.width, frame.height)
    aspect = stream.sample_aspect_ratio
    return (round(frame.width * aspect) if aspect else frame.width), frame.height


def _upright(frame: VideoFrame, size: tuple[int, int], rotation_deg: int, flipped: bool) -> Image:
    """Scale first, then turn: fewer pixels to move."""
    width, height = size if rotation_deg % 180 == 0 else (size[1], size[0])
    small = frame.reformat(width=width, height=height, format="rgb24", interpolation=Interpolation.BILINEAR, threads=1)
    # PyAV pads its lines; mediapipe and OpenCV want them without.
    rgb = np.ascontiguousarray(small.to_ndarray(), dtype=np.uint8)
    turns = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
    if rotation_deg in turns:
        rgb = np.asarray(cv2.rotate(rgb, turns[rotation_deg]), dtype=np.uint8)
    return np.ascontiguousarray(rgb[:, ::-1]) if flipped else rgb
