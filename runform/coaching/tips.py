"""Words for tips: proposed from the findings, or from a template whose slots are filled with this runner's numbers."""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from runform.clips.models import FormCheck
from runform.clips.pain import pain_advice
from runform.reports.results import Results
from runform.reports.rows import MetricRow

STARTER = Path(__file__).parent / "starter"
SLOTS = frozenset({"value", "low", "high"})
PROPOSED_MAX = 3


class UnfilledSlotError(Exception):
    """The template names a number that there is not; the text is for people."""


@dataclass(frozen=True)
class Tip:
    """A template of the starter library or of a coach's own, ready to be offered."""

    source: str
    title: str
    keys: tuple[str, ...]
    statuses: tuple[str, ...]
    cue: str
    why: str
    drills: tuple[str, ...]

    def fits(self, row: MetricRow | None) -> bool:
        if row is None:
            return not self.keys
        return (not self.keys or row.key in self.keys) and (not self.statuses or row.status in self.statuses)


def slots_of(text: str) -> set[str]:
    """The slots in a text.  Raises ValueError for braces that are no slot: they would surprise the reader later."""
    parts = [(name, spec, how) for _text, name, spec, how in string.Formatter().parse(text) if name is not None]
    for name, spec, how in parts:
        if name not in SLOTS or spec or how:
            raise ValueError(f"{{{name}}}")
    return {str(name) for name, _spec, _how in parts}


def fill(text: str, row: MetricRow | None) -> str:
    """Put the numbers into the slots.  Nothing is guessed: without a number the template is refused."""
    needed = slots_of(text)
    if not needed:
        return text.replace("{{", "{").replace("}}", "}")
    if row is None or not row.measured or any(not getattr(row, slot) for slot in needed):
        label = row.label if row else _("this")
        raise UnfilledSlotError(_("This text needs a number, and %(metric)s was not measured.") % {"metric": label})
    return text.format(**{slot: f"{getattr(row, slot)}{row.suffix}" for slot in needed})


def filled(tip: Tip, row: MetricRow | None) -> dict[str, Any]:
    """The tip as a draft holds it."""
    return {
        "key": row.key if row else "",
        "cue": fill(tip.cue, row),
        "why": fill(tip.why, row),
        "drills": list(tip.drills),
    }


def propose_tips(results: Results, check: FormCheck) -> list[dict[str, Any]]:
    """At most three, from what is to be worked on; without drills where pain speaks against them."""
    advice = pain_advice(check)
    tips: list[dict[str, Any]] = []
    for finding in results.to_work_on:
        if finding.tip is None or len(tips) == PROPOSED_MAX:
            continue
        drills = [drill_line(drill) for drill in finding.tip.get("drills") or []]
        allowed = advice.allows_drills(finding.row.group)
        cue, why = finding.tip["cue"], finding.tip.get("why") or ""
        tips.append({"key": finding.row.key, "cue": cue, "why": why, "drills": drills if allowed else []})
    return tips


def drill_line(drill: Mapping[str, Any]) -> str:
    """One line of text, as a coach edits it: "Chin tucks: 2 × 10, daily. How it is done." """
    head = ": ".join(filter(None, [str(drill.get("name", "")).strip(), str(drill.get("dose", "")).strip()]))
    how = str(drill.get("how", "")).strip()
    return f"{head}. {how}" if how else head


@cache
def starter_drills() -> dict[str, Mapping[str, Any]]:
    return {drill["slug"]: drill for drill in json.loads((STARTER / "drills.json").read_text("utf-8"))}


@cache
def starter_tips() -> tuple[Tip, ...]:
    drills = starter_drills()
    return tuple(
        Tip(
            source=tip["slug"],
            title=tip["title"],
            keys=tuple(tip["keys"]),
            statuses=tuple(tip["statuses"]),
            cue=tip["cue"],
            why=tip["why"],
            drills=tuple(drill_line(drills[slug]) for slug in tip["drills"]),
        )
        for tip in json.loads((STARTER / "tips.json").read_text("utf-8"))
    )
