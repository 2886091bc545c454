from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck, Pain
from runform.coaching.models import Review, State
from runform.coaching.selectors.queue import counts_by_stage, form_checks_coached_by, in_order, queue_items
from runform.coaching.services.claims import review_claim, review_release
from runform.coaching.services.publish import review_close
from runform.coaching.services.refilm import refilm_ask
from runform.reports.models import MetricResult, Report
from tests.runform.coaching.reviews import make_published
from tests.runform.world import World, make_check, make_clip, make_report, make_user

pytestmark = pytest.mark.django_db


def stage_of(coach: User, check: FormCheck) -> str:
    return str(form_checks_coached_by(coach).get(pk=check.pk).stage)


@pytest.fixture
def check(world: World, tmp_path: Path) -> FormCheck:
    check = make_check(world.athlete)
    make_report(make_clip(check, b"for the queue"), tmp_path)
    return check


def test_a_formcheck_goes_through_all_its_stages(world: World, check: FormCheck, tmp_path: Path) -> None:
    coach = world.coach
    assert stage_of(coach, make_check(world.athlete)) == "analysing"
    assert stage_of(coach, check) == "waiting"
    review = review_claim(form_check=check, coach=coach)
    assert stage_of(coach, check) == "mine"
    Review.objects.filter(pk=review.pk).update(claimed_by=make_user("second_coach"))
    assert stage_of(coach, check) == "claimed"
    Review.objects.filter(pk=review.pk).update(claim_expires_at=timezone.now() - timedelta(seconds=1))
    assert stage_of(coach, check) == "waiting"
    refilm_ask(review=review, coach=coach, view="side")
    assert stage_of(coach, check) == "refilm"
    make_report(make_clip(check, b"as asked"), tmp_path)
    assert stage_of(coach, check) == "answered"
    make_published(check, coach)
    assert stage_of(coach, check) == "published"
    review_close(review=review, coach=coach)
    assert stage_of(coach, check) == "closed"


def test_a_word_of_the_athlete_calls_the_coach(world: World) -> None:
    review_release(review=world.review, coach=world.coach)
    assert Review.objects.get().state == State.ANSWERED
    assert stage_of(world.coach, world.check) == "answered"


def test_the_most_urgent_stands_first(world: World, check: FormCheck, tmp_path: Path) -> None:
    hurts, late = make_check(world.athlete), make_check(world.athlete)
    for number, one in enumerate((hurts, late)):
        make_report(make_clip(one, f"urgent {number}".encode()), tmp_path)
    FormCheck.objects.filter(pk=hurts.pk).update(pain=Pain.YES, pain_signs=["bone"])
    Review.objects.create(form_check=late, due_on=timezone.localdate() - timedelta(days=1))
    MetricResult.objects.exclude(report__clip__form_check=check).filter(status="flag").update(status="ok")
    rows = form_checks_coached_by(world.coach).filter(stage="waiting", pk__in=[hurts.pk, late.pk, check.pk])
    rows = in_order(rows, "urgent")
    assert [row.pk for row in rows] == [hurts.pk, late.pk, check.pk]
    items = queue_items(world.coach, rows)
    assert [item.pain.see_first for item in items] == [True, False, False]
    assert [item.is_late for item in items] == [False, True, False]


def test_the_clubs_days_decide_when_a_review_is_due(world: World, check: FormCheck) -> None:
    world.club.review_due_days = 2
    world.club.save(update_fields=["review_due_days"])
    item = queue_items(world.coach, form_checks_coached_by(world.coach).filter(pk=check.pk))[0]
    assert item.due_on == timezone.localdate() + timedelta(days=2)


def test_a_clip_that_is_measured_once_more_is_not_due_later(world: World, check: FormCheck, tmp_path: Path) -> None:
    def ready_at() -> datetime | None:
        return queue_items(world.coach, [check])[0].ready_at

    first = timezone.now() - timedelta(days=3)
    Report.objects.filter(clip__form_check=check).update(created_at=first)
    make_report(Clip.objects.get(form_check=check), tmp_path)
    assert ready_at() == first
    make_report(make_clip(check, b"from behind"), tmp_path)
    assert ready_at() != first


def test_a_review_gets_a_day_of_its_own_and_goes_back_to_the_clubs(
    world: World, check: FormCheck, client: Client
) -> None:
    review, day = review_claim(form_check=check, coach=world.coach), timezone.localdate() + timedelta(days=20)
    usual = timezone.localdate() + timedelta(days=world.club.review_due_days)

    def due() -> date:
        return queue_items(world.coach, form_checks_coached_by(world.coach).filter(pk=check.pk))[0].due_on

    def sent(value: str) -> str:
        answer = client.post(reverse("review_due", args=[review.code]), {"due_on": value}, follow=True)
        return str(answer.content.decode())

    client.force_login(world.coach)
    assert f"Due on {date_format(day)}" in sent(day.isoformat())
    assert due() == day
    assert "This day is over." in sent("2020-01-01")
    assert "Enter a valid date." in sent("soon")
    assert due() == day
    review_release(review=review, coach=world.coach)
    client.force_login(world.athlete)
    standing = client.get(reverse("review_standing", args=[check.code])).content.decode()
    assert f"Your coach will look at it, by {date_format(day, 'SHORT_DATE_FORMAT')}." in standing
    client.force_login(world.coach)
    sent("")
    assert due() == usual


def test_the_inbox_filters_by_stage_and_athlete(world: World, check: FormCheck, client: Client) -> None:
    client.force_login(world.coach)
    shown = {
        path: str(check.code) in client.get(f"/coach/{path}").content.decode()
        for path in ("", "?stage=waiting", "?stage=published", "?stage=nonsense", "?athlete=athl", "?athlete=nobody")
    }
    assert shown == {
        "": True,
        "?stage=waiting": True,
        "?stage=published": False,
        "?stage=nonsense": True,
        "?athlete=athl": True,
        "?athlete=nobody": False,
    }
    before = counts_by_stage(form_checks_coached_by(world.coach))
    review_claim(form_check=check, coach=world.coach)
    after = counts_by_stage(form_checks_coached_by(world.coach))
    assert (after["waiting"], after["mine"]) == (before["waiting"] - 1, before["mine"] + 1)


def test_two_hundred_formchecks_ask_no_more_of_the_database_than_two(
    world: World, check: FormCheck, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(world.coach)
    template = Report.objects.filter(clip__form_check=check)[0]
    for number in range(200):
        one = make_check(world.athlete)
        clip = template.clip
        clip.pk, clip.form_check, clip.sha256 = None, one, f"{number:064}"
        clip.code, clip.upload_token = one.code, one.code
        clip.save()
        template.pk, template.code, template.job_code, template.clip = None, one.code, one.code, clip
        template.save()
    with django_assert_max_num_queries(20):
        page = client.get("/coach/?stage=all").content.decode()
    assert page.count("data-stage=") == 30
