import pytest
from django.http import QueryDict
from django.test import Client

from runform.clips.models import FormCheck, Pain
from runform.coaching.drafting import offers, rows_of
from runform.coaching.forms import draft_content
from runform.coaching.history import compare
from runform.coaching.models import Publication
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.drafts import draft_clean
from runform.coaching.services.library import template_save
from runform.coaching.tips import UnfilledSlotError, fill, propose_tips, slots_of
from runform.reports.models import MetricResult
from runform.reports.results import Results, build_results, clip_report
from runform.reports.rows import metric_row
from runform.reports.selectors import reports_of
from tests.runform.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def results(world: World) -> Results:
    return build_results([clip_report(report) for report in reports_of(world.check)])


def test_slots_are_filled_with_the_runners_own_numbers(world: World, results: Results) -> None:
    row = rows_of(results)["head_forward_trunk"]
    assert (
        fill("{value} ({low} to {high})", row)
        == f"{row.value}{row.suffix} ({row.low}{row.suffix} to {row.high}{row.suffix})"
    )


def test_a_number_that_was_not_measured_is_refused_and_never_guessed(world: World, results: Results) -> None:
    missing = MetricResult.objects.filter(report=world.report, value=None)[0]
    for row in (metric_row(missing), None):
        with pytest.raises(UnfilledSlotError):
            fill("You move by {value}.", row)
    assert fill("Run tall.", None) == "Run tall."


@pytest.mark.parametrize("text", ["{name}", "{value.real}", "{value!r}", "{value:>99999}", "{0}", "{", "}", "{}"])
def test_only_the_three_slots_may_stand_in_braces(text: str) -> None:
    with pytest.raises(ValueError, match=r"{|}|format|encountered"):
        slots_of(text)


def test_the_draft_is_proposed_from_the_findings_at_most_three(world: World, results: Results) -> None:
    tips = propose_tips(results, world.check)
    keys = [finding.row.key for finding in results.to_work_on]
    assert 1 <= len(tips) <= 3
    assert {tip["key"] for tip in tips} <= set(keys)
    assert all(tip["cue"] for tip in tips)
    assert any(tip["drills"] for tip in tips)


def test_no_drill_is_proposed_against_a_red_flag(world: World, results: Results) -> None:
    FormCheck.objects.update(pain=Pain.YES, pain_signs=["heart"])
    tips = propose_tips(results, FormCheck.objects.get(pk=world.check.pk))
    assert tips
    assert not any(tip["drills"] for tip in tips)


def test_a_red_flag_is_said_to_the_coach_once_and_in_other_words(client: Client, world: World) -> None:
    FormCheck.objects.update(pain=Pain.YES, pain_signs=["heart"])
    client.force_login(world.athlete)
    assert "You ticked:" in client.get(f"/checks/{world.check.code}/results/").content.decode()
    client.force_login(world.coach)
    page = client.get(f"/checks/{world.check.code}/review/").content.decode()
    assert page.count("The athlete ticked:") == 1
    assert "You ticked:" not in page


def test_the_library_offers_what_can_be_filled(world: World, results: Results) -> None:
    key = results.to_work_on[0].row.key
    fits = template_save(coach=world.coach, title="Fits", cue="Now {value}.", key=key)
    other = template_save(coach=world.coach, title="Another's", cue="x")
    template_save(coach=world.athlete, title="Not mine", cue="x")
    found = offers(world.coach, results)
    assert {(one.tip.source, one.key) for one in found if one.own} >= {(str(fits.code), key), (str(other.code), "")}
    assert "Not mine" not in {one.tip.title for one in found}
    assert "Tall like a balloon" in {one.tip.title for one in found}


def test_a_draft_keeps_the_order_of_the_page_and_cuts_nothing_off() -> None:
    sent = QueryDict("message=Hi&tip=b&tip=a&cue-a=A&cue-b=B&drills-a=one%0D%0A%0D%0A two &key-b=cadence&tip=empty")
    clean = draft_clean(draft_content(sent))
    assert [tip["cue"] for tip in clean["tips"]] == ["B", "A"]
    assert clean["tips"][1]["drills"] == ["one", "two"]
    for content in ({"message": "x" * 4001}, {"tips": [{"cue": "x" * 601}]}, {"tips": [{"cue": "x"}] * 9}):
        with pytest.raises(ReviewError):
            draft_clean(content)


def test_a_change_after_publishing_is_told_word_by_word() -> None:
    pieces = [(piece.kind, piece.text) for piece in compare("Look far ahead.", "Look ahead, tall.")]
    assert ("same", "Look ") in pieces
    assert "".join(text for kind, text in pieces if kind != "removed") == "Look ahead, tall."
    assert "".join(text for kind, text in pieces if kind != "added") == "Look far ahead."
    assert Publication._meta.ordering == ["-number"]
