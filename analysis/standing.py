"""Posture while running against the same person standing still: how much further something is while running."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.metrics.spec import Band, Grade, Measured, MetricSpec, Status, place


@dataclass(frozen=True)
class AgainstStanding:
    """Running minus standing of one metric, in its unit, and the numbers of the clips that they come from."""

    key: str
    result: Measured
    grade: Grade
    status: Status
    band: Band
    running: Mapping[str, Any]
    standing: Mapping[str, Any]
    running_clip: int
    standing_clip: int


def is_standing(report: Mapping[str, Any]) -> bool:
    """Whether a report (contract object) is of a standing clip."""
    return bool(report.get("gait", {}).get("activity") == "standing")


def compare_with_standing(
    spec: MetricSpec, chosen: tuple[Mapping[str, Any], int], reports: Sequence[Mapping[str, Any]]
) -> AgainstStanding | None:
    """Running minus standing of a metric with a ``standing_band``; None without a standing clip that measures it.

    The errors of both clips are taken as independent, but no larger together than the smallest change that is more than
    noise.  Most of either interval is where this person's points lie beside the joints, and that is the same in both:
    rendered runners of one body, each with another fault, agree in their error to 0.01 of head forwards, while bodies
    differ by 0.15 (docs/adr/0018).

    Parameters
    ----------
    spec
        The metric.
    chosen
        Its contract object while running, and the number of that clip.
    reports
        The reports (contract objects) of all clips of the FormCheck.
    """
    running, running_clip = chosen
    standing = [
        (m, clip)
        for clip, report in enumerate(reports)
        if is_standing(report) and report["view"]["name"] == reports[running_clip]["view"]["name"]
        for m in report["measurements"]
        if m["id"] == spec.key and m["value"] is not None
    ]
    if spec.standing_band is None or running["value"] is None or not standing:
        return None
    still, standing_clip = min(standing, key=lambda item: (item[0]["view_grade"], item[0]["high"] - item[0]["low"]))
    result = subtract(running, still, spec.mdc)
    grade = max(Grade(running["view_grade"]), Grade(still["view_grade"]))
    status = place(result, spec.standing_band, grade)
    return AgainstStanding(
        spec.key, result, grade, status, spec.standing_band, running, still, running_clip, standing_clip
    )


def subtract(one: Mapping[str, Any], other: Mapping[str, Any], most: float) -> Measured:
    """One measurement minus another of the same person; independent errors, at ``most`` so large together."""
    value = one["value"] - other["value"]
    below = min(float(np.hypot(one["value"] - one["low"], other["high"] - other["value"])), most)
    above = min(float(np.hypot(one["high"] - one["value"], other["value"] - other["low"])), most)
    return Measured(value, value - below, value + above, one.get("strides") or 0)
