"""What is kept of a drawing: only what the player sends, to the letter; anything else is refused."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runform.coaching.drawing import (
    COLOURS,
    POINTS,
    SHAPES_MAX,
    TEXT_MAX,
    DrawingError,
    compute_drawn_angle_deg,
    drawing_clean,
    drawing_in_words,
)

SIZE = [1080, 1920]


def drawing(*shapes: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "size": SIZE, "shapes": list(shapes)}


def line(**fields: Any) -> dict[str, Any]:
    return {"kind": "line", "colour": "yellow", "points": [[1, 2], [3, 4]], **fields}


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(POINTS)))
    fewest, most = POINTS[kind]
    place = st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1])).map(list)
    points = draw(st.lists(place, min_size=fewest, max_size=min(most, 12)))
    shape = {"kind": kind, "colour": draw(st.sampled_from(sorted(COLOURS))), "points": points}
    return (
        {**shape, "text": draw(st.text("abc é", min_size=1).filter(str.strip))[:TEXT_MAX]} if kind == "text" else shape
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["version", "size", "shapes", "kind", "points", "colour", "x"]), inner)
    ),
    max_leaves=12,
)


@given(st.lists(shapes(), max_size=5))
def test_what_the_player_draws_is_kept_and_kept_the_same_again(found: list[dict[str, Any]]) -> None:
    clean = drawing_clean(json.loads(json.dumps(drawing(*found))))
    assert drawing_clean(clean) == clean
    for before, after in zip(found, clean["shapes"], strict=True):
        assert (after["kind"], after["colour"]) == (before["kind"], before["colour"])
        for was, now in zip(before["points"], after["points"], strict=True):
            assert math.dist(was, now) <= 0.08
            assert 0 <= now[0] <= SIZE[0]
            assert 0 <= now[1] <= SIZE[1]
    assert isinstance(drawing_in_words(clean), str)


@given(JSON)
def test_anything_else_is_refused_and_breaks_nothing(raw: Any) -> None:
    try:
        clean = drawing_clean(raw)
    except DrawingError:
        return
    assert (set(clean), clean["shapes"]) == ({"version", "size", "shapes"}, [])


@given(JSON)
def test_a_strange_shape_is_refused(raw: Any) -> None:
    with pytest.raises(DrawingError):
        drawing_clean(drawing(raw))


@pytest.mark.parametrize(
    "wrong",
    [
        line(points=[[1, 2]]),
        line(points=[[1, 2], [3, 4], [5, 6]]),
        line(points=[[1, 2], [3, SIZE[1] + 1]]),
        line(points=[[1, 2], [-0.1, 4]]),
        line(points=[[1, 2], [math.nan, 4]]),
        line(points=[[1, 2], [math.inf, 4]]),
        line(points=[[1, 2], [10**400, 4]]),
        line(points=[[1, 2], [True, 4]]),
        line(points=[[1, 2], ["3", 4]]),
        line(points=[[1, 2], [3, 4, 5]]),
        line(colour="url(javascript:alert(1))"),
        line(colour=["yellow"]),
        line(kind="script"),
        line(kind=["line"]),
        line(text="words on a line"),
        line(style="position:fixed"),
        {"kind": "text", "colour": "white", "points": [[1, 2]], "text": " "},
        {"kind": "text", "colour": "white", "points": [[1, 2]], "text": "x" * (TEXT_MAX + 1)},
        {"kind": "text", "colour": "white", "points": [[1, 2]], "text": "a\x00b"},
        {"kind": "text", "colour": "white", "points": [[1, 2]], "text": "half a letter: \ud800"},
        {"kind": "text", "colour": "white", "points": [[1, 2]]},
        {"kind": "path", "colour": "white", "points": [[1, 2]] * 401},
    ],
)
def test_a_shape_that_is_nearly_right_is_wrong(wrong: dict[str, Any]) -> None:
    with pytest.raises(DrawingError):
        drawing_clean(drawing(wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {**drawing(), "version": 2},
        {**drawing(), "version": True},
        {**drawing(), "size": [0, 10]},
        {**drawing(), "size": [10]},
        {**drawing(), "more": 1},
        {"version": 1, "shapes": []},
        drawing(*[line()] * (SHAPES_MAX + 1)),
        [],
        None,
    ],
)
def test_a_drawing_that_is_nearly_right_is_wrong(wrong: Any) -> None:
    with pytest.raises(DrawingError):
        drawing_clean(wrong)


@pytest.mark.parametrize(
    ("points", "angle"),
    [
        ([[10, 0], [0, 0], [0, 10]], 90.0),
        ([[10, 1], [0, 0], [10, -1]], 11.42),
        ([[-10, 1], [0, 0], [-10, -1]], 11.42),
        ([[-10, 0], [0, 0], [10, 0]], 180.0),
        ([[5, 5], [0, 0], [7, 7]], 0.0),
    ],
)
def test_a_drawn_angle_is_that_of_the_lines(points: list[list[float]], angle: float) -> None:
    assert compute_drawn_angle_deg(points) == pytest.approx(angle, abs=0.01)


@pytest.mark.parametrize("text", ["Hüfte höher", "腰を高く", "👨‍👩‍👧 gut", "\U0001fae8", "a\u00a0b", "<b>&amp;"])
def test_people_may_write_as_they_write(text: str) -> None:
    shape = {"kind": "text", "colour": "white", "points": [[1, 2]], "text": text}
    assert drawing_clean(drawing(shape))["shapes"][0]["text"] == text.replace("\u00a0", " ")


def test_a_drawing_is_said_in_words() -> None:
    clean = drawing_clean(
        drawing(
            line(),
            line(),
            line(kind="arrow"),
            {"kind": "angle", "colour": "cyan", "points": [[10, 0], [0, 0], [0, 10]]},
            {"kind": "text", "colour": "white", "points": [[1, 2]], "text": " the  hips "},
        )
    )
    assert drawing_in_words(clean) == "2 lines, one arrow, drawn angle 90°, text: “the hips”"
