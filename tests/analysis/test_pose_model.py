"""The pose model file: found, checked, built again when damaged."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from analysis import pose_model
from analysis.errors import AnalysisError
from analysis.pose.tracker import image_of, landmarker, points_of
from analysis.video import open_clip


def test_a_setting_points_at_another_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.task"
    own.write_bytes(b"model")
    monkeypatch.setenv("RUNFORM_POSE_MODEL", str(own))
    assert pose_model.model_path() == own
    own.unlink()
    with pytest.raises(AnalysisError) as caught:
        pose_model.model_path()
    assert caught.value.code == "model_missing"
    assert "python -m analysis.pose_model" in caught.value.user_text


def test_the_cache_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFORM_CACHE_DIR", str(tmp_path))
    assert pose_model.cache_dir() == tmp_path
    monkeypatch.delenv("RUNFORM_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert pose_model.cache_dir() == tmp_path / "cache" / "runform"


def test_a_sound_model_is_not_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNFORM_POSE_MODEL", raising=False)
    monkeypatch.setattr(pose_model, "_download", lambda folder: pytest.fail("downloaded for nothing"))
    path = pose_model.build(pose_model.model_path())
    assert pose_model.sha256_of(path) == pose_model.TASK_SHA256
    with zipfile.ZipFile(path) as task:
        assert {entry.filename for entry in task.infolist()} == {
            "pose_detector.tflite",
            "pose_landmarks_detector.tflite",
        }
        assert {entry.compress_type for entry in task.infolist()} == {zipfile.ZIP_STORED}


def test_a_damaged_model_is_built_anew_from_the_published_wheel(tmp_path: Path) -> None:
    target = tmp_path / "pose.task"
    target.write_bytes(b"damaged")
    try:
        pose_model.build(target)
    except AnalysisError as error:
        if "Could not download" in error.user_text:
            pytest.skip("the package index cannot be reached")
        raise
    assert pose_model.sha256_of(target) == pose_model.TASK_SHA256
    assert list(tmp_path.iterdir()) == [target]


def test_the_landmarks_are_the_same_as_with_the_whole_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_clips: Path
) -> None:
    """What paints the outline is left out of the model, and of nothing else."""
    try:
        whole = pose_model.build(tmp_path / "whole.task", outline=True)
    except AnalysisError as error:
        if "Could not download" in error.user_text:
            pytest.skip("the package index cannot be reached")
        raise
    models = {"whole": whole, "lean": pose_model.model_path()}
    frames = list(open_clip(demo_clips / "s01_side_base.mp4").frames(432, window=(0.0, 0.2)))
    found = {}
    for name, path in models.items():
        monkeypatch.setenv("RUNFORM_POSE_MODEL", str(path))
        with landmarker("VIDEO", 1) as tracker:
            results = [tracker.detect_for_video(image_of(frame.rgb), frame.index) for frame in frames]
        found[name] = np.array([points_of(result, mirrored=False) for result in results])
    assert np.isfinite(found["whole"]).all()
    np.testing.assert_array_equal(found["lean"], found["whole"])
    assert models["lean"].stat().st_size < whole.stat().st_size


def test_a_wrong_wheel_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pose_model, "WHEEL", "six==1.17.0")
    monkeypatch.setattr(pose_model, "WHEEL_PLATFORM", [])
    with pytest.raises(AnalysisError) as caught:
        pose_model.build(tmp_path / "pose.task")
    assert caught.value.code == "model_build"
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_the_path_or_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "analysis.pose_model"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(pose_model.TASK_NAME)
