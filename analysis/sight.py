"""What was seen of a clip before anything was measured, kept so that a report can be computed again.

Finding the landmarks takes nine tenths of an analysis.  They, the other people and what the pixels say go into the
series file beside the report; the next report of the same clip (a correction, marked lines, another speed) is computed
from there in seconds, and without a correction it is the same to the last digit.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import IO, Any, get_args, get_origin, get_type_hints

import numpy as np

from analysis.types import ClipFacts, Landmarks, Others, Scene, TapeTrack

BLOCKS = ("xy_px", "world_m", "visibility", "t_s")
# Counted up when an older file cannot be measured as a new one is; those clips are looked at anew.
FORMAT = 1


@dataclass(frozen=True)
class SeenTape:
    """Tape dots, and for what they were looked for: the view, the colour asked for, the stretch (media seconds)."""

    track: TapeTrack
    view: str
    colour: str | None
    span_s: tuple[float, float]


@dataclass(frozen=True)
class Sight:
    """``found`` landmarks as the tracker gave them, media time, never corrected; ``runner`` where a person pointed
    (media time, pixels, y down) to say who is to be followed; ``model`` which pose model looked.
    """

    facts: ClipFacts
    found: Landmarks
    others: Others
    scene: Scene | None
    runner: tuple[float, float, float] | None = None
    tape: SeenTape | None = None
    model: Mapping[str, str] = field(default_factory=dict)


def sight_arrays(sight: Sight) -> dict[str, Any]:
    """The arrays of an .npz file."""
    rest = {name: _plain(getattr(sight, name)) for name in _rest()} | {"format": FORMAT}
    blocks = {f"found_{name}": getattr(sight.found, name) for name in BLOCKS}
    # The tracker answers in single precision, and `pose.places` keeps to it.
    blocks |= {name: block.astype(np.float32) for name, block in blocks.items() if name != "found_t_s"}
    size = np.array([sight.found.width_px, sight.found.height_px])
    return {**blocks, "found_size_px": size, "sight": np.frombuffer(json.dumps(rest).encode(), np.uint8)}


def read_sight(path: Path | IO[bytes]) -> Sight | None:
    """What `sight_arrays` kept; None for a file of a time before, or without it."""
    with np.load(path, allow_pickle=False) as file:
        if "sight" not in file.files:
            return None
        rest = json.loads(file["sight"].tobytes())
        if rest.pop("format") != FORMAT:
            return None
        blocks = {name: file[f"found_{name}"].astype(np.float64) for name in BLOCKS}
        width_px, height_px = (int(side) for side in file["found_size_px"])
    kinds = _rest()
    found = Landmarks(**blocks, width_px=width_px, height_px=height_px)
    return Sight(found=found, **{name: _typed(kinds[name], value) for name, value in rest.items()})


def _rest() -> dict[str, Any]:
    return {name: kind for name, kind in get_type_hints(Sight).items() if name != "found"}


def _plain(value: Any) -> Any:
    """A value as JSON takes it, arrays with their type and shape."""
    if isinstance(value, np.ndarray):
        data = b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"dtype": str(value.dtype), "shape": value.shape, "data": data}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def _typed(kind: Any, value: Any) -> Any:
    """The value of a field from `_plain`, by the type that the field is declared with."""
    if value is None:
        return None
    if isinstance(value, dict) and value.keys() == {"dtype", "shape", "data"}:
        return np.frombuffer(b64decode(value["data"]), value["dtype"]).reshape(value["shape"]).copy()
    if isinstance(kind, type) and is_dataclass(kind):
        kinds = get_type_hints(kind)
        return kind(**{name: _typed(kinds[name], one) for name, one in value.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if get_origin(kind) is UnionType:
        return _typed(next(one for one in get_args(kind) if one is not NoneType), value)
    if get_origin(kind) is tuple:
        each = get_args(kind)
        each = each[:1] * len(value) if each[1:] == (...,) else each
        return tuple(_typed(one, item) for one, item in zip(each, value, strict=True))
    return value
