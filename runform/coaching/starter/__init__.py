"""Tips and drills that every coach has from the first day: read once, shared by all, changed by nobody."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SLOTS = frozenset({"value", "low", "high"})
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class StarterDrill:
    slug: str
    name: str
    dose: str
    how: str
    where: str
    source: str


@dataclass(frozen=True)
class StarterTip:
    """``keys``: the metrics that it is for, none = any.  ``side``: for a value above (high) or below (low) its band,
    empty = either.  ``tone``: picture (something to think of) or plain (what was measured and what to do).
    """

    slug: str
    keys: tuple[str, ...]
    side: str
    statuses: tuple[str, ...]
    tone: str
    title: str
    cue: str
    why: str
    drills: tuple[StarterDrill, ...]
    source: str

    def fits(self, key: str, status: str, side: str = "") -> bool:
        """``side`` empty: not known, so either will do."""
        right_way = not self.side or not side or self.side == side
        return key in self.keys and (not self.statuses or status in self.statuses) and right_way


class NoNumberError(Exception):
    """A tip speaks of a number that was not measured."""


def slots_of(text: str) -> frozenset[str]:
    return frozenset(SLOT.findall(text))


def fill(text: str, numbers: Mapping[str, str]) -> str:
    """The text with its slots filled; words in braces that are no slots stay as they are."""
    for slot in SLOTS & slots_of(text):
        if not numbers.get(slot):
            raise NoNumberError(slot)
        text = text.replace(f"{{{slot}}}", numbers[slot])
    return text


def tips_for(key: str, status: str, side: str = "") -> list[StarterTip]:
    """What is offered for a metric: its own tips first, then those for anything."""
    own = [tip for tip in TIPS if tip.fits(key, status, side)]
    return own + [tip for tip in TIPS if not tip.keys and (not tip.statuses or status in tip.statuses)]


def _read_drills() -> tuple[StarterDrill, ...]:
    return tuple(StarterDrill(**row) for row in json.loads((HERE / "drills.json").read_text("utf-8")))


def _read_tips(drills: Mapping[str, StarterDrill]) -> tuple[StarterTip, ...]:
    def tip(row: dict[str, Any]) -> StarterTip:
        named = tuple(drills[slug] for slug in row["drills"])
        return StarterTip(**{**row, "keys": tuple(row["keys"]), "statuses": tuple(row["statuses"]), "drills": named})

    return tuple(tip(row) for row in json.loads((HERE / "tips.json").read_text("utf-8")))


DRILLS = _read_drills()
TIPS = _read_tips({drill.slug: drill for drill in DRILLS})
