from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analysis.corrections import read_corrections
from analysis.pipeline import analyse
from analysis.serialize import write_series
from analysis.types import Profile

CLIP = "s01_side_base.mp4"


@dataclass(frozen=True)
class Kept:
    """An analysed clip: its report and the series file beside it."""

    clip: Path
    report: dict[str, Any]
    series: Path


@pytest.fixture(scope="package")
def kept(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    found = analyse(demo_clips / CLIP, Profile(speed_mps=3.0), frames_dir=folder / "frames")
    write_series(folder / "report.npz", found.raw, found.waveforms, found.t_s, found.sight)
    return Kept(demo_clips / CLIP, found.report.to_json(), folder / "report.npz")


@pytest.fixture
def again(kept: Kept, no_tracker: None) -> Callable[..., dict[str, Any]]:
    """Measure the clip again from what was kept, with some things put right."""

    def measure(*items: Mapping[str, Any]) -> dict[str, Any]:
        found = analyse(kept.clip, Profile(speed_mps=3.0), landmarks=kept.series, corrections=read_corrections(items))
        return found.report.to_json()

    return measure


@pytest.fixture
def no_tracker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may start the pose model."""
    monkeypatch.setenv("RUNFORM_POSE_MODEL", "/nowhere/model.task")
