"""A report computed again from what was kept: the same without a correction, and following it with one."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.corrections import read_corrections
from analysis.errors import AnalysisError
from analysis.look import choose_window, recall
from analysis.serialize import read_landmarks
from analysis.sight import read_sight
from analysis.types import Profile, ViewName
from tests.analysis.corrections.conftest import Kept
from tests.analysis.test_command_line import run, value_of

Again = Callable[..., dict[str, Any]]


def numbers(report: dict[str, Any]) -> dict[str, float]:
    return {m["id"]: m["value"] for m in report["measurements"] if m["value"] is not None}


def strikes(report: dict[str, Any], side: str, event: str = "foot_strike") -> list[float]:
    return report["gait"]["events"][side][event]


def test_without_a_correction_the_report_is_the_same_to_the_last_digit(kept: Kept, again: Again) -> None:
    second = again()
    for report in (first := dict(kept.report), second):
        report.pop("timing")
        report.pop("frames")
    assert second == first


def test_the_command_line_computes_it_again_without_a_pose_model(kept: Kept, no_tracker: None, tmp_path: Path) -> None:
    (tmp_path / "right.json").write_text(json.dumps([{"kind": "speed", "speed_mps": 4.4, "by": "A. Coach"}]))
    options = [f"--landmarks={kept.series}", f"--corrections={tmp_path / 'right.json'}", "--speed-mps=3"]
    code, report, said = run(kept.clip, tmp_path / "report.json", *options)
    assert (code, said) == (0, "")
    assert numbers(report) == numbers(kept.report)
    assert report["corrections"] == [{"kind": "speed", "speed_mps": 4.4, "by": "A. Coach"}]
    assert report["engine"]["pose_model_sha256"] == kept.report["engine"]["pose_model_sha256"]
    assert read_sight(tmp_path / "report.npz") is not None


def test_what_a_person_puts_right_goes_before_what_was_said() -> None:
    right = read_corrections([{"kind": "speed", "speed_mps": 6.0}, {"kind": "speed", "speed_mps": 5.0}])
    said = Profile(speed_mps=3.0, view=ViewName.REAR, height_cm=180)
    assert right.profile(said) == replace(said, speed_mps=5.0)
    assert read_corrections([{"kind": "view", "view": "side"}]).profile(said) == replace(said, view=ViewName.SIDE)


def test_another_view_is_measured_as_that_view(again: Again) -> None:
    report = again({"kind": "view", "view": "rear"}, {"kind": "view", "view": "front"})
    assert report["view"]["name"] == "front"
    assert value_of(report, "forward_lean_mean")["value"] is None


@pytest.mark.parametrize("item", [{"factor": 2.0}, {"true_fps": 120.0}])
def test_slow_motion_that_a_person_knows_of_makes_the_steps_quicker(kept: Kept, again: Again, item: Any) -> None:
    report = again({"kind": "slow_motion", **item})
    assert report["clip"]["slow_motion_factor"] == pytest.approx(2.0, abs=0.01)
    checks = {check["id"]: check["verdict"] for check in report["quality"]["checks"]}
    assert checks["running"] == "fail" or numbers(report)["cadence"] > 1.9 * numbers(kept.report)["cadence"]


def test_only_the_stretch_that_is_asked_for_is_measured(kept: Kept, again: Again) -> None:
    start, end = again({"kind": "stretch", "start_s": 3.0, "end_s": None})["clip"]["analysed_s"]
    assert (start, end) == (pytest.approx(3.0, abs=0.02), kept.report["clip"]["analysed_s"][1])
    start, end = again({"kind": "stretch", "start_s": 1.0, "end_s": 6.0})["clip"]["analysed_s"]
    assert (start, end) == (pytest.approx(1.0, abs=0.02), pytest.approx(6.0, abs=0.02))


def test_a_moved_foot_strike_moves_those_of_its_side_and_what_is_read_there(kept: Kept, again: Again) -> None:
    before = strikes(kept.report, "right")
    item = {"kind": "event", "event": "foot_strike", "side": "right", "action": "move"}
    report = again({**item, "t_s": before[2] + 0.01, "to_s": before[2] + 0.02})
    after = strikes(report, "right")
    assert after[2] == pytest.approx(before[2] + 0.02, abs=1e-3)
    assert after[3] == pytest.approx(before[3] + 0.02, abs=1e-3)
    assert strikes(report, "left") == strikes(kept.report, "left")
    near = kept.report["view"]["facing"]
    assert near == "right"
    was, now = (value_of(r, "contact_time_right") for r in (kept.report, report))
    assert now["value"] == pytest.approx(was["value"] - 20.0, abs=1.5)
    assert now["high"] - now["low"] > was["high"] - was["low"]
    assert value_of(report, "contact_time_left") == value_of(kept.report, "contact_time_left")
    assert value_of(report, "overstride")["value"] < value_of(kept.report, "overstride")["value"]


def test_a_moved_toe_off_makes_the_contact_longer(kept: Kept, again: Again) -> None:
    off = strikes(kept.report, "right", "toe_off")[1]
    item = {"kind": "event", "event": "toe_off", "side": "right", "action": "move", "t_s": off, "to_s": off + 0.02}
    was, now = (value_of(r, "contact_time_right")["value"] for r in (kept.report, again(item)))
    assert now == pytest.approx(was + 20.0, abs=1.5)


def test_events_can_be_added_and_taken_away(kept: Kept, again: Again) -> None:
    before = strikes(kept.report, "right")
    item = {"kind": "event", "event": "foot_strike", "side": "right"}
    report = again({**item, "action": "remove", "t_s": before[4]}, {**item, "action": "add", "t_s": 0.001})
    after = strikes(report, "right")
    assert len(after) == len(before)
    assert 0.001 in after
    assert before[4] not in after
    lost = kept.report["gait"]["strides"] - report["gait"]["strides"]
    assert lost == 2
    assert all(not a - 0.1 < before[4] < b + 0.1 for a, b in report["gait"]["stride_cuts_s"])


def test_a_dragged_landmark_lies_where_it_was_put_and_takes_its_neighbours_along(
    kept: Kept, no_tracker: None, tmp_path: Path
) -> None:
    found = read_landmarks(kept.series)
    row = 200
    x, y = found.xy_px[row, lm.RIGHT_EAR]
    to = [float(x) + 60.0, float(found.height_px - y)]
    drag = {"kind": "landmark", "t_s": float(found.t_s[row]), "point": lm.RIGHT_EAR, "to": to}
    (tmp_path / "right.json").write_text(json.dumps([drag]))
    options = [f"--landmarks={kept.series}", f"--corrections={tmp_path / 'right.json'}"]
    assert run(kept.clip, tmp_path / "report.json", *options)[0] == 0
    moved = read_landmarks(tmp_path / "report.npz").xy_px - found.xy_px
    assert moved[row, lm.RIGHT_EAR, 0] == pytest.approx(60.0, abs=0.01)
    assert 20.0 < moved[row + 3, lm.RIGHT_EAR, 0] < 40.0
    assert (moved[: row - 7] == 0).all()
    assert (moved[row + 7 :] == 0).all()
    assert (np.delete(moved, lm.RIGHT_EAR, axis=1) == 0).all()
    # What the tracker saw is kept as it was: another correction starts from there.
    seen = [read_sight(path).found.xy_px for path in (kept.series, tmp_path / "report.npz")]  # type: ignore[union-attr]
    np.testing.assert_array_equal(*seen)


def test_a_landmark_dragged_all_through_the_clip_changes_its_metric(kept: Kept, again: Again) -> None:
    found = read_landmarks(kept.series)
    drags = []
    for row in range(0, len(found), 12):
        xy = found.xy_px[row, lm.RIGHT_EAR] + (0.2 * 250.0, 0.0)
        to = [float(xy[0]), float(found.height_px - xy[1])]
        drags.append({"kind": "landmark", "t_s": float(found.t_s[row]), "point": lm.RIGHT_EAR, "to": to})
    drags += [{**drag, "point": lm.LEFT_EAR} for drag in drags]
    was, now = (value_of(r, "head_forward")["value"] for r in (kept.report, again(*drags)))
    assert now > was + 0.05


def test_another_person_is_looked_for_anew_and_so_is_a_clip_that_is_another(kept: Kept, demo_clips: Path) -> None:
    nothing, pointed = read_corrections([]), read_corrections([{"kind": "runner", "t_s": 1.0, "at": [300, 600]}])
    assert recall(kept.series, kept.clip, nothing) is not None
    assert recall(kept.series, kept.clip, pointed) is None
    assert recall(kept.series, demo_clips / "t01_rear_tape_base.mp4", nothing) is None


def test_a_short_clip_is_looked_at_whole_whatever_stretch_is_asked_for(kept: Kept) -> None:
    assert choose_window(kept.clip, read_corrections([{"kind": "stretch", "start_s": 2.0}])) is None
    with pytest.raises(AnalysisError, match="earlier"):
        choose_window(kept.clip, read_corrections([{"kind": "stretch", "start_s": 60.0}]))


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '{"kind": "view"}',
        '[{"kind": "weather"}]',
        '[{"kind": "view", "view": "top"}]',
        '[{"kind": "speed", "speed_mps": 99}]',
        '[{"kind": "speed", "speed_mps": NaN}]',
        '[{"kind": "stretch", "start_s": 3, "end_s": 2}]',
        '[{"kind": "landmark", "t_s": 1, "point": 33, "to": [1, 2]}]',
        '[{"kind": "event", "event": "foot_strike", "side": "right", "action": "move", "t_s": 1}]',
    ],
)
def test_corrections_that_make_no_sense_are_refused_with_a_plain_word(content: str, tmp_path: Path) -> None:
    (tmp_path / "right.json").write_text(content)
    with pytest.raises(AnalysisError, match="corrections cannot be read"):
        read_corrections(tmp_path / "right.json")
