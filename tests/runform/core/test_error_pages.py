"""What people see when something is not there or breaks: plain words, and nothing of the inside."""

import pytest
from django.db import OperationalError
from django.test import Client

from runform.clips.models import Clip, FormCheck
from runform.desk import views
from tests.runform.world import PASSWORD, make_clip, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("logged_in", [False, True])
def test_what_is_not_there_is_said_kindly_and_leads_home(client: Client, logged_in: bool) -> None:
    if logged_in:
        client.force_login(make_user("rosa"))
    answer = client.get("/checks/5f0a7a3e-9f1e-4a0e-8f5b-0a1b2c3d4e5f/nowhere/")
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content


def test_an_error_shows_nothing_of_the_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise OperationalError("no such table: secrets")

    monkeypatch.setattr(views, "render", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert b"our fault" in answer.content
    assert b"secrets" not in answer.content
    assert b"Traceback" not in answer.content


def test_a_form_without_its_token_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "rosa@example.org"})
    assert answer.status_code == 403
    assert b"Please try again" in answer.content


def test_who_pressed_a_button_after_the_login_had_ended_is_told_to_press_again(
    client: Client, check: FormCheck
) -> None:
    clip = make_clip(check)
    asked = client.post(f"/clips/{clip.code}/delete/")
    answer = client.post(asked["Location"], {"login": check.athlete.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [(f"/clips/{clip.code}/delete/", 302)]
    assert answer.status_code == 405
    assert b"Please press it again" in answer.content
    assert Clip.objects.get().deleted_at is None
