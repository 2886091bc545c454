"""What every metric of the catalogue has to be: explained, graded, cited, banded in order, silent about nothing."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis.judge import judge
from analysis.metrics import METRICS
from analysis.metrics.spec import Band, Grade, Measured, MetricSpec, NotMeasured
from analysis.report import Measurement
from analysis.types import Evidence, Landmarks, ViewName
from analysis.waveforms import WAVEFORMS
from tests.analysis.evidence import evidence_of
from tests.analysis.runner import make_runner

EACH = pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.key)
# Two sides of the body: what a mirror exchanges, and what it turns round.
SIDED = {"left": "right", "right": "left"}
SIGNED = ("lateral_lean_mean", "lateral_lean_left_right", "shoulder_tilt_mean", "head_tilt_mean")


@cache
def _evidence(view: ViewName) -> Evidence:
    return evidence_of(make_runner(view, seconds=12.0, lateral_lean=2.0, shoulder_tilt=1.5))


def _found(evidence: Evidence) -> dict[str, Measurement]:
    return {m.spec.key: m for m in judge(evidence)}


def test_keys_are_told_apart() -> None:
    keys = [spec.key for spec in METRICS]
    assert len(keys) == len(set(keys))


@EACH
def test_it_is_explained_graded_and_cited(spec: MetricSpec) -> None:
    for text in (spec.label, spec.unit, spec.question, spec.definition, spec.sign, spec.errors):
        assert text.strip()
    assert spec.question.endswith("?")
    assert set(spec.grades) == set(ViewName)
    assert any(grade is not Grade.X for grade in spec.grades.values())
    assert spec.references
    assert spec.mdc > 0
    assert (spec.compute is None) == bool(spec.parts)
    assert spec.compute is None or (spec.compute.__doc__ or "").strip()
    assert spec.waveform is None or spec.waveform in WAVEFORMS


@EACH
def test_its_bands_are_in_order_and_every_way_out_has_advice(spec: MetricSpec) -> None:
    for band in spec.bands:
        low, high = (-math.inf if end is None else end for end in band.ok[:1]), band.ok[1]
        assert next(low) < (math.inf if high is None else high)
        _assert_inside(band)
        assert band.ok[1] is None or spec.advice_high is not None
        assert band.ok[0] is None or spec.advice_low is not None
    if spec.bands:
        assert spec.praise
    for advice in filter(None, (spec.advice_high, spec.advice_low)):
        assert advice.title
        assert advice.cue
        assert advice.drills
        assert advice.why
        assert advice.source


def _assert_inside(band: Band) -> None:
    """The ok band lies inside the watch band."""
    for ok, watch, sign in ((band.ok[0], band.watch[0], 1), (band.ok[1], band.watch[1], -1)):
        assert watch is None or (ok is not None and sign * watch <= sign * ok)


@pytest.mark.parametrize("view", list(ViewName))
def test_nothing_seen_is_not_measured_and_says_why(view: ViewName) -> None:
    seen = _evidence(view)
    nothing = {name: np.full_like(series, np.nan) for name, series in seen.waveforms.items()}
    blind = replace(seen, waveforms=nothing, strides=replace(seen.strides, steps={}))
    results = {m.spec.key: m.result for m in judge(blind)}
    del results["cadence"]  # is read from the strides themselves, which are there
    measured = [key for key, result in results.items() if isinstance(result, Measured)]
    assert measured == []
    assert [key for key, result in results.items() if not result.reason.endswith(".")] == []  # type: ignore[union-attr]


@pytest.mark.parametrize("view", list(ViewName))
def test_every_number_lies_in_its_interval(view: ViewName) -> None:
    for m in judge(_evidence(view)):
        if isinstance(m.result, Measured):
            assert m.result.low <= m.result.value <= m.result.high, m.spec.key
            assert m.result.low < m.result.high, m.spec.key


@pytest.mark.parametrize("view", list(ViewName))
def test_a_view_measures_what_it_grades_a_or_b(view: ViewName) -> None:
    """Of a clear runner; the pelvis needs tape, and contact needs 60 pictures a second from the side."""
    pelvis = ("pelvic_", "pelvis_rotation", "counter_", "shoulder_hip", "hip_facing")
    missing = [
        m.spec.key
        for m in judge(_evidence(view))
        if m.spec.grades[view] in (Grade.A, Grade.B)
        and isinstance(m.result, NotMeasured)
        and not m.spec.key.startswith(pelvis)
        and not m.spec.parts
    ]
    assert missing == []


@pytest.mark.parametrize("view", [ViewName.REAR, ViewName.FRONT])
def test_a_mirrored_runner_has_left_and_right_exchanged(view: ViewName) -> None:
    seen, mirrored = _found(_evidence(view)), _found(evidence_of(_mirrored(view)))
    for key, m in seen.items():
        if not isinstance(m.result, Measured):
            continue
        head, _, side = key.rpartition("_")
        other = mirrored[f"{head}_{SIDED[side]}" if side in SIDED and key not in SIGNED else key].result
        assert isinstance(other, Measured), key
        sign = -1 if key in SIGNED else 1
        # Within its own error: the pose model prefers one side of the picture, which is taken out of some.
        error = (m.result.high - m.result.low) / 2
        assert sign * other.value == pytest.approx(m.result.value, abs=error), key


def _mirrored(view: ViewName) -> Landmarks:
    """The picture turned over, and what was the left shoulder now called the right one, as a pose model would."""
    from analysis.landmarks import PAIRS

    runner = make_runner(view, seconds=12.0, lateral_lean=2.0, shoulder_tilt=1.5)
    order = np.arange(33)
    for left, right in PAIRS:
        order[[left, right]] = right, left
    xy, world = runner.xy_px[:, order].copy(), runner.world_m[:, order].copy()
    xy[..., 0] = runner.width_px - xy[..., 0]
    world[..., 0] *= -1
    return replace(runner, xy_px=xy, world_m=world)
