"""What a page says of a correction, as the analyser takes it."""

import json
from collections.abc import Mapping
from typing import Any

from runform.core.units import speed_to_mps

MOST_BYTES = 200_000


def said_items(said: Mapping[str, str], speed_unit: str) -> list[dict[str, Any]]:
    """From a script (`item`, JSON) or from a plain form; ValueError or KeyError when it is none."""
    if "item" in said:
        items = json.loads(said["item"][:MOST_BYTES])
        return items if isinstance(items, list) else [items]
    kind = said["kind"]
    if kind == "view":
        return [{"kind": kind, "view": said["view"]}]
    if kind == "speed":
        return [{"kind": kind, "speed_mps": speed_to_mps(said["speed"], speed_unit)}]
    if kind == "slow_motion" and said.get("true_fps"):
        return [{"kind": kind, "true_fps": float(said["true_fps"])}]
    if kind == "slow_motion":
        return [{"kind": kind, "factor": float(said["factor"])}]
    if kind == "stretch":
        end_s = said.get("end_s")
        return [{"kind": kind, "start_s": float(said["start_s"]), "end_s": float(end_s) if end_s else None}]
    raise ValueError(kind)
