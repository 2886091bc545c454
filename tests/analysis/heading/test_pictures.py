"""The edges of the deck found in pictures: of a truth clip as filmed, and as a camera swung aside would have filmed it.

Swinging a camera about its lens is a homography, exact for everything in the picture.  Moving it is not: how the
runner would look from there is in no picture, so that cameras elsewhere are tested on decks drawn by a pinhole.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from analysis.direction import Heading
from analysis.heading import find_heading
from analysis.pose import POSE_SIDE_PX, find_landmarks
from analysis.scale import compute_stature_px
from analysis.scene.lines import find_lines
from analysis.types import Bools, Floats, Landmarks, Profile, Scene, Side, View, ViewName
from analysis.video import Image, open_clip
from tests.analysis.heading.pinhole import DECK, Pinhole
from tests.analysis.runner import Motion, body_m

FOCAL = 985.5 / 1280
SIDE = View(ViewName.SIDE, Side.RIGHT, 0.9)


def scene(pictures: list[Image], rows: int) -> Scene:
    none: Bools = np.zeros(rows, dtype=np.bool_)
    gray = [np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8) for rgb in pictures]
    return Scene(120.0, 0.6, (), none, 0.0, 0.0, 0.0, 0.0, 0.3, lines=find_lines(gray))


def heading_of(seen: Landmarks, view: View, found: Scene, incline_pct: float | None = None) -> Heading:
    return find_heading(
        seen,
        view,
        Profile(incline_pct=incline_pct),
        found,
        stature_px=compute_stature_px(seen, view),
        body_deg=0.0,
    )


@pytest.fixture(scope="module")
def filmed(demo_clips: Path) -> tuple[Landmarks, list[Image]]:
    clip = demo_clips / "s01_side_base.mp4"
    found = find_landmarks(clip, window=(0.0, 1.5))[1]
    return found, [frame.rgb for frame in open_clip(clip).pick(np.arange(0, 500, 33), POSE_SIDE_PX)]


def swung(degrees: float, size: tuple[int, int]) -> Floats:
    """The homography of a camera swung to its right about the vertical, pixels, y down."""
    turn, focal = np.radians(degrees), FOCAL * max(size)
    own = np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1.0]])
    about = np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    return np.asarray(own @ about @ np.linalg.inv(own))


@pytest.mark.parametrize("degrees", [-7.0, 0.0, 7.0])
def test_a_camera_swung_aside_stands_where_it_stood(degrees: float, filmed: tuple[Landmarks, list[Image]]) -> None:
    """The runner, seen along the line of sight, is turned by 0.8 deg whatever the camera points at."""
    found, pictures = filmed
    height, width = pictures[0].shape[:2]
    matrix = swung(degrees, (width, height))
    warp: Callable[[Image], Image] = lambda rgb: cv2.warpPerspective(rgb, matrix, (width, height))  # noqa: E731
    full = swung(degrees, (found.width_px, found.height_px))
    down = np.stack([found.xy_px[..., 0], found.height_px - found.xy_px[..., 1], np.ones(found.xy_px.shape[:2])], -1)
    moved = down @ full.T
    moved = moved[..., :2] / moved[..., 2:]
    seen = replace(found, xy_px=np.stack([moved[..., 0], found.height_px - moved[..., 1]], -1))
    heading = heading_of(seen, SIDE, scene([warp(rgb) for rgb in pictures], len(found)))
    assert heading.source == "deck"
    assert heading.turn_deg == pytest.approx(0.8, abs=2 * heading.sd_deg)
    assert heading.sd_deg < 2.5


def drawn(camera: Pinhole) -> Image:
    """A deck with its rails on a floor, as the camera sees it."""
    width, height = camera.size
    chance = np.random.default_rng(5)
    rgb = np.full((height, width, 3), 90, np.uint8)

    def fill(corners: Floats, level: int) -> None:
        points = camera.px(corners) * (1, -1) + (0, height)
        cv2.fillPoly(rgb, [np.round(points * 16).astype(np.int32)], (level, level, level), cv2.LINE_AA, 4)

    outer, inner = DECK[[0, 3]], DECK[[1, 2]]
    side = np.concatenate([DECK[3], DECK[5][::-1]])
    fill(side, 30)
    fill(np.concatenate([outer[0], outer[1][::-1]]), 170)
    fill(np.concatenate([inner[0], inner[1][::-1]]), 40)
    noise = chance.normal(0.0, 4.0, rgb.shape[:2])[..., None]
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("view", [ViewName.SIDE, ViewName.REAR])
@pytest.mark.parametrize("turn_deg", [-15.0, -6.0, 0.0, 6.0, 15.0])
def test_a_drawn_deck_is_found_from_anywhere(view: ViewName, turn_deg: float) -> None:
    size = (1280, 720) if view is ViewName.SIDE else (720, 1280)
    camera = Pinhole(view, turn_deg, size=size)
    t_s = np.arange(0.0, 1.5, 1 / 60)
    seen = camera.see(body_m(Motion(), t_s), t_s)
    heading = heading_of(
        seen, View(view, Side.RIGHT if view is ViewName.SIDE else None, 0.9), scene([drawn(camera)], len(t_s)), 0.0
    )
    assert heading.source == "deck"
    assert heading.turn_deg == pytest.approx(turn_deg, abs=2 * heading.sd_deg)
    assert heading.sd_deg < 3.5
