"""Reading clips: facts, real time stamps, upright frames, and one plain sentence for what is no clip."""

import json
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from analysis.errors import AnalysisError
from analysis.video import open_clip, probe, read_ahead
from tests.analysis.clips import HEIGHT, RED, WIDTH, Recipe, number_in, write_clip, write_sound

FORMATS = [
    Recipe("h264.mp4"),
    Recipe("h264_10bit.mp4", pix_fmt="yuv420p10le"),
    Recipe("hevc.mov", "libx265", options={"x265-params": "log-level=none"}),
    Recipe("hevc_10bit.mov", "libx265", "yuv420p10le", options={"x265-params": "log-level=none"}),
    Recipe("vp9.webm", "libvpx-vp9", options={"deadline": "realtime"}),
    Recipe("av1.mp4", "libsvtav1", options={"preset": "12"}),
    Recipe("h264.mkv"),
    Recipe("mjpeg.avi", "mjpeg", "yuvj420p"),
    Recipe("h264.ts"),
]
# Pictures that are shown in another order than they are stored, key frames that the pictures before them need.
HARD_TO_SEEK = [
    Recipe("open.mp4", pts=range(120), options={"g": "10", "bf": "3", "x264-params": "open-gop=1:b-pyramid=normal"}),
    Recipe("open.mov", "libx265", pts=range(120), options={"x265-params": "keyint=12:bframes=4:log-level=none"}),
    Recipe("alt.webm", "libvpx-vp9", pts=range(120), options={"g": "15", "lag-in-frames": "16", "deadline": "good"}),
    Recipe("rough.ts", pts=range(120), options={"g": "10", "bf": "2"}),
]


@pytest.mark.parametrize("recipe", FORMATS, ids=lambda recipe: recipe.name)
def test_every_format_gives_every_frame_once_in_order_and_on_time(recipe: Recipe, tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, recipe))
    frames = list(clip.frames())
    assert [number_in(frame.rgb) for frame in frames] == list(range(30))
    assert [frame.index for frame in frames] == list(range(30))
    np.testing.assert_allclose([frame.t_s for frame in frames], np.arange(30) / 30, atol=0.0006)
    assert clip.facts.fps == pytest.approx(30, rel=0.01)
    assert (clip.facts.n_frames, clip.facts.width_px, clip.facts.height_px) == (30, WIDTH, HEIGHT)
    assert clip.facts.seconds == pytest.approx(1.0, abs=0.01)
    assert not clip.facts.variable_frame_rate
    assert frames[0].rgb.flags.c_contiguous


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4", "late.ts", "late.webm"])
def test_a_clip_whose_clock_begins_late_is_whole(name: str, tmp_path: Path) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    path = write_clip(tmp_path, Recipe(name, codec, pts=range(3000, 3030)))
    frames = list(open_clip(path).frames())
    assert [number_in(frame.rgb) for frame in frames] == list(range(30))
    np.testing.assert_allclose([frame.t_s for frame in frames], np.arange(30) / 30, atol=0.0006)


@pytest.mark.parametrize("recipe", HARD_TO_SEEK, ids=lambda recipe: recipe.name)
def test_a_frame_asked_for_by_number_is_that_frame(recipe: Recipe, tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, recipe))
    chance = np.random.default_rng(0)
    for count in (1, 1, 1, 2, 3, 5, 8):
        wanted = np.sort(chance.choice(120, count, replace=False))
        frames = list(clip.pick(wanted))
        assert [frame.index for frame in frames] == list(wanted)
        assert [number_in(frame.rgb) for frame in frames] == list(wanted)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
def test_a_turned_phone_gives_upright_frames(turn_deg: int, mirrored: bool, tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, Recipe(turn_deg=turn_deg, mirrored=mirrored)))
    assert (clip.facts.width_px, clip.facts.height_px) == (WIDTH, HEIGHT)
    frame = next(clip.frames())
    assert frame.rgb.shape == (HEIGHT, WIDTH, 3)
    np.testing.assert_allclose(frame.rgb[10:30, 10:30].mean(axis=(0, 1)), RED, atol=12)
    if not mirrored:
        assert clip.facts.rotation_deg == turn_deg


