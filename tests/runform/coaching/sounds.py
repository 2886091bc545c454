"""Real recordings of half a second, as browsers make them."""

import io
from functools import cache

import av
import numpy as np


@cache
def make_sound(kind: str = "webm", codec: str = "libopus") -> bytes:
    content = io.BytesIO()
    with av.open(content, "w", format=kind) as file:
        stream = file.add_stream(codec, rate=48_000, layout="mono")
        tone = np.sin(np.arange(24_000) / 20).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.sample_rate = 48_000
        resampler = av.AudioResampler(stream.format, "mono", 48_000, frame_size=stream.frame_size or 960)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return content.getvalue()


@cache
def make_moving_picture(kind: str = "webm", codec: str = "libvpx") -> bytes:
    content = io.BytesIO()
    with av.open(content, "w", format=kind) as file:
        stream = file.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _ in range(3):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8))))
        file.mux(stream.encode(None))
    return content.getvalue()
