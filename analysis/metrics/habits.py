"""What helps all day long and in between the runs, apart from the drills of one metric: posture and plain strength.

Posture is an all-day matter: the trials that improved the position of the head were done standing and sitting
(docs/biomechanics.md section 7), so these are said to help the posture, and not promised to change the run.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.metrics.spec import Drill, Group


@dataclass(frozen=True)
class Habits:
    """Exercises and habits that belong to a part of the body, with their source."""

    drills: tuple[Drill, ...]
    source: str


HABITS: Mapping[Group, Habits] = {
    Group.HEAD: Habits(
        (
            Drill("At the desk: screen at eye height, ears above the shoulders", "check twice a day, five days a week"),
            Drill("Phone: lift it to your eyes instead of bending your neck", "every time, daily"),
        ),
        "Sheikhhoseini et al. 2018 (7 trials, n = 627, standing posture); coaching practice",
    ),
}
# Where nothing stands out: what keeps it so.
KEEP = Habits(
    (
        Drill("Side plank", "2 x 20-40 s each side, twice a week"),
        Drill("Dead bug", "2 x 8 each side, twice a week"),
        Drill("Chin tuck, lying or against a wall", "5 x 10 s, twice a week"),
    ),
    "Hung et al. 2019 (11 athletes): core work may help; another trial found no gain (Figg 2012)",
)
