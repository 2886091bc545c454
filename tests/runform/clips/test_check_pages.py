"""The pages on which a FormCheck is made and changed: the question about pain."""

from typing import Any

import pytest
from django.test import Client

from runform.clips.models import FormCheck
from tests.runform.world import make_check

pytestmark = pytest.mark.django_db
FIELDS = {"recorded_on": "2026-05-01", "surface": "treadmill"}
HURTS = {"pain": "yes", "pain_areas": ["knee", "foot"], "pain_level": "4", "pain_signs": ["limp"]}


@pytest.fixture
def runner(check: FormCheck) -> Client:
    client = Client()
    client.force_login(check.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def answers(check: FormCheck) -> tuple[Any, ...]:
    check.refresh_from_db()
    return check.pain, check.pain_areas, check.pain_level, check.pain_signs


def test_the_question_may_be_left_open(runner: Client, check: FormCheck) -> None:
    runner.post("/checks/new/", FIELDS)
    assert answers(FormCheck.objects.latest("pk")) == ("", [], None, [])


def test_an_answer_is_kept_and_shown_again(runner: Client, check: FormCheck) -> None:
    runner.post("/checks/new/", {**FIELDS, **HURTS})
    made = FormCheck.objects.latest("pk")
    assert answers(made) == ("yes", ["knee", "foot"], 4, ["limp"])
    page = runner.get(f"/checks/{made.code}/edit/").content.decode()
    assert page.count("checked") == 1 + 1 + 2 + 1  # surface, yes, two places, one sign
    shown = runner.get(made.get_absolute_url()).content.decode()
    assert "Please see a professional first" in shown
    assert "It makes me limp" in shown


def test_saying_no_later_takes_the_rest_back(runner: Client, check: FormCheck) -> None:
    runner.post(f"/checks/{check.code}/edit/", {**FIELDS, **HURTS})
    runner.post(f"/checks/{check.code}/edit/", {**FIELDS, **HURTS, "pain": "no"})
    assert answers(check) == ("no", [], None, [])
    assert "professional" not in runner.get(check.get_absolute_url()).content.decode().split("<footer")[0]


@pytest.mark.parametrize("wrong", [{"pain_level": "11"}, {"pain_areas": ["soul"]}, {"pain_signs": ["bad luck"]}])
def test_an_answer_that_makes_no_sense_is_asked_again(runner: Client, check: FormCheck, wrong: dict[str, Any]) -> None:
    answer = runner.post(f"/checks/{check.code}/edit/", {**FIELDS, **HURTS, **wrong})
    assert answer.status_code == 200
    assert answers(check) == ("", [], None, [])


def test_what_cannot_wait_is_said_so(runner: Client) -> None:
    check = make_check(FormCheck.objects.get().athlete, pain="yes", pain_signs=["heart"])
    assert "Please get medical help now" in runner.get(check.get_absolute_url()).content.decode()


@pytest.mark.parametrize("path", ["/checks/new/", "/checks/{}/edit/", "/checks/{}/"])
def test_asking_for_the_head_alone_is_answered(runner: Client, check: FormCheck, path: str) -> None:
    answer = runner.head(path.format(check.code))
    assert (answer.status_code, answer.content) == (200, b"")
