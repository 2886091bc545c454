"""Series for a stored report: its own mean strides, one after the other over the strides of its clip."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from django.core.files.base import ContentFile

from analysis.serialize import write_series
from analysis.types import Floats
from runform.reports.models import Report
from tests.runform.world import make_landmarks

HZ = 100.0


def keep_series(report: Report, folder: Path, change: Callable[[str, int, Floats], Floats] | None = None) -> Report:
    """``change`` may make stride ``number`` of a curve [101] different from the mean."""
    cuts = report.gait["stride_cuts_s"]
    t_s = np.arange(0.0, cuts[-1][1] + 0.5, 1 / HZ)
    series = {}
    for name, curve in report.waveforms.items():
        values = np.full(len(t_s), np.nan)
        for number, (start, end) in enumerate(cuts):
            mean = np.asarray(curve["mean"], float)
            stride = change(name, number, mean) if change else mean
            inside = (t_s >= start) & (t_s <= end)
            values[inside] = np.interp((t_s[inside] - start) / (end - start) * 100, np.arange(101), stride)
        gaps = np.isnan(values)
        values[gaps] = np.interp(t_s[gaps], t_s[~gaps], values[~gaps])
        series[name] = values
    path = folder / "series.npz"
    write_series(path, make_landmarks(), series, t_s)
    report.series.save("series.npz", ContentFile(io.BytesIO(path.read_bytes()).getvalue()), save=True)
    return report