def test_frames_are_scaled_by_their_short_side_and_never_enlarged(tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, Recipe(turn_deg=90)))
    small, same = next(clip.frames(48)), next(clip.frames(1000))
    assert small.rgb.shape == (80, 48, 3)
    assert same.rgb.shape == (HEIGHT, WIDTH, 3)
    assert [number_in(frame.rgb) for frame in clip.frames(48)] == list(range(30))


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, Recipe(pixel_aspect=Fraction(4, 3))))
    assert (clip.facts.width_px, clip.facts.height_px) == (128, HEIGHT)
    assert next(clip.frames()).rgb.shape == (HEIGHT, 128, 3)


def test_times_are_the_files_own_also_when_the_rate_varies(tmp_path: Path) -> None:
    steps = np.tile([20, 50, 33, 33, 31], 6)
    pts = [700, *(700 + np.cumsum(steps)[:-1])]
    clip = open_clip(write_clip(tmp_path, Recipe(pts=[int(p) for p in pts], time_base=Fraction(1, 1000))))
    times = [frame.t_s for frame in clip.frames()]
    np.testing.assert_allclose(times, (np.array(pts) - 700) / 1000, atol=1e-6)
    assert clip.facts.variable_frame_rate


def test_one_long_gap_makes_the_rate_variable_and_keeps_fps(tmp_path: Path) -> None:
    facts = probe(write_clip(tmp_path, Recipe(pts=[*range(100), *range(103, 150)])))
    assert facts.variable_frame_rate
    assert facts.fps == pytest.approx(30)


def test_the_rounding_of_webm_is_no_varying_rate(tmp_path: Path) -> None:
    recipe = Recipe(
        "fast.webm", "libvpx-vp9", pts=range(60), time_base=Fraction(1, 120), options={"deadline": "realtime"}
    )
    facts = probe(write_clip(tmp_path, recipe))
    assert not facts.variable_frame_rate
    assert facts.fps == pytest.approx(120, rel=0.01)


def test_a_window_and_a_highest_rate_choose_frames(tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, Recipe(pts=range(120), time_base=Fraction(1, 240), options={"g": "12"})))
    frames = list(clip.frames(window=(0.1, 0.2), max_fps=120))
    assert [frame.index for frame in frames] == list(range(24, 49, 2))
    assert [number_in(frame.rgb) for frame in frames] == list(range(24, 49, 2))
    assert list(clip.frames(window=(5, 6))) == []


def test_the_capture_rate_that_android_notes_is_kept(tmp_path: Path) -> None:
    noted = Recipe(metadata={"com.android.capture.fps": "240.000"}, container={"movflags": "use_metadata_tags"})
    assert probe(write_clip(tmp_path, noted)).capture_fps == 240
    assert probe(write_clip(tmp_path, Recipe())).capture_fps is None


def _refusal(path: Path) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        open_clip(path)
    assert "\n" not in caught.value.user_text
    return caught.value


def test_what_is_no_clip_is_refused_in_one_plain_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text, empty, noise = tmp_path / "text.mp4", tmp_path / "empty.mp4", tmp_path / "noise.mov"
    text.write_text("This is not a video.\n" * 50)
    empty.touch()
    noise.write_bytes(np.random.default_rng(1).bytes(50_000))
    playlist = tmp_path / "list.mp4"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n")
    assert _refusal(text).code == "unreadable"
    assert _refusal(empty).code == "empty"
    assert _refusal(noise).code == "unreadable"
    assert _refusal(playlist).code == "unreadable"
    assert _refusal(tmp_path / "none.mp4").code == "missing"
    assert _refusal(tmp_path).code == "missing"
    assert _refusal(write_sound(tmp_path / "sound.m4a")).code == "no_video"
    assert _refusal(write_clip(tmp_path, Recipe("one.mp4", pts=[0]))).code == "too_short"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "recipe",
    [Recipe(pts=range(150)), Recipe(pts=range(150), container={"movflags": "faststart"})],
    ids=["index at the end", "index first"],
)
def test_a_file_cut_off_on_its_way_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    path = write_clip(tmp_path, recipe)
    whole = path.read_bytes()
    for share in (0.9, 0.5, 0.1):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert _refusal(path).code in ("unreadable", "truncated")


def test_webm_cut_off_on_its_way_is_refused(tmp_path: Path) -> None:
    recipe = Recipe("cut.webm", "libvpx-vp9", pts=range(150), options={"deadline": "realtime", "g": "10"})
    path = write_clip(tmp_path, recipe)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert _refusal(path).code == "truncated"


