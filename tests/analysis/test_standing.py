"""Running against one's own standing posture: a difference with the errors of both, and never a number of its own."""

from typing import Any

import numpy as np
import pytest

from analysis.frames import _stride_moments
from analysis.fuse import Summary, fuse
from analysis.metrics.estimate import STRIDES_GOOD
from analysis.metrics.head_forward import HEAD_FORWARD_TRUNK
from analysis.metrics.spec import Status
from analysis.strides import standing_strides
from analysis.types import Side, View, ViewName

KEY = HEAD_FORWARD_TRUNK.key


def clip(
    activity: str, value: float | None, half: float = 0.004, grade: str = "B", view: str = "side"
) -> dict[str, Any]:
    low, high = (None, None) if value is None else (value - half, value + half)
    found = {"id": KEY, "value": value, "low": low, "high": high, "view_grade": grade, "views": ["side"]}
    return {
        "view": {"name": view, "facing": "right"},
        "gait": {"activity": activity},
        "measurements": [found],
        "findings": [],
    }


def compared(running: float, standing: float, half: float = 0.004, grade: str = "B") -> Status:
    (against,) = fuse([clip("standing", standing), clip("running", running, half, grade)]).standing
    assert against.result.value == pytest.approx(running - standing)
    return against.status


def test_the_difference_carries_the_errors_of_both_clips() -> None:
    (against,) = fuse([clip("running", 0.20, half=0.03), clip("standing", 0.14, half=0.04)]).standing
    assert (against.result.low, against.result.high) == pytest.approx((0.01, 0.11))
    assert (against.running_clip, against.standing_clip) == (0, 1)


def test_what_is_the_persons_own_cancels() -> None:
    (against,) = fuse([clip("running", 0.20, half=0.15), clip("standing", 0.14, half=0.15)]).standing
    assert against.result.value - against.result.low == pytest.approx(HEAD_FORWARD_TRUNK.mdc)
    assert against.result.high - against.result.value == pytest.approx(HEAD_FORWARD_TRUNK.mdc)


@pytest.mark.parametrize(
    ("further", "status"), [(-0.1, Status.OK), (0.04, Status.OK), (0.065, Status.WATCH), (0.1, Status.FLAG)]
)
def test_the_borders_are_watch_from_5_and_flag_from_8_hundredths(further: float, status: Status) -> None:
    assert compared(0.1 + further, 0.1) is status


def test_nothing_flags_inside_its_own_error() -> None:
    assert compared(0.20, 0.10, half=0.03) is Status.WATCH
    assert compared(0.19, 0.10, half=0.06) is Status.OK


def test_a_hint_never_flags() -> None:
    assert compared(0.30, 0.10, grade="C") is Status.WATCH


@pytest.mark.parametrize(
    "others",
    [
        [],
        [clip("standing", None)],
        [clip("standing", 0.1, view="rear")],
        [clip("running", 0.1)],
    ],
    ids=["no standing clip", "nothing measured", "another view", "another run"],
)
def test_without_a_standing_clip_of_the_same_view_there_is_nothing_to_compare(others: list[dict[str, Any]]) -> None:
    assert fuse([clip("running", 0.2), *others]).standing == ()


def test_a_standing_clip_never_stands_in_for_running_however_exact() -> None:
    summary: Summary = fuse([clip("standing", 0.1, half=0.001, grade="A"), clip("running", 0.2, half=0.1, grade="C")])
    assert [(chosen.clip, chosen.measurement["value"]) for chosen in summary.metrics] == [(1, 0.2)]


def test_a_standing_clip_alone_shows_its_own_posture() -> None:
    summary = fuse([clip("standing", 0.1)])
    assert [(chosen.clip, chosen.measurement["value"]) for chosen in summary.metrics] == [(0, 0.1)]
    assert summary.standing == ()


def test_five_seconds_of_standing_are_as_many_pieces_as_a_firm_number_needs() -> None:
    pieces = standing_strides(np.arange(0.0, 5.01, 1 / 30))
    assert len(pieces) == 10
    assert len(pieces) >= STRIDES_GOOD
    assert pieces.cuts_s[-1, 1] <= 5.01


def test_a_standing_clip_is_shown_in_its_middle_without_a_foot_strike() -> None:
    pieces = standing_strides(np.arange(0.0, 5.01, 1 / 30))
    assert _stride_moments(View(ViewName.SIDE, Side.RIGHT, 1.0), pieces) == [("standing", None, pytest.approx(2.5))]
