"""A clip whose index has been read: facts, time stamps, frames by number."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from analysis.errors import AnalysisError
from analysis.types import ClipFacts, Floats, Ints
from analysis.video.container import check_file, check_size, decoded, decoded_from, opened, packets, single, unreadable
from analysis.video.frames import Frame, orientation, upright

MAX_SECONDS = 30 * 60
MAX_FRAMES = 250_000
MIN_FRAMES = 2
# A container that promises more than it holds was cut off on its way here: it is refused, not half analysed.
MIN_SHARE_HELD = 0.95
VARIABLE_CV = 0.05
LONG_INTERVAL = 2.5

OnDecoded = Callable[[int, VideoFrame], None]


@dataclass(frozen=True)
class Clip:
    """A clip whose index has been read.  ``pts`` [n] are the time stamps of its frames, rising, in ``time_base``.

    ``on_decoded`` is told number and picture, as stored, of every frame that `pick` decodes, before it is scaled.
    """

    path: Path
    facts: ClipFacts
    pts: Ints
    time_base: Fraction
    flipped: bool
    on_decoded: OnDecoded | None = None

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
        """Yield the frames of `wanted`, in order."""
        return self.pick(self.wanted(window, max_fps), short_side_px)

    def pick(self, indices: Ints, short_side_px: int | None = None) -> Iterator[Frame]:
        """Yield the frames with these numbers, in rising order; frames that do not decode are left out."""
        size, t_s, scaler = self.size_px(short_side_px), self.t_s, VideoReformatter()
        for index, frame in self.decoded(indices):
            if self.on_decoded is not None:
                self.on_decoded(index, frame)
            rgb = upright(frame, size, self.facts.rotation_deg, self.flipped, scaler)
            yield Frame(index, float(t_s[index]), rgb)

    def decoded(self, indices: Ints) -> Iterator[tuple[int, VideoFrame]]:
        """Yield number and picture of the same frames as they are stored: neither turned nor scaled."""
        left = [int(i) for i in np.unique(indices)]
        if not left:
            return
        place = 0
        needed = frozenset(self.pts[left].tolist())
        for frame, pts in decoded_from(self.path, needed, int(self.pts[0])):
            index = int(np.searchsorted(self.pts, pts))
            while place < len(left) and left[place] < index:
                place += 1
            if place == len(left):
                return
            if left[place] == index and int(self.pts[index]) == pts:
                yield index, frame
                place += 1

    def key_frames(self, every_s: float, short_side_px: int | None = None) -> Iterator[Frame]:
        """Yield key frames that lie at least ``every_s`` apart; nothing else is decoded."""
        t_s, due_s, scaler = self.t_s, 0.0, VideoReformatter()
        with opened(self.path) as (container, stream):
            for packet in packets(container, stream):
                if packet.pts is None or not packet.is_keyframe:
                    continue
                index = int(np.searchsorted(self.pts, packet.pts))
                if index == len(self.pts) or self.pts[index] != packet.pts or t_s[index] < due_s:
                    continue
                frame = single(stream, packet)
                if frame is not None:
                    due_s = float(t_s[index]) + every_s
                    size = self.size_px(short_side_px)
                    rgb = upright(frame, size, self.facts.rotation_deg, self.flipped, scaler)
                    yield Frame(index, float(t_s[index]), rgb)


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
    check_file(path)
    stat = path.stat()
    return _open_clip(path, stat.st_mtime_ns, stat.st_size)


# Every step of an analysis opens the clip, and its index is as long as the clip.
@lru_cache(maxsize=2)
def _open_clip(path: Path, _mtime_ns: int, _size: int) -> Clip:
    with opened(path) as (container, stream):
        first = next(decoded(container, stream), None)
        if first is None:
            raise unreadable()
        rotation_deg, flipped = orientation(first[0])
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


def _time_stamps(path: Path, first: int) -> tuple[Fraction, Ints]:
    """Time base, and the time stamps of all frames from ``first`` on, rising, each once, without decoding them."""
    found: list[int] = []
    silent = 0
    with opened(path) as (container, stream):
        time_base = stream.time_base or Fraction(1, 1000)
        _check_index(container, stream)
        for packet in packets(container, stream):
            if not packet.size or packet.is_discard:
                continue
            if packet.pts is None:
                silent += 1
            elif packet.pts >= first:
                found.append(packet.pts)
            _check_length(len(found) + silent, float((packet.pts or first) - first) * float(time_base))
        promised_s = container.duration / av.time_base if container.duration and not stream.duration else 0.0
    if silent:
        found = _decoded_time_stamps(path)
    pts = np.unique(np.array(found, dtype=np.int64))
    # Matroska promises the end of a clip, whose clock need not begin at 0, and not its length.
    held_s = float((pts[-1] - min(pts[0], 0)) * time_base) if len(pts) else 0.0
    if held_s < MIN_SHARE_HELD * promised_s - 1.0:
        raise _truncated(held_s / promised_s)
    return time_base, pts


def _check_length(n_frames: int, seconds: float) -> None:
    if seconds > MAX_SECONDS or n_frames > MAX_FRAMES:
        raise AnalysisError(
            "too_long", f"The clip is longer than {MAX_SECONDS // 60} minutes. Please cut it and try again."
        )


def _decoded_time_stamps(path: Path) -> list[int]:
    """For the few containers (AVI) whose packets do not say when they are shown."""
    with opened(path) as (container, stream):
        return [pts for _, pts in decoded(container, stream)]


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


def _square_size(stream: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """Stored size with square pixels."""
    check_size(frame.width, frame.height)
    aspect = stream.sample_aspect_ratio
    return (round(frame.width * aspect) if aspect else frame.width), frame.height
