"""What an oblique camera makes of a runner whose every angle is known, and what is left after it is taken out."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.cleaning import clean
from analysis.direction import UNSEEN, Heading
from analysis.heading.oblique import leak_sd, square_up
from analysis.metrics.spec import Measured, NotMeasured
from analysis.metrics.thorax_rotation import SHOULDER_FACING
from analysis.types import Evidence, Floats, Landmarks, Side, View, ViewName
from analysis.waveforms import compute_waveforms
from tests.analysis.evidence import evidence_of
from tests.analysis.heading.pinhole import Pinhole
from tests.analysis.runner import Motion, body_m

T_S = np.arange(0.0, 5.0, 1 / 60)
FRONTAL = pytest.mark.parametrize("view", [ViewName.REAR, ViewName.FRONT])


def mean_of(name: str, camera: Pinhole, heading: Heading, body: Floats) -> float:
    evidence = evidence_of(clean(camera.see(body, T_S)))
    view = View(camera.view, camera.facing if camera.view is ViewName.SIDE else None, 0.9)
    series = square_up(compute_waveforms(clean(camera.see(body, T_S)), view, evidence.scale), view, heading)[name]
    return float(np.nanmean(series))


@FRONTAL
@pytest.mark.parametrize("turn_deg", [-12.0, -6.0, 6.0, 12.0])
def test_forward_lean_does_not_leak_into_lean_to_the_side(view: ViewName, turn_deg: float) -> None:
    body = body_m(Motion(forward_lean=8.5, lateral_lean=2.0), T_S)
    camera = Pinhole(view, turn_deg, away_m=8.0)
    plain = mean_of("lateral_lean", camera, UNSEEN, body)
    squared = mean_of("lateral_lean", camera, Heading(turn_deg, 0.5, "deck"), body)
    assert plain == pytest.approx(2.0 - 8.5 * np.sin(np.radians(turn_deg)), abs=0.35)
    assert squared == pytest.approx(2.0, abs=0.5)
    # Where the direction is not known the interval holds the truth all the same.
    assert abs(plain - 2.0) < 1.96 * np.hypot(leak_sd("lateral_lean_mean", UNSEEN), 0.6)


@FRONTAL
def test_a_camera_below_the_shoulders_and_aside_does_not_tilt_them(view: ViewName) -> None:
    body = body_m(Motion(shoulder_tilt=3.0, thorax_rotation_rom=20.0), T_S)
    camera = Pinhole(view, 12.0, lens_m=0.7, away_m=4.0)
    rise = float(np.degrees(np.arctan((1.40 - 0.7) / 4.0)))
    known = Heading(12.0, 0.5, "deck", rise_deg=rise, rise_sd_deg=1.0)
    plain, squared = (mean_of("shoulder_tilt", camera, one, body) for one in (UNSEEN, known))
    assert abs(plain - 3.0) > 1.2
    assert squared == pytest.approx(3.0, abs=0.6)


@pytest.mark.parametrize("facing", list(Side))
@pytest.mark.parametrize("turn_deg", [-18.0, 18.0])
def test_forward_lean_keeps_its_size(facing: Side, turn_deg: float) -> None:
    body = body_m(Motion(forward_lean=12.0), T_S)
    square = mean_of("forward_lean", Pinhole(ViewName.SIDE, 0.0, facing, away_m=8.0), UNSEEN, body)
    oblique = Pinhole(ViewName.SIDE, turn_deg, facing, away_m=8.0)
    assert mean_of("forward_lean", oblique, Heading(turn_deg, 1.0, "deck"), body) == pytest.approx(square, abs=0.6)


def test_an_unsure_direction_widens_and_a_known_one_hardly() -> None:
    known, unsure, far = Heading(0.0, 0.5, "deck"), UNSEEN, Heading(0.0, 12.0, "none")
    for key in ("lateral_lean_mean", "lateral_lean_rom", "shoulder_tilt_mean", "shoulder_sway"):
        assert leak_sd(key, known) < leak_sd(key, unsure) < leak_sd(key, far)
    assert leak_sd("lateral_lean_mean", known) < 0.2
    assert leak_sd("cadence", far) == 0.0


def turned(body: Floats, degrees: float) -> Floats:
    """The shoulders turned to the runner's left about their middle."""
    out, turn = body.copy(), np.radians(degrees)
    middle = (body[:, [11]] + body[:, [12]]) / 2
    arm = body[:, 11:13] - middle
    # Forward is X, right is Z; to the left the right shoulder goes forwards.
    out[:, 11:13, 0] = middle[..., 0] + arm[..., 0] * np.cos(turn) + arm[..., 2] * np.sin(turn)
    out[:, 11:13, 2] = middle[..., 2] + arm[..., 2] * np.cos(turn) - arm[..., 0] * np.sin(turn)
    return out


