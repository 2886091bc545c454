"""What people take away: the numbers as a table, the clip with the skeleton drawn, and a copy that any browser plays.

Both films are H.264 in MP4: 8 bit, upright, without sound, index first, each picture at its own time, so that a
variable frame rate stays one.  No picture depends on a later one, and every half second one depends on none: a player
finds any picture at once.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Interpolation
from av.video.stream import VideoStream

from analysis.drawing import draw_skeleton, runner_crop
from analysis.hide import Hiding
from analysis.types import Landmarks
from analysis.video import Clip, Image, mirror, open_clip, read_ahead

SHORT_SIDE_PX = 720
KEY_EVERY_S = 0.5
# 90 kHz holds every usual frame rate to 6 microseconds.
TIME_BASE = Fraction(1, 90_000)
# The review copy is for the eye and made while the runner waits; half an hour of it stays under 1 GB.  The overlay is
# kept and sent to others.
COPY_QUALITY = {"preset": "ultrafast", "crf": "24", "maxrate": "4M", "bufsize": "8M", "threads": "1"}
OVERLAY_QUALITY = {"preset": "veryfast", "crf": "21", "threads": "2"}
TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}

Progress = Callable[[int, int], None]


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `AnalysisReport.table` as CSV: a head and a line for each metric, empty cells for what is not known."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_copy(path: Path, out: Path, on_progress: Progress | None = None) -> None:
    """Write the whole clip as a browser plays it, picture for picture.

    Parameters
    ----------
    path
        The clip.
    out
        The MP4 file to write.  Its n-th picture is the clip's n-th, shown at the same time after the first one; where
        a picture of the clip is damaged, the one before it stands in its place.
    on_progress
        Called with pictures done and pictures in all.

    Raises
    ------
    AnalysisError
        As `analysis.video.probe`.
    """
    clip = open_clip(path)
    with copy_film(clip, out) as film:
        copy_rest(clip, film, on_progress)


def copy_film(clip: Clip, out: Path) -> AbstractContextManager["Film"]:
    """The copy, to write pictures to."""
    return _film(out, clip, _even(clip.size_px(SHORT_SIDE_PX)), COPY_QUALITY, clip.t_s.tolist())


def copy_rest(clip: Clip, film: "Film", on_progress: Progress | None) -> None:
    """Write what the film still lacks."""
    for index, stored in clip.decoded(np.arange(film.written, len(clip.pts))):
        picture = stored_upright(stored, film.size, clip)
        while film.written < index:
            film.write(film.last or picture)
        film.write(picture)
        if on_progress is not None:
            on_progress(film.written, len(clip.pts))
    while film.written < len(clip.pts) and film.last is not None:
        film.write(film.last)


def write_overlay(
    path: Path, out: Path, landmarks: Landmarks, on_progress: Progress | None = None, *, hide: bool = False
) -> None:
    """Write the analysed stretch with the skeleton drawn on every picture.

    Parameters
    ----------
    path
        The clip.
    out
        The MP4 file to write; time 0 is the first analysed picture.
    landmarks
        Of the same clip, as found.
    on_progress
        Called with pictures done and pictures in all.
    hide
        Cover the head and what is around the body, and show no more of the picture than the runner.

    Raises
    ------
    AnalysisError
        As `analysis.video.probe`.
    """
    clip = open_clip(path)
    indices = np.unique(np.searchsorted(clip.t_s, landmarks.t_s - 1e-6))
    times = clip.t_s[indices]
    whole = clip.size_px(SHORT_SIDE_PX)
    scale = whole[1] / landmarks.height_px
    cut = _cut_of(landmarks, scale, whole) if hide else (slice(0, whole[1]), slice(0, whole[0]))
    hiding = Hiding(landmarks) if hide else None
    size = _even((cut[1].stop - cut[1].start, cut[0].stop - cut[0].start))
    with _film(out, clip, size, OVERLAY_QUALITY, (times - times[0]).tolist()) as film:
        for frame in read_ahead(clip.pick(indices, SHORT_SIDE_PX)):
            row = int(np.argmin(np.abs(landmarks.t_s - frame.t_s)))
            if hiding is not None:
                hiding.apply(frame.rgb, row, 0.0, float(landmarks.height_px), scale)
            draw_skeleton(frame.rgb, landmarks, row)
            picture = np.ascontiguousarray(frame.rgb[cut])
            film.write(VideoFrame.from_ndarray(picture).reformat(*size, "yuv420p"))
            if on_progress is not None:
                on_progress(film.written, len(indices))


def _cut_of(landmarks: Landmarks, scale: float, whole: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of a picture of size ``whole`` (width, height) that show the runner throughout the clip."""
    x0, y0, x1, y1 = runner_crop(landmarks) * scale
    width, height = whole
    return slice(max(0, int(height - y1)), min(height, int(height - y0))), slice(int(max(0, x0)), int(min(width, x1)))


