"""Stored reports as `analysis.fuse` reads them: the part of the analyser's JSON that it needs, with the rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from runform.reports.models import MetricResult, Report

# Reports of the time before the finer grade was stored.
USUAL_GRADE = {"measured": "A", "caveated": "B", "not_measured": "X"}


def fusable(report: Report, metrics: Iterable[MetricResult]) -> Mapping[str, Any]:
    """``measurements`` carry the row that they come from as ``result``."""
    return {
        "view": {"name": report.view},
        "gait": {"activity": report.activity},
        "measurements": [_measurement(result) for result in metrics],
        "findings": report.findings,
    }


def view_grade(fine: str, grade: str) -> str:
    return fine or USUAL_GRADE[grade]


def _measurement(result: MetricResult) -> Mapping[str, Any]:
    return {
        "id": result.key,
        "value": result.value,
        "low": result.low,
        "high": result.high,
        "view_grade": view_grade(result.view_grade, result.grade),
        "views": result.views,
        "band": result.band,
        "strides": result.strides,
        "result": result,
    }
