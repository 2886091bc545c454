"""Whether two numbers of one runner can be compared, and when a difference counts; cases worked out by hand."""

from dataclasses import replace

import pytest

from analysis.compare import Point, Verdict, Way, Why, align_strides, chain, compare, find_obstacles
from analysis.metrics.spec import Band

POINT = Point(10.0, 9.0, 11.0, "A", "side", "landmarks", 3.0, None, "treadmill", "1.0 full")
BAND = Band(ok=(4.0, 12.0), watch=(2.0, 15.0))


def at(value: float, **changes: object) -> Point:
    return replace(POINT, value=value, **changes)


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [
        (1.99, Verdict.NO_CLEAR_CHANGE),
        (2.0, Verdict.NO_CLEAR_CHANGE),
        (2.01, Verdict.CHANGED),
        (-2.0, Verdict.NO_CLEAR_CHANGE),
        (-2.01, Verdict.CHANGED),
        (0.0, Verdict.NO_CLEAR_CHANGE),
    ],
)
def test_a_change_is_more_than_the_smallest_detectable_one(difference: float, verdict: Verdict) -> None:
    change = compare(at(10.0), at(10.0 + difference), mdc=2.0)
    assert change.verdict is verdict
    assert change.difference == pytest.approx(difference)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"view": "rear"}, Why.VIEW),
        ({"source": "tape"}, Why.SOURCE),
        ({"surface": "ground"}, Why.SURFACE),
        ({"speed_mps": 3.16}, Why.SPEED),
        ({"speed_mps": None}, Why.SPEED_UNKNOWN),
        ({"incline_pct": 1.1}, Why.INCLINE),
        ({"engine": "1.1 full"}, Why.VERSION),
    ],
)
def test_what_was_taken_otherwise_is_not_compared_and_the_reason_is_named(changes: dict[str, object], why: Why) -> None:
    for one, other in ((POINT, at(20.0, **changes)), (at(20.0, **changes), POINT)):
        change = compare(one, other, mdc=2.0)
        assert (change.verdict, change.why) == (Verdict.NOT_COMPARABLE, (why,))


def test_all_reasons_are_named_together() -> None:
    assert find_obstacles(POINT, at(10.0, view="rear", surface="ground")) == (Why.VIEW, Why.SURFACE)


@pytest.mark.parametrize("changes", [{"speed_mps": 3.15}, {"speed_mps": 2.85}, {"incline_pct": 1.0}])
def test_small_differences_of_speed_and_incline_do_not_matter(changes: dict[str, object]) -> None:
    assert find_obstacles(POINT, at(10.0, **changes)) == ()


def test_a_hint_never_changes() -> None:
    assert compare(at(10.0, grade="C"), at(90.0), mdc=2.0).verdict is Verdict.HINT
    assert compare(at(10.0), at(90.0, grade="C"), mdc=2.0).verdict is Verdict.HINT


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [(18.0, 13.0, Way.NEARER), (1.0, 5.0, Way.NEARER), (11.0, 14.0, Way.FURTHER), (5.0, 11.0, Way.WITHIN)],
)
def test_a_change_is_nearer_to_the_band_or_further_from_it(before: float, after: float, way: Way) -> None:
    assert compare(at(before), at(after), mdc=2.0, band=BAND).way is way


def test_each_point_is_joined_to_the_latest_that_it_can_be_compared_with() -> None:
    slow, fast, other = at(1.0), at(2.0, speed_mps=4.0), at(3.0, view="rear")
    assert chain([slow, fast, slow, other, fast, slow]) == [None, None, 0, None, 1, 2]


def gait(start: float, period: float, strike: float) -> dict[str, object]:
    """Three strides; the left foot strikes at this share of each."""
    cuts = [[start + n * period, start + (n + 1) * period] for n in range(3)]
    return {"stride_cuts_s": cuts, "events": {"left": {"foot_strike": [a + strike * period for a, _ in cuts]}}}


def test_the_strides_of_two_clips_meet_at_every_foot_strike() -> None:
    first, second = align_strides([gait(0.2, 0.7, 0.48), gait(5.0, 0.8, 0.52)])
    assert first[1] == [(0.0, 0.9), (0.5, 1.236), (1.0, 1.6)]
    assert second[1] == [(0.0, 5.8), (0.5, 6.216), (1.0, 6.6)]


def test_an_event_that_one_clip_does_not_show_aligns_nothing() -> None:
    bare = {"stride_cuts_s": [[0.0, 1.0]], "events": {}}
    first, second = align_strides([gait(0.0, 1.0, 0.4), bare])
    assert first[0] == second[0] == [(0.0, 0.0), (1.0, 1.0)]


def test_a_clip_without_strides_has_none() -> None:
    assert align_strides([{}, gait(0.0, 1.0, 0.5)])[0] == []
