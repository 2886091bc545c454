"""Lines drawn by a person: which frames are proposed, and what comes of the lines."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.errors import AnalysisError
from analysis.marking import level_mark, read_deck_lines, read_marks
from analysis.metrics import marked, pelvic_drop
from analysis.metrics.spec import Measured, NotMeasured
from analysis.prepare import levelled
from analysis.types import Landmarks, Mark, Side, ViewName
from tests.analysis.runner import make_runner
from tests.analysis.test_command_line import run, value_of

MID = {Side.LEFT: np.arange(12) * 0.7, Side.RIGHT: np.arange(12) * 0.7 + 0.35}


def marks(
    left_deg: float, right_deg: float, count: int = 8, roll_deg: float = 0.0, line: str = "waist", later_s: float = 0.0
) -> tuple[Mark, ...]:
    """Lines 100 px wide, tilted (+ = right side up) in left and in right stance, seen by a rolled camera."""
    out = []
    for side, tilt in ((Side.LEFT, left_deg), (Side.RIGHT, right_deg)):
        rise = 100 * math.tan(math.radians(tilt + roll_deg))
        times = MID[side][:count] + later_s
        out += [Mark(float(t), side, line, (0.0, 0.0), (100.0, rise), "A. Coach") for t in times]
    return tuple(out)


def drop(marks: tuple[Mark, ...], side: Side = Side.LEFT) -> Measured | NotMeasured:
    return marked.compute_drop(tilts(marks), side, "A. Coach")


def tilts(marks: tuple[Mark, ...], line: str = "waist") -> marked.Tilts:
    seen: Any = SimpleNamespace(marks=marks, strides=SimpleNamespace(mid_stance=MID, period_s=0.7))
    return marked.tilts_of(seen, line)


def test_the_drop_is_half_the_difference_between_the_two_stances() -> None:
    found = drop(marks(left_deg=-6.0, right_deg=8.0))
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(7.0, abs=0.01)
    assert (found.source, found.marked_by) == ("marked", "A. Coach")
    assert found.high - found.low == pytest.approx(2 * 1.96 * 1.4, abs=0.05)
    assert "both sides together" in (found.note or "")


def test_a_rolled_camera_changes_nothing() -> None:
    level, rolled = drop(marks(-5, 5)), drop(marks(-5, 5, roll_deg=3))
    assert isinstance(level, Measured)
    assert isinstance(rolled, Measured)
    assert rolled.value == pytest.approx(level.value, abs=0.01)


@pytest.mark.parametrize("roll_deg", [0.0, 3.0])
def test_frames_in_between_tell_the_sides_apart(roll_deg: float) -> None:
    """A pelvis that is carried 2 deg up on the right, drops 5 deg on the left and 7 deg on the right."""
    four = marks(-3.0, 9.0, roll_deg=roll_deg), marks(1.0, 1.0, 5, roll_deg, later_s=0.175)
    found = [drop(four[0] + four[1], side) for side in Side]
    assert [one.value for one in found if isinstance(one, Measured)] == pytest.approx([5.0, 7.0], abs=0.05)
    alone = drop(four[0])
    assert isinstance(found[0], Measured)
    assert isinstance(alone, Measured)
    assert found[0].high - found[0].low < alone.high - alone.low


def test_the_shoulders_mean_and_swing_come_from_their_own_lines() -> None:
    lines = marks(2.0, 2.0, line="shoulders") + marks(-2.0, 6.0, 5, line="shoulders", later_s=0.175)
    found = tilts(lines + marks(-9, 9), "shoulders")
    assert marked.compute_mean(found, "").value == pytest.approx(2.0, abs=0.01)
    assert marked.compute_swing(found, "").value == pytest.approx(8.0, abs=0.02)


def test_the_pelvis_swings_by_what_the_four_places_show_where_no_tape_does() -> None:
    """Frames between the steps are needed: mid-stances alone show the drop, not the whole movement."""
    stances, between = marks(-5.0, 5.0), marks(2.0, -2.0, 5, later_s=0.175)
    notes: dict[str, Any] = {"tape": "No tape dots were found."}
    strides = SimpleNamespace(mid_stance=MID, period_s=0.7)

    def rom(drawn: tuple[Mark, ...]) -> Measured | NotMeasured:
        evidence: Any = SimpleNamespace(marks=drawn, strides=strides, waveforms={}, notes=notes)
        return pelvic_drop.compute_rom(evidence)

    found = rom(stances + between)
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(2 * math.hypot(5.0, 2.0), abs=0.05)
    assert (found.source, found.marked_by) == ("marked", "A. Coach")
    assert 3.5 < found.high - found.value < 5.0
    assert rom(stances) == NotMeasured(pelvic_drop.BETWEEN_TOO)
    assert "No tape dots" in getattr(rom(stances[:6]), "reason", "")


def test_a_line_is_levelled_as_the_landmarks_are() -> None:
    found = make_runner(ViewName.REAR, 60, 1.0)
    straight, turned = (_shoulder_line(points) for points in (found, levelled(found, -4.0)))
    assert marked.tilt_deg(turned) == pytest.approx(marked.tilt_deg(straight) - 4.0, abs=1e-6)
    assert marked.tilt_deg(level_mark(turned, 4.0)) == pytest.approx(marked.tilt_deg(straight), abs=1e-6)


def _shoulder_line(points: Landmarks) -> Mark:
    left, right = ((float(x), float(y)) for x, y in points.xy_px[9, [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]])
    return Mark(0.0, Side.LEFT, "shoulders", left, right, "A. Coach")


def test_fewer_than_seven_frames_a_side_are_not_enough() -> None:
    found = drop(marks(-5, 5, count=6))
    assert isinstance(found, NotMeasured)
    assert "at least 7" in found.reason


def test_marks_are_read_with_y_up(tmp_path: Path) -> None:
    item = {"t_s": 1.5, "side": "left", "line": "waist", "left": [10, 100], "right": [110, 90], "marked_by": "B"}
    (tmp_path / "marks.json").write_text(json.dumps([item]))
    mark = read_marks(tmp_path / "marks.json", height_px=720)[0]
    assert (mark.left, mark.right, mark.side) == ((10.0, 620.0), (110.0, 630.0), Side.LEFT)


@pytest.mark.parametrize("content", ["", "{", '[{"t_s": 1}]', '[{"line": "knee"}]'])
def test_marks_that_make_no_sense_are_refused_with_a_plain_word(content: str, tmp_path: Path) -> None:
    (tmp_path / "marks.json").write_text(content)
    with pytest.raises(AnalysisError):
        read_marks(tmp_path / "marks.json", 720)


def test_a_line_along_the_deck_stands_beside_the_others(tmp_path: Path) -> None:
    deck = {"kind": "deck_line", "t_s": 2.0, "points": [[10, 700], [610, 690]], "marked_by": "B"}
    waist = {"t_s": 1.5, "side": "left", "line": "waist", "left": [10, 100], "right": [110, 90], "marked_by": "B"}
    (tmp_path / "marks.json").write_text(json.dumps([deck, waist | {"kind": "line"}]))
    (line,) = read_deck_lines(tmp_path / "marks.json", height_px=720)
    assert (line.one, line.other, line.marked_by) == ((10.0, 20.0), (610.0, 30.0), "B")
    assert [mark.line for mark in read_marks(tmp_path / "marks.json", height_px=720)] == ["waist"]


@pytest.mark.parametrize("points", [[[1, 2]], [[1, 2], [3, 4]], "ab", [[1, 2], ["x", 4]]])
def test_a_line_along_the_deck_that_makes_no_sense_is_refused(points: object, tmp_path: Path) -> None:
    item = {"kind": "deck_line", "t_s": 2.0, "points": points, "marked_by": "B"}
    (tmp_path / "marks.json").write_text(json.dumps([item]))
    with pytest.raises(AnalysisError):
        read_deck_lines(tmp_path / "marks.json", 720)


@pytest.fixture(scope="module")
def rear(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], Path]:
    """A rear clip, its report and what was kept beside it."""
    folder = tmp_path_factory.mktemp("rear")
    clip = demo_clips / "t01_rear_tape_base.mp4"
    _, report, _ = run(clip, folder / "first.json")
    return clip, report, folder / "first.npz"


def test_the_marked_waist_is_measured_end_to_end(rear: tuple[Path, dict[str, Any], Path], tmp_path: Path) -> None:
    clip, report, kept = rear
    frames = report["marking_frames"]
    assert min(sum(f["side"] == side for f in frames) for side in Side) >= 7
    drawn = [
        {"t_s": f["t_s"], "side": f["side"], "line": "waist", "marked_by": "A. Coach"}
        | {"left": [300, 640 - (6 if f["side"] == "left" else -6)], "right": [400, 640]}
        for f in frames
    ]
    (tmp_path / "marks.json").write_text(json.dumps(drawn))
    _, again, _ = run(clip, tmp_path / "second.json", f"--marks={tmp_path}/marks.json", f"--landmarks={kept}")
    drop = value_of(again, "pelvic_drop_left")
    assert (drop["source"], drop["marked_by"]) == ("marked", "A. Coach")
    assert drop["value"] == pytest.approx(math.degrees(math.atan(0.06)), abs=0.01)
    assert value_of(again, "shoulder_tilt_mean") == value_of(report, "shoulder_tilt_mean")


@pytest.mark.parametrize("line", ["hip", "shoulder"])
def test_lines_drawn_without_error_give_the_true_movement(
    line: str, rear: tuple[Path, dict[str, Any], Path], truth_clips: Path, tmp_path: Path
) -> None:
    clip, report, kept = rear
    truth = json.loads((truth_clips / "t01_rear_tape_base.json").read_text())
    drawn = []
    for frame in report["marking_frames"] + report["marking_between"]:
        ends = {side: truth["joints2d"][f"{line}_{side[0]}"][round(frame["t_s"] * truth["fps"])] for side in Side}
        name = {"hip": "waist", "shoulder": "shoulders"}[line]
        drawn.append({"t_s": frame["t_s"], "side": frame["side"], "line": name, "marked_by": "A. Coach", **ends})
    (tmp_path / "marks.json").write_text(json.dumps(drawn))
    _, again, _ = run(clip, tmp_path / "second.json", f"--marks={tmp_path}/marks.json", f"--landmarks={kept}")
    keys = ("pelvic_drop_left", "pelvic_drop_right") if line == "hip" else ("shoulder_tilt_mean", "shoulder_tilt_rom")
    found = [value_of(again, key) for key in keys]
    assert {one["source"] for one in found} == {"marked"}
    # Pelvis 5.3 and 7.3, shoulders 0.0 and 8.0 about the stride's mean (the truth's own waveforms).
    for one, true in zip(found, (5.3, 7.3) if line == "hip" else (0.0, 8.0), strict=True):
        assert one["value"] == pytest.approx(true, abs=1.6)
        assert one["low"] < true < one["high"]
