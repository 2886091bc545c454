"""What changed from one published version of a review to the next, word by word."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runform.coaching.models import Publication

WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Version:
    publication: Publication
    pieces: tuple[Piece, ...]


def changes(publications: Sequence[Publication]) -> list[Version]:
    """Newest first, each against the one before it."""
    earlier = [*publications[1:], None]
    return [
        Version(now, tuple(compare(as_text(before.content) if before else "", as_text(now.content))))
        for now, before in zip(publications, earlier, strict=True)
    ]


def as_text(content: Mapping[str, Any]) -> str:
    parts = [content["message"]]
    for number, tip in enumerate(content["tips"], start=1):
        parts += [f"{number}. {tip['cue']}", tip["why"], *(f"· {drill}" for drill in tip["drills"])]
    return "\n".join(filter(None, parts))


def compare(before: str, after: str) -> Iterator[Piece]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[i:j]))
            continue
        if j > i:
            yield Piece("removed", "".join(old[i:j]))
        if m > k:
            yield Piece("added", "".join(new[k:m]))
