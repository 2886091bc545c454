"""Tape dots: drawn ones with a known answer, and the rendered clips with known truth."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.pixels import find_tape
from analysis.types import Floats, Landmarks, Side, TapeTrack, View, ViewName
from analysis.video import open_clip
from analysis.waveforms import pelvis_under_belt

REAR, FRONT = View(ViewName.REAR, None, 1.0), View(ViewName.FRONT, None, 1.0)
SIDE = View(ViewName.SIDE, Side.RIGHT, 1.0)
WIDTH, HEIGHT, TRUNK, FPS, N = 280, 400, 150.0, 60.0, 200
GREEN, SHIRT, WALL = (57, 255, 20), (40, 50, 110), (190, 180, 170)
TIMES = np.arange(N) / FPS


def hips(time_s: float) -> tuple[float, float]:
    """Hip-mid of the drawn runner, y down: bobs twice a stride of 0.7 s."""
    return WIDTH / 2 + 3 * np.sin(2 * np.pi * time_s / 0.7), 260 + 9 * np.cos(4 * np.pi * time_s / 0.7)


def drawn_landmarks() -> Landmarks:
    xy = np.full((N, lm.COUNT, 2), np.nan)
    for row, time_s in enumerate(TIMES):
        x, y = hips(time_s)
        for left, up, half in ((lm.LEFT_HIP, 0.0, 20.0), (lm.LEFT_SHOULDER, TRUNK, 35.0)):
            xy[row, left] = x - half, HEIGHT - y + up
            xy[row, left + 1] = x + half, HEIGHT - y + up
    return Landmarks(xy, np.zeros((N, lm.COUNT, 3)), np.ones((N, lm.COUNT)), TIMES, WIDTH, HEIGHT)


def body(time_s: float) -> np.ndarray:
    x, y = hips(time_s)
    picture = np.full((HEIGHT, WIDTH, 3), WALL, np.uint8)
    cv2.rectangle(picture, (round(x - 60), round(y - 160)), (round(x + 60), round(y + 30)), SHIRT, -1)
    return picture


def dot(picture: np.ndarray, x: float, y: float, colour: tuple[int, int, int] = GREEN, radius: float = 4.5) -> None:
    """A disc with a soft edge, true to a fraction of a pixel."""
    left, top, size = int(x) - 8, int(y) - 8, 17
    yy, xx = np.mgrid[top : top + size, left : left + size]
    share = np.clip(radius + 0.5 - np.hypot(xx - x, yy - y), 0, 1)[..., None]
    patch = picture[top : top + size, left : left + size]
    patch[:] = np.round(patch * (1 - share) + np.array(colour) * share)


def tilt_deg(time_s: float) -> float:
    return 6 * np.sin(2 * np.pi * time_s / 0.7) + 2 * np.cos(4 * np.pi * time_s / 0.7)


def rear_clip(colour: tuple[int, int, int] = GREEN, hidden: range = range(0)) -> Iterator[tuple[float, np.ndarray]]:
    """Two dots 37 px apart, image right side up by `tilt_deg`."""
    for row, time_s in enumerate(TIMES):
        picture, (x, y), tilt = body(time_s), hips(time_s), np.radians(tilt_deg(time_s))
        for sign in (-1, 1) if row not in hidden else (-1,):
            dot(picture, x + sign * 18.5 * np.cos(tilt), y - 30 - sign * 18.5 * np.sin(tilt), colour)
        yield time_s, picture


def test_two_dots_give_the_tilt_that_was_drawn() -> None:
    track = find_tape(rear_clip(), drawn_landmarks(), REAR)
    error = track.obliquity_deg - tilt_deg(TIMES)
    assert track.found
    assert (track.colour, track.n_dots, track.seen_share) == ("green", 2, 1.0)
    assert np.abs(error).max() < 0.5
    assert np.isnan(track.yaw_deg).all()


def test_dots_are_given_in_pixels_with_y_up() -> None:
    track = find_tape(rear_clip(), drawn_landmarks(), REAR)
    x, y = hips(0.0)
    tilt = np.radians(tilt_deg(0.0))
    np.testing.assert_allclose(
        track.dots_px[0, 1], (x + 18.5 * np.cos(tilt), HEIGHT - (y - 30 - 18.5 * np.sin(tilt))), atol=0.6
    )


def test_seen_from_the_front_the_sign_turns() -> None:
    rear = find_tape(rear_clip(), drawn_landmarks(), REAR)
    front = find_tape(rear_clip(), drawn_landmarks(), FRONT)
    np.testing.assert_allclose(front.obliquity_deg, -rear.obliquity_deg)


@pytest.mark.parametrize(
    ("word", "colour"), [("orange", (255, 100, 0)), ("pink", (255, 20, 147)), ("yellow", (255, 240, 0))]
)
def test_any_neon_colour_is_found_and_named(word: str, colour: tuple[int, int, int]) -> None:
    assert find_tape(rear_clip(colour), drawn_landmarks(), REAR).colour == word


@pytest.mark.parametrize(("word", "found"), [("green", True), ("pink", False)])
def test_a_colour_that_was_told_is_the_only_one(word: str, found: bool) -> None:
    assert find_tape(rear_clip(), drawn_landmarks(), REAR, colour=word).found == found


def test_a_hidden_dot_leaves_a_gap_and_no_guess() -> None:
    track = find_tape(rear_clip(hidden=range(60, 90)), drawn_landmarks(), REAR)
    assert track.found
    assert np.isnan(track.obliquity_deg[60:90]).all()
    assert np.isfinite(np.delete(track.obliquity_deg, range(60, 90))).all()
    assert track.seen_share == pytest.approx(1 - 30 / N)


def test_frames_are_matched_by_time() -> None:
    every_other = islice(rear_clip(), 1, None, 2)
    track = find_tape(every_other, drawn_landmarks(), REAR)
    assert np.isnan(track.obliquity_deg[::2]).all()
    assert np.abs(track.obliquity_deg - tilt_deg(TIMES))[1::2].max() < 0.5


def test_frames_without_a_person_are_passed_over() -> None:
    found = drawn_landmarks()
    found.xy_px[10:20] = np.nan
    track = find_tape(rear_clip(), found, REAR)
    assert np.isnan(track.obliquity_deg[10:20]).all()
    assert track.seen_share == 1.0


def test_no_dots_no_tape() -> None:
    track = find_tape(((t, body(t)) for t in TIMES), drawn_landmarks(), REAR)
    assert not track.found
    assert "No tape dots" in (track.reason or "")
    assert np.isnan(track.obliquity_deg).all()


def test_two_spots_on_the_wall_are_not_tape() -> None:
    def clip() -> Iterator[tuple[float, np.ndarray]]:
        for time_s in TIMES:
            picture = body(time_s)
            dot(picture, WIDTH / 2 - 18, 230)
            dot(picture, WIDTH / 2 + 18, 230)
            yield time_s, picture

    track = find_tape(clip(), drawn_landmarks(), REAR)
    assert not track.found
    assert "do not move with the runner" in (track.reason or "")


def test_a_dotted_shirt_is_not_tape() -> None:
    def clip() -> Iterator[tuple[float, np.ndarray]]:
        for time_s in TIMES:
            picture, (x, y) = body(time_s), hips(time_s)
            for column in (-42, -14, 14, 42):
                for row in (-50, -22):
                    dot(picture, x + column, y + row)
            yield time_s, picture

    assert not find_tape(clip(), drawn_landmarks(), REAR).found


def test_a_runner_too_far_away_is_refused() -> None:
    far = drawn_landmarks()
    tiny = Landmarks(far.xy_px * 0.3, far.world_m, far.visibility, far.t_s, WIDTH, HEIGHT)
    assert "too small" in (find_tape(rear_clip(), tiny, REAR).reason or "")


def yaw_deg(time_s: float) -> float:
    return 5 * np.sin(2 * np.pi * time_s / 0.7)


def side_clip(hidden: range = range(0)) -> Iterator[tuple[float, np.ndarray]]:
    """Dots on an ellipse of 1.35 to 1, turned about the vertical; the hindmost can be hidden."""
    for row, time_s in enumerate(TIMES):
        picture, (x, y), yaw = body(time_s), hips(time_s), np.radians(yaw_deg(time_s))
        for angle in np.radians((-47.5, 0.0, 47.5))[row in hidden :]:
            ahead, near = 40 * np.sin(angle), 40 * 1.35 * np.cos(angle)
            dot(picture, x + ahead * np.cos(yaw) + near * np.sin(yaw), y - 30)
        yield time_s, picture


def test_three_dots_give_the_rotation_that_was_drawn() -> None:
    track = find_tape(side_clip(), drawn_landmarks(), SIDE)
    assert track.found
    assert track.n_dots == 3
    assert np.abs(track.yaw_deg - yaw_deg(TIMES)).max() < 1.5
    assert np.isnan(track.obliquity_deg).all()


def test_two_of_three_dots_carry_on_alone() -> None:
    track = find_tape(side_clip(hidden=range(60, 130)), drawn_landmarks(), SIDE)
    assert track.seen_share == pytest.approx(1 - 70 / N)
    assert np.isnan(track.dots_px[60:130, 0]).all()
    assert np.abs(track.yaw_deg - yaw_deg(TIMES)).max() < 2.5


def test_three_dots_seen_too_seldom_are_refused() -> None:
    track = find_tape(side_clip(hidden=range(60, N)), drawn_landmarks(), SIDE)
    assert not track.found
    assert "only 30%" in (track.reason or "")


def truth_landmarks(truth: dict, n: int) -> Landmarks:
    xy = np.full((n, lm.COUNT, 2), np.nan)
    width, height = truth["size"]
    names = {
        "hip_l": lm.LEFT_HIP,
        "hip_r": lm.RIGHT_HIP,
        "shoulder_l": lm.LEFT_SHOULDER,
        "shoulder_r": lm.RIGHT_SHOULDER,
    }
    for name, number in names.items():
        xy[:, number] = np.array(truth["joints2d"][name][:n]) * (1, -1) + (0, height)
    times: Floats = np.arange(n) / truth["fps"]
    return Landmarks(xy, np.zeros((n, lm.COUNT, 3)), np.ones((n, lm.COUNT)), times, width, height)


def rendered(folder: Path, name: str, n: int, view: View) -> tuple[dict, TapeTrack]:
    truth = json.loads((folder / f"{name}.json").read_text())
    frames = ((frame.t_s, frame.rgb) for frame in islice(open_clip(folder / f"{name}.mp4").frames(), n))
    return truth, find_tape(frames, truth_landmarks(truth, n), view)


@pytest.mark.parametrize("name", ["t01_rear_tape_base", "t02_rear_tape_drop6"])
def test_rendered_rear_clips(truth_clips: Path, name: str) -> None:
    truth, track = rendered(truth_clips, name, 130, REAR)
    true, seen = np.array(truth["series"]["pelvic_obliquity"][:130]), np.isfinite(track.obliquity_deg)
    assert seen.mean() > 0.95
    assert np.corrcoef(true[seen], track.obliquity_deg[seen])[0, 1] > 0.96
    assert np.ptp(track.obliquity_deg[seen]) == pytest.approx(np.ptp(true), abs=3.0)


@pytest.mark.parametrize("name", ["t01_rear_tape_base", "t02_rear_tape_drop6"])
def test_the_trunks_share_of_a_belt_is_taken_out(truth_clips: Path, name: str) -> None:
    truth = json.loads((truth_clips / f"{name}.json").read_text())
    true, shoulders = (np.array(truth["series"][key]) for key in ("pelvic_obliquity", "shoulder_obliquity"))
    across = np.diff([truth["tape"][dot]["uv"] for dot in "LR"], axis=0)[0]
    belt = np.degrees(np.arctan2(-across[:, 1], across[:, 0]))
    pelvis = pelvis_under_belt(belt, shoulders + 3.0)
    assert np.ptp(belt) < np.ptp(true) - 0.8
    assert np.ptp(pelvis) == pytest.approx(np.ptp(true), abs=0.7)
    gone = np.where(np.arange(len(belt)) < 50, np.nan, shoulders)
    assert np.abs(pelvis_under_belt(belt, gone) - pelvis).max() < 0.6


def test_rendered_side_clip(truth_clips: Path) -> None:
    truth, track = rendered(truth_clips, "t07_side_tape_pyaw8", 200, SIDE)
    true, seen = np.array(truth["series"]["pelvis_yaw"][:200]), np.isfinite(track.yaw_deg)
    assert seen.mean() > 0.7
    assert np.corrcoef(true[seen], track.yaw_deg[seen])[0, 1] > 0.7


@pytest.mark.parametrize(("name", "view"), [("s06_rear_pdrop6", REAR), ("s07_side_pdrop6", SIDE)])
def test_rendered_clips_without_tape(truth_clips: Path, name: str, view: View) -> None:
    assert not rendered(truth_clips, name, 130, view)[1].found
