"""A consent that ends is told once, to whoever can renew it."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from runform.accounts.models import User
from runform.clubs.consents import consent_give, consent_withdraw
from runform.clubs.models import Purpose
from runform.coaching.models import Delivery, NotificationChoice
from runform.desk import reminders
from runform.desk.reminders import consents_ending, consents_remind
from tests.runform.world import make_user, make_ward

pytestmark = pytest.mark.django_db


def agree(athlete: User, days: int, by: User | None = None) -> None:
    until = timezone.localdate() + timedelta(days=days)
    consent_give(athlete=athlete, by=by or athlete, purposes=[Purpose.ANALYSIS], until=until)


def test_it_is_told_once_and_stands_on_the_first_page(athlete: User, client: Client) -> None:
    agree(athlete, 20)
    assert consents_remind() == 0, "too early"
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert [consents_remind(), consents_remind()] == [1, 0]
        client.force_login(athlete)
        assert "the consent to “analysis of my clips” ends" in client.get("/").content.decode()
    assert [one.to for one in mail.outbox] == [["athlete@example.org"]]
    assert f"/people/{athlete.code}/consent/" in mail.outbox[0].body
    with time_machine.travel(timezone.now() + timedelta(days=21)):
        assert consents_remind() == 0, "it is over"
        client.force_login(athlete)
        assert "ends with" not in client.get("/").content.decode()


@pytest.mark.parametrize("word", ["renewed", "taken back"])
def test_who_has_answered_is_not_asked(athlete: User, word: str) -> None:
    agree(athlete, 5)
    if word == "renewed":
        agree(athlete, 300)
    else:
        consent_withdraw(athlete=athlete, by=athlete, purpose=Purpose.ANALYSIS)
    assert (consents_remind(), mail.outbox) == (0, [])


def test_of_a_minor_the_guardian_is_asked(client: Client) -> None:
    guardian = make_user("guardian")
    ward, _link = make_ward(guardian)
    agree(ward, 5, by=guardian)
    assert consents_remind() == 1
    assert mail.outbox[0].to == ["guardian@example.org"]
    assert "ward" not in mail.outbox[0].body.replace(str(ward.code), "")
    client.force_login(guardian)
    assert "ward: the consent to" in client.get("/").content.decode()


def test_whoever_wants_no_mail_gets_none_and_a_mail_that_failed_is_sent_later(
    athlete: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(athlete, 5)

    def down(*args: Any) -> None:
        raise smtplib.SMTPException

    with monkeypatch.context() as broken:
        broken.setattr(reminders, "send_mail", down)
        assert consents_remind() == 0
    assert consents_remind() == 1
    other = make_user("other")
    NotificationChoice.objects.create(user=other, delivery=Delivery.NEVER)
    agree(other, 5)
    assert consents_remind() == 0
    assert consents_ending(User.objects.filter(pk=other.pk)).exists()
