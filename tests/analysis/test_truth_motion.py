"""The motion under the clips of tools/truth: signs as documented, and faults that show as large as they were seeded."""

from pathlib import Path

import numpy as np
import pytest

from tools.truth.motion import SOURCE_FPS, Series, change, load_motion, resample
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
        change({}, {"lean_lat": 5.0})


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
    motion, events = load_motion(truth_clips / "s01_side_base.json")
    motion, _ = resample(motion, events, fps=SOURCE_FPS, cadence_spm=None, seconds=4, start_s=0)
    plain = compute_series(_stick(change(motion, {})), 0.0)
    faulted = compute_series(_stick(change(motion, {fault: size})), 0.0)
    np.testing.assert_allclose(faulted[series] - plain[series], size, atol=1e-6)
    for name in ("pelvis_yaw", "pelvic_obliquity", "head_yaw"):
        np.testing.assert_allclose(faulted[name], plain[name], atol=1e-6)
