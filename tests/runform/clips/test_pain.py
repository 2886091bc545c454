import pytest

from analysis.metrics.spec import Group
from runform.clips.models import FormCheck, Pain
from runform.clips.pain import Area, Sign, pain_advice


@pytest.mark.parametrize("fields", [{}, {"pain_areas": ["knee"]}, {"pain_areas": ["knee"], "pain_level": 5}])
def test_a_little_pain_is_no_red_flag(fields: dict[str, object]) -> None:
    found = pain_advice(FormCheck(pain=Pain.YES, **fields))
    assert (found.hurts, found.see_first, found.emergency, found.no_drills) == (True, False, False, frozenset())


@pytest.mark.parametrize("sign", Sign)
def test_each_red_flag_alone_sends_to_a_professional_and_withholds_drills(sign: Sign) -> None:
    found = pain_advice(FormCheck(pain=Pain.YES, pain_areas=["knee"], pain_signs=[sign]))
    assert found.see_first
    assert not found.allows_drills(Group.RUNNING)
    assert not found.allows_drills(Group.WHOLE)
    assert found.reasons == (sign.label,)


def test_strong_pain_is_a_red_flag() -> None:
    assert pain_advice(FormCheck(pain=Pain.YES, pain_areas=["foot"], pain_level=6)).see_first


def test_a_neck_that_hurts_leaves_the_drills_for_the_legs() -> None:
    found = pain_advice(FormCheck(pain=Pain.YES, pain_areas=[Area.NECK], pain_signs=[Sign.LONG]))
    assert found.allows_drills(Group.RUNNING)
    assert not found.allows_drills(Group.HEAD)


@pytest.mark.parametrize("areas", [[], ["other"], ["neck", "other"], ["chest"]])
def test_where_the_place_is_not_known_no_drills_are_given_at_all(areas: list[str]) -> None:
    found = pain_advice(FormCheck(pain=Pain.YES, pain_areas=areas, pain_signs=[Sign.LONG]))
    assert found.no_drills == frozenset(Group)


@pytest.mark.parametrize(("signs", "areas"), [(["heart"], []), (["saddle"], ["back"]), ([], ["chest"])])
def test_some_answers_mean_at_once(signs: list[str], areas: list[str]) -> None:
    assert pain_advice(FormCheck(pain=Pain.YES, pain_signs=signs, pain_areas=areas)).emergency


@pytest.mark.parametrize("answer", ["", "no"])
def test_who_says_no_or_nothing_has_no_pain_whatever_was_ticked_before(answer: str) -> None:
    found = pain_advice(FormCheck(pain=answer, pain_level=9, pain_areas=["knee"], pain_signs=["heart"]))
    assert (found.hurts, found.see_first, found.areas, found.level) == (False, False, (), None)
