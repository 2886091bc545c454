"""How far the numbers lay from known truth: read from metrics/accuracy.json, which tools/accuracy.py writes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

# An interval promises 0.95; of 20 to 40 clips two more missed ones are chance.
LEAST_COVERAGE = 0.9


@dataclass(frozen=True)
class Accuracy:
    """One metric in one view over the truth clips that contain it, in the metric's unit.

    ``clips`` how many there are and ``given`` how many of them gave a number; of those: ``bias`` the mean of measured
    minus true, ``mean_error`` and ``largest_error`` its size, ``inside`` how often the 95 % interval held the truth.
    """

    clips: int
    given: int
    bias: float | None
    mean_error: float | None
    largest_error: float | None
    inside: int

    @property
    def holds_often(self) -> bool:
        """Whether the intervals held the truth about as often as they promise; where not, the metric's page says so."""
        return self.inside >= LEAST_COVERAGE * self.given


@dataclass(frozen=True)
class AccuracyRecord:
    """All of them: by metric key, then by view.  ``bodies`` differently shaped runners in the ``clips``."""

    analysis_version: str
    made_on: date
    clips: int
    bodies: int
    metrics: Mapping[str, Mapping[str, Accuracy]]


@cache
def load_accuracy() -> AccuracyRecord:
    """The record of this version."""
    content = json.loads((files("analysis") / "metrics" / "accuracy.json").read_text("utf-8"))
    metrics = {
        key: {view: Accuracy(**numbers) for view, numbers in views.items()} for key, views in content["metrics"].items()
    }
    return AccuracyRecord(**{**content, "made_on": date.fromisoformat(content["made_on"]), "metrics": metrics})
