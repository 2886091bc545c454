"""Between the runs: a plan from the findings, ticked day by day, and what pain does to it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.metrics.habits import HABITS, KEEP
from analysis.metrics.spec import Group
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.models import Level, Plan, PlanTick
from runform.reports.page import build_page
from runform.reports.plans.items import Item, plan_items, times_a_week
from runform.reports.plans.selectors import week_of
from runform.reports.plans.services import plan_end, plan_start, tick_set
from tests.runform.world import SIDE, World, make_check, make_clip, make_report

ITEMS = [Item("Dead bug", "3 x 8 each side, three times a week", 3), Item("Chin tuck", "10 x 10 s, daily", 7)]


@pytest.fixture
def reader(client: Client, athlete: User) -> Client:
    client.force_login(athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def measured(check: FormCheck, tmp_path: Path) -> FormCheck:
    make_report(make_clip(check), tmp_path, SIDE)
    return check


@pytest.mark.parametrize(
    ("dose", "times"),
    [
        ("2 x 8 each side, daily", 7),
        ("check twice a day, five days a week", 5),
        ("3 x 10, three times a week", 3),
        ("3 x 20 m before two runs a week", 2),
        ("6 x 15 s, once a week", 1),
        ("3 x 12", 3),
    ],
)
def test_a_dose_says_how_often_a_week(dose: str, times: int) -> None:
    assert times_a_week(dose) == times


def test_the_plan_holds_the_drills_of_the_findings_that_are_done_off_the_treadmill(measured: FormCheck) -> None:
    results = build_page(measured.athlete, measured)["results"]
    (finding,) = results.to_work_on
    names = [item.name for item in plan_items(results)]
    assert [drill["name"] for drill in finding.tip["drills"]] == names[: len(finding.tip["drills"])]
    assert finding.row.group is Group.HEAD
    assert {drill.name for drill in HABITS[Group.HEAD].drills} <= set(names)
    assert len(names) == len(set(names)) <= 7


def test_where_nothing_stands_out_the_plan_keeps_it_so(measured: FormCheck) -> None:
    report = measured.clips.get().reports.get()
    report.findings = [finding for finding in report.findings if finding["status"] == "ok"]
    report.save(update_fields=["findings"])
    items = plan_items(build_page(measured.athlete, measured)["results"])
    assert [item.name for item in items] == [drill.name for drill in KEEP.drills]


def test_an_athlete_makes_it_their_week_and_ticks(reader: Client, measured: FormCheck) -> None:
    page = reader.get(reverse("results", args=[measured.code])).content.decode()
    assert "Make this my week" in page
    answer = reader.post(reverse("plan_new", args=[measured.code]))
    plan = Plan.objects.get()
    assert answer["Location"] == plan.get_absolute_url()
    item = plan.items.all()[0]
    tick = {"item": item.code, "day": plan.started_on.isoformat(), "done": "1"}
    answer = reader.post(reverse("plan_tick", args=[plan.code]), tick, headers={"HX-Request": "true"})
    assert answer.content.decode().count('aria-pressed="true"') == 1
    found = PlanTick.objects.get()
    assert (found.item, found.day, found.ticked_by) == (item, plan.started_on, measured.athlete)


def test_starting_twice_makes_one_plan_and_a_new_one_ends_the_old(athlete: User, check: FormCheck) -> None:
    first = plan_start(check=check, items=ITEMS)
    assert plan_start(check=check, items=ITEMS) == first
    tick_set(item=first.items.all()[0], day=first.started_on, done=True, by=athlete)
    second = plan_start(check=make_check(athlete), items=ITEMS)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert Plan.objects.get(ended_at=None) == second
    assert PlanTick.objects.count() == 1


def test_a_double_click_leaves_the_tick(athlete: User, check: FormCheck) -> None:
    item = plan_start(check=check, items=ITEMS).items.all()[0]
    with time_machine.travel(datetime(2026, 5, 4, 8, tzinfo=UTC), tick=False) as clock:
        tick_set(item=item, day=date(2026, 5, 4), done=True, by=athlete)
        tick_set(item=item, day=date(2026, 5, 4), done=True, by=athlete)
        tick_set(item=item, day=date(2026, 5, 4), done=False, by=athlete)
        assert PlanTick.objects.count() == 1
        clock.shift(timedelta(seconds=3))
        tick_set(item=item, day=date(2026, 5, 4), done=False, by=athlete)
        assert PlanTick.objects.count() == 0


@time_machine.travel(datetime(2026, 5, 13, 8, tzinfo=UTC), tick=False)
def test_a_week_counts_what_was_asked_and_opens_the_days_that_have_come(athlete: User, check: FormCheck) -> None:
    plan = plan_start(check=check, items=ITEMS)
    Plan.objects.filter(pk=plan.pk).update(started_on=date(2026, 5, 5))
    plan.refresh_from_db()
    for day in (11, 12, 13):
        tick_set(item=plan.items.all()[0], day=date(2026, 5, day), done=True, by=athlete)
    week = week_of(plan, date(2026, 5, 13))
    assert (week.start, week.before, week.after) == (date(2026, 5, 11), date(2026, 5, 4), None)
    assert (week.done, week.asked) == (3, 10)
    assert [day.open for day in week.rows[0].days] == [True] * 3 + [False] * 4
    assert [day.open for day in week_of(plan, date(2020, 1, 1)).rows[0].days] == [False] + [True] * 6


@pytest.mark.parametrize("day", ["2031-01-01", "2001-01-01"])
def test_no_day_outside_the_plan_is_ticked(reader: Client, check: FormCheck, day: str) -> None:
    plan = plan_start(check=check, items=ITEMS)
    tick = {"item": plan.items.all()[0].code, "day": day, "done": "1"}
    assert reader.post(reverse("plan_tick", args=[plan.code]), tick).status_code == 404
    assert not PlanTick.objects.exists()


def test_nonsense_in_a_tick_is_not_found(reader: Client, check: FormCheck) -> None:
    plan = plan_start(check=check, items=ITEMS)
    tick = {"item": "nonsense", "day": "2026-99-99", "done": "1"}
    assert reader.post(reverse("plan_tick", args=[plan.code]), tick).status_code == 404


def test_an_ended_plan_is_shown_and_not_ticked(reader: Client, check: FormCheck) -> None:
    plan = plan_start(check=check, items=ITEMS)
    plan_end(plan=plan)
    page = reader.get(plan.get_absolute_url()).content.decode()
    assert "This plan ended on" in page
    assert "data-pressed" not in page
    assert reader.get(reverse("plan_mine")).status_code == 200


def test_a_week_takes_few_queries(
    reader: Client, check: FormCheck, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plan = plan_start(check=check, items=ITEMS)
    with django_assert_max_num_queries(12):
        reader.get(plan.get_absolute_url())


def hurt(check: FormCheck, *, areas: list[str], signs: list[str]) -> None:
    FormCheck.objects.filter(pk=check.pk).update(pain="yes", pain_areas=areas, pain_signs=signs)


def test_with_a_red_flag_the_page_sends_to_a_professional_and_gives_no_drills(
    reader: Client, measured: FormCheck
) -> None:
    before = reader.get(reverse("results", args=[measured.code])).content.decode()
    hurt(measured, areas=["neck"], signs=["neck"])
    page = reader.get(reverse("results", args=[measured.code])).content.decode()
    assert "Please see a professional first" in page
    for text in ("Chin tuck, lying or against a wall", "Make this my week"):
        assert text in before
        assert text not in page
    assert reader.post(reverse("plan_new", args=[measured.code]))["Location"].endswith("/results/")
    assert not Plan.objects.exists()


def test_a_red_flag_elsewhere_leaves_the_drills_of_the_head(reader: Client, measured: FormCheck) -> None:
    hurt(measured, areas=["knee"], signs=["joint"])
    page = reader.get(reverse("results", args=[measured.code])).content.decode()
    assert "Please see a professional first" in page
    assert "Chin tuck, lying or against a wall" in page


def test_an_emergency_says_so(reader: Client, measured: FormCheck) -> None:
    hurt(measured, areas=["back"], signs=["saddle"])
    assert "Please get medical help now" in reader.get(reverse("results", args=[measured.code])).content.decode()


def test_runners_and_coaches_read_their_own_texts_of_the_same_numbers(world: World) -> None:
    def page(user: User) -> str:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client.get(reverse("results", args=[world.check.code])).content.decode()

    runner, coach = build_page(world.athlete, world.check), build_page(world.coach, world.check)
    assert (runner["level"], coach["level"]) == (Level.ATHLETE, Level.COACH)
    assert "Counts as a change" in page(world.coach)
    assert "Counts as a change" not in page(world.athlete)


def test_the_choice_of_texts_is_remembered(reader: Client, athlete: User, measured: FormCheck) -> None:
    back = reverse("results", args=[measured.code])
    assert reader.post(reverse("level_set"), {"level": "coach", "next": back})["Location"] == back
    assert build_page(athlete, measured)["level"] == Level.COACH
    reader.post(reverse("level_set"), {"level": "nonsense", "next": "https://elsewhere.example/"})
    assert build_page(athlete, measured)["level"] == Level.COACH


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_choice_leads_to_no_other_site(reader: Client, target: str) -> None:
    assert reader.post(reverse("level_set"), {"level": "coach", "next": target})["Location"] == "/"
