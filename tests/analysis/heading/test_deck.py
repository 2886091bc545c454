"""The direction of travel from lines along the deck, seen by cameras that stand, look and are held in many ways."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.direction import DeckLine, Heading
from analysis.heading import find_heading
from analysis.scale import compute_stature_px
from analysis.types import Bools, Floats, Landmarks, Profile, Scene, Side, View, ViewName
from analysis.view import obliqueness_deg
from tests.analysis.heading.pinhole import DECK, Pinhole
from tests.analysis.runner import Motion, body_m

T_S = np.arange(0.0, 2.0, 1 / 60)
BODY = body_m(Motion(), T_S)
NONE_DOUBLED: Bools = np.zeros(len(T_S), dtype=np.bool_)
CAMERAS = [
    Pinhole(view, turn, facing, lens_m=lens, pan_deg=pan, focal=focal)
    for view, facing in ((ViewName.SIDE, Side.RIGHT), (ViewName.SIDE, Side.LEFT), (ViewName.REAR, Side.RIGHT))
    for turn in (-18.0, -8.0, 0.0, 8.0, 18.0)
    for lens, pan, focal in ((1.1, 0.0, 0.80), (1.0, 6.0, 0.74), (1.4, -6.0, 0.90))
]


def view_of(camera: Pinhole) -> View:
    return View(camera.view, camera.facing if camera.view is ViewName.SIDE else None, 0.9)


def scene_of(camera: Pinhole, lines: Floats) -> Scene:
    """The lines, and what uprights tell of how the camera is held."""
    converging = float(np.degrees(np.tan(np.radians(camera.pitch_deg)) / camera.focal))
    return Scene(120.0, 0.6, (), NONE_DOUBLED, 0.0, 0.0, 0.0, camera.roll_deg, 0.3, converging, 0.7, lines)


def edges(camera: Pinhole, deck: Floats = DECK) -> Floats:
    return camera.shares(deck).reshape(-1, 4)


def heading_of(camera: Pinhole, scene: Scene | None, *drawn: DeckLine, profile: Profile | None = None) -> Heading:
    seen = camera.see(BODY, T_S)
    return find_heading(
        seen,
        view_of(camera),
        profile or Profile(),
        scene,
        stature_px=compute_stature_px(seen, view_of(camera)),
        body_deg=obliqueness_deg(seen, view_of(camera)),
        drawn=drawn,
    )


def drawn_on(camera: Pinhole, edge: int = 3) -> DeckLine:
    one, other = camera.px(DECK[edge])
    return DeckLine(1.0, (float(one[0]), float(one[1])), (float(other[0]), float(other[1])), "A. Coach")


@pytest.mark.parametrize("camera", CAMERAS, ids=lambda c: f"{c.view}-{c.facing}-{c.turn_deg:g}-{c.lens_m:g}")
def test_the_edges_of_the_deck_tell_the_heading_within_its_error(camera: Pinhole) -> None:
    found = heading_of(camera, scene_of(camera, edges(camera)))
    assert found.source == "deck"
    assert found.turn_deg == pytest.approx(camera.turn_deg, abs=2 * found.sd_deg)
    # The focal length is not known: what is far off the square view is known less well.
    assert found.sd_deg < 2.5 + 0.10 * abs(camera.turn_deg)


def test_a_rolled_camera_changes_nothing() -> None:
    camera = Pinhole(ViewName.SIDE, 6.0)
    rolled = replace(camera, roll_deg=4.0)
    level = heading_of(camera, scene_of(camera, edges(camera)))
    assert heading_of(rolled, scene_of(rolled, edges(rolled))).turn_deg == pytest.approx(level.turn_deg, abs=1.0)


def test_the_mirrored_picture_gives_the_mirrored_answer() -> None:
    lines = edges(Pinhole(ViewName.REAR, 9.0))
    mirrored = lines * np.array([-1.0, 1.0, -1.0, 1.0])
    there, back = (
        heading_of(Pinhole(ViewName.REAR), scene_of(Pinhole(ViewName.REAR), one)) for one in (lines, mirrored)
    )
    assert back.turn_deg == pytest.approx(-there.turn_deg, abs=0.1)
    assert there.turn_deg == pytest.approx(9.0, abs=1.5)


def test_steep_rails_that_pass_for_uprights_turn_no_camera_behind_the_runner() -> None:
    camera = Pinhole(ViewName.REAR, 18.0)
    scene = scene_of(camera, edges(camera))
    mistaken = replace(scene, converging_deg=scene.converging_deg + 12.0)
    assert heading_of(camera, mistaken).turn_deg == pytest.approx(18.0, abs=2.5)


def test_lines_of_the_room_do_not_count() -> None:
    camera = Pinhole(ViewName.SIDE, 5.0)
    chance = np.random.default_rng(1)
    across = chance.uniform(-0.4, 0.4, (12, 1)) + np.array([[0.0, 0.04]])
    up = chance.uniform(-0.3, 0.2, (12, 1)) + chance.uniform(-0.02, 0.02, (12, 2))
    clutter = np.column_stack([across[:, 0], up[:, 0], across[:, 1], up[:, 1]])
    found = heading_of(camera, scene_of(camera, np.vstack([edges(camera), clutter])))
    assert found.turn_deg == pytest.approx(5.0, abs=2 * found.sd_deg)


def test_without_clear_edges_nothing_is_said() -> None:
    camera = Pinhole(ViewName.SIDE, 5.0)
    assert heading_of(camera, scene_of(camera, np.empty((0, 4)))).source == "none"
    assert heading_of(camera, scene_of(camera, edges(camera)[:1])).source == "none"
    assert heading_of(camera, None).source == "none"
    assert not heading_of(camera, None).is_known


@pytest.mark.parametrize("turn_deg", [-6.0, 0.0, 6.0])
def test_one_line_drawn_along_the_deck_is_enough_where_the_incline_is_told(turn_deg: float) -> None:
    camera = Pinhole(ViewName.SIDE, turn_deg)
    profile = Profile(incline_pct=0.0, height_cm=171)
    found = heading_of(camera, scene_of(camera, np.empty((0, 4))), drawn_on(camera), profile=profile)
    assert (found.source, found.marked_by) == ("line", "A. Coach")
    assert found.turn_deg == pytest.approx(turn_deg, abs=2 * found.sd_deg)
    assert found.is_known
    unsure = heading_of(camera, None, drawn_on(camera))
    assert unsure.sd_deg > found.sd_deg
    assert heading_of(camera, None, drawn_on(camera, 0), drawn_on(camera, 3)).sd_deg < unsure.sd_deg


def test_a_line_drawn_backwards_says_the_same() -> None:
    camera = Pinhole(ViewName.REAR, 7.0)
    line = drawn_on(camera)
    back = replace(line, one=line.other, other=line.one)
    assert heading_of(camera, None, back).turn_deg == pytest.approx(heading_of(camera, None, line).turn_deg, abs=1e-6)


def test_an_incline_that_was_told_is_not_taken_for_a_turn() -> None:
    camera = Pinhole(ViewName.SIDE)
    steep = DECK.copy()
    steep[:, :, 1] += 0.05 * steep[:, :, 0]
    told = heading_of(camera, scene_of(camera, edges(camera, steep)), profile=Profile(incline_pct=5.0))
    assert told.turn_deg == pytest.approx(0.0, abs=2 * told.sd_deg)


def test_the_analytic_camera_sees_a_runner_as_the_landmarks_say() -> None:
    """The pinhole of these tests and the signs of the library are the same."""
    for camera in CAMERAS:
        seen: Landmarks = camera.see(BODY, T_S)
        assert obliqueness_deg(seen, view_of(camera)) == pytest.approx(camera.turn_deg, abs=2.5)
