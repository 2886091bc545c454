"""Each check of the pixels on a spoilt clip, beside the untouched one.  The tracker runs where it matters."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis import geometry as geo
from analysis.cleaning import clean
from analysis.gates import (
    check_cropped,
    check_doubled,
    check_level,
    check_light,
    check_mirror,
    check_sharp,
    check_steady,
    compute_visible,
)
from analysis.gates.gate import Gate
from analysis.pose import POSE_SIDE_PX, find_landmarks
from analysis.prepare import levelled, prepare
from analysis.runner import find_other_runner
from analysis.scan import find_window
from analysis.scene import SceneWatch
from analysis.strides import find_strides
from analysis.types import ClipFacts, Landmarks, Others, Scene
from analysis.video import Image, open_clip
from analysis.video.frames import Frame
from tests.analysis import make_clips as make

Tracked = tuple[ClipFacts, Landmarks, Others]
FPS, COUNT = 60, 200


@pytest.fixture(scope="module")
def control(demo_clips: Path) -> Path:
    return demo_clips / "s01_side_base.mp4"


@pytest.fixture(scope="module")
def tracked(control: Path) -> Tracked:
    return find_landmarks(control, window=(0.0, (COUNT - 0.5) / FPS))


@pytest.fixture(scope="module")
def small(control: Path) -> list[Image]:
    """The pictures as the tracker gets them."""
    return [frame.rgb for frame in open_clip(control).pick(np.arange(COUNT), POSE_SIDE_PX)]


def seen(pictures: Iterable[Image], found: Landmarks, edit: make.Edit | None = None) -> Scene:
    watch = SceneWatch(float(found.t_s[-1]))
    for number, rgb in enumerate(pictures):
        picture = np.ascontiguousarray(edit(rgb, number) if edit else rgb)
        watch.look(Frame(number, float(found.t_s[number]), picture))
    scene = watch.finish(found)
    assert scene is not None
    return scene


def test_a_good_clip_raises_no_alarm(small: list[Image], tracked: Tracked) -> None:
    scene = seen(small, tracked[1])
    for check in (check_light, check_sharp, check_steady):
        assert check(scene).verdict == "ok"
    assert check_level(scene, tracked[1]).verdict == "ok"
    assert scene.cuts_s == ()
    assert not scene.doubled.any()
    assert abs(scene.roll_deg) < 2 * scene.roll_se_deg


@pytest.mark.parametrize(
    ("edit", "check", "costs"),
    [
        (make.darkened(0.25), check_light, "contact_time_left"),
        (make.blurred(0.008), check_sharp, "thorax_rotation_rom"),
        (make.panned(0.0005), check_steady, "shoulder_sway"),
        (make.shaken(0.007), check_steady, None),
        (make.shaken(0.015), check_steady, "vertical_oscillation"),
    ],
    ids=["dark", "blurred", "panned", "unsteady", "shaken"],
)
def test_bad_filming_costs_what_it_touches(
    edit: make.Edit, check: Callable[[Scene], object], costs: str | None, small: list[Image], tracked: Tracked
) -> None:
    gate = check(seen(small, tracked[1], edit))
    assert gate.verdict == "warn"
    assert not gate.refuses
    assert (costs in gate.costs) if costs else {"shoulder_sway", "vertical_oscillation"} <= set(gate.doubts)


@pytest.mark.parametrize("degrees", [-5.0, -3.0, 3.0, 6.0, 14.0])
def test_the_roll_of_the_camera_is_read_from_upright_lines(
    degrees: float, small: list[Image], tracked: Tracked
) -> None:
    tilted = levelled(tracked[1], -degrees)
    scene = seen(small, tilted, make.rolled(degrees))
    assert scene.roll_deg == pytest.approx(degrees, abs=2 * scene.roll_se_deg)
    assert scene.roll_se_deg < 0.6
    gate = check_level(scene, tilted)
    assert gate.verdict == "warn"
    assert f"{abs(degrees):.0f} degrees" in gate.message


def test_without_upright_lines_the_roll_is_not_known(tracked: Tracked) -> None:
    chance = np.random.default_rng(0)
    plain = chance.integers(90, 110, (POSE_SIDE_PX, 768, 3)).astype(np.uint8)
    scene = seen([plain] * COUNT, tracked[1])
    assert np.isnan(scene.roll_deg)
    ready = prepare(tracked[0], tracked[1], scene, running=True)
    assert ready.roll_sd_deg > 1.0


def test_another_scene_is_a_cut_and_a_change_of_light_is_none(small: list[Image], tracked: Tracked) -> None:
    def other_room(rgb: Image, number: int) -> Image:
        return 255 - rgb if number >= 120 else rgb

    def flash(rgb: Image, number: int) -> Image:
        return 255 - rgb if number == 120 else rgb

    def brighter(rgb: Image, number: int) -> Image:
        return np.minimum(rgb, 215) + np.uint8(40) if number >= 120 else rgb

    assert seen(small, tracked[1], other_room).cuts_s == pytest.approx((120 / FPS,))
    assert seen(small, tracked[1], flash).cuts_s == ()
    assert seen(small, tracked[1], brighter).cuts_s == ()


def test_repeated_pictures_are_left_out_and_told(tmp_path: Path, control: Path) -> None:
    thirty = list(make.pictures(control, 0, 180))[::2]
    clip = make.write(tmp_path / "doubled.mp4", make.repeated(thirty, 2), 60)
    watch = SceneWatch(3.0)
    facts, found, _ = find_landmarks(clip, on_frame=watch.look)
    scene = watch.finish(found)
    assert scene is not None
    assert scene.doubled.mean() == pytest.approx(0.5, abs=0.02)
    ready = prepare(facts, found, scene, running=True)
    assert len(ready.raw) == pytest.approx(len(found) / 2, abs=2)
    by_id = {gate.id: gate for gate in ready.gates}
    assert by_id["doubled"].verdict == "warn"
    assert "30 pictures" in by_id["frame_rate"].message


def test_of_somebody_who_stands_no_picture_is_left_out(tracked: Tracked, small: list[Image]) -> None:
    facts, found, _ = tracked
    still = replace(found, xy_px=np.repeat(found.xy_px[:1], len(found), axis=0))
    scene = replace(seen(small, still), doubled=np.arange(len(found)) % 2 == 1)
    assert len(prepare(facts, still, scene, running=False).raw) == len(found)
    assert len(prepare(facts, still, scene, running=True).raw) < len(found)


def test_a_few_repeated_pictures_do_no_harm(tracked: Tracked) -> None:
    assert check_doubled(tracked[0], 0.02).verdict == "ok"
    assert check_doubled(tracked[0], 0.2).verdict == "warn"


def test_a_runner_who_leaves_is_found_out(tmp_path: Path, control: Path) -> None:
    clip = make.write(tmp_path / "leaves.mp4", make.pictures(control, 0, 240), FPS, make.leaving(150, 0.012))
    facts, found, _ = find_landmarks(clip)
    ready = prepare(facts, found, None, running=True)
    by_id = {gate.id: gate for gate in ready.gates}
    assert by_id["leaves"].verdict == "warn"
    assert by_id["leaves"].at_s == pytest.approx(3.2, abs=0.5)
    assert ready.raw.t_s[-1] < 3.8


def test_a_head_that_is_filmed_only_in_part_is_found_out(tmp_path: Path, control: Path, tracked: Tracked) -> None:
    def cropped(found: Landmarks) -> Gate:
        return check_cropped(compute_visible(found), found)

    whole = tracked[1]
    trunk = geo.median(geo.length(geo.shoulder_mid(whole.xy_px) - geo.hip_mid(whole.xy_px)))
    above = int(whole.height_px - geo.median(geo.ear_mid(whole.xy_px)[:, 1]) - 0.1 * trunk)
    clip = make.write(tmp_path / "head.mp4", make.pictures(control, 0, 120), FPS, lambda rgb, number: rgb[above:])
    gate = cropped(find_landmarks(clip)[1])
    assert cropped(whole).verdict == "ok"
    assert gate.verdict == "warn"
    assert "head_pitch_rom" in gate.costs


def test_the_runner_and_not_the_mirror_image_is_measured(tmp_path: Path, control: Path) -> None:
    clip = make.write(tmp_path / "mirror.mp4", make.pictures(control, 0, 120), FPS, make.beside_a_mirror)
    _, found, others = find_landmarks(clip)
    gate = check_mirror(others)
    assert gate.verdict == "warn"
    assert gate.at_s is not None
    assert np.nanmedian(found.xy_px[:, 0, 0]) < 0.6 * found.width_px


def test_the_one_who_runs_is_measured_and_not_the_bystander(tmp_path: Path, control: Path) -> None:
    still = next(iter(make.pictures(control, 20, 1)))
    clip = make.write(tmp_path / "bystander.mp4", make.pictures(control, 0, 180), FPS, make.beside_a_bystander(still))
    facts, found, others = find_landmarks(clip)
    region = find_other_runner(facts, found, others)
    assert np.nanmedian(found.xy_px[:, 0, 0]) < 0.5 * found.width_px
    assert region is not None
    assert region[0] > 0.45
    _, runner, _ = find_landmarks(clip, region=region)
    assert np.nanmedian(runner.xy_px[:, 0, 0]) > 0.5 * runner.width_px
    strides = find_strides(clean(runner))
    assert strides is not None
    assert strides.cadence_spm == pytest.approx(174, abs=4)


def test_the_right_person_is_not_followed_twice(tracked: Tracked) -> None:
    assert find_other_runner(*tracked) is None


def test_the_best_stretch_of_a_long_clip_is_where_somebody_runs(tmp_path: Path, control: Path) -> None:
    def film() -> Iterable[Image]:
        runs = [rgb[::2, ::2] for rgb in list(make.pictures(control, 0, 240))[::4]]
        nobody = np.median(np.array(runs[::6]), axis=0).astype(np.uint8)
        for second in range(90):
            for number in range(15):
                yield nobody if second < 30 else runs[7] if second < 45 else runs[(15 * second + number) % len(runs)]

    clip = make.write(tmp_path / "long.mp4", film(), 15)
    window = find_window(clip, 20.0)
    assert window is not None
    assert 43.0 <= window[0] < window[1] <= 90.1
    assert window[1] - window[0] == pytest.approx(20.0)
    assert find_window(control, 20.0) is None
