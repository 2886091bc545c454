"""Nobody can be recognised in a picture whose head was hidden."""

from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from analysis import render
from analysis.drawing import PAINT, draw_frames
from analysis.hidden import hide_frames
from analysis.hide import HOLD_S, PATCHES, find_bodies, find_heads, hide_head, hide_surroundings
from analysis.serialize import write_series
from analysis.shapes import Colour, FrameRequest, Line
from analysis.types import Landmarks

WIDTH, HEIGHT, FRAMES = 320, 480, 20
HEAD = (150.0, 400.0)  # y up


def standing() -> Landmarks:
    """Somebody upright: head at HEAD, shoulders 60 px below, hips 100 px below these."""
    xy = np.tile(np.array([150.0, 200.0]), (FRAMES, 33, 1))
    xy[:, :11] = HEAD
    xy[:, [11, 12]], xy[:, [23, 24]] = (150.0, 340.0), (150.0, 240.0)
    xy[:, 25:] = (150.0, 60.0)
    seen, t_s = np.ones((FRAMES, 33)), np.arange(FRAMES) / 30
    return Landmarks(xy, np.zeros((FRAMES, 33, 3)), seen, t_s, WIDTH, HEIGHT)


def noise() -> np.ndarray:
    """As much detail as a picture can have."""
    return np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def write_noise(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=30, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for _ in range(FRAMES):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(noise())))
        film.mux(stream.encode(None))


def detail(rgb: np.ndarray) -> float:
    """What is left of the fine structure: differences from pixel to pixel."""
    return float(np.abs(np.diff(rgb.astype(float), axis=1)).mean())


def test_the_head_lies_inside_the_circle_with_room_to_spare() -> None:
    heads = find_heads(standing())
    assert heads[:, :2] == pytest.approx(np.tile(HEAD, (FRAMES, 1)))
    # A head is about a quarter of a trunk to every side.
    assert (heads[:, 2] >= 40).all()


def test_a_fast_head_gets_a_larger_circle() -> None:
    found = standing()
    xy = found.xy_px.copy()
    xy[10:, :11, 0] += 30
    assert find_heads(replace(found, xy_px=xy))[10, 2] >= find_heads(found)[10, 2] + 30


def test_of_a_hidden_head_nothing_but_a_few_patches_is_left() -> None:
    rgb, x, y, radius = noise(), 150, 80, 42
    before = rgb.copy()
    hide_head(rgb, np.array([x, y, radius]))
    inside = rgb[y - 25 : y + 25, x - 25 : x + 25]
    assert detail(inside) < detail(before) / 20
    patches = cv2.resize(before[y - radius : y + radius + 1, x - radius : x + radius + 1], (PATCHES, PATCHES))
    assert len(np.unique(patches.reshape(-1, 3), axis=0)) <= PATCHES**2
    assert (rgb[y + radius + 2 :] == before[y + radius + 2 :]).all()
    assert (rgb[:, x + radius + 2 :] == before[:, x + radius + 2 :]).all()


@pytest.mark.parametrize("place", [(0, 0), (WIDTH - 1, HEIGHT - 1), (-100, 5)])
def test_a_head_at_the_edge_breaks_nothing(place: tuple[int, int]) -> None:
    hide_head(noise(), np.array([*place, 42.0]))


def test_where_nobody_was_found_for_long_the_whole_picture_is_hidden() -> None:
    found = standing()
    xy = found.xy_px.copy()
    xy[2:5], xy[8:] = np.nan, np.nan
    heads = find_heads(replace(found, xy_px=xy))
    assert np.isfinite(heads[2:5]).all()
    late = found.t_s > found.t_s[7] + HOLD_S
    assert np.isfinite(heads[~late]).all()
    assert np.isnan(heads[late]).all()
    assert (np.isnan(find_bodies(replace(found, xy_px=xy))).any(axis=(1, 2)) == late).all()
    rgb = noise()
    hide_head(rgb, heads[-1])
    assert detail(rgb) < 3


