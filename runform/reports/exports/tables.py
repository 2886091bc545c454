"""Tables for a spreadsheet: numbers, strides, curves.  Plain numbers with a point, times in seconds of the clip."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.serialize import read_waveforms
from runform.reports.results import ClipReport
from runform.reports.rows import SPECS

# So that spreadsheets take the letters for what they are.
BOM = "\ufeff"
METRIC_COLUMNS = (
    "clip", "view", "metric", "label", "value", "low", "high", "unit", "grade", "view_grade", "status",
    "ok_from", "ok_to", "strides", "source", "marked_by", "smallest_real_change", "reason", "note", "analysis_version",
)  # fmt: skip
EVENTS = ("foot_strike", "mid_stance", "toe_off")
ROWS_A_PART = 500


def metrics(report: ClipReport) -> Iterator[bytes]:
    return metrics_of([report])


def metrics_of(reports: Iterable[ClipReport]) -> Iterator[bytes]:
    """Every metric of every clip; those without a number say why."""
    rows = ([row[column] for column in METRIC_COLUMNS] for report in reports for row in _metric_rows(report))
    return csv_parts(METRIC_COLUMNS, rows)


def strides(report: ClipReport) -> Iterator[bytes]:
    """One line a stride, right foot strike to right foot strike.  Times are the clip's own; of a slow-motion clip the
    real time is shorter by its factor."""
    gait = report.report.gait
    slow = float((report.clip.facts or {}).get("slow_motion_factor") or 1.0)
    kinds = [(side, kind) for side in ("right", "left") for kind in EVENTS]
    columns = ["stride", "start_s", "end_s", "steps_per_min", *(f"{side}_{kind}_s" for side, kind in kinds)]

    def row(number: int, start: float, end: float) -> list[Any]:
        found = [_within(gait["events"].get(side, {}).get(kind) or [], start, end) for side, kind in kinds]
        return [number, start, end, round(120.0 * slow / (end - start), 2), *found]

    return csv_parts(columns, (row(n, *cut) for n, cut in enumerate(gait["stride_cuts_s"], start=1)))


def series(report: ClipReport) -> Iterator[bytes]:
    """One line a moment, one column a curve, as they were before their strides were averaged."""
    with report.report.series.open("rb") as file:
        t_s, curves = read_waveforms(file)
    units = {name: curve["unit"] for name, curve in report.report.waveforms.items()}
    heads = ["t_s", *(f"{name} ({units[name]})" if name in units else name for name in curves)]
    table = np.column_stack([t_s, *curves.values()]) if len(t_s) else np.empty((0, len(heads)))
    return csv_parts(heads, ([number(value) for value in row] for row in table))


def csv_parts(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    text = io.StringIO(BOM)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(columns)
    for count, row in enumerate(rows, start=1):
        writer.writerow([_cell(value) for value in row])
        if count % ROWS_A_PART == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def number(value: float) -> float | None:
    """As many digits as tell something; an empty cell for what is not known."""
    return round(float(value), 5) if np.isfinite(value) else None


def _cell(value: Any) -> Any:
    """No text is taken for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _within(times: Sequence[float], start: float, end: float) -> float | None:
    # A right foot strike opens the stride and may come a moment before the cut.
    early = 0.05 * (end - start)
    return next((t for t in times if start - early <= t < end - early), None)


def _metric_rows(report: ClipReport) -> Iterator[Mapping[str, Any]]:
    for result in report.metrics:
        spec, ok = SPECS.get(result.key), (result.band or {}).get("ok") or (None, None)
        yield {
            "clip": report.clip.original_name,
            "view": report.film_view,
            "metric": result.key,
            "label": spec.label if spec else result.key,
            "ok_from": ok[0],
            "ok_to": ok[1],
            "smallest_real_change": spec.mdc if spec else None,
            "analysis_version": report.report.analysis_version,
            **{name: getattr(result, name) for name in ("value", "low", "high", "unit", "grade", "view_grade")},
            **{name: getattr(result, name) for name in ("status", "strides", "source", "marked_by", "reason", "note")},
        }
