"""Open a file that may be anything, and say in one plain sentence what is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from analysis.errors import AnalysisError

# Only these are opened: play lists and the like could point at other files.
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,gif"
MAX_PIXELS = 8192 * 4608
MAX_SIDE_PX = 16384
MIN_SIDE_PX = 32
# Each holds a frame or two: the memory of a clip shall not depend on the machine.  Of 4K that is 30 MB a frame.
DECODER_THREADS, DECODER_THREADS_LARGE = 3, 2
# More than this is large: one decoder at a time, or they would take too much memory.
LARGE_PIXELS = 2560 * 1440
# How far before the wanted frame to seek, seconds, until a frame comes that lies before it.
SEEK_BACK_S = (0, 2, 10)

Decoded = tuple[VideoFrame, int]


def check_file(path: Path) -> None:
    """Raise `AnalysisError` (``missing`` or ``empty``) unless there is a file with something in it."""
    if not path.is_file():
        raise AnalysisError("missing", "There is no such file.")
    if path.stat().st_size == 0:
        raise AnalysisError("empty", "The file is empty. Please upload the clip again.")


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its first real video stream; whatever the libraries say becomes one plain sentence."""
    try:
        container = av.open(f"file:{path.resolve()}", options={"format_whitelist": CONTAINERS})
    except (av.FFmpegError, OSError, ValueError) as error:
        raise unreadable() from error
    with container:
        stream = next((s for s in container.streams.video if not _is_cover(s)), None)
        if stream is None:
            raise AnalysisError("no_video", "The file holds no moving picture. Please upload the video itself.")
        if stream.codec_context is None:  # a codec that nobody knows
            raise unreadable()
        check_size(stream.codec_context.width, stream.codec_context.height)
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        large = stream.codec_context.width * stream.codec_context.height > LARGE_PIXELS
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = DECODER_THREADS_LARGE if large else DECODER_THREADS
        try:
            yield container, stream
        except av.FFmpegError as error:
            raise unreadable() from error


def unreadable() -> AnalysisError:
    """The error for what is no video at all."""
    return AnalysisError(
        "unreadable",
        "This file cannot be read as a video. Please upload the clip as the phone saved it (MP4, MOV or WebM).",
    )


def check_size(width: int, height: int) -> None:
    """Raise `AnalysisError` (``too_large`` or ``too_small``) for a picture, in pixels, that nobody films."""
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise AnalysisError(
            "too_large", f"The picture is too large ({width} x {height}). Please film in 1080p or 4K and upload again."
        )
    if 0 < min(width, height) < MIN_SIDE_PX:
        raise AnalysisError("too_small", f"The picture is too small to see a runner ({width} x {height}).")


def packets(container: InputContainer, stream: VideoStream) -> Iterator[Any]:
    """Packets of the stream up to the end of what can be read; the last one flushes the decoder."""
    with suppress(av.FFmpegError):
        yield from container.demux(stream)


def decoded(container: InputContainer, stream: VideoStream, needed: frozenset[int] | None = None) -> Iterator[Decoded]:
    """Decode from here to the end, with time stamps that rise strictly; damaged packets are skipped.

    With ``needed``, other frames are left out where the decoder can do without them.
    """
    last: int | None = None
    for packet in packets(container, stream):
        if needed is not None:
            wanted = packet.pts is None or packet.pts in needed
            stream.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
        try:
            frames = stream.codec_context.decode(packet)
        except av.FFmpegError:
            continue
        for frame in frames:
            if frame.pts is not None and (last is None or frame.pts > last):
                last = frame.pts
                yield frame, frame.pts


def single(stream: VideoStream, packet: Any) -> VideoFrame | None:
    """The picture of one key frame alone, with nothing before or after it; None when it is damaged."""
    try:
        found = [*stream.codec_context.decode(packet), *stream.codec_context.decode(None)]
    except av.FFmpegError:
        found = []
    stream.codec_context.flush_buffers()
    return found[0] if found else None


def decoded_from(path: Path, needed: frozenset[int], first_pts: int) -> Iterator[Decoded]:
    """Decode the frames with these time stamps, and whichever others must be decoded for them.

    Containers seek by decoding time, some only roughly, so a seek is believed when a frame at or before the
    first one needed comes out of it; the last resort is to decode from the beginning.
    """
    pts = min(needed)
    for back_s in SEEK_BACK_S:
        with opened(path) as (container, stream):
            target = pts - int(back_s / float(stream.time_base or 1))
            if target <= first_pts:
                break
            with suppress(av.FFmpegError):
                container.seek(target, stream=stream, backward=True)
                frames = decoded(container, stream, needed)
                first = next(frames, None)
                if first is not None and first[1] <= pts:
                    yield from chain([first], frames)
                    return
    with opened(path) as (container, stream):
        yield from decoded(container, stream, needed)


def _is_cover(stream: VideoStream) -> bool:
    """Whether the stream is the cover picture of a sound file."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