def test_around_the_body_nothing_but_patches_is_left_and_the_body_stays() -> None:
    rgb, body = noise(), standing().xy_px[0] * [1, -1] + [0, HEIGHT]
    before = rgb.copy()
    hide_surroundings(rgb, body)
    # A trunk of 100 px from (150, 140) down to (150, 240), legs to (150, 420): the middle stays, people beside it go.
    assert (rgb[150:400, 140:160] == before[150:400, 140:160]).all()
    for part in (np.s_[:, :100], np.s_[:, 200:], np.s_[:80]):
        assert detail(rgb[part]) < detail(before[part]) / 20
    hide_surroundings(rgb, np.full((33, 2), np.nan))
    assert detail(rgb) < 3


def test_without_any_landmark_every_picture_is_hidden() -> None:
    found = standing()
    assert np.isnan(find_heads(replace(found, xy_px=np.full_like(found.xy_px, np.nan)))).all()


def test_the_film_shows_the_runner_alone_with_the_head_hidden(tmp_path: Path) -> None:
    write_noise(tmp_path / "clip.mp4")
    write_series(tmp_path / "report.npz", standing(), {}, np.empty(0))
    files = [str(tmp_path / name) for name in ("clip.mp4", "report.npz")]
    assert render.main([*files, "--film", str(tmp_path / "plain.mp4")]) == 0
    assert render.main([*files, "--film", str(tmp_path / "hidden.mp4"), "--hide-face"]) == 0
    plain, hidden = (first_picture(tmp_path / name) for name in ("plain.mp4", "hidden.mp4"))
    assert plain.shape[:2] == (HEIGHT, WIDTH)
    assert hidden.shape[1] < WIDTH
    left = (WIDTH - hidden.shape[1]) // 2
    head = slice(HEIGHT - 400 - 20, HEIGHT - 400 + 20)
    where = slice(150 - left - 10, 150 - left + 10)
    assert detail(hidden[head, where]) < detail(plain[head, 140:160]) / 5
    with av.open(str(tmp_path / "hidden.mp4")) as film:
        assert sum(1 for _ in film.decode(video=0)) == FRAMES


def first_picture(path: Path) -> np.ndarray:
    with av.open(str(path)) as film:
        return next(film.decode(video=0)).to_ndarray(format="rgb24")


def test_on_a_drawn_picture_the_head_and_others_are_hidden_and_the_lines_stay(tmp_path: Path) -> None:
    write_noise(tmp_path / "clip.mp4")
    found = standing()
    line = Line((90.0, 100.0), (90.0, 300.0), Colour.FLAG)
    drawn = draw_frames(tmp_path / "clip.mp4", [FrameRequest(0.2, "00", (line,), False)], found, tmp_path / "drawn")
    hide_frames(
        tmp_path / "clip.mp4", tmp_path / "drawn", {"00.jpg": drawn[0][2], "gone.jpg": 0.1}, found, tmp_path / "hidden"
    )
    before, after = (cv2.imread(str(tmp_path / folder / "00.jpg")) for folder in ("drawn", "hidden"))
    assert before is not None
    assert after is not None
    # The crop keeps the runner in the middle and the line at the same place left of the body.
    red = np.abs(before.astype(int) - PAINT[Colour.FLAG][::-1]).sum(axis=2) < 60
    assert red.sum() > 500
    kept = np.abs(after.astype(int) - PAINT[Colour.FLAG][::-1]).sum(axis=2) < 90
    assert kept[red].mean() > 0.9
    middle, wide = before.shape[1] // 2, before.shape[1]
    head = np.s_[int(0.1 * len(before)) : int(0.2 * len(before)), middle - 20 : middle + 20]
    beside = np.s_[:, int(0.85 * wide) :]
    for part in (head, beside):
        assert detail(after[part]) < detail(before[part]) / 5
    assert [file.name for file in (tmp_path / "hidden").iterdir()] == ["00.jpg"]


def test_what_is_no_video_ends_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"no video")
    write_series(tmp_path / "report.npz", standing(), {}, np.empty(0))
    files = [str(tmp_path / name) for name in ("clip.mp4", "report.npz")]
    assert render.main([*files, "--film", str(tmp_path / "out.mp4")]) == render.BAD_INPUT
    assert len(capsys.readouterr().err.splitlines()) == 1
