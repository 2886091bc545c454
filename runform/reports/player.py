"""What the player in the browser gets of a report: a compact file with the landmarks that it draws, by picture.

Layout, little-endian: the length of a JSON head (uint32), the head, padded with spaces to a multiple of 4; the duration
of every picture of the review copy in ticks (uint32 [frames]); then, for ``rows`` pictures from number ``first`` on, x
and y of every landmark (int16 [points, 2, rows], each the difference to the picture before, in 1/`UNITS` of the
longer side, y down) and how surely it is seen (uint8 [points, rows], 255 = surely).
"""

import gzip
import json
import struct
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from analysis import landmarks as lm
from analysis.serialize import read_landmarks
from analysis.types import Floats, Ints, Landmarks
from runform.reports.models import Report

POINTS = (lm.NOSE, lm.LEFT_EAR, lm.RIGHT_EAR, *sorted({point for bone in lm.BONES for point in bone}))
UNITS = 15_000
# Counted up when the layout changes, so that no browser keeps an old file.
PLAYER_FORMAT = 1
# A picture that was not read itself (a repeat, a very high frame rate) gets the point between its neighbours when these
# are so near, and it counts as unsure.
NEAR_S = 0.05
UNSURE = 0.49
EVENTS = ("foot_strike", "mid_stance", "toe_off")
FAR = 2**15 - 1


class NoFilmError(Exception):
    """The review copy is not the kind of MP4 that the worker writes."""


def pack_landmarks(report: Report) -> bytes:
    """The whole file, gzipped."""
    with report.review_copy.open("rb") as film:
        ticks, per_s = film_ticks(film)
    starts_s = np.cumsum(ticks) / per_s - ticks / per_s
    # A remote storage has no path; an .npz is read at will, so it is opened as a file.
    with report.series.open("rb") as series:
        found = read_landmarks(series)
    first, xy, seen = _per_picture(found, starts_s)
    head = {
        "per_s": per_s,
        "frames": len(ticks),
        "first": first,
        "rows": len(xy),
        "points": POINTS,
        "units": UNITS,
        "size": [found.width_px, found.height_px],
        "view": report.view,
        **timeline(report.gait, starts_s),
    }
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    parts = (struct.pack("<I", len(text)), text, ticks.astype("<u4").tobytes(), _steps(xy, found), _bytes(seen))
    return gzip.compress(b"".join(parts), 6, mtime=0)


def timeline(gait: Mapping[str, Any], starts_s: Floats) -> dict[str, Any]:
    """Events (picture, kind, side) in order and strides (first and last picture), as picture numbers."""

    def picture(t_s: float) -> int:
        return int(np.argmin(np.abs(starts_s - t_s)))

    within = starts_s[-1]
    events = [
        (picture(t), kind, side)
        for side, kinds in (gait.get("events") or {}).items()
        for kind in EVENTS
        for t in kinds.get(kind) or []
        if t <= within
    ]
    strides = [(picture(a), picture(b) - 1) for a, b in gait.get("stride_cuts_s") or [] if b <= within]
    return {"events": sorted(events), "strides": strides}


def film_ticks(film: IO[bytes]) -> tuple[Ints, int]:
    """Duration of every picture of an MP4's first track, in ticks, and ticks per second."""
    track = _box(_top_box(film, b"moov"), b"trak", b"mdia")
    header, table = _box(track, b"mdhd"), _box(track, b"minf", b"stbl", b"stts")
    # Version 1 has 64-bit times before the time scale.
    per_s = struct.unpack_from(">I", header, 20 if header[0] else 12)[0]
    runs = np.frombuffer(table, ">u4", count=2 * struct.unpack_from(">I", table, 4)[0], offset=8).reshape(-1, 2)
    ticks = np.repeat(runs[:, 1], runs[:, 0]).astype(np.int64)
    if not per_s or not len(ticks):
        raise NoFilmError("no pictures")
    return ticks, per_s


def _top_box(film: IO[bytes], name: bytes) -> bytes:
    while len(head := film.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        if size == 1:
            size = struct.unpack(">Q", film.read(8))[0] - 8
        if kind == name:
            return film.read(size - 8)
        film.seek(size - 8, 1)
    raise NoFilmError(f"no {name!r}")


def _box(content: bytes, *path: bytes) -> bytes:
    """The content of the first box with this path."""
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if kind == path[0]:
            inner = content[at + 8 : at + size]
            return _box(inner, *path[1:]) if path[1:] else inner
        at += max(size, 8)
    raise NoFilmError(f"no {path[0]!r}")


def _per_picture(found: Landmarks, starts_s: Floats) -> tuple[int, Floats, Floats]:
    """First picture with landmarks, then xy [rows, points, 2] (px, y up) and visibility [rows, points] of each."""
    t_s, points = found.t_s, list(POINTS)
    if not len(t_s):
        return 0, np.empty((0, len(points), 2)), np.empty((0, len(points)))
    first, last = (int(np.argmin(np.abs(starts_s - t))) for t in (t_s[0], t_s[-1]))
    now = starts_s[first : last + 1]
    after = np.clip(np.searchsorted(t_s, now), 1, max(1, len(t_s) - 1)) if len(t_s) > 1 else np.zeros(len(now), int)
    before = np.maximum(after - 1, 0)
    gap = np.maximum(t_s[after] - t_s[before], 1e-9)
    share = np.clip((now - t_s[before]) / gap, 0.0, 1.0)
    nearest = np.where(share < 0.5, before, after)
    own = np.abs(t_s[nearest] - now) < 0.25 * float(np.median(np.diff(starts_s))) if len(starts_s) > 1 else share >= 0
    xy, seen = found.xy_px[nearest][:, points], found.visibility[nearest][:, points]
    part = share[:, None, None]
    between = (1 - part) * found.xy_px[before][:, points] + part * found.xy_px[after][:, points]
    sure = np.minimum(np.minimum(found.visibility[before], found.visibility[after])[:, points], UNSURE)
    xy = np.where(own[:, None, None], xy, between)
    seen = np.where(own[:, None], seen, np.where((gap <= NEAR_S)[:, None], sure, 0.0))
    return first, xy, np.where(np.isfinite(xy).all(axis=2), seen, 0.0)


def _steps(xy: Floats, found: Landmarks) -> bytes:
    """Differences from picture to picture compress to half of what the places do."""
    scale = UNITS / max(found.width_px, found.height_px)
    places = np.stack([xy[..., 0], found.height_px - xy[..., 1]]) * scale  # [2, rows, points]
    whole = np.clip(np.round(np.nan_to_num(places, nan=0.0)), -FAR, FAR).astype(np.int64).transpose(2, 0, 1)
    return np.diff(whole, axis=2, prepend=0).astype("<i2").tobytes()


def _bytes(seen: Floats) -> bytes:
    return np.clip(np.round(np.nan_to_num(seen) * 255), 0, 255).astype(np.uint8).T.tobytes()
