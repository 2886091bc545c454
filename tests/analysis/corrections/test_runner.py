"""Two runners beside each other: the one that a person points at is followed."""

from pathlib import Path

import numpy as np
import pytest

from analysis import geometry as geo
from analysis.corrections import read_corrections
from analysis.errors import AnalysisError
from analysis.pipeline import analyse
from tests.analysis.test_pose import side_by_side


@pytest.fixture(scope="module")
def two(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return side_by_side(demo_clips / "t01_rear_tape_base.mp4", tmp_path_factory.mktemp("two") / "two.mp4", 130)


@pytest.mark.parametrize("share", [0.25, 0.75])
def test_the_person_pointed_at_is_followed(two: Path, share: float) -> None:
    at = [share * 720, 320]
    found = analyse(two, corrections=read_corrections([{"kind": "runner", "t_s": 1.0, "at": at}]))
    place = np.nanmedian(geo.hip_mid(found.sight.found.xy_px)[:, 0]) / found.sight.found.width_px
    assert place == pytest.approx(share, abs=0.1)
    assert found.sight.runner == (1.0, *at)


def test_where_nobody_stands_it_says_so(two: Path) -> None:
    corner = read_corrections([{"kind": "runner", "t_s": 1.0, "at": [2, 2]}])
    with pytest.raises(AnalysisError, match="Nobody was found"):
        analyse(two, corrections=corner)
