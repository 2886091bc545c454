"""Lines drawn by a person: which frames are proposed, and what comes of the lines."""

import json
import math
from pathlib import Path

import pytest

from analysis.errors import AnalysisError
from analysis.marking import read_deck_lines, read_marks
from analysis.metrics.pelvic_drop import compute_marked_drop
from analysis.metrics.spec import Measured, NotMeasured
from analysis.types import Mark, Side


def marks(left_deg: float, right_deg: float, count: int = 8, roll_deg: float = 0.0) -> tuple[Mark, ...]:
    """Waistbands 100 px wide, tilted (+ = right side up) in left and in right stance, seen by a rolled camera."""
    out = []
    for side, tilt in ((Side.LEFT, left_deg), (Side.RIGHT, right_deg)):
        rise = 100 * math.tan(math.radians(tilt + roll_deg))
        out += [Mark(float(n), side, "waist", (0.0, 0.0), (100.0, rise), "A. Coach") for n in range(count)]
    return tuple(out)


def test_the_drop_is_half_the_difference_between_the_two_stances() -> None:
    found = compute_marked_drop(marks(left_deg=-6.0, right_deg=8.0))
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(7.0, abs=0.01)
    assert (found.source, found.marked_by) == ("marked", "A. Coach")
    assert found.high - found.low == pytest.approx(2 * 1.96 * 1.4, abs=0.05)


def test_a_rolled_camera_changes_nothing() -> None:
    level, rolled = compute_marked_drop(marks(-5, 5)), compute_marked_drop(marks(-5, 5, roll_deg=3))
    assert isinstance(level, Measured)
    assert isinstance(rolled, Measured)
    assert rolled.value == pytest.approx(level.value, abs=0.01)


def test_fewer_than_seven_frames_a_side_are_not_enough() -> None:
    found = compute_marked_drop(marks(-5, 5, count=6))
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


def test_the_marked_waist_is_measured_end_to_end(demo_clips: Path, tmp_path: Path) -> None:
    from tests.analysis.test_command_line import run, value_of

    clip = demo_clips / "t01_rear_tape_base.mp4"
    _, report, _ = run(clip, tmp_path / "first.json")
    frames = report["marking_frames"]
    assert min(sum(f["side"] == side for f in frames) for side in Side) >= 7
    drawn = [
        {"t_s": f["t_s"], "side": f["side"], "line": "waist", "marked_by": "A. Coach"}
        | {"left": [300, 640 - (6 if f["side"] == "left" else -6)], "right": [400, 640]}
        for f in frames
    ]
    (tmp_path / "marks.json").write_text(json.dumps(drawn))
    _, marked, _ = run(clip, tmp_path / "second.json", "--marks", str(tmp_path / "marks.json"))
    drop = value_of(marked, "pelvic_drop_left")
    assert (drop["source"], drop["marked_by"]) == ("marked", "A. Coach")
    assert drop["value"] == pytest.approx(math.degrees(math.atan(0.06)), abs=0.01)
