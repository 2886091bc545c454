"""Several clips, one summary: the better grade wins, then the narrower interval."""

from typing import Any

from analysis.fuse import fuse
from analysis.metrics.spec import Measured, NotMeasured


def measurement(key: str, value: float | None, grade: str = "A", half: float = 1.0, **more: Any) -> dict[str, Any]:
    low, high = (None, None) if value is None else (value - half, value + half)
    return {"id": key, "value": value, "low": low, "high": high, "view_grade": grade, "views": ["side"], **more}


def report(view: str, *measurements: dict[str, Any], findings: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"view": {"name": view}, "measurements": list(measurements), "findings": list(findings)}


def finding(key: str, status: str, tip: bool = True) -> dict[str, Any]:
    return {"measurement": key, "status": status, "tip": {} if tip else None}


def test_a_metric_comes_from_the_clip_that_measures_it() -> None:
    summary = fuse([report("side", measurement("lean", None)), report("rear", measurement("lean", 3.0, "C"))])
    assert (summary.metrics[0].clip, summary.metrics[0].measurement["value"]) == (1, 3.0)


def test_the_better_grade_wins_over_the_narrower_interval() -> None:
    summary = fuse(
        [report("side", measurement("bounce", 8.0, "B", 0.1)), report("rear", measurement("bounce", 9.0, "A", 2.0))]
    )
    assert summary.metrics[0].clip == 1


def test_of_equal_grades_the_narrower_interval_wins() -> None:
    summary = fuse(
        [report("side", measurement("bounce", 8.0, "A", 2.0)), report("rear", measurement("bounce", 9.0, "A", 0.5))]
    )
    assert summary.metrics[0].clip == 1


def test_an_unmeasured_metric_keeps_the_reason_of_the_view_that_could_show_it() -> None:
    rear = report("rear", measurement("head", None, reason="film from the side"))
    side = report("side", measurement("head", None, reason="ears hidden"))
    chosen = fuse([rear, side]).metrics[0]
    assert chosen.clip is None
    assert chosen.measurement["reason"] == "ears hidden"


def test_findings_are_at_most_three_flags_first_and_only_of_the_chosen_clip() -> None:
    keys = ["a", "b", "c", "d"]
    side = report(
        "side",
        *[measurement(k, 1.0) for k in keys],
        findings=(finding("a", "watch"), finding("b", "flag"), finding("c", "watch"), finding("d", "flag")),
    )
    worse = report("rear", measurement("a", 1.0, "B"), findings=(finding("a", "flag"),))
    summary = fuse([side, worse])
    assert [(clip, f["measurement"]) for clip, f in summary.to_work_on] == [(0, "b"), (0, "d"), (0, "a")]


def test_what_is_good_is_told_apart_from_what_to_work_on() -> None:
    side = report("side", measurement("a", 1.0), findings=(finding("a", "ok", tip=False),))
    summary = fuse([side])
    assert not summary.to_work_on
    assert [f["measurement"] for _, f in summary.good] == ["a"]


def test_two_views_together_cover_a_score_that_neither_covers_alone() -> None:
    band = {"ok": [None, 10.0], "watch": [None, 12.0]}
    frontal = ("lateral_lean_rom", "lateral_lean_mean", "shoulder_sway", "shoulder_tilt_rom")
    rear = report("rear", *(measurement(key, 1.0, band=band) for key in frontal))
    side = report("side", *(measurement(key, 1.0, band=band) for key in ("thorax_rotation_rom", "forward_lean_mean")))
    assert isinstance(fuse([rear]).scores["torso_stability"], NotMeasured)
    assert isinstance(fuse([side]).scores["torso_stability"], NotMeasured)
    together = fuse([rear, side]).scores["torso_stability"]
    assert isinstance(together, Measured)
    assert together.value == 100
