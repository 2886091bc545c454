"""What people take away: a copy that maps picture to picture, an overlay, a table."""

import csv
import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from analysis import copying
from analysis import landmarks as lm
from analysis.copying import Copying
from analysis.drawing import PAINT
from analysis.errors import AnalysisError
from analysis.export import KEY_EVERY_S, SHORT_SIDE_PX, write_copy, write_csv, write_overlay
from analysis.shapes import Colour
from analysis.types import Floats
from analysis.video import open_clip
from tests.analysis.clips import HEIGHT, RED, WIDTH, Recipe, number_in, write_clip
from tests.analysis.test_drawing import runner

QUIET_265 = {"x265-params": "log-level=none"}
UNEVEN = tuple(np.cumsum([1, 1, 1, 4, 1, 2, 1, 1, 19, 1] * 4).tolist())
SOURCES = [
    Recipe("h264.mp4", pts=range(60), options={"bf": "3", "g": "60"}),
    Recipe("hevc.mov", "libx265", options=QUIET_265),
    Recipe("hevc_10bit.mov", "libx265", "yuv420p10le", options=QUIET_265),
    Recipe("vp9.webm", "libvpx-vp9", options={"deadline": "realtime"}),
    Recipe("av1_10bit.mp4", "libsvtav1", "yuv420p10le", options={"preset": "12"}),
    Recipe("sideways.mov", turn_deg=90),
    Recipe("sideways_hevc.mov", "libx265", "yuv420p10le", options=QUIET_265, turn_deg=270, mirrored=True),
    Recipe("upside_down.mp4", turn_deg=180),
    Recipe("uneven.mp4", pts=UNEVEN),
    Recipe("uneven.webm", "libvpx-vp9", pts=UNEVEN, options={"deadline": "realtime"}),
    Recipe("fast.mp4", pts=range(200), time_base=Fraction(1, 240)),
    Recipe("ntsc.mov", pts=[n * 1001 for n in range(90)], time_base=Fraction(1, 60_000)),
    Recipe("late.mp4", pts=range(1000, 1030)),
    Recipe("wide_pixels.mp4", pixel_aspect=Fraction(4, 3)),
    Recipe("pictures.avi", "mjpeg", "yuvj420p"),
]


def pictures_of(path: Path) -> list[tuple[int, int, bytes]]:
    """Time stamp, length and picture of every frame as it is stored."""
    with av.open(str(path)) as film:
        return [(f.pts, f.duration, bytes(f.to_ndarray().tobytes())) for f in film.decode(video=0)]


def key_times(path: Path) -> Floats:
    with av.open(str(path)) as film:
        packets = film.demux(video=0)
        return np.array([float(p.pts * p.time_base) for p in packets if p.is_keyframe and p.pts is not None])


@pytest.mark.parametrize("recipe", SOURCES, ids=lambda recipe: recipe.name)
def test_the_copys_pictures_are_the_clips_one_to_one_and_on_time(recipe: Recipe, tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, recipe))
    write_copy(clip.path, tmp_path / "copy.mp4")
    copy = open_clip(tmp_path / "copy.mp4")
    np.testing.assert_allclose(copy.t_s, clip.t_s, atol=0.0005)
    assert [number_in(frame.rgb) for frame in copy.frames()] == [number_in(frame.rgb) for frame in clip.frames()]
    for ours, theirs in zip(copy.frames(), clip.frames(), strict=True):
        shape = np.array(ours.rgb.shape) - theirs.rgb.shape
        assert np.abs(shape).max() <= 1
        np.testing.assert_allclose(ours.rgb[10:30, 10:30].mean(axis=(0, 1)), RED, atol=14)
    assert (copy.facts.codec, copy.facts.rotation_deg) == ("h264", 0)
    assert copy.facts.seconds == pytest.approx(clip.facts.seconds, abs=0.002)


