"""Drawing: the right frame, the right place, the right side's colour, nothing drawn that is not seen."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from analysis import landmarks as lm
from analysis.drawing import MAX_HEIGHT_PX, PAINT, draw, draw_frames, runner_crop
from analysis.shapes import Arc, Colour, Dot, FrameRequest, Line, Text
from analysis.types import Floats, Landmarks
from analysis.video import Image, open_clip
from tests.analysis.clips import HEIGHT, WIDTH, Recipe, number_in, write_clip

W, H = 720, 1280
GREY = np.full((H, W, 3), 100, dtype=np.uint8)
WHOLE = np.array([0.0, 0.0, W, H])


def runner(n: int = 1, visibility: float = 0.9, width: int = W, height: int = H) -> Landmarks:
    """Somebody standing in the middle, facing away: the runner's left is image left."""
    share = np.full((lm.COUNT, 2), np.nan)
    share[list(lm.FACE)] = [0.5, 0.8]
    for row, (left, right) in enumerate(lm.PAIRS[5:]):
        y = 0.7 - 0.045 * row
        share[left], share[right] = [0.42, y], [0.58, y]
    xy = np.repeat((share * [width, height])[None], n, axis=0)
    seen = np.full((n, lm.COUNT), visibility)
    return Landmarks(xy, np.zeros((n, lm.COUNT, 3)), seen, np.arange(n) / 30, width, height)


def painted(image: Image, colour: Colour) -> Floats:
    """Places (x, y; px, y up) whose colour is that paint, whatever their lightness."""
    near = np.abs(image.astype(int) - PAINT[colour]).max(axis=2) < 30
    y, x = np.nonzero(near)
    return np.stack([x, image.shape[0] - y], axis=1).astype(np.float64)


def test_left_and_right_have_their_own_colours_at_their_own_places() -> None:
    image = draw(GREY.copy(), FrameRequest(0, "x"), runner(), 0, WHOLE)
    left, right = painted(image, Colour.LEFT), painted(image, Colour.RIGHT)
    assert len(left) > 500
    assert len(right) > 500
    assert left[:, 0].max() < W / 2 < right[:, 0].min()


def test_what_is_not_seen_is_not_drawn() -> None:
    hidden = runner(visibility=0.9)
    hidden.visibility[0, list(lm.LEFT_LEG)] = 0.2
    image = draw(GREY.copy(), FrameRequest(0, "x"), hidden, 0, WHOLE)
    left = painted(image, Colour.LEFT)
    assert left[:, 1].min() > hidden.xy_px[0, lm.LEFT_HIP, 1]
    nobody = draw(GREY.copy(), FrameRequest(0, "x"), runner(visibility=0.1), 0, WHOLE)
    np.testing.assert_array_equal(nobody, GREY)
    absent = runner()
    absent.xy_px[:] = np.nan
    np.testing.assert_array_equal(draw(GREY.copy(), FrameRequest(0, "x"), absent, 0, WHOLE), GREY)


def test_shapes_lie_where_they_are_asked_for_with_y_up() -> None:
    shapes = (
        Line((100, 200), (100, 1000), Colour.FLAG),
        Dot((600, 1100), Colour.OK),
        Arc((360, 640), 0, 90, 200, Colour.WATCH),
    )
    request = FrameRequest(0, "x", shapes, skeleton=False)
    image = draw(GREY.copy(), request, runner(), 0, WHOLE)
    flag, ok, watch = (painted(image, colour) for colour in (Colour.FLAG, Colour.OK, Colour.WATCH))
    assert flag[:, 0].mean() == pytest.approx(100, abs=1.5)
    assert (flag[:, 1].min(), flag[:, 1].max()) == pytest.approx((200, 1000), abs=6)
    assert ok.mean(axis=0) == pytest.approx([600, 1100], abs=1.5)
    distance = np.linalg.norm(watch - [360, 640], axis=1)
    assert np.median(distance) == pytest.approx(200, abs=2)
    assert watch[:, 0].min() > 350
    assert watch[:, 1].min() > 630


def test_a_dashed_line_has_gaps_and_ends_where_it_should() -> None:
    line = Line((360, 100), (360, 1100), Colour.OK, dashed=True)
    image = draw(GREY.copy(), FrameRequest(0, "x", (line,), skeleton=False), runner(), 0, WHOLE)
    column = np.abs(image[::-1, 360].astype(int) - PAINT[Colour.OK]).max(axis=1) < 30
    rows = np.nonzero(column)[0]
    assert 90 < rows.min() < 130
    assert 1070 < rows.max() < 1110
    assert 0.3 < column[100:1100].mean() < 0.8


def test_labels_stay_in_the_picture_apart_and_off_the_face() -> None:
    at = (W * 0.5, H * 0.8)
    labels = (*(Text(at, f"Label {n} 12.3°", Colour.OK) for n in range(4)), Text((W - 1, 2), "corner"))
    image = draw(GREY.copy(), FrameRequest(0, "x", labels, skeleton=False), runner(), 0, WHOLE)
    stripes = np.abs(image.astype(int) - PAINT[Colour.OK]).max(axis=2) < 8
    count, _, boxes, _ = cv2.connectedComponentsWithStats(stripes.astype(np.uint8))
    assert sum(box[cv2.CC_STAT_HEIGHT] > 20 for box in boxes[1:count]) == 4
    assert (image[H - 60 :, W // 2 :] < 60).any()
    x, y = int(at[0]), int(H - at[1])
    np.testing.assert_array_equal(image[y - 5 : y + 5, x - 5 : x + 5], 100)


def test_the_crop_holds_the_runner_inside_the_frame_and_keeps_a_calm_shape() -> None:
    wide = runner(n=40, width=1920, height=1080)
    crop = runner_crop(wide)
    points = wide.xy_px[np.isfinite(wide.xy_px).all(axis=2)]
    assert (points >= crop[:2]).all()
    assert (points <= crop[2:]).all()
    assert crop.min() >= 0
    assert (crop[2], crop[3]) <= (1920, 1080)
    assert 0.5 < (crop[2] - crop[0]) / (crop[3] - crop[1]) < 0.85
    nobody = runner(visibility=0.0)
    np.testing.assert_array_equal(runner_crop(nobody), WHOLE)


def test_files_show_the_frames_nearest_to_the_times_asked_for(tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, Recipe(pts=range(60), turn_deg=90)))
    nobody = runner(60, visibility=0.0, width=WIDTH, height=HEIGHT)
    requests = [FrameRequest(t, f"at_{n}") for n, t in enumerate([1.51, 0.0, 0.76, 1.5])]
    drawn = draw_frames(clip.path, requests, nobody, tmp_path / "new" / "folder")
    assert [index for _, index, _ in drawn] == [45, 0, 23, 45]
    for (path, index, t_s), request in zip(drawn, requests, strict=True):
        image = cv2.imread(str(path))
        assert path.name == f"{request.name}.jpg"
        assert number_in(image) == index
        assert t_s == pytest.approx(index / 30)
        assert image.shape[0] <= MAX_HEIGHT_PX


def test_a_tall_frame_is_brought_down_to_phone_size() -> None:
    tall = np.full((3840, 2160, 3), 100, dtype=np.uint8)
    box = np.array([0.0, 0.0, 2160, 3840])
    image = draw(tall, FrameRequest(0, "x"), runner(width=2160, height=3840), 0, box)
    assert image.shape == (MAX_HEIGHT_PX, 720, 3)
    assert painted(image, Colour.LEFT)[:, 0].mean() == pytest.approx(0.42 * 720, abs=3)
