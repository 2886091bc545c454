"""A verdict belongs to a number of one version of a report; a newer version shows it, and does not take it over."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from runform.coaching.models import Answer, Review, Verdict
from runform.coaching.selectors.agreement import agreement_of
from runform.coaching.services.verdicts import verdict_give
from runform.reports.models import MetricResult, Report
from tests.runform.coaching.reviews import make_published
from tests.runform.world import World, make_report

KEY = "cadence"


def judge(world: World, report: Report, answer: Answer, why: str = "") -> None:
    metric = MetricResult.objects.get(report=report, key=KEY)
    verdict_give(review=world.review, coach=world.coach, metric=metric, answer=answer, why=why)


def new_version(world: World, folder: Path, value: float | None = None) -> Report:
    report = make_report(world.clip, folder / "again")
    if value is not None:
        MetricResult.objects.filter(report=report, key=KEY).update(value=value)
    return report


def tools_of(world: World, client: Client) -> str:
    """The coach's tools beside the number, as HTML."""
    client.force_login(world.coach)
    page = client.get(reverse("review", args=[world.check.code])).content.decode()
    return " ".join(page.split(f'data-judge="{KEY}"')[1].split("data-judge=")[0].split())


def chosen(tools: str) -> list[str]:
    return re.findall(r'value="(\w+)" checked', tools)


def said(tools: str) -> str:
    return "".join(re.findall(r'judge__earlier">(.*?)</p>', tools))


def test_a_verdict_on_another_number_is_shown_and_not_chosen(world: World, client: Client, tmp_path: Path) -> None:
    judge(world, world.report, Answer.DISAGREE, "Counted by hand: 180.")
    before = tools_of(world, client)
    assert (chosen(before), said(before)) == (["disagree"], "")
    new_version(world, tmp_path, value=180.0)
    after = tools_of(world, client)
    assert chosen(after) == []
    assert 'placeholder="A word why" value=""' in after
    value = round(world.report.metrics.get(key=KEY).value or 0)
    assert said(after).startswith(f"On the earlier version of the report, with {value}")
    assert said(after).endswith("you said: disagree: Counted by hand: 180.")


def test_where_the_number_is_the_same_the_verdict_still_holds(world: World, client: Client, tmp_path: Path) -> None:
    judge(world, world.report, Answer.AGREE)
    new_version(world, tmp_path)
    tools = tools_of(world, client)
    assert chosen(tools) == ["agree"]
    assert "the number is the same" in said(tools)


def test_a_new_verdict_leaves_the_earlier_one_alone_and_one_of_them_counts(
    world: World, client: Client, tmp_path: Path
) -> None:
    judge(world, world.report, Answer.DISAGREE)
    newer = new_version(world, tmp_path, value=180.0)
    judge(world, newer, Answer.AGREE)
    tools = tools_of(world, client)
    assert (chosen(tools), said(tools)) == (["agree"], "")
    assert list(Verdict.objects.filter(metric__key=KEY).values_list("answer", flat=True)) == ["disagree", "agree"]
    found = agreement_of(KEY)[0]
    # The app's own number was the first one; the other one holds what a person put right.
    assert (found.n, found.otherwise, found.agreed) == (1, 1, 0)


def test_what_a_person_marked_says_nothing_of_the_app(world: World) -> None:
    judge(world, world.report, Answer.AGREE)
    MetricResult.objects.filter(report=world.report, key=KEY).update(source="marked")
    assert agreement_of(KEY) == []


@pytest.mark.parametrize(("now", "noted"), [(None, False), (180.0, True)])
def test_the_athlete_reads_of_which_version_the_coach_speaks(
    world: World, client: Client, tmp_path: Path, now: float | None, noted: bool
) -> None:
    judge(world, world.report, Answer.DISAGREE, "Counted by hand.")
    make_published(world.check, world.coach)
    new_version(world, tmp_path, value=now)
    client.force_login(world.athlete)
    page = client.get(reverse("review_standing", args=[world.check.code])).content.decode()
    assert "Counted by hand." in page
    assert ("said of an earlier version of the report" in page) is noted
    assert Review.objects.get(form_check=world.check).publications.count() == 2
