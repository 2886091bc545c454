"""The tracker: axes, lanes, other people, progress, a machine without libEGL, and a quiet stderr."""

import ctypes
import json
import os
import platform
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from analysis import egl_stub
from analysis import landmarks as lm
from analysis.errors import AnalysisError
from analysis.pose import find_landmarks, lanes, quiet_libraries, tracker
from analysis.pose.find import squares_of
from analysis.types import ClipFacts, Landmarks, Others
from analysis.video import Image, open_clip
from tests.analysis import make_clips
from tests.analysis.clips import Recipe, write_clip

Found = tuple[ClipFacts, Landmarks, Others]


@pytest.fixture(scope="module")
def rear(demo_clips: Path) -> tuple[Path, Found]:
    path = demo_clips / "t01_rear_tape_base.mp4"
    return path, find_landmarks(path, window=(0.0, 2.1))


def test_landmarks_stand_upright_with_the_runners_own_left_and_right(rear: tuple[Path, Found]) -> None:
    facts, found, _ = rear[1]
    assert found.xy_px.shape == (len(found), lm.COUNT, 2)
    assert (found.width_px, found.height_px) == (facts.width_px, facts.height_px)
    middle = np.nanmedian(found.xy_px, axis=0)
    assert middle[lm.NOSE, 1] > middle[lm.LEFT_SHOULDER, 1] > middle[lm.LEFT_HIP, 1] > middle[lm.LEFT_ANKLE, 1] > 0
    assert middle[lm.LEFT_SHOULDER, 0] < middle[lm.RIGHT_SHOULDER, 0]
    world = np.nanmedian(found.world_m, axis=0)
    assert world[lm.NOSE, 1] > 0.3 > 0 > world[lm.LEFT_ANKLE, 1]
    assert world[lm.LEFT_SHOULDER, 0] < world[lm.RIGHT_SHOULDER, 0]
    # Seen from behind, the face is on the far side: away from the camera is +.
    assert world[lm.NOSE, 2] > world[[lm.LEFT_EAR, lm.RIGHT_EAR], 2].mean()


def test_there_is_one_row_for_every_frame_at_its_own_time(rear: tuple[Path, Found]) -> None:
    path, (facts, found, _) = rear
    clip = open_clip(path)
    np.testing.assert_array_equal(found.t_s, clip.t_s[clip.wanted((0.0, 2.1))])
    assert facts.n_frames == len(clip.pts) > len(found)
    assert facts.frames_lost == 0


def test_two_lanes_see_what_one_tracker_sees(rear: tuple[Path, Found], monkeypatch: pytest.MonkeyPatch) -> None:
    path, (_, two, _) = rear
    monkeypatch.setattr(lanes, "LANES", 1000)
    _, one, _ = find_landmarks(path, window=(0.0, 2.1))
    trunk_px = np.nanmedian(np.linalg.norm(one.xy_px[:, lm.LEFT_SHOULDER] - one.xy_px[:, lm.LEFT_HIP], axis=1))
    off = np.linalg.norm(two.xy_px - one.xy_px, axis=2)[:, lm.TRUNK] / trunk_px
    middle = len(one) // 2
    assert (off[:middle] == 0).all()
    assert np.median(off[middle:]) < 0.005
    assert off[middle:].max() < 0.05