class Film:
    """An H.264 stream of ``size`` (width, height) being written; each picture gets the next of the known times."""

    def __init__(self, container: OutputContainer, stream: VideoStream, times_s: list[float], usual_s: float) -> None:
        self._container, self._stream = container, stream
        self.size = stream.width, stream.height
        self._ticks = [round(t / TIME_BASE) for t in (*times_s, times_s[-1] + usual_s)]
        self._key_every = round(KEY_EVERY_S / TIME_BASE)
        self._last_key = -self._key_every
        self.written = 0
        self.last: VideoFrame | None = None

    def write(self, picture: VideoFrame) -> None:
        """Encode a picture; its own time and type do not matter."""
        now, following = self._ticks[self.written : self.written + 2]
        picture.pts, picture.time_base, picture.duration = now, TIME_BASE, following - now
        key = following - self._last_key > self._key_every
        picture.pict_type = PictureType.I if key else PictureType.NONE
        self._last_key = now if key else self._last_key
        if self.last is None:
            self._keep_colours(picture)
        self._container.mux(self._stream.encode(picture))
        self.written, self.last = self.written + 1, picture

    def _keep_colours(self, picture: VideoFrame) -> None:
        """Say what the numbers mean, so that a phone's HDR clip is not shown pale."""
        coder = self._stream.codec_context
        coder.color_range, coder.colorspace = picture.color_range, picture.colorspace
        coder.color_primaries, coder.color_trc = picture.color_primaries, picture.color_trc

    def close(self) -> None:
        """Encode what is still under way."""
        self._container.mux(self._stream.encode(None))


@contextmanager
def _film(
    out: Path, clip: Clip, size: tuple[int, int], quality: dict[str, str], times_s: list[float]
) -> Iterator[Film]:
    """A film to write pictures to; a broken one is taken away."""
    usual_s = 1.0 / clip.facts.fps
    options = {**quality, "bf": "0", "sc_threshold": "0", "g": "100000", "forced-idr": "1"}
    try:
        with av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            rate = Fraction(clip.facts.fps).limit_denominator(1001)
            stream = container.add_stream("libx264", rate=rate, options=options)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.time_base = stream.codec_context.time_base = TIME_BASE
            film = Film(container, stream, times_s, usual_s)
            yield film
            film.close()
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _even(size: tuple[int, int]) -> tuple[int, int]:
    return max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)


def stored_upright(stored: VideoFrame, size: tuple[int, int], clip: Clip) -> VideoFrame:
    """The picture in 8 bit 4:2:0 of ``size`` (width, height), upright."""
    width, height = size if clip.facts.rotation_deg % 180 == 0 else (size[1], size[0])
    small = stored.reformat(
        width,
        height,
        "yuv420p",
        interpolation=Interpolation.BILINEAR,
        src_color_range=stored.color_range,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    if clip.facts.rotation_deg == 0 and not clip.flipped:
        return small
    flat = np.asarray(small.to_ndarray(), dtype=np.uint8).reshape(-1)
    planes = np.split(flat, [width * height, width * height * 5 // 4])
    turned = [_turned(plane.reshape(height // part, -1), clip) for plane, part in zip(planes, (1, 2, 2), strict=True)]
    whole = np.concatenate([plane.reshape(-1) for plane in turned])
    picture = VideoFrame.from_ndarray(whole.reshape(-1, size[0]), format="yuv420p")
    picture.colorspace, picture.color_range = small.colorspace, small.color_range
    picture.color_primaries, picture.color_trc = small.color_primaries, small.color_trc
    return picture


def _turned(plane: Image, clip: Clip) -> Image:
    turn = TURNS.get(clip.facts.rotation_deg)
    if turn is not None:
        plane = np.asarray(cv2.rotate(plane, turn), dtype=np.uint8)
    return mirror(plane) if clip.flipped else plane
