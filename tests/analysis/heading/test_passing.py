"""Runners who pass by: the way through the picture is taken out, and tells the direction of travel."""

from pathlib import Path

import numpy as np
import pytest

from analysis.cleaning import clean
from analysis.direction import Heading
from analysis.gates import check_forwards, check_strides
from analysis.heading import find_heading, read_track
from analysis.metrics.spec import Measured, NotMeasured
from analysis.passing import cut_from_start, find_pass, is_pass, whole_part, without_turning
from analysis.pipeline import Analysis, analyse
from analysis.pose import find_landmarks
from analysis.prepare import Prepared, prepare
from analysis.scale import compute_stature_px
from analysis.strides import find_strides
from analysis.types import ClipFacts, Landmarks, Profile, Scale, Side, View, ViewName
from analysis.waveforms import compute_waveforms
from tests.analysis.heading.pinhole import Pinhole
from tests.analysis.make_clips import pictures, write
from tests.analysis.make_passes import passing
from tests.analysis.runner import Motion, body_m, make_runner

FPS, SPEED = 60, 3.3
SECONDS = 3.2
T_S = np.arange(0.0, SECONDS, 1 / FPS)
OVERGROUND = Profile(surface="ground")


def pass_by(turn_deg: float = 0.0, facing: Side = Side.RIGHT, speed: float = SPEED) -> Landmarks:
    """Ten metres across the picture of a camera 8 m away, whose line of sight sweeps over 60 degrees."""
    body = body_m(Motion(forward_lean=8.0, thorax_rotation_rom=28.0, drift_mps=speed, speed_mps=speed), T_S)
    body[..., 0] -= speed * SECONDS / 2
    return Pinhole(ViewName.SIDE, turn_deg, facing, away_m=8.0, size=(1920, 1080)).see(body, T_S)


def prepared(found: Landmarks) -> Prepared:
    facts = ClipFacts(FPS, len(found), found.width_px, found.height_px, SECONDS, 0, "h264", False)
    ready = prepare(facts, found, None, running=True)
    assert ready.cleaned is not None
    return ready


@pytest.mark.parametrize("facing", list(Side))
def test_the_way_is_found_and_taken_out(facing: Side) -> None:
    found = pass_by(facing=facing)
    ready = prepared(found)
    assert ready.travel is not None
    assert ready.travel.px_s[0] * (1 if facing is Side.RIGHT else -1) > 0
    assert ready.cleaned is not None
    assert find_pass(ready.cleaned) is None
    hips = ready.cleaned.xy_px[:, [23, 24], 0].mean(axis=1)
    assert np.ptp(hips) < 0.3 * ready.cleaned.width_px / 10


def test_a_runner_on_a_belt_does_not_pass() -> None:
    assert not is_pass(make_runner(seconds=3.0))
    assert not is_pass(make_runner(seconds=7.0, drift_mps=0.15))


def test_only_the_part_with_the_whole_runner_counts() -> None:
    found = pass_by()
    shifted = Landmarks(
        found.xy_px - np.array([500.0, 0.0]), found.world_m, found.visibility, found.t_s, found.width_px, 1080
    )
    part = whole_part(shifted)
    assert len(part) < len(found)
    assert (part.xy_px[:, [0, 11, 12, 27, 28], 0] > 0).all()


@pytest.mark.parametrize("facing", list(Side))
def test_lean_cadence_and_rotation_of_a_pass(facing: Side) -> None:
    """The line of sight turns by 60 degrees meanwhile: that is not the shoulders' rotation."""
    ready = prepared(pass_by(facing=facing))
    assert ready.cleaned is not None
    strides = find_strides(ready.cleaned)
    assert strides is not None
    assert strides.cadence_spm == pytest.approx(170.0, abs=1.5)
    more = cut_from_start(strides, ready.cleaned.t_s)
    assert len(more) >= max(3, len(strides))
    view = View(ViewName.SIDE, facing, 0.9)
    plain = compute_waveforms(ready.cleaned, view, Scale(None, 1.0, "none"))
    still = without_turning(plain, ready.cleaned.t_s, strides.period_s)
    inside = slice(20, -20)
    assert np.ptp(plain["thorax_rotation_deep"][inside]) > 40
    assert np.ptp(still["thorax_rotation_deep"][inside]) == pytest.approx(28.0, abs=4.0)
    square = clean(make_runner(facing=facing, forward_lean=8.0))
    expected = np.nanmean(compute_waveforms(square, view, Scale(None, 1.0, "none"))["forward_lean"])
    assert np.nanmean(still["forward_lean"]) == pytest.approx(expected, abs=0.7)


