"""Clips with a known defect, made on the fly from good ones: cropped, shaken, panned, rolled, darkened, blurred, with
repeated or missing pictures, joined, reversed, mirrored, slowed, or with a runner who leaves.

As a script: ``python tests/analysis/make_clips.py CLIP FOLDER`` writes one clip of every kind.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np

from analysis.video import Image, open_clip

Edit = Callable[[Image, int], Image]
CRF = "20"


def pictures(clip: Path, start: int = 0, count: int | None = None) -> Iterator[Image]:
    """Upright pictures of a clip, in order."""
    opened = open_clip(clip)
    last = len(opened.pts) if count is None else min(start + count, len(opened.pts))
    for frame in opened.pick(np.arange(start, last)):
        yield frame.rgb


def write(path: Path, frames: Iterable[Image], fps: int, edit: Edit | None = None) -> Path:
    """Write pictures as an H.264 clip; ``edit`` gets every picture and its number."""
    with av.open(str(path), "w") as target:
        stream = None
        for number, rgb in enumerate(frames):
            picture = np.ascontiguousarray(edit(rgb, number) if edit else rgb)
            if stream is None:
                # A key frame every second, as phones do.
                options = {"crf": CRF, "preset": "veryfast", "g": str(fps)}
                stream = target.add_stream("libx264", rate=fps, options=options)
                stream.height, stream.width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
                stream.pix_fmt = "yuv420p"
            even = np.ascontiguousarray(picture[: stream.height, : stream.width])
            target.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        if stream is not None:
            target.mux(stream.encode(None))
    return path


def rolled(degrees: float) -> Edit:
    """Turned clockwise about the middle, as by a tilted camera."""

    def edit(rgb: Image, number: int) -> Image:
        height, width = rgb.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
        return cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)

    return edit


def darkened(share: float) -> Edit:
    """With so much of its light."""
    return lambda rgb, number: (rgb * share).astype(np.uint8)


def blurred(share: float) -> Edit:
    """Out of focus: a blur of so much of the picture's height (1 SD)."""
    return lambda rgb, number: cv2.GaussianBlur(rgb, (0, 0), share * rgb.shape[0])


def shaken(share: float) -> Edit:
    """Moved to and fro by so much of its width, like a phone held by hand."""

    def edit(rgb: Image, number: int) -> Image:
        reach = share * rgb.shape[1]
        return shifted(rgb, reach * np.sin(0.43 * number), reach * np.sin(0.61 * number + 1.0))

    return edit


def panned(share_per_frame: float) -> Edit:
    """Moved steadily, as by a camera that is swung."""
    return lambda rgb, number: shifted(rgb, share_per_frame * number * rgb.shape[1], 0.0)


def shifted(rgb: Image, right: float, down: float) -> Image:
    """Moved by so many pixels; the border is repeated."""
    matrix = np.array([[1.0, 0.0, right], [0.0, 1.0, down]])
    return cv2.warpAffine(rgb, matrix, rgb.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def mirrored(rgb: Image, number: int) -> Image:
    """Left and right exchanged."""
    return rgb[:, ::-1]


def beside_a_mirror(rgb: Image, number: int) -> Image:
    """The runner, and a smaller mirror image beside."""
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb[:, ::-1], None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    small = small[:, small.shape[1] // 4 : -small.shape[1] // 4]
    out = np.concatenate([rgb[:, width // 4 : -width // 4], np.zeros((height, small.shape[1], 3), np.uint8)], axis=1)
    out[-small.shape[0] :, -small.shape[1] :] = small
    return out


def beside_a_bystander(still: Image) -> Edit:
    """A larger person who stands beside the runner."""

    def edit(rgb: Image, number: int) -> Image:
        width = rgb.shape[1]
        return np.concatenate([still[:, width // 4 : -width // 4], _smaller(rgb[:, width // 4 : -width // 4])], axis=1)

    return edit


def _smaller(rgb: Image) -> Image:
    """At 0.75 of its size, in the middle of the border's colour."""
    height, width = rgb.shape[:2]
    matrix = np.array([[0.75, 0.0, width / 8], [0.0, 0.75, height / 4]])
    return cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


def leaving(first: int, share_per_frame: float) -> Edit:
    """From picture ``first`` on the runner drifts out of view."""
    return lambda rgb, number: shifted(rgb, max(0, number - first) * share_per_frame * rgb.shape[1], 0.0)


def repeated(frames: Iterable[Image], times: int) -> Iterator[Image]:
    """Every picture several times."""
    for rgb in frames:
        for _ in range(times):
            yield rgb


def main(clip: Path, folder: Path) -> None:
    """One clip of every kind."""
    folder.mkdir(parents=True, exist_ok=True)
    fps = round(open_clip(clip).facts.fps)
    edits: dict[str, Edit | None] = {
        "untouched": None,
        "rolled": rolled(5.0),
        "dark": darkened(0.25),
        "blurred": blurred(0.008),
        "shaken": shaken(0.012),
        "panned": panned(0.0004),
        "mirrored": mirrored,
        "beside_a_mirror": beside_a_mirror,
        "feet_cropped": lambda rgb, number: rgb[: int(0.7 * rgb.shape[0])],
        "leaving": leaving(4 * fps, 0.01),
    }
    for name, edit in edits.items():
        write(folder / f"{name}.mp4", pictures(clip), fps, edit)
    write(folder / "slow_4.mp4", pictures(clip), max(1, fps // 4))
    write(folder / "doubled.mp4", repeated(pictures(clip), 2), 2 * fps)
    write(folder / "half_the_pictures.mp4", list(pictures(clip))[::2], fps // 2)
    frames = list(pictures(clip))
    write(folder / "reversed.mp4", frames[::-1], fps)
    third = len(frames) // 3
    write(folder / "joined.mp4", frames[:third] + frames[third + round(0.35 * fps) :], fps)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
