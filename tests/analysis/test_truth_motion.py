"""The motion under the clips of tools/truth: signs as documented, and faults that show as large as they were seeded."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tools.truth.mirror import mirror_record
from tools.truth.motion import SOURCE_FPS, Events, Series, change, load_motion, resample
from tools.truth.record import compute_series
from tools.truth.rotation import (
    Floats,
    compute_forward_lean_deg,
    compute_lateral_lean_deg,
    compute_obliquity_deg,
    compute_yaw_deg,
    line,
    trunk_axis,
)

SIDES = (("l", -0.1), ("r", 0.1))
ANGLES = np.array([-40.0, -5.0, 0.0, 12.0, 60.0])


def test_angles_become_directions_and_angles_again() -> None:
    sides = line(ANGLES, ANGLES[::-1] / 2)
    np.testing.assert_allclose(np.linalg.norm(sides, axis=1), 1)
    np.testing.assert_allclose(compute_yaw_deg(sides), ANGLES, atol=1e-9)
    np.testing.assert_allclose(compute_obliquity_deg(sides), ANGLES[::-1] / 2, atol=1e-9)
    trunk = trunk_axis(ANGLES, ANGLES[::-1])
    np.testing.assert_allclose(compute_forward_lean_deg(trunk), ANGLES, atol=1e-9)
    np.testing.assert_allclose(compute_lateral_lean_deg(trunk), ANGLES[::-1], atol=1e-9)


def test_turned_left_brings_the_right_side_forward_and_positive_obliquity_brings_it_up() -> None:
    ahead, up, right = line(np.array([10.0]), np.array([5.0]))[0]
    assert ahead > 0
    assert up > 0
    assert right > 0


def test_a_change_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="lean_lat"):
        change({}, {}, {"lean_lat": 5.0})


def _stick(series: Series) -> dict[str, Floats]:
    """Joints of a body of lines, 0.5 m of trunk."""
    hip = series["hip"]
    shoulder = hip + 0.5 * trunk_axis(series["forward_lean"], series["lateral_lean"])
    ear = shoulder + np.array([0, 0.2, 0])
    across = {
        "hip": (hip, line(series["pelvis_yaw"], series["pelvic_obliquity"])),
        "shoulder": (shoulder, line(series["shoulder_yaw"], series["shoulder_obliquity"])),
        "ear": (ear, line(series["head_yaw"], series["head_obliquity"])),
    }
    out = {f"{part}_{side}": at + way * side_m for part, (at, way) in across.items() for side, side_m in SIDES}
    return out | {"nose": ear + np.array([0.1, 0, 0])}


@pytest.mark.parametrize(
    ("fault", "series", "size"),
    [
        ("lat_lean", "lateral_lean", 5.0),
        ("fwd_lean", "forward_lean", -4.0),
        ("thorax_yaw", "thorax_yaw", 10.0),
        ("shoulder_tilt", "shoulder_obliquity", 6.0),
    ],
)
def test_a_seeded_fault_comes_out_of_the_truth(truth_clips: Path, fault: str, series: str, size: float) -> None:
    moved, events = _four_seconds(truth_clips)
    plain = compute_series(_stick(change(moved, events, {})), 0.0)
    faulted = compute_series(_stick(change(moved, events, {fault: size})), 0.0)
    np.testing.assert_allclose(faulted[series] - plain[series], size, atol=1e-6)
    for name in ("pelvis_yaw", "pelvic_obliquity", "head_yaw"):
        np.testing.assert_allclose(faulted[name], plain[name], atol=1e-6)


@pytest.mark.parametrize(("fault", "series"), [("trunk_axial_rom", "shoulder_yaw"), ("pelvis_axial_rom", "pelvis_yaw")])
def test_a_range_grows_by_what_was_seeded(truth_clips: Path, fault: str, series: str) -> None:
    moved, events = _four_seconds(truth_clips)
    faulted = change(moved, events, {fault: 9.0})
    strikes = events["right_foot_strike"]

    def mean_range(values: Floats) -> float:
        rows = np.arange(len(values))
        strides = [
            np.interp(np.linspace(a, b, 101), rows, values) for a, b in pairwise(strikes) if 0 <= a < b < rows[-1]
        ]
        return float(np.ptp(np.mean(strides, axis=0)))

    assert mean_range(faulted[series]) - mean_range(moved[series]) == pytest.approx(9.0, abs=0.3)


def test_feet_are_further_apart_by_what_was_seeded(truth_clips: Path) -> None:
    moved, events = _four_seconds(truth_clips)
    faulted = change(moved, events, {"step_width": -8.0})
    for side, inwards in (("l", 1), ("r", -1)):
        foot, moved_foot = (0.45 * (series["thigh_" + side] + series["shank_" + side]) for series in (moved, faulted))
        standing = foot[:, 1] < -0.82
        assert np.mean((moved_foot - foot)[standing, 2]) == pytest.approx(inwards * 0.04, abs=0.005)


def test_a_limp_makes_one_stance_longer_and_leaves_the_stride(truth_clips: Path) -> None:
    _, even = _four_seconds(truth_clips)
    _, limping = _four_seconds(truth_clips, limp=0.1)
    for side, factor in (("left", 1.08), ("right", 0.93)):
        contacts = [_contact(events, side) for events in (even, limping)]
        assert contacts[1] / contacts[0] == pytest.approx(factor, abs=0.03)
    for events in (even, limping):
        assert np.diff(events["left_foot_strike"]).mean() == pytest.approx(41.3, abs=0.5)


def test_a_mirrored_clip_exchanges_left_and_right_and_twice_is_itself(truth_clips: Path) -> None:
    record = json.loads((truth_clips / "s08_rear_lean6L.json").read_text())
    mirrored = mirror_record(record)
    assert np.mean(mirrored["series"]["lateral_lean"]) == pytest.approx(-np.mean(record["series"]["lateral_lean"]))
    assert mirrored["events"]["left"] == record["events"]["right"]
    assert mirrored["joints3d"]["hip_l"][0][2] == -record["joints3d"]["hip_r"][0][2]
    again = mirror_record(mirrored)
    np.testing.assert_allclose(again["joints2d"]["ear_l"], record["joints2d"]["ear_l"])
    assert again["series"] == record["series"]


def _contact(events: Events, side: str) -> float:
    """Mean pictures from a foot strike to the next toe-off."""
    offs = events[side + "_toe_off"]
    return float(np.mean([offs[offs > at][0] - at for at in events[side + "_foot_strike"] if np.any(offs > at)]))


def _four_seconds(truth_clips: Path, limp: float = 0.0) -> tuple[Series, Events]:
    source = load_motion(truth_clips / "s01_side_base.json")
    return resample(source, fps=SOURCE_FPS, cadence_spm=None, seconds=4, start_s=0, limp=limp)