@pytest.mark.parametrize("recipe", SOURCES[-7:-3], ids=lambda recipe: recipe.name)
def test_a_player_finds_any_picture_of_the_copy_at_once(recipe: Recipe, tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, recipe))
    write_copy(clip.path, tmp_path / "copy.mp4")
    keys = key_times(tmp_path / "copy.mp4")
    for t_s in clip.t_s:
        before = keys[keys <= t_s + 0.001].max()
        pictures_between = ((clip.t_s > before + 0.001) & (clip.t_s <= t_s)).sum()
        assert t_s - before <= KEY_EVERY_S + 0.001 or pictures_between == 0
    content = (tmp_path / "copy.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(tmp_path / "copy.mp4")) as film:
        assert len(film.streams) == 1
        assert film.streams.video[0].codec_context.pix_fmt == "yuv420p"
        packets = [p for p in film.demux(video=0) if p.pts is not None]
        assert [p.pts for p in packets] == [p.dts for p in packets]


def test_a_large_clip_is_made_smaller_with_even_sides(tmp_path: Path) -> None:
    source = write_clip(tmp_path, Recipe())
    large = tmp_path / "large.mp4"
    with av.open(str(source)) as clip, av.open(str(large), "w") as target:
        stream = target.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 1082, 1804, "yuv420p"
        for frame in clip.decode(video=0):
            target.mux(stream.encode(frame.reformat(1082, 1804)))
        target.mux(stream.encode(None))
    write_copy(large, tmp_path / "copy.mp4")
    facts = open_clip(tmp_path / "copy.mp4").facts
    assert facts.width_px == SHORT_SIDE_PX
    assert (facts.height_px % 2, facts.height_px) == (0, 1200)
    assert facts.n_frames == 30


def test_where_a_picture_is_damaged_the_one_before_it_stands_in(tmp_path: Path) -> None:
    path = write_clip(tmp_path, Recipe(options={"g": "1"}))
    content = bytearray(path.read_bytes())
    with av.open(str(path)) as film:
        sizes = [(p.pos, p.size) for p in film.demux(video=0) if p.size]
    for number in (10, 11, 29):
        at, size = sizes[number]
        content[at + 4 : at + size] = bytes(size - 4)
    path.write_bytes(content)
    clip = open_clip(path)
    assert [frame.index for frame in clip.frames()] == [n for n in range(29) if n not in (10, 11)]
    write_copy(path, tmp_path / "copy.mp4")
    copy = open_clip(tmp_path / "copy.mp4")
    np.testing.assert_allclose(copy.t_s, clip.t_s, atol=0.0005)
    assert [number_in(frame.rgb) for frame in copy.frames()] == [*range(10), 9, 9, *range(12, 29), 28]


def test_the_overlay_has_the_stretchs_pictures_with_the_skeleton_on_them(tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, Recipe(pts=UNEVEN)))
    person = runner(len(clip.pts), width=WIDTH, height=HEIGHT)
    chosen = slice(5, 25, 2)
    seen = type(person)(
        person.xy_px[chosen],
        person.world_m[chosen],
        person.visibility[chosen],
        clip.t_s[chosen],
        WIDTH,
        HEIGHT,
    )
    told: list[tuple[int, int]] = []
    write_overlay(clip.path, tmp_path / "overlay.mp4", seen, lambda done, total: told.append((done, total)))
    overlay = open_clip(tmp_path / "overlay.mp4")
    np.testing.assert_allclose(overlay.t_s, clip.t_s[chosen] - clip.t_s[5], atol=0.0005)
    for frame in overlay.frames():
        for side, point in ((Colour.LEFT, lm.LEFT_KNEE), (Colour.RIGHT, lm.RIGHT_KNEE)):
            x, y = person.xy_px[0, point]
            near = frame.rgb[round(HEIGHT - y), round(x)].astype(int)
            assert np.abs(near - PAINT[side]).max() < 60
    assert told[-1] == (10, 10)


def test_the_copy_is_made_in_the_background_and_stops_when_nobody_wants_it(tmp_path: Path) -> None:
    source = write_clip(tmp_path, Recipe(pts=range(250)))
    told: list[tuple[int, int]] = []
    with Copying(source, tmp_path / "whole.mp4") as copy:
        copy.finish(lambda done, total: told.append((done, total)))
    assert told[-1] == (250, 250)
    assert open_clip(tmp_path / "whole.mp4").facts.n_frames == 250
    with pytest.raises(RuntimeError, match="the analysis failed"), Copying(source, tmp_path / "half.mp4"):
        raise RuntimeError("the analysis failed")
    assert not (tmp_path / "half.mp4").exists()
    assert not any(thread.name == "copy" for thread in threading.enumerate())


def test_the_copy_of_a_large_clip_takes_the_pictures_that_others_decode_and_makes_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_clip(tmp_path, Recipe())
    write_copy(source, tmp_path / "plain.mp4")
    monkeypatch.setattr(copying, "LARGE_PIXELS", WIDTH * HEIGHT - 1)
    decoded = list(open_clip(source).decoded(np.arange(30)))
    for name, offered in {"none": [], "all": decoded, "some": decoded[:12] + decoded[15:], "late": decoded[4:]}.items():
        told: list[tuple[int, int]] = []
        with Copying(source, tmp_path / f"{name}.mp4") as copy:
            for index, stored in offered:
                copy.take(index, stored)
            copy.finish(lambda done, total, told=told: told.append((done, total)))
        assert told[-1] == (30, 30)
        assert pictures_of(tmp_path / f"{name}.mp4") == pictures_of(tmp_path / "plain.mp4"), name
    with Copying(source, tmp_path / "unwanted.mp4") as copy:
        copy.take(*decoded[0])
    assert not (tmp_path / "unwanted.mp4").exists()


def test_what_the_copying_thread_has_left_is_copied_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_clip(tmp_path, Recipe(pts=range(250)))
    write_copy(source, tmp_path / "plain.mp4")
    monkeypatch.setattr(copying, "PATIENCE_S", 0.0)
    with Copying(source, tmp_path / "copy.mp4") as copy:
        copy.finish(lambda done, total: None)
    assert pictures_of(tmp_path / "copy.mp4") == pictures_of(tmp_path / "plain.mp4")


def test_where_threads_have_no_priority_of_their_own_the_copy_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def forbid(nicer: int) -> int:
        asked.append(nicer)
        raise PermissionError

    monkeypatch.setattr(copying.os, "nice", forbid)
    monkeypatch.setattr(copying.sys, "platform", "linux")
    with Copying(write_clip(tmp_path, Recipe()), tmp_path / "copy.mp4") as copy:
        copy.finish(lambda done, total: None)
    assert asked == [copying.NICER]
    assert open_clip(tmp_path / "copy.mp4").facts.n_frames == 30


def test_what_is_no_clip_gives_no_copy_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("shopping")
    with Copying(tmp_path / "notes.mp4", tmp_path / "copy.mp4") as copy, pytest.raises(AnalysisError):
        copy.finish(lambda done, total: None)
    assert not (tmp_path / "copy.mp4").exists()


def test_the_table_is_read_back_by_any_spreadsheet(tmp_path: Path) -> None:
    rows = [
        {"id": "cadence", "value": 168.9, "reason": None},
        {"id": "lean", "value": None, "reason": 'Film "so", please'},
    ]
    write_csv(tmp_path / "table.csv", rows)
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == [
            {"id": "cadence", "value": "168.9", "reason": ""},
            {"id": "lean", "value": "", "reason": 'Film "so", please'},
        ]
