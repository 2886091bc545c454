"""Each check on landmarks with a known defect, beside the same landmarks without it, which must not trigger it."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.cleaning import clean
from analysis.direction import Heading
from analysis.gates import (
    blame_the_clip,
    check_activity,
    check_cropped,
    check_even,
    check_forwards,
    check_hands,
    check_level,
    check_mirror,
    check_oblique,
    check_others,
    check_sides,
    check_size,
    check_standing,
    check_strides,
    compute_visible,
    compute_wander,
    is_level_known,
)
from analysis.gates.gate import Gate
from analysis.prepare import Prepared, levelled, prepare
from analysis.realtime import retimed
from analysis.steps import find_steps
from analysis.stretch import rows_of
from analysis.strides import find_rhythm, find_strides
from analysis.types import Activity, ClipFacts, Floats, Landmarks, Others, Scene, Side, View, ViewName
from analysis.untangle import LEG
from analysis.view import find_view
from tests.analysis.runner import make_runner

FPS = 60.0
CADENCE = 170.0
STRIDE_S = 120.0 / CADENCE


def facts_of(landmarks: Landmarks, **known: float) -> ClipFacts:
    fps = 1.0 / float(np.median(np.diff(landmarks.t_s)))
    facts = ClipFacts(fps, len(landmarks), 1280, 720, float(landmarks.t_s[-1]), 0, "h264", False)
    return replace(facts, **known)


def prepared(landmarks: Landmarks, **known: float) -> Prepared:
    return prepare(facts_of(landmarks, **known), landmarks, None, running=True)


def alarms(ready: Prepared) -> dict[str, Gate]:
    return {gate.id: gate for gate in ready.gates if gate.verdict != "ok"}


def cadence_of(ready: Prepared) -> float:
    assert ready.cleaned is not None
    strides = find_strides(ready.cleaned)
    assert strides is not None
    return strides.cadence_spm


def moved(landmarks: Landmarks, by: Floats) -> Landmarks:
    return replace(landmarks, xy_px=landmarks.xy_px + by)


def without(landmarks: Landmarks, start_s: float, end_s: float) -> Landmarks:
    """With a piece cut out and the rest moved up, as an editor does."""
    keep = (landmarks.t_s < start_s) | (landmarks.t_s >= end_s)
    return replace(
        landmarks,
        xy_px=landmarks.xy_px[keep],
        world_m=landmarks.world_m[keep],
        visibility=landmarks.visibility[keep],
        t_s=landmarks.t_s[: keep.sum()],
    )


@pytest.fixture(params=list(ViewName))
def runner(request: pytest.FixtureRequest) -> Landmarks:
    return make_runner(request.param, FPS, 10.0, jitter_px=1.0, cadence_spm=CADENCE)


@pytest.fixture
def from_the_side() -> Landmarks:
    return make_runner(ViewName.SIDE, FPS, 10.0, jitter_px=1.0, cadence_spm=CADENCE)


def test_a_good_clip_raises_no_alarm_and_is_used_whole(runner: Landmarks) -> None:
    ready = prepared(runner)
    assert alarms(ready) == {}
    assert len(ready.raw) == len(runner)
    assert ready.facts.slow_motion_factor == 1.0
    assert cadence_of(ready) == pytest.approx(CADENCE, abs=0.5)


@pytest.mark.parametrize("strides", [0.25, 0.5, 0.75])
def test_a_piece_cut_out_is_found_and_the_longer_part_is_measured(strides: float, runner: Landmarks) -> None:
    ready = prepared(without(runner, 4.0, 4.0 + strides * STRIDE_S))
    assert set(alarms(ready)) == {"cuts"}
    assert alarms(ready)["cuts"].at_s == pytest.approx(4.0, abs=0.8)
    assert ready.raw.t_s[0] >= 3.9
    assert cadence_of(ready) == pytest.approx(CADENCE, abs=1.0)


@pytest.mark.parametrize("faster", [1.09, 1.12])
def test_a_belt_set_to_another_speed_parts_the_clip(faster: float, runner: Landmarks) -> None:
    interval = np.diff(runner.t_s, prepend=0.0)
    interval[runner.t_s > 6.0] /= faster
    ready = prepared(replace(runner, t_s=np.cumsum(interval)))
    assert set(alarms(ready)) == {"tempo"}
    assert alarms(ready)["tempo"].at_s == pytest.approx(6.0, abs=0.8)
    assert cadence_of(ready) == pytest.approx(CADENCE, abs=1.0)


def test_a_join_almost_in_step_is_found(runner: Landmarks) -> None:
    # A whole stride less 0.17 of a step: left goes on as left.
    joined = without(runner, 6.0, 6.0 + (1.0 - 0.17 / 2) * STRIDE_S)
    assert set(alarms(prepared(joined))) == {"cuts"}


def test_a_speed_that_changes_slowly_parts_nothing_and_is_blamed_where_no_run_is_seen(runner: Landmarks) -> None:
    for share_per_s, refused in ((0.006, False), (0.016, True)):
        faster = replace(runner, t_s=runner.t_s - 0.5 * share_per_s * runner.t_s**2)
        ready = prepared(faster)
        assert alarms(ready) == {}
        assert ready.cleaned is not None
        steps = find_steps(ready.cleaned)
        _, gate = check_activity(find_rhythm(ready.cleaned), compute_wander(ready.cleaned), steps)
        assert gate.refuses is refused
        told = blame_the_clip(gate, [check_even(steps)])
        assert ("faster" in told.message) is refused


def test_two_cuts_leave_the_longest_part(from_the_side: Landmarks) -> None:
    twice = without(without(from_the_side, 7.0, 7.0 + STRIDE_S / 2), 2.5, 2.5 + STRIDE_S / 2)
    ready = prepared(twice)
    assert set(alarms(ready)) == {"cuts"}
    assert 2.0 < ready.raw.t_s[0] < ready.raw.t_s[-1] < 7.5


def test_legs_that_the_tracker_exchanges_for_good_are_no_cut(runner: Landmarks) -> None:
    xy, late = runner.xy_px.copy(), runner.t_s > 5.0
    for left, right in zip(lm.LEFT_LEG[1:], lm.RIGHT_LEG[1:], strict=True):
        xy[late, left], xy[late, right] = runner.xy_px[late, right], runner.xy_px[late, left]
    assert "cuts" not in alarms(prepared(replace(runner, xy_px=xy)))


@pytest.mark.parametrize("factor", [2.0, 4.0, 8.0])
def test_slow_motion_is_brought_back_to_real_time(factor: float, runner: Landmarks) -> None:
    ready = prepared(retimed(runner, 1 / factor))
    assert ready.facts.slow_motion_factor == factor
    assert cadence_of(ready) == pytest.approx(CADENCE, abs=0.5)
    assert ready.media.t_s[-1] == pytest.approx(factor * runner.t_s[-1])
    # It is said, so that a person can object.
    assert set(alarms(ready)) == {"slow_motion"}
    assert f"{factor:g} times" in alarms(ready)["slow_motion"].message


def test_what_the_phone_says_of_slow_motion_is_believed_when_the_body_agrees(from_the_side: Landmarks) -> None:
    slowed = retimed(from_the_side, 1 / 5)
    assert prepared(slowed, capture_fps=60.0).facts.slow_motion_factor == 5.0
    assert alarms(prepared(slowed, capture_fps=60.0)) == {}
    assert prepared(from_the_side, capture_fps=300.0).facts.slow_motion_factor == 1.0


def test_a_clip_that_is_slow_only_in_part_is_cut_to_the_constant_part(runner: Landmarks) -> None:
    interval = np.diff(runner.t_s, prepend=0.0)
    interval[runner.t_s > 3.0] *= 4
    ready = prepared(replace(runner, t_s=np.cumsum(interval)))
    assert set(alarms(ready)) == {"tempo", "slow_motion"}
    assert alarms(ready)["tempo"].at_s == pytest.approx(3.0, abs=0.8)
    assert ready.facts.slow_motion_factor == 4.0
    assert cadence_of(ready) == pytest.approx(CADENCE, abs=1.5)


def test_a_clip_that_plays_too_fast_is_refused(from_the_side: Landmarks) -> None:
    for clip, running in ((from_the_side, True), (retimed(from_the_side, 2.0), False)):
        cleaned = clean(clip)
        activity, gate = check_activity(find_rhythm(cleaned), compute_wander(cleaned), find_steps(cleaned))
        assert (activity is Activity.RUNNING) is running
        assert gate.refuses is not running


def test_a_jump_to_another_person_parts_the_clip(runner: Landmarks) -> None:
    other = runner.t_s > 6.0
    ready = prepared(moved(runner, np.where(other[:, None, None], 250.0, 0.0)))
    assert set(alarms(ready)) == {"same_person"}
    assert alarms(ready)["same_person"].at_s == pytest.approx(6.0, abs=0.05)
    assert ready.raw.t_s[-1] < 6.05


def test_a_single_lost_frame_is_no_other_person(runner: Landmarks) -> None:
    lost = np.zeros((len(runner), 1, 1))
    lost[200] = 250.0
    assert "same_person" not in alarms(prepared(moved(runner, lost)))


def test_a_tracker_that_begins_in_a_wrong_place_costs_only_these_frames(runner: Landmarks) -> None:
    xy = runner.xy_px.copy()
    xy[:4] -= 0.5 * (xy[:4].max(axis=1, keepdims=True) - xy[:4].min(axis=1, keepdims=True))
    xy[4:9] = np.nan
    ready = prepared(replace(runner, xy_px=xy))
    assert alarms(ready) == {}
    assert np.isnan(ready.raw.xy_px[:9]).all()
    assert cadence_of(ready) == pytest.approx(CADENCE, abs=0.5)


def test_a_jump_while_nobody_was_seen_parts_the_clip(runner: Landmarks) -> None:
    xy = runner.xy_px + np.where(runner.t_s[:, None, None] > 6.0, 300.0, 0.0)
    xy[(runner.t_s > 6.0) & (runner.t_s < 6.08)] = np.nan
    ready = prepared(replace(runner, xy_px=xy))
    assert set(alarms(ready)) == {"same_person"}
    assert ready.raw.t_s[-1] < 6.1


@pytest.mark.parametrize("turned", [[[0.0, 1.0], [-1.0, 0.0]], [[0.0, -1.0], [1.0, 0.0]], [[-1.0, 0.0], [0.0, -1.0]]])
def test_a_clip_on_its_side_or_on_its_head_is_told_as_such(runner: Landmarks, turned: list[list[float]]) -> None:
    ready = prepared(replace(runner, xy_px=(runner.xy_px - 500.0) @ np.array(turned) + 500.0))
    assert set(alarms(ready)) == {"upright"}
    assert ready.cleaned is None


def test_a_runner_who_leaves_costs_only_the_time_outside(runner: Landmarks) -> None:
    away = np.clip(runner.t_s - 6.0, 0.0, None) * 1500.0
    ready = prepared(moved(runner, np.stack([away, 0 * away], axis=1)[:, None]))
    assert set(alarms(ready)) == {"leaves"}
    assert 5.9 < ready.raw.t_s[-1] < 7.0


def test_time_without_anybody_costs_only_that_time(runner: Landmarks) -> None:
    xy = runner.xy_px.copy()
    xy[runner.t_s < 5.0] = np.nan
    ready = prepared(replace(runner, xy_px=xy))
    assert set(alarms(ready)) == {"leaves"}
    assert ready.raw.t_s[0] == pytest.approx(5.0, abs=0.05)


def test_nobody_at_all_is_refused(from_the_side: Landmarks) -> None:
    ready = prepared(replace(from_the_side, xy_px=np.full_like(from_the_side.xy_px, np.nan)))
    assert ready.cleaned is None
    assert ready.gates[-1].id == "person"


def test_a_film_that_freezes_is_parted_there(runner: Landmarks) -> None:
    ready = prepared(replace(runner, t_s=runner.t_s + np.where(runner.t_s > 4.0, 2.0, 0.0)))
    assert set(alarms(ready)) == {"cuts"}
    assert alarms(ready)["cuts"].at_s == pytest.approx(5.0, abs=0.05)
    assert cadence_of(ready) == pytest.approx(CADENCE, abs=0.5)


def test_missing_pictures_are_told(from_the_side: Landmarks) -> None:
    gap = (from_the_side.t_s > 3.0) & (from_the_side.t_s < 3.25)
    ready = prepared(
        replace(
            from_the_side,
            xy_px=from_the_side.xy_px[~gap],
            world_m=from_the_side.world_m[~gap],
            visibility=from_the_side.visibility[~gap],
            t_s=from_the_side.t_s[~gap],
        )
    )
    assert set(alarms(ready)) == {"time_stamps"}


@pytest.mark.parametrize("facing", list(Side))
def test_a_reversed_clip_is_refused_and_a_forward_one_not(facing: Side) -> None:
    found = make_runner(ViewName.SIDE, FPS, 8.0, facing=facing, jitter_px=1.0)
    for clip, backwards in ((found, False), (rows_of(found, slice(None, None, -1)), True)):
        cleaned = clean(replace(clip, t_s=found.t_s))
        strides = find_strides(cleaned)
        assert strides is not None
        assert check_forwards(find_view(cleaned), cleaned, strides).refuses is backwards


def test_a_change_of_speed_is_told_and_scatter_alone_is_not(runner: Landmarks) -> None:
    assert check_even(find_steps(clean(runner))).verdict == "ok"
    faster = replace(runner, t_s=runner.t_s - 0.5 * 0.008 * runner.t_s**2)
    assert check_even(find_steps(clean(faster))).verdict == "warn"


@pytest.mark.parametrize("wrist", [lm.LEFT_WRIST, lm.RIGHT_WRIST])
def test_a_hand_on_the_rail_costs_arms_and_turns(wrist: int, runner: Landmarks) -> None:
    view = find_view(clean(runner)).name
    assert check_hands(runner, view).verdict == "ok"
    xy = runner.xy_px.copy()
    xy[:, wrist] = xy[0, wrist] + np.random.default_rng(0).normal(0.0, 1.5, (len(xy), 2))
    gate = check_hands(replace(runner, xy_px=xy), view)
    assert gate.verdict == "warn"
    assert {"thorax_rotation_rom", "arm_crossing_left", "counter_rotation_rom"} <= set(gate.costs)
    assert ("left" if wrist == lm.LEFT_WRIST else "right") in gate.message


def test_hands_hidden_behind_the_trunk_that_only_bounce_with_it_hold_the_rail() -> None:
    runner = make_runner(ViewName.REAR, FPS, 10.0, jitter_px=1.0)
    xy, height = runner.xy_px.copy(), geo.shoulder_mid(runner.xy_px)[:, 1]
    for wrist in (lm.LEFT_WRIST, lm.RIGHT_WRIST):
        xy[:, wrist] = runner.xy_px[0, wrist] + np.column_stack([np.zeros(len(xy)), height - height[0]])
        verdict = check_hands(replace(runner, xy_px=xy), ViewName.REAR).verdict
        # One alone may be an arm held still.
        assert verdict == ("ok" if wrist == lm.LEFT_WRIST else "warn")
    # Seen from in front they would be seen to hold on to nothing.
    assert check_hands(replace(runner, xy_px=xy), ViewName.FRONT).verdict == "ok"


def test_legs_that_are_often_exchanged_cost_where_the_shoulders_point(from_the_side: Landmarks) -> None:
    assert check_sides(0.18).verdict == "ok"
    xy, rows = from_the_side.xy_px.copy(), np.arange(len(from_the_side)) % 19 < 5
    for left, right in LEG:
        xy[rows, left], xy[rows, right] = from_the_side.xy_px[rows, right], from_the_side.xy_px[rows, left]
    gate = alarms(prepared(replace(from_the_side, xy_px=xy)))["sides"]
    assert gate.verdict == "warn"
    assert not gate.refuses
    assert gate.costs == ("shoulder_facing",)


def test_a_person_who_stands_is_not_running_and_may_send_a_standing_clip(from_the_side: Landmarks) -> None:
    still = replace(
        from_the_side,
        xy_px=from_the_side.xy_px[:1] + np.random.default_rng(0).normal(0.0, 1.0, from_the_side.xy_px.shape),
    )
    cleaned = clean(still)
    activity, gate = check_activity(find_rhythm(cleaned), compute_wander(cleaned), find_steps(cleaned))
    assert (activity, gate.refuses) == (Activity.STANDING, True)
    assert "stands still" in gate.message
    assert check_standing(cleaned).verdict == "ok"
    assert check_standing(clean(from_the_side)).refuses


def test_too_few_strides_are_refused_and_few_are_told(from_the_side: Landmarks) -> None:
    verdicts = []
    for seconds in (1.8, 3.0, 9.0):
        strides = find_strides(clean(rows_of(from_the_side, slice(0, int(seconds * FPS)))))
        verdicts.append(check_strides(strides).verdict)
    assert verdicts == ["fail", "warn", "ok"]


@pytest.mark.parametrize(("px_per_m", "verdict"), [(60.0, "fail"), (120.0, "warn"), (300.0, "ok"), (410.0, "warn")])
def test_the_runner_must_be_neither_too_small_nor_too_near(px_per_m: float, verdict: str) -> None:
    assert check_size(make_runner(px_per_m=px_per_m, seconds=2.0)).verdict == verdict


@pytest.mark.parametrize(("px_per_m", "costs"), [(100.0, True), (140.0, False), (300.0, False)])
def test_the_turn_of_a_small_runners_shoulders_is_not_measured(px_per_m: float, costs: bool) -> None:
    gate = check_size(make_runner(px_per_m=px_per_m, seconds=2.0))
    assert not gate.refuses
    assert ("thorax_rotation_rom" in gate.costs) is costs


@pytest.mark.parametrize(("turned_deg", "verdict"), [(12.0, "ok"), (-18.0, "ok"), (27.0, "warn"), (-35.0, "warn")])
def test_an_oblique_camera_makes_turns_doubtful(turned_deg: float, verdict: str) -> None:
    gate = check_oblique(View(ViewName.SIDE, Side.RIGHT, 0.8), Heading(turned_deg, 1.0, "deck"))
    assert gate.verdict == verdict
    assert ("thorax_rotation_rom" in gate.doubts) is (verdict == "warn")


@pytest.mark.parametrize("tilt_deg", [-14.0, 14.0])
def test_a_tilted_camera_shows_in_the_whole_runner_where_no_line_tells(tilt_deg: float) -> None:
    scene = Scene(100.0, 0.6, (), np.zeros(0, dtype=bool), 0.0, 0.0, 0.0, np.nan, np.nan)
    upright = clean(make_runner(ViewName.REAR, FPS, 4.0))
    assert check_level(scene, upright).verdict == "ok"
    gate = check_level(scene, levelled(upright, tilt_deg))
    assert gate.verdict == "warn"
    assert {"shoulder_tilt_mean", "lateral_lean_mean"} <= set(gate.costs)


def test_leaning_furniture_is_no_tilted_camera() -> None:
    upright = clean(make_runner(ViewName.REAR, FPS, 4.0))
    for roll_deg, tilted_deg, known in ((6.0, 0.0, True), (14.0, 0.0, False), (14.0, 14.0, True)):
        scene = Scene(100.0, 0.6, (), np.zeros(0, dtype=bool), 0.0, 0.0, 0.0, roll_deg, 0.4)
        assert is_level_known(scene, levelled(upright, -tilted_deg)) is known


def test_feet_outside_the_picture_leave_the_trunk_visible(from_the_side: Landmarks) -> None:
    visible = compute_visible(moved(from_the_side, np.array([0.0, -130.0])))
    assert visible["feet_inside"] < 0.5
    assert visible["trunk"] == visible["head"] == 1.0


def test_a_head_cut_off_costs_the_head_and_not_the_trunk(runner: Landmarks) -> None:
    assert check_cropped(compute_visible(runner), runner).verdict == "ok"
    trunk = geo.median(geo.length(geo.shoulder_mid(runner.xy_px) - geo.hip_mid(runner.xy_px)))
    ears = geo.median(geo.ear_mid(runner.xy_px)[:, 1])
    for above, unsure in ((0.2, False), (0.08, True)):
        cut = moved(runner, np.array([0.0, runner.height_px - above * trunk - ears]))
        visible = compute_visible(cut)
        gate = check_cropped(visible, cut)
        assert (gate.verdict, gate.refuses, visible["trunk"]) == ("warn", False, 1.0)
        assert "The head of the runner" in gate.message
        assert gate.at_s is not None
        assert {"head_pitch_rom", "head_forward", "head_bob"} <= set(gate.costs)
        assert "lateral_lean_rom" not in gate.costs
        assert ("vertical_oscillation" in gate.costs, "lateral_lean_rom" in gate.doubts) == (unsure, unsure)


def someone_beside(runner: Landmarks, points: Floats) -> Others:
    rows = np.linspace(0, len(runner) - 1, 6).astype(int)

    def box(xy: Floats) -> Floats:
        return np.concatenate([xy.min(axis=0), xy.max(axis=0)])

    return Others(
        runner.t_s[rows],
        tuple(box(points[row])[None] for row in rows),
        np.array([box(runner.xy_px[row]) for row in rows]),
        tuple(points[row][None] for row in rows),
        runner.xy_px[rows],
    )


def test_a_mirror_image_is_told_from_a_second_runner(runner: Landmarks) -> None:
    swapped = np.arange(lm.COUNT)
    for left, right in lm.PAIRS:
        swapped[[left, right]] = right, left
    image = runner.xy_px[:, swapped] * 0.7 + np.array([500.0, 60.0])
    assert check_mirror(someone_beside(runner, image)).verdict == "warn"
    assert check_others(someone_beside(runner, image), runner).verdict == "ok"
    another = make_runner(ViewName.REAR, FPS, 10.0, cadence_spm=CADENCE + 9).xy_px * 0.7 + np.array([500.0, 60.0])
    gate = check_others(someone_beside(runner, another), runner)
    assert "second person" in gate.message
    assert "larger" not in gate.message
    assert check_mirror(someone_beside(runner, another)).verdict == "ok"


def test_a_much_larger_second_person_is_named(runner: Landmarks) -> None:
    another = make_runner(ViewName.REAR, FPS, 10.0, cadence_spm=CADENCE + 9).xy_px * 1.6
    gate = check_others(someone_beside(runner, another), runner)
    assert gate.verdict == "warn"
    assert "The other one is larger" in gate.message
