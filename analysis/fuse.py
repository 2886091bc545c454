"""Several clips of one FormCheck, one summary: every metric from the clip that measures it best.

Works on the contract's JSON objects, so that the web can call it on stored reports.  NumPy only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.metrics import METRICS
from analysis.metrics.spec import Band, Grade, Measured, NotMeasured
from analysis.score import Scored, Share, compute_score, compute_shares
from analysis.standing import AgainstStanding, compare_with_standing, is_standing

MOST_TO_WORK_ON = 3
MOST_GOOD = 4
STATUS_ORDER = {"flag": 0, "watch": 1, "ok": 2, "info": 3}
GRADE_ORDER = {"A": 0, "B": 1, "C": 2, "X": 3}


@dataclass(frozen=True)
class Chosen:
    """One metric of the FormCheck: its contract object and the number of the clip that it comes from; None where no
    clip measures it.
    """

    measurement: Mapping[str, Any]
    clip: int | None


@dataclass(frozen=True)
class Summary:
    """The FormCheck as a whole: every metric once, and findings of all clips together as (clip number, finding).

    ``scores``: the composite scores from all clips together, by key; a single clip's own cover less.  ``shares``: what
    went into each.  ``standing``: running against standing still, where a standing clip is there.
    """

    metrics: tuple[Chosen, ...]
    to_work_on: tuple[tuple[int, Mapping[str, Any]], ...]
    good: tuple[tuple[int, Mapping[str, Any]], ...]
    scores: Mapping[str, Measured | NotMeasured]
    shares: Mapping[str, tuple[Share, ...]]
    standing: tuple[AgainstStanding, ...]


def fuse(reports: Sequence[Mapping[str, Any]]) -> Summary:
    """Join the reports (contract objects) of one FormCheck's clips.

    The better grade wins; of equal grades the narrower interval.  A metric that no clip measures keeps the reason of
    a clip whose view could have shown it, else of the first.  A standing clip never stands in for running: its numbers
    are only compared with, unless there is nothing else.
    """
    running = [clip for clip, report in enumerate(reports) if not is_standing(report)] or list(range(len(reports)))
    by_key: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for clip in running:
        for measurement in reports[clip]["measurements"]:
            by_key.setdefault(measurement["id"], []).append((clip, measurement))
    metrics = tuple(_choose(found, reports) for found in by_key.values())
    source = {c.measurement["id"]: c.clip for c in metrics}
    found = [
        (clip, finding)
        for clip, report in enumerate(reports)
        for finding in report["findings"]
        if source.get(finding["measurement"]) == clip
    ]
    # Stable: within a status the order of the clips' own ranking is kept.
    found.sort(key=lambda item: STATUS_ORDER[item[1]["status"]])
    work = [item for item in found if item[1]["tip"] is not None]
    good = [item for item in found if item[1]["tip"] is None]
    scored = {c.measurement["id"]: _scored(c.measurement) for c in metrics if c.measurement["value"] is not None}
    return Summary(
        metrics,
        tuple(work[:MOST_TO_WORK_ON]),
        tuple(good[:MOST_GOOD]),
        {spec.key: compute_score(spec, scored) for spec in METRICS if spec.parts},
        {spec.key: compute_shares(spec, scored) for spec in METRICS if spec.parts},
        _against_standing(metrics, reports),
    )


def _against_standing(metrics: Sequence[Chosen], reports: Sequence[Mapping[str, Any]]) -> tuple[AgainstStanding, ...]:
    specs = {spec.key: spec for spec in METRICS if spec.standing_band is not None}
    found = [
        compare_with_standing(specs[c.measurement["id"]], (c.measurement, c.clip), reports)
        for c in metrics
        if c.measurement["id"] in specs and c.clip is not None and not is_standing(reports[c.clip])
    ]
    return tuple(against for against in found if against is not None)


def _scored(measurement: Mapping[str, Any]) -> Scored:
    band = measurement.get("band")
    number = Measured(measurement["value"], measurement["low"], measurement["high"], measurement.get("strides") or 0)
    return Scored(
        number, Grade(measurement["view_grade"]), Band(tuple(band["ok"]), tuple(band["watch"])) if band else None
    )


def _choose(found: Sequence[tuple[int, Mapping[str, Any]]], reports: Sequence[Mapping[str, Any]]) -> Chosen:
    """``found``: one metric in every clip, as (clip number, contract object)."""
    numbers = [(clip, m) for clip, m in found if m["value"] is not None]
    if numbers:
        clip, best = min(
            numbers, key=lambda item: (GRADE_ORDER[item[1]["view_grade"]], item[1]["high"] - item[1]["low"])
        )
        return Chosen(best, clip)
    able = [m for clip, m in found if (reports[clip]["view"]["name"] or "") in m["views"]]
    return Chosen((able or [m for _, m in found])[0], None)
