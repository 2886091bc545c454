"""From findings to what one does in a week, off the treadmill."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.metrics.habits import HABITS, KEEP, Habits
from analysis.metrics.spec import Drill, Group
from runform.reports.results import Finding, Results

# The most that people keep up beside their running.
ITEMS_MAX = 7
OFTEN = (
    (r"\bdaily\b", 7),
    (r"five days a week", 5),
    (r"three times a week", 3),
    (r"twice a week|two runs a week", 2),
    (r"once a week", 1),
)
USUALLY = 3
# Done while running: they stand with the finding, and not in a plan for the days between.
RUNNING = re.compile(r"\b(run|runs|strides?|metronome|landing|treadmill|A-march|uphill|breath)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """One line of a plan before it is kept."""

    name: str
    dose: str
    times_a_week: int
    metric_key: str = ""
    source: str = ""


def plan_items(results: Results) -> tuple[Item, ...]:
    """At most `ITEMS_MAX`, each once, those of the first finding first.  What is held back is not in it."""
    free = [finding for finding in results.to_work_on if not finding.held_back]
    found = [item for finding in free for item in _of_finding(finding)]
    found += [item for group in dict.fromkeys(finding.row.group for finding in free) for item in _habits(group)]
    if not results.to_work_on:
        found = [_item(drill, KEEP.source) for drill in KEEP.drills]
    once = {item.name: item for item in reversed(found)}
    return tuple(item for item in dict.fromkeys(found) if once.get(item.name) is item)[:ITEMS_MAX]


def times_a_week(dose: str) -> int:
    return next((times for words, times in OFTEN if re.search(words, dose)), USUALLY)


def _of_finding(finding: Finding) -> Iterator[Item]:
    tip = finding.tip
    for drill in tip["drills"] if tip else ():
        if not RUNNING.search(drill["name"]):
            yield _item(Drill(drill["name"], drill["dose"]), tip["source"] if tip else "", finding.row.key)


def _habits(group: Group) -> list[Item]:
    habits = HABITS.get(group, Habits((), ""))
    return [_item(drill, habits.source) for drill in habits.drills]


def _item(drill: Drill, source: str, key: str = "") -> Item:
    return Item(drill.name, drill.dose, times_a_week(drill.dose), key, source)
