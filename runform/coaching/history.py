"""What changed from one published version of a review to the next, word by word."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runform.coaching.models import Publication

WORDS = re.compile(r"\s+|\S+")
# Work grows with the square of the words; longer texts are compared by lines, and very long ones as a whole.
STEPS_MAX = 2_000_000
VERSIONS_MAX = 20
SPLITS: tuple[Callable[[str], list[str]], ...] = (
    WORDS.findall,
    lambda text: text.splitlines(keepends=True),
    lambda text: [text],
)


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
    """The newest ones, newest first, each against the one before it."""
    earlier = [*publications[1:], None]
    return [
        Version(now, tuple(compare(as_text(before.content) if before else "", as_text(now.content))))
        for now, before in list(zip(publications, earlier, strict=True))[:VERSIONS_MAX]
    ]


def as_text(content: Mapping[str, Any]) -> str:
    parts = [content["message"]]
    for number, tip in enumerate(content["tips"], start=1):
        parts += [f"{number}. {tip['cue']}", tip["why"], *(f"· {drill}" for drill in tip["drills"])]
    return "\n".join(filter(None, parts))


def compare(before: str, after: str) -> Iterator[Piece]:
    found = ((split(before), split(after)) for split in SPLITS)
    old, new = next((old, new) for old, new in found if len(old) * len(new) <= STEPS_MAX)
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[i:j]))
            continue
        if j > i:
            yield Piece("removed", "".join(old[i:j]))
        if m > k:
            yield Piece("added", "".join(new[k:m]))
