"""Films that wish no good: a corpus made from a good clip, and as many mutations of it as one asks for."""

import json
import random
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from analysis.errors import AnalysisError
from analysis.video import open_clip

MEMORY_BYTES = 2 * 2**30
HANGING_S = 60


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Name, start and end of every box of an MP4, those inside others included."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        size, name = struct.unpack(">I4s", data[start : start + 8])
        stop = start + size if 8 <= size <= end - start else end
        yield name.decode("latin-1"), start, stop
        if name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf"):
            yield from boxes(data, start + 8, stop)
        start = stop


def patched(data: bytes, name: str, offset: int, value: bytes) -> bytes:
    """The same file with ``value`` written so far behind the start of its first box of that name."""
    start = next(start for found, start, _ in boxes(data) if found == name)
    return data[: start + offset] + value + data[start + offset + len(value) :]


def corpus(good: bytes, folder: Path) -> dict[str, bytes]:
    """Each is one idea of how to hurt whoever opens it."""
    secret = folder / "secret.mp4"
    secret.write_bytes(good)
    most = struct.pack(">I", 0xFFFFFFFF)
    reference = b"file://" + str(secret).encode() + b"\0"
    url = struct.pack(">I4sI", 12 + len(reference), b"url ", 0) + reference
    nested = b"".join(struct.pack(">I4s", 8000 - 8 * n, b"moov") for n in range(1000))
    picture = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()
    return {
        "truncated at the index.mp4": good[: len(good) // 3],
        "index only.mp4": b"".join(good[start:end] for name, start, end in boxes(good) if name in ("ftyp", "moov")),
        "absurd size in the header.mp4": patched(good, "tkhd", 84, struct.pack(">II", 0x7FFF0000, 0x7FFF0000)),
        "absurd size of the pictures.mp4": patched(good, "stsd", 16 + 32, struct.pack(">HH", 65535, 65535)),
        "millions of frames of one tick.mp4": patched(good, "stts", 16, struct.pack(">II", 50_000_000, 1)),
        "millions of time entries.mp4": patched(good, "stts", 12, most),
        "millions of samples.mp4": patched(good, "stsz", 16, most),
        "no duration.mp4": patched(patched(good, "mvhd", 24, bytes(4)), "stts", 20, bytes(4)),
        "endless duration.mp4": patched(patched(good, "mvhd", 24, most), "stts", 20, most),
        "time scale of nothing.mp4": patched(good, "mdhd", 20, bytes(4)),
        "chunks past the end.mp4": patched(good, "stco", 16, most),
        "box of no size.mp4": patched(good, "moov", 0, bytes(4)),
        "box larger than the file.mp4": patched(good, "moov", 0, most),
        "a thousand boxes in each other.mp4": good[:32] + nested,
        "data in another file.mov": good.replace(b"\0\0\0\x0curl \0\0\0\1", url, 1),
        "play list.mp4": playlist,
        "play list.m3u8": playlist,
        "list of files.mp4": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "a picture that reads another.svg.mp4": picture,
        "a page.mp4": b"<!doctype html><script>alert(1)</script>" + good,
        "an archive behind a film.mp4": good + b"PK\x05\x06" + bytes(18),
        "a film behind a picture.jpg": b"\xff\xd8\xff\xe0" + bytes(64) + good,
        "a program.mp4": b"\x7fELF\x02\x01\x01" + bytes(64) + good,
        "nothing but zeros.mp4": bytes(100_000),
        "noise.mp4": random.Random(1).randbytes(100_000),
        "noise after a head.mp4": good[:64] + random.Random(2).randbytes(100_000),
        "a name with a lie.webm": good,
    }


def mutations(good: bytes, count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Files a few bytes, a hole, a doubling or a swap away from the good one; half of them hurt the index alone."""
    chance = random.Random(seed)
    spans = [(start, end) for name, start, end in boxes(good) if name == "moov"] + [(0, len(good))]
    for number in range(count):
        data, (low, high) = bytearray(good), spans[number % 2]
        at, length = chance.randrange(low, high), chance.choice((1, 4, 16, 300))
        kind = ("flip", "fill", "cut", "double", "number")[number % 5]
        if kind == "flip":
            for _ in range(chance.choice((1, 5, 40))):
                data[chance.randrange(low, high)] ^= 1 << chance.randrange(8)
        elif kind == "fill":
            data[at : at + length] = bytes([chance.choice((0, 255))]) * len(data[at : at + length])
        elif kind == "cut":
            del data[at : at + length]
        elif kind == "double":
            data[at:at] = data[at : at + length]
        else:
            data[at : at + 4] = struct.pack(">I", chance.choice((0, 1, 2**31 - 1, 2**31, 2**32 - 1)))
        yield f"{kind} {number}.mp4", bytes(data)


def with_extras(good: Path, target: Path) -> None:
    """The same film with subtitles and an attached file beside it, in Matroska."""
    with av.open(str(good)) as source, av.open(str(target), "w", format="matroska") as out:
        film = source.streams.video[0]
        copy, words = out.add_stream_from_template(film), out.add_mux_stream("subrip")
        out.add_attachment("evil.html", "text/html", b"<script>alert(1)</script>")
        line = av.Packet(b"{\\pos(1e9,1e9)}" + b"A" * 50_000)
        line.pts, line.dts, line.duration, line.time_base, line.stream = 0, 0, 10, Fraction(1, 1000), words
        for packet in source.demux(film):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
        out.mux(line)


def read(path: Path) -> dict[str, object]:
    """What the analyser makes of a file: how many pictures it decoded, or the code of its refusal."""
    try:
        clip = open_clip(path)
        ends = np.unique(np.r_[: min(5, len(clip.pts)), max(0, len(clip.pts) - 5) : len(clip.pts)])
        return {"pictures": len(list(clip.pick(ends, short_side_px=64))), "frames": len(clip.pts)}
    except AnalysisError as error:
        return {"refused": error.code, "text": error.user_text}
    finally:
        signal.alarm(0)


def main() -> None:
    """Read the files named on the input, each with a wall of memory and of time; one line of JSON for each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for line in sys.stdin:
        signal.alarm(HANGING_S)
        print(json.dumps(read(Path(line.strip()))), flush=True)


if __name__ == "__main__":
    main()