def test_lanes_that_pick_different_people_are_replaced_by_one_tracker(
    tmp_path: Path, demo_clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = side_by_side(demo_clips / "t01_rear_tape_base.mp4", tmp_path / "two.mp4", 130)
    tried: list[set[float]] = []
    track = lanes._track

    def watched(*args: Any) -> None:
        track(*args)
        tried.append({round(float(lane.rows[-1][2][lm.LEFT_HIP, 0]), 1) for lane in args[1]})

    monkeypatch.setattr(lanes, "_track", watched)
    _, found, _ = find_landmarks(path)
    if len(tried) == 1:
        pytest.skip("both trackers picked the same runner by themselves")
    assert [len(places) for places in tried] == [2, 1]
    hips_px = found.xy_px[:, [lm.LEFT_HIP, lm.RIGHT_HIP], 0].mean(axis=1)
    assert hips_px.max() - hips_px.min() < 0.1 * found.width_px


def test_a_small_runner_is_shown_to_the_tracker_in_larger_pictures(
    tmp_path: Path, rear: tuple[Path, Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, (_, large, _) = rear
    shown: list[lanes.Manner] = []
    run = lanes._run_lane
    monkeypatch.setattr(
        lanes, "_run_lane", lambda clip, lane, *rest: (shown.append(lane.manner), run(clip, lane, *rest))
    )
    seen_px: list[tuple[int, ...]] = []
    small = make_clips.write(tmp_path / "small.mp4", make_clips.pictures(path, 0, 40), 60, half_the_size)
    _, found, _ = find_landmarks(small, on_frame=lambda frame: seen_px.append(frame.rgb.shape[:2]))
    assert [manner.side_px > 1.25 * tracker.POSE_SIDE_PX for manner in shown] == [True]
    assert {min(shape) for shape in seen_px} == {tracker.POSE_SIDE_PX}
    here, there = np.nanmedian(found.xy_px, axis=0), np.nanmedian(large.xy_px[:40], axis=0) / 2
    off = (here - here[lm.NOSE]) - (there - there[lm.NOSE])
    assert np.linalg.norm(off[list(lm.TRUNK)], axis=1).max() < 0.1 * np.ptp(there[list(lm.TRUNK), 1])


def half_the_size(rgb: Image, number: int) -> Image:
    return of_the_size(rgb, 0.5)


def of_the_size(rgb: Image, share: float) -> Image:
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    up, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    sides = (up, height - small.shape[0] - up, left, width - small.shape[1] - left)
    return cv2.copyMakeBorder(small, *sides, cv2.BORDER_REPLICATE)


def test_a_runner_too_small_for_the_whole_picture_is_found_in_a_part_of_it(tmp_path: Path, demo_clips: Path) -> None:
    path = demo_clips / "s01_side_base.mp4"
    clip = tmp_path / "small.mp4"
    make_clips.write(clip, make_clips.pictures(path, 0, 30), 60, lambda rgb, number: of_the_size(rgb, 0.35))
    _, found, _ = find_landmarks(clip)
    height_px = np.ptp(found.xy_px[..., 1], axis=1)
    assert np.isfinite(height_px).mean() > 0.9
    assert 140 < np.nanmedian(height_px) < 170
    assert abs(np.nanmedian(found.xy_px[:, lm.LEFT_HIP, 0]) - found.width_px / 2) < 0.1 * found.width_px


@pytest.mark.parametrize(
    ("shape", "starts"), [((1280, 720), [0.22, 0.0, 0.44]), ((720, 1280), [0.22, 0.0, 0.44]), ((500, 500), [0.0])]
)
def test_square_parts_cover_the_picture_and_each_other_by_half(shape: tuple[int, int], starts: list[float]) -> None:
    facts = ClipFacts(30.0, 10, *shape, 1.0, 0, "h264", False)
    squares = squares_of(facts)
    at = 0 if shape[0] >= shape[1] else 1
    assert [square[at] for square in squares] == pytest.approx(starts, abs=0.01)
    for x0, y0, x1, y1 in squares:
        assert (x1 - x0) * shape[0] == pytest.approx((y1 - y0) * shape[1])


def side_by_side(source: Path, target: Path, count: int) -> Path:
    """The runner twice, the right one as a later moment of the same clip."""
    with av.open(str(source)) as clip:
        frames = islice(clip.decode(video=0), count + 20)
        pictures = [frame.to_ndarray(format="rgb24")[::2, ::2] for frame in frames]
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=60, options={"preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[0], 2 * pictures[0].shape[1]
        stream.pix_fmt = "yuv420p"
        for one, two in zip(pictures[:count], pictures[20:], strict=True):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.hstack([one, two]), format="rgb24")))
        out.mux(stream.encode(None))
    return target


def test_a_second_person_is_boxed_and_the_runner_is_not(tmp_path: Path, demo_clips: Path) -> None:
    path = side_by_side(demo_clips / "t01_rear_tape_base.mp4", tmp_path / "two.mp4", 40)
    facts, found, others = find_landmarks(path)
    assert len(others.t_s) == len(others.boxes) == len(others.runner) == lanes.PEOPLE_SAMPLES
    seen = [row for row, boxes in enumerate(others.boxes) if len(boxes)]
    assert len(seen) >= 5
    half = facts.width_px / 2
    for row in seen:
        assert len(others.boxes[row]) == 1
        x0, y0, x1, y1 = others.boxes[row][0]
        assert x0 < x1
        assert 0 <= y0 < y1 <= facts.height_px
        assert ((x0 + x1) / 2 > half) != ((others.runner[row][0] + others.runner[row][2]) / 2 > half)
    assert len(found) == 40


def test_alone_in_the_picture_there_is_nobody_else(rear: tuple[Path, Found]) -> None:
    _, found, others = rear[1]
    assert not any(len(boxes) for boxes in others.boxes)
    assert np.isfinite(others.runner).all()
    assert (others.t_s[0], others.t_s[-1]) > (0.0, 1.8)
    assert np.isnan(found.xy_px).sum() == 0


def test_an_empty_room_gives_rows_of_nan(tmp_path: Path) -> None:
    facts, found, others = find_landmarks(write_clip(tmp_path, Recipe()))
    assert len(found) == facts.n_frames
    assert np.isnan(found.xy_px).all()
    assert (found.visibility == 0).all()
    assert not any(len(boxes) for boxes in others.boxes)


def test_progress_rises_to_the_end_and_a_refusal_stops_the_work(rear: tuple[Path, Found]) -> None:
    told: list[tuple[int, int]] = []
    find_landmarks(rear[0], lambda done, total: told.append((done, total)), window=(0.0, 1.0), max_fps=30)
    assert told[-1] == (31, 31)
    assert told == sorted(told)

    class CancelledError(Exception):
        pass

    def cancel(done: int, total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        find_landmarks(rear[0], cancel)


def test_a_missing_model_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch, rear: tuple[Path, Found]) -> None:
    monkeypatch.setenv("RUNFORM_POSE_MODEL", "/nowhere/model.task")
    with pytest.raises(AnalysisError) as caught:
        find_landmarks(rear[0])
    assert caught.value.code == "model_missing"


def test_the_known_noise_is_held_back_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_libraries():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\nE0000 real trouble\n")
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "E0000 real trouble\nafterwards\n"


def test_nothing_is_said_on_stderr_in_a_fresh_process(demo_clips: Path) -> None:
    program = "import sys, pathlib, analysis.pose as p; p.find_landmarks(pathlib.Path(sys.argv[1]), window=(0, 0.3))"
    clip = str(demo_clips / "t01_rear_tape_base.mp4")
    done = subprocess.run([sys.executable, "-c", program, clip], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.skipif(platform.machine() not in egl_stub.MACHINES, reason="no stand-in for this machine")
def test_a_stand_in_library_answers_every_name_with_zero(tmp_path: Path) -> None:
    names = egl_stub.undefined_graphics_symbols(egl_stub._mediapipe_library())
    assert {"eglGetDisplay", "glBindTexture"} <= set(names)
    assert all(name.startswith(("egl", "gl")) for name in names)
    path = tmp_path / "libStandIn.so"
    path.write_bytes(egl_stub.shared_object("libStandIn.so.1", names, platform.machine()))
    library = ctypes.CDLL(str(path))
    assert [library[name]() for name in names] == [0] * len(names)
    with pytest.raises(AttributeError):
        library["glNoSuchFunction"]


WITHOUT_EGL = """
import ctypes, json, sys
from pathlib import Path
from analysis import egl_stub
real = egl_stub._loads
egl_stub._loads = lambda name: False
from analysis.pose import find_landmarks
_, found, _ = find_landmarks(Path(sys.argv[1]), window=(0, 0.3))
maps = Path("/proc/self/maps").read_text()
print(json.dumps([found.xy_px[-1].tolist(), "libEGL.so.1.1" in maps]))
"""


@pytest.mark.skipif(platform.machine() not in egl_stub.MACHINES, reason="no stand-in for this machine")
def test_the_stand_ins_give_the_same_landmarks(demo_clips: Path) -> None:
    """Loaded before mediapipe, they are taken by name: the system's own are not mapped even where they exist."""
    clip = demo_clips / "t01_rear_tape_base.mp4"
    command = [sys.executable, "-c", WITHOUT_EGL, str(clip)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    points, real_library_loaded = json.loads(done.stdout)
    assert not real_library_loaded
    _, found, _ = find_landmarks(clip, window=(0, 0.3))
    np.testing.assert_allclose(points, found.xy_px[-1], atol=1e-4)


def test_a_machine_without_sys_gets_a_sentence_and_no_abort(
    demo_clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "CPU_LIST", tmp_path / "not mounted")
    with pytest.raises(AnalysisError, match="/sys") as refused:
        find_landmarks(demo_clips / "s01_side_base.mp4")
    assert refused.value.code == "no_sys"


def test_plotting_is_imported_by_who_plots_and_by_nobody_else() -> None:
    program = (
        "import sys\n"
        "from analysis.light_import import without_plots_and_sound\n"
        "with without_plots_and_sound():\n"
        "    from mediapipe.tasks.python import vision\n"
        "heavy = ('matplotlib', 'matplotlib.pyplot', 'sounddevice')\n"
        "assert not [name for name in heavy if name in sys.modules]\n"
        "plots = sys.modules['mediapipe.tasks.python.vision.drawing_utils'].plt\n"
        "import matplotlib.pyplot\n"
        "assert plots.figure is matplotlib.pyplot.figure\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
