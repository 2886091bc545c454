"""The measured error that the metric pages show: made from scores against known truth, and of this version."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import ANALYSIS_VERSION
from analysis.accuracy import Accuracy, load_accuracy
from analysis.metrics import METRICS
from tests.conftest import ROOT
from tools.accuracy import compute_accuracy, compute_record, find_truths


def test_the_record_is_of_this_version_and_of_every_metric() -> None:
    record = load_accuracy()
    assert record.analysis_version.split(".")[:2] == ANALYSIS_VERSION.split(".")[:2], (
        "run tools/accuracy.py again (CONTRIBUTING.md)"
    )
    assert set(record.metrics) == {spec.key for spec in METRICS}
    for spec in METRICS:
        assert set(record.metrics[spec.key]) <= {str(view) for view in spec.views()}


def test_the_numbers_of_the_record_hold_together() -> None:
    for views in load_accuracy().metrics.values():
        for found in views.values():
            assert 0 <= found.inside <= found.given <= found.clips
            if found.mean_error is not None and found.bias is not None and found.largest_error is not None:
                assert abs(found.bias) <= found.mean_error <= found.largest_error


def test_the_published_intervals_hold_the_truth_about_as_often_as_they_promise() -> None:
    record = load_accuracy()
    found = {(key, view): of for key, views in record.metrics.items() for view, of in views.items() if of.given}
    given, inside = (sum(getattr(of, name) for of in found.values()) for name in ("given", "inside"))
    assert record.clips >= 90
    assert record.bodies >= 7
    # Always inside would be an interval so wide that it says nothing.
    assert 0.95 <= inside / given < 1.0
    assert not {at: (of.inside, of.given) for at, of in found.items() if not of.holds_often}


def test_nine_of_ten_clips_inside_are_often_enough() -> None:
    rows = [[10.0, 11.0, 9.0, 13.0]] * 9 + [[10.0, 7.0, 6.0, 8.0]]
    assert Accuracy(**compute_accuracy(rows)).holds_often
    assert not Accuracy(**compute_accuracy(rows[1:])).holds_often


def test_error_bias_and_intervals_are_counted_over_the_clips_that_gave_a_number() -> None:
    rows = [[10.0, 11.0, 9.0, 13.0], [10.0, 7.0, 6.0, 8.0], [10.0, 10.5, None, None], [10.0, None, None, None]]
    found = compute_accuracy(rows)
    assert (found["clips"], found["given"], found["inside"]) == (4, 3, 1)
    assert found["bias"] == pytest.approx((1 - 3 + 0.5) / 3, abs=1e-4)
    assert found["mean_error"] == pytest.approx((1 + 3 + 0.5) / 3, abs=1e-4)
    assert found["largest_error"] == 3.0


def test_a_metric_without_a_number_has_no_error() -> None:
    assert compute_accuracy([[1.0, None, None, None]])["mean_error"] is None


def test_a_refused_clip_counts_in_the_view_from_which_it_was_filmed() -> None:
    clips = {
        "a": {"view": "side", "values": {"cadence": [170, 171, 169, 173]}},
        "b": {"view": None, "values": {"cadence": [170, None, None, None], "forward_lean_mean": [5, None, None, None]}},
    }
    truths = {"a": {"view": "side", "body": "one"}, "b": {"view": "rear", "body": "two"}}
    record = compute_record(clips, truths, made_on="2026-05-01")
    assert {view: found["given"] for view, found in record["metrics"]["cadence"].items()} == {"side": 1, "rear": 0}
    assert record["metrics"]["forward_lean_mean"] == {}  # from behind it cannot be seen at all
    assert record["bodies"] == 2


def test_the_tool_writes_what_the_library_reads(tmp_path: Path) -> None:
    (tmp_path / "score.json").write_text(
        json.dumps({"one": {"view": "side", "values": {"cadence": [170, 171, 169, 173]}}})
    )
    (tmp_path / "one.json").write_text(json.dumps({"view": "side_r", "body": "somebody"}))
    out = tmp_path / "accuracy.json"
    command = [sys.executable, "-m", "tools.accuracy", tmp_path / "score.json", "--truth", tmp_path, "--out", out]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    content = json.loads(out.read_text())
    assert content.keys() == json.loads((ROOT / "analysis" / "metrics" / "accuracy.json").read_text()).keys()
    assert content["metrics"]["cadence"]["side"]["mean_error"] == 1.0


def test_a_body_in_other_clothes_is_the_same_body(tmp_path: Path) -> None:
    for name, body in (("one", "woman-red"), ("two", "woman-blue"), ("three", "anny_male")):
        (tmp_path / f"{name}.json").write_text(json.dumps({"view": "rear", "body": body}))
    truths = find_truths(["one", "two", "three"], [tmp_path])
    assert {truth["body"] for truth in truths.values()} == {"woman", "anny_male"}


def test_a_clip_without_truth_stops_the_tool(tmp_path: Path) -> None:
    (tmp_path / "score.json").write_text(json.dumps({"one": {"view": "side", "values": {}}}))
    command = [sys.executable, "-m", "tools.accuracy", tmp_path / "score.json", "--truth", tmp_path]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "no truth for one" in done.stderr
