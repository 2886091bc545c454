"""The starter library answers every metric that may flag, and every word in braces is a number."""

import pytest

from analysis.metrics import METRICS
from analysis.metrics.spec import MetricSpec
from runform.coaching.starter import DRILLS, SLOTS, TIPS, NoNumberError, StarterTip, fill, slots_of, tips_for

KEYS = {spec.key for spec in METRICS}
FLAGGABLE = [
    (spec, side)
    for spec in METRICS
    for side, advice in (("high", spec.advice_high), ("low", spec.advice_low))
    if spec.bands and advice
]


@pytest.mark.parametrize(("spec", "side"), FLAGGABLE, ids=lambda one: getattr(one, "key", one))
def test_a_metric_that_may_flag_has_tips_in_both_tones_and_a_drill(spec: MetricSpec, side: str) -> None:
    for status in ("watch", "flag"):
        own = [tip for tip in tips_for(spec.key, status, side) if tip.keys]
        assert {tip.tone for tip in own} == {"picture", "plain"}
        assert [tip for tip in own if tip.drills]


@pytest.mark.parametrize("tip", TIPS, ids=lambda tip: tip.slug)
def test_a_tip_is_complete_and_its_slots_are_filled(tip: StarterTip) -> None:
    assert set(tip.keys) <= KEYS
    assert set(tip.statuses) <= {"ok", "watch", "flag"}
    assert (tip.side in {"", "high", "low"}, tip.tone in {"picture", "plain"}) == (True, True)
    assert min(map(len, (tip.title, tip.cue, tip.why, tip.source))) > 3
    assert (len(tip.title) <= 80, len(tip.cue) <= 600, len(tip.why) <= 600) == (True, True, True)
    assert slots_of(tip.title) | slots_of(tip.why) == set()
    assert slots_of(tip.cue) <= SLOTS
    # A tip for anything has no metric whose number it could name.
    assert tip.keys or not slots_of(tip.cue)
    filled = fill(tip.cue, {"value": "7.2°", "low": "5.1°", "high": "9.3°"})
    assert "{" not in filled
    assert ("7.2°" in filled) == ("value" in slots_of(tip.cue))


def test_a_tip_with_a_number_is_refused_where_nothing_was_measured() -> None:
    with pytest.raises(NoNumberError):
        fill("It is {value}.", {"value": "", "low": "", "high": ""})
    assert fill("A {word} in braces stays.", {}) == "A {word} in braces stays."


def test_slugs_are_unique_and_every_drill_has_a_dose_and_a_source() -> None:
    for slugs in ([tip.slug for tip in TIPS], [drill.slug for drill in DRILLS]):
        assert len(slugs) == len(set(slugs))
    for drill in DRILLS:
        assert min(map(len, (drill.name, drill.dose, drill.how, drill.where, drill.source))) > 3
        assert (len(drill.name) <= 80, len(drill.dose) <= 80, len(drill.how) <= 600) == (True, True, True)
    assert {drill.slug for tip in TIPS for drill in tip.drills} == {drill.slug for drill in DRILLS}


def test_the_way_a_value_lies_outside_chooses_the_tip() -> None:
    chin, down = (tips_for("head_pitch_mean", "flag", side) for side in ("high", "low"))
    assert "chin-peach" in [tip.slug for tip in chin]
    assert "chin-peach" not in [tip.slug for tip in down]
    assert "eyes-horizon" in [tip.slug for tip in down]
