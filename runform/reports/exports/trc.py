"""Markers for motion software (TRC): metres, x forwards, y up, z to the runner's right.

What lies in the plane of the picture is measured; the depth is the pose model's guess and is good for a look, not for
a number.  Without a known scale everything is the model's own estimate, about the middle of the hips.
"""

from collections.abc import Iterator

import numpy as np

from analysis.types import Floats, Landmarks
from runform.reports.exports.landmarks import POINTS, load
from runform.reports.models import Report
from runform.reports.results import ClipReport

SHORT = {"left": "L", "right": "R"}
FRAMES_A_PART = 200
NO_MARKER = "\t" * 2


def marker_name(point: str) -> str:
    """``left_foot`` -> ``LFoot``."""
    side, _, rest = point.partition("_")
    words = rest if side in SHORT else point
    return SHORT.get(side, "") + "".join(word.capitalize() for word in words.split("_"))


def markers(report: ClipReport) -> Iterator[bytes]:
    found = load(report)
    names = [marker_name(point) for point in POINTS]
    rate = 1.0 / float(np.median(np.diff(found.t_s))) if len(found) > 1 else 1.0
    yield _head(names, rate, len(found)).encode()
    places = runner_axes(found, report.report)
    for start in range(0, len(found), FRAMES_A_PART):
        rows = range(start, min(start + FRAMES_A_PART, len(found)))
        yield "".join(_line(n, found.t_s[n], places[n]) for n in rows).encode()


def runner_axes(found: Landmarks, report: Report) -> Floats:
    """Landmarks [n, 33, 3] in metres: forwards, up, to the runner's right."""
    scale = report.gait.get("scale_px_per_m")
    across, up, away = (found.world_m[..., axis] for axis in range(3))
    if scale:
        across, up = found.xy_px[..., 0] / scale, found.xy_px[..., 1] / scale
    if report.view == "rear":
        return np.stack([away, up, across], axis=2)
    if report.view == "front":
        return np.stack([-away, up, -across], axis=2)
    if report.facing == "left":
        return np.stack([-across, up, away], axis=2)
    return np.stack([across, up, -away], axis=2)


def _head(names: list[str], rate: float, frames: int) -> str:
    columns = "\t".join(name + NO_MARKER for name in names)
    axes = "\t".join(f"X{n}\tY{n}\tZ{n}" for n in range(1, len(names) + 1))
    return (
        "PathFileType\t4\t(X/Y/Z)\tlandmarks.trc\n"
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
        f"{rate:.4f}\t{rate:.4f}\t{frames}\t{len(names)}\tm\t{rate:.4f}\t1\t{frames}\n"
        f"Frame#\tTime\t{columns}\n\t\t{axes}\n\n"
    )


def _line(number: int, t_s: float, places: Floats) -> str:
    cells = (f"{value:.5f}" if np.isfinite(value) else "" for value in places.reshape(-1))
    return f"{number + 1}\t{t_s:.5f}\t" + "\t".join(cells) + "\n"