def test_a_damaged_stretch_costs_its_frames_only(tmp_path: Path) -> None:
    path = write_clip(tmp_path, Recipe(pts=range(150), options={"g": "10"}))
    data = bytearray(path.read_bytes())
    start = data.find(b"mdat") + 4
    middle = start + (len(data) - start) // 3
    data[middle : middle + 400] = bytes(400)
    path.write_bytes(data)
    clip = open_clip(path)
    frames = list(clip.frames())
    assert clip.facts.n_frames == 150
    assert 100 < len(frames) <= 150
    times = np.array([frame.t_s for frame in frames])
    assert (np.diff(times) > 0).all()
    last = frames[-1]
    assert (last.index, number_in(last.rgb)) == (149, 149)


@pytest.mark.parametrize(("width", "height", "code"), [(17000, 64, "too_large"), (24, 24, "too_small")])
def test_sizes_that_nobody_films_are_refused(width: int, height: int, code: str, tmp_path: Path) -> None:
    path = tmp_path / "size.avi"
    with av.open(str(path), "w") as target:
        stream = target.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        for _ in range(2):
            target.mux(stream.encode(av.VideoFrame(width, height, "yuvj420p")))
        target.mux(stream.encode(None))
    assert _refusal(path).code == code


def test_an_edit_list_that_cuts_the_clip_is_obeyed(tmp_path: Path) -> None:
    path = write_clip(tmp_path, Recipe(pts=range(90), options={"g": "30", "bf": "0"}))
    data = bytearray(path.read_bytes())
    at = data.find(b"elst")
    scale = struct.unpack_from(">I", data, data.find(b"mdhd") + 16)[0]
    movie_scale = struct.unpack_from(">I", data, data.find(b"mvhd") + 16)[0]
    struct.pack_into(">II", data, at + 12, movie_scale, scale)  # one second, from the second second on
    path.write_bytes(data)
    frames = list(open_clip(path).frames())
    assert [number_in(frame.rgb) for frame in frames] == list(range(30, 60))
    assert frames[0].t_s == 0.0


def test_errors_of_the_reading_thread_arrive_and_an_early_stop_ends_it(tmp_path: Path) -> None:
    clip = open_clip(write_clip(tmp_path, Recipe(pts=range(150))))
    reader = read_ahead(clip.frames())
    assert next(reader).index == 0
    reader.close()
    clip.path.unlink()
    with pytest.raises(AnalysisError):
        list(read_ahead(clip.frames()))


MEMORY_PROGRAM = """
import json, resource, sys
from pathlib import Path
from analysis.video import open_clip, read_ahead
count = sum(1 for frame in read_ahead(open_clip(Path(sys.argv[1])).frames(240)))
print(json.dumps([count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def test_memory_does_not_grow_with_the_clip(tmp_path: Path, demo_clips: Path) -> None:
    source = demo_clips / "t01_rear_tape_base.mp4"
    peaks = []
    for times in (1, 4):
        path = tmp_path / f"{times}.mp4"
        with av.open(str(source)) as one, av.open(str(path), "w") as many:
            stream = one.streams.video[0]
            copy = many.add_stream_from_template(stream)
            packets = [p for p in one.demux(stream) if p.dts is not None]
            length = max(p.pts for p in packets) + (packets[0].duration or 1)
            for turn in range(times):
                one.seek(0)
                for packet in one.demux(stream):
                    if packet.dts is not None:
                        packet.pts += turn * length
                        packet.dts += turn * length
                        packet.stream = copy
                        many.mux(packet)
        done = subprocess.run(
            [sys.executable, "-c", MEMORY_PROGRAM, str(path)], capture_output=True, text=True, check=True
        )
        count, peak_mb = json.loads(done.stdout)
        assert count == times * len(packets)
        peaks.append(peak_mb)
    assert peaks[1] < peaks[0] + 30


def test_real_clips_are_read_as_filmed(shared_clips: Path) -> None:
    garage = probe(shared_clips / "treadmill_side_garage.mp4")
    assert (garage.width_px, garage.height_px, garage.n_frames) == (720, 1280, 360)
    turned = probe(shared_clips / "rotated_iphone_style.mov")
    assert (turned.width_px, turned.height_px, turned.rotation_deg) == (720, 1280, 270)
    assert probe(shared_clips / "vp9.webm").fps == pytest.approx(30, rel=0.001)
    assert probe(shared_clips / "hevc_10bit.mov").codec == "hevc"


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path = write_clip(tmp_path, Recipe(pts=range(20)))
    assert probe(path).n_frames == 20
    write_clip(tmp_path, Recipe(pts=range(12)))
    assert probe(path).n_frames == 12
