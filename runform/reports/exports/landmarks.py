"""The points of the body as a table."""

from collections.abc import Iterator

import numpy as np

from analysis.serialize import read_landmarks
from analysis.types import Landmarks
from runform.reports.exports.tables import csv_parts, number
from runform.reports.results import ClipReport

# In BlazePose's order; left and right are the runner's own.
POINTS = (
    "nose",
    *(f"{side}_eye{part}" for side in ("left", "right") for part in ("_inner", "", "_outer")),
    *(f"{side}_{part}" for part in ("ear", "mouth", "shoulder", "elbow", "wrist", "pinky", "index", "thumb",
                                    "hip", "knee", "ankle", "heel", "foot") for side in ("left", "right")),
)  # fmt: skip


def load(report: ClipReport) -> Landmarks:
    with report.report.series.open("rb") as file:
        return read_landmarks(file)


def table(report: ClipReport) -> Iterator[bytes]:
    """One line a picture: x and y in pixels of the upright clip from its lower left corner, and how surely seen."""
    found = load(report)
    heads = [f"{point}_{what}" for point in POINTS for what in ("x_px", "y_px", "seen")]
    values = np.concatenate([found.xy_px, found.visibility[..., None]], axis=2).reshape(len(found), len(heads))
    rows = ([number(t), *(number(value) for value in row)] for t, row in zip(found.t_s, values, strict=True))
    return csv_parts(["t_s", *heads], rows)
