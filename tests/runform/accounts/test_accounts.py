import re

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client

from runform.accounts.models import AthleteProfile, User
from runform.clips.models import FormCheck
from tests.runform.world import PASSWORD, make_user

pytestmark = pytest.mark.django_db

SIGN_UP = {"name": "Rosa", "email": "Rosa@Example.org", "password1": PASSWORD, "password2": PASSWORD}


def link_in_mail() -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_sign_up_check_the_address_log_in_and_out(client: Client) -> None:
    assert client.post("/accounts/signup/", SIGN_UP).status_code == 302
    assert b"My FormChecks" not in client.get("/").content
    client.post(link_in_mail())
    client.post("/accounts/logout/")
    answer = client.post("/accounts/login/", {"login": "rosa@example.org", "password": PASSWORD}, follow=True)
    assert b"Your first FormCheck" in answer.content
    user = User.objects.get()
    assert (user.name, user.email) == ("Rosa", "rosa@example.org")


def test_without_the_address_checked_nobody_logs_in(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP)
    answer = Client().post("/accounts/login/", {"login": "rosa@example.org", "password": PASSWORD})
    assert answer["Location"] == "/accounts/confirm-email/"


def test_a_forgotten_password_is_set_anew_by_mail(client: Client) -> None:
    make_user("rosa")
    client.post("/accounts/password/reset/", {"email": "rosa@example.org"})
    form = client.get(link_in_mail(), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another long word", "password2": "another long word"})
    assert User.objects.get().check_password("another long word")


def test_the_log_holds_no_link_that_opens_an_account(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    make_user("rosa")
    client.post("/accounts/password/reset/", {"email": "rosa@example.org"})
    reset = link_in_mail()
    client.get(reset)
    client.post("/accounts/signup/", SIGN_UP | {"email": "nora@example.org"})
    confirm = link_in_mail()
    client.get(confirm)
    assert "/accounts/password/reset/key/..." in caplog.text
    assert reset.strip("/").rpartition("/")[2] not in caplog.text
    assert confirm.strip("/").rpartition("/")[2] not in caplog.text


def test_whether_an_address_has_an_account_is_not_told(client: Client) -> None:
    make_user("rosa")
    answers = [client.post("/accounts/password/reset/", {"email": f"{name}@example.org"}) for name in ("rosa", "who")]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    again = Client().post("/accounts/signup/", SIGN_UP)
    assert (again.status_code, again["Location"]) == (302, "/accounts/confirm-email/")


def test_one_address_in_two_cases_is_one_person() -> None:
    make_user("rosa")
    with pytest.raises(IntegrityError):
        User.objects.create(email="ROSA@example.org")


def test_the_profile_keeps_what_was_said(client: Client) -> None:
    client.force_login(make_user("rosa"))
    said = {"name": "Rosa R.", "height_cm": "171.5", "sex": "female", "birth_date": "2011-02-03"}
    client.post("/profile/", said | {"speed_unit": "min_km", "time_zone": "Europe/Paris"})
    profile = AthleteProfile.objects.get()
    assert (profile.height_cm, profile.sex, str(profile.birth_date)) == (171.5, "female", "2011-02-03")
    assert (profile.user.name, profile.time_zone) == ("Rosa R.", "Europe/Paris")


@pytest.mark.parametrize(
    ("field", "value"), [("height_cm", "1.75"), ("birth_date", "3011-02-03"), ("time_zone", "Mars")]
)
def test_what_cannot_be_is_not_kept(client: Client, field: str, value: str) -> None:
    client.force_login(make_user("rosa"))
    said = {"name": "Rosa", "speed_unit": "kmh", "time_zone": "UTC", field: value}
    assert b"field__error" in client.post("/profile/", said).content


def test_speeds_are_typed_and_shown_in_the_persons_unit(client: Client) -> None:
    rosa = make_user("rosa")
    AthleteProfile.objects.create(user=rosa, speed_unit="min_km")
    client.force_login(rosa)
    fields = {"recorded_on": "2026-05-01", "surface": "treadmill", "speed": "4:13", "incline_pct": "1"}
    answer = client.post("/checks/new/", fields, follow=True)
    assert FormCheck.objects.get().speed_mps == pytest.approx(3.9526, abs=1e-3)
    assert b"4:13 min/km" in answer.content
    for unit, shown in {"kmh": b"14.2 km/h", "mph": b"8.8 mph"}.items():
        AthleteProfile.objects.update(speed_unit=unit)
        assert shown in client.get(FormCheck.objects.get().get_absolute_url()).content


@pytest.mark.parametrize(("field", "value"), [("speed", "fast"), ("speed", "90"), ("recorded_on", "2999-01-01")])
def test_a_form_check_that_cannot_be_is_not_made(client: Client, field: str, value: str) -> None:
    client.force_login(make_user("rosa"))
    fields = {"recorded_on": "2026-05-01", "surface": "treadmill", field: value}
    assert b"field__error" in client.post("/checks/new/", fields).content
    assert not FormCheck.objects.exists()