def facing_of(seen: Landmarks, heading: Heading) -> Measured | NotMeasured:
    evidence: Evidence = replace(evidence_of(seen), heading=heading)
    assert SHOULDER_FACING.compute is not None
    return SHOULDER_FACING.compute(evidence)


def test_shoulder_facing_needs_the_direction_of_travel() -> None:
    seen = Pinhole(ViewName.SIDE, 10.0).see(body_m(Motion(), T_S), T_S)
    for heading in (UNSEEN, Heading(10.0, 2.0, "deck")):
        found = facing_of(seen, heading)
        assert isinstance(found, NotMeasured)
        assert "draw a line" in found.reason
    assert isinstance(facing_of(seen, Heading(10.0, 1.2, "deck")), Measured)
    drawn = facing_of(seen, Heading(10.0, 2.0, "line").by("A. Coach"))
    assert isinstance(drawn, Measured)
    assert drawn.marked_by == "A. Coach"


@pytest.mark.parametrize("facing", list(Side))
def test_the_camera_s_angle_is_not_taken_for_the_runner_s(facing: Side) -> None:
    """The formulas' runner shows all of a turn, of which the pose model shows a part: so it is read too large."""
    body = turned(body_m(Motion(thorax_rotation_rom=20.0), T_S), 6.0)
    values = []
    for turn_deg in (0.0, 8.0):
        found = facing_of(Pinhole(ViewName.SIDE, turn_deg, facing).see(body, T_S), Heading(turn_deg, 1.0, "deck"))
        assert isinstance(found, Measured)
        assert found.low < 6.0 < found.high
        values.append(found.value)
    assert values[0] > 4.0


def test_a_mirrored_clip_gives_the_mirrored_answer() -> None:
    body = turned(body_m(Motion(thorax_rotation_rom=20.0), T_S), 6.0)
    seen = Pinhole(ViewName.SIDE, 3.0).see(body, T_S)
    there, back = facing_of(seen, Heading(3.0, 1.0, "deck")), facing_of(mirrored(seen), Heading(-3.0, 1.0, "deck"))
    assert isinstance(there, Measured)
    assert isinstance(back, Measured)
    assert back.value == pytest.approx(-there.value, abs=0.3)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=0.6)


def mirrored(seen: Landmarks) -> Landmarks:
    """As the tracker reads the mirrored picture: what was left is right."""
    swap = list(range(33))
    for left, right in ((1, 4), (2, 5), (3, 6), (7, 8), (9, 10), *((i, i + 1) for i in range(11, 33, 2))):
        swap[left], swap[right] = right, left
    xy, world = seen.xy_px[:, swap].copy(), seen.world_m[:, swap].copy()
    xy[..., 0] = seen.width_px - xy[..., 0]
    world[..., 0] *= -1
    return replace(seen, xy_px=xy, world_m=world)


def test_front_and_rear_have_the_same_signs() -> None:
    """Far away, a runner seen from the front is the picture from behind turned over: so are its landmarks."""
    body = body_m(Motion(lateral_lean=3.0, shoulder_tilt=-2.0, sway_rom_m=0.04), T_S)
    rear = Pinhole(ViewName.REAR, away_m=400.0, focal=80.0).see(body, T_S)
    front = replace(
        rear,
        xy_px=np.stack([rear.width_px - rear.xy_px[..., 0], rear.xy_px[..., 1]], axis=-1),
        world_m=rear.world_m * np.array([-1.0, 1.0, -1.0]),
    )
    one, other = evidence_of(rear), evidence_of(front)
    assert (one.view.name, other.view.name) == (ViewName.REAR, ViewName.FRONT)
    for name in ("lateral_lean", "shoulder_tilt", "head_tilt", "arm_left", "arm_right"):
        assert np.allclose(one.waveforms[name], other.waveforms[name], atol=1e-6), name
    for name in ("shoulder_sideways", "pelvis_sideways", "head_sideways"):
        moved = [e.waveforms[name] - np.mean(e.waveforms[name]) for e in (one, other)]
        assert np.allclose(moved[0], moved[1], atol=1e-6), name