@pytest.mark.parametrize("turn_deg", [-10.0, 0.0, 10.0])
def test_the_way_tells_the_heading(turn_deg: float) -> None:
    ready = prepared(pass_by(turn_deg))
    assert ready.travelling is not None
    assert ready.cleaned is not None
    strides = find_strides(ready.cleaned)
    assert strides is not None
    view = View(ViewName.SIDE, Side.RIGHT, 0.9)
    found: Heading = find_heading(
        ready.raw,
        view,
        OVERGROUND,
        stature_px=compute_stature_px(ready.cleaned, view),
        body_deg=0.0,
        track=read_track(ready.travelling, 1 / strides.period_s),
    )
    assert found.source == "track"
    # Seen along the mean line of sight, which is not quite the middle of the way where that runs off.
    assert found.turn_deg == pytest.approx(turn_deg, abs=3.5)


def test_who_passes_by_backwards_is_refused() -> None:
    ready = prepared(pass_by())
    assert ready.cleaned is not None
    strides = find_strides(ready.cleaned)
    assert strides is not None
    ahead, back = (View(ViewName.SIDE, facing, 0.9) for facing in (Side.RIGHT, Side.LEFT))
    assert not check_forwards(ahead, ready.cleaned, strides, ready.travel).refuses
    assert check_forwards(back, ready.cleaned, strides, ready.travel).refuses


def test_too_short_a_pass_says_how_to_film_a_longer_one() -> None:
    assert "further away" in check_strides(None, passing=True).message


@pytest.fixture(scope="module")
def treadmill(demo_clips: Path) -> tuple[Path, Landmarks]:
    clip = demo_clips / "s01_side_base.mp4"
    return clip, find_landmarks(clip, window=(0.0, 3.2))[1]


@pytest.fixture(scope="module")
def passed(treadmill: tuple[Path, Landmarks], tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    clip, found = treadmill
    path = tmp_path_factory.mktemp("pass") / "pass.mp4"
    return analyse(write(path, passing(pictures(clip, count=len(found)), found), FPS), OVERGROUND)


def value(found: Analysis, key: str) -> Measured | NotMeasured:
    return next(m.result for m in found.report.measurements if m.spec.key == key)


def test_a_pass_is_measured_from_its_pictures(passed: Analysis) -> None:
    """The first seconds of the clip: forward lean 7.8 deg, pitch -10 deg, 173.4 steps a minute, bounce 8.1 cm."""
    assert not passed.report.refused
    assert passed.report.camera is not None
    assert passed.report.camera.heading.source == "track"
    truth = {"forward_lean_mean": 7.8, "head_pitch_mean": -10.0, "cadence": 173.4, "vertical_oscillation": 8.1}
    for key, true in (truth | {"head_forward": 0.13, "thorax_rotation_rom": 35.6}).items():
        found = value(passed, key)
        assert isinstance(found, Measured), key
        assert found.low <= true <= found.high, (key, found)
    assert not any(m.status == "flag" for m in passed.report.measurements)


def test_a_camera_that_swings_along_costs_the_sway(treadmill: tuple[Path, Landmarks], tmp_path: Path) -> None:
    clip, found = treadmill
    frames = passing(pictures(clip, count=len(found)), found, swung=1.0)
    report = analyse(write(tmp_path / "swung.mp4", frames, FPS), OVERGROUND).report
    steady = next(gate for gate in report.gates if gate.id == "steady")
    assert steady.verdict == "warn"
    assert "shoulder_sway" in steady.costs
    assert "vertical_oscillation" in steady.doubts
    assert next(gate for gate in report.gates if gate.id == "passing").message.startswith("The runner stays")
