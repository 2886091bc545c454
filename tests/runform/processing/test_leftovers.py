import os
import time
from pathlib import Path
from typing import Any

import pytest

from runform.processing.leftovers import sweep


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> tuple[Path, Path]:
    settings.WORK_DIR, settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "work", tmp_path / "tmp"
    return settings.WORK_DIR, settings.FILE_UPLOAD_TEMP_DIR


def aged(path: Path, seconds: float) -> Path:
    then = time.time() - seconds
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def test_what_nobody_touched_for_longer_than_an_attempt_lasts_goes(folders: tuple[Path, Path], settings: Any) -> None:
    work, uploads = folders
    names = ("left", "under way")
    for name, age_s in zip(names, (2 * settings.LIMITS.wall_s + 60, settings.LIMITS.wall_s), strict=True):
        (work / name / "frames").mkdir(parents=True)
        (work / name / "frames" / "1.jpg").write_bytes(b"\xff")
        uploads.mkdir(exist_ok=True)
        (uploads / f"{name}.upload").write_bytes(b"half a clip")
        aged(work / name, age_s)
        aged(uploads / f"{name}.upload", age_s)
    sweep()
    assert [path.name for path in work.iterdir()] == ["under way"]
    assert [path.name for path in uploads.iterdir()] == ["under way.upload"]


def test_a_link_goes_and_what_it_points_to_stays(folders: tuple[Path, Path], tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    folders[0].mkdir()
    (folders[0] / "link").symlink_to(precious)
    aged(folders[0] / "link", 1e6)
    sweep()
    assert list(folders[0].iterdir()) == []
    assert precious.exists()


def test_without_the_folders_there_is_nothing_to_do(folders: tuple[Path, Path]) -> None:
    sweep()
