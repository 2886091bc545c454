"""The draft as the page of a review shows it: its tips, and what the libraries offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from runform.accounts.models import User
from runform.coaching.models import Review
from runform.coaching.selectors.reviews import templates_of
from runform.coaching.tips import Tip, UnfilledSlotError, filled, starter_tips
from runform.reports.results import Results
from runform.reports.rows import SPECS, MetricRow

EMPTY_TIP: dict[str, Any] = {"key": "", "cue": "", "why": "", "drills": []}


@dataclass(frozen=True)
class TipCard:
    """A tip on the page; ``name`` tells its fields from those of the others."""

    name: str
    key: str
    label: str
    cue: str
    why: str
    drills: str


@dataclass(frozen=True)
class Offer:
    """A template that fits this runner, with the metric whose numbers it takes."""

    tip: Tip
    key: str
    own: bool

    @property
    def value(self) -> str:
        return f"{self.tip.source}:{self.key}"


def tip_card(name: str, tip: dict[str, Any]) -> TipCard:
    spec = SPECS.get(tip["key"])
    return TipCard(name, tip["key"], spec.label if spec else "", tip["cue"], tip["why"], "\n".join(tip["drills"]))


def tip_cards(review: Review, results: Results) -> list[TipCard]:
    return [tip_card(f"t{number}", tip) for number, tip in enumerate(review.draft.get("tips", []))]


def rows_of(results: Results) -> dict[str, MetricRow]:
    return {row.key: row for group in results.groups for row in group.rows}


def library_of(coach: User) -> list[tuple[Tip, bool]]:
    """The coach's own templates first, then the starter library."""
    own = [
        Tip(str(one.code), one.title, (one.key,) if one.key else (), (), one.cue, one.why, tuple(one.drills))
        for one in templates_of(coach)
    ]
    return [(tip, True) for tip in own] + [(tip, False) for tip in starter_tips()]


def offers(coach: User, results: Results) -> list[Offer]:
    """What fits the metrics to work on comes first, then what fits anything."""
    flagged = [finding.row for finding in results.to_work_on]
    found = [
        Offer(tip, row.key, own)
        for tip, own in library_of(coach)
        for row in flagged
        if tip.keys and tip.fits(row) and _fills(tip, row)
    ]
    general = [Offer(tip, "", own) for tip, own in library_of(coach) if not tip.keys]
    return found + general


def _fills(tip: Tip, row: MetricRow) -> bool:
    try:
        filled(tip, row)
    except (UnfilledSlotError, ValueError):
        return False
    return True


def find_tip(tips: Iterable[tuple[Tip, bool]], source: str) -> Tip | None:
    return next((tip for tip, _own in tips if tip.source == source), None)
