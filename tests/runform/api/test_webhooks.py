"""Webhooks against a real server."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db.models import F
from django.utils import timezone

from runform.accounts.models import User
from runform.api.models import Delivery, Webhook
from runform.api.webhooks import calling, sending
from runform.api.webhooks.address import AddressError, check_url, is_public, look_up
from runform.api.webhooks.calling import BACK_OFF, GIVE_UP, IN_HAND, webhooks_call
from runform.api.webhooks.services import (
    WebhookError,
    deliveries_forget,
    webhook_create,
    webhook_enable,
    webhook_ping,
)
from runform.clubs.consents import consent_withdraw
from runform.clubs.models import Purpose
from runform.core.events import Event
from runform.processing.services import job_fail, job_submit
from tests.runform.api.client import Program
from tests.runform.api.receiver import Receiver, listening
from tests.runform.coaching.reviews import make_published
from tests.runform.world import REFUSED, World, claim_of, make_check, make_clip, make_report


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    with listening() as one:
        yield one


@pytest.fixture
def hook(athlete: User, receiver: Receiver) -> Webhook:
    return webhook_create(user=athlete, url=receiver.url, events=list(Event))


def pass_time(by: timedelta) -> None:
    """And a second.  The clock is the database's, which no test can move: the times of the rows move instead."""
    by += timedelta(seconds=1)
    Webhook.objects.update(next_at=F("next_at") - by, failing_since=F("failing_since") - by)


def queued(hook: Webhook, n: int) -> list[Delivery]:
    rows = [Delivery(webhook=hook, event="ping", thing_code=uuid.uuid4()) for _ in range(n)]
    return Delivery.objects.bulk_create(rows)


def signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As a receiver of Standard Webhooks checks it, written down anew."""
    key = base64.b64decode(secret.split("_", 1)[1])
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(headers["webhook-signature"], f"v1,{expected}")


def test_a_report_is_told_signed_and_once_with_codes_alone(
    athlete: User, hook: Webhook, receiver: Receiver, tmp_path: Path
) -> None:
    report = make_report(make_clip(make_check(athlete)), tmp_path)
    webhooks_call()
    webhooks_call()
    [(headers, body)] = receiver.calls
    assert signed(hook.secret, headers, body)
    assert not signed(hook.secret, headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    said = json.loads(body)
    assert said["type"] == "report.ready"
    clip = report.clip
    codes = {"clip": str(clip.code), "formcheck": str(clip.form_check.code), "report": str(report.code)}
    assert said["data"] == codes
    assert athlete.name not in body.decode()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, str(delivery.code)) == ("sent", 204, headers["webhook-id"])


def test_refused_and_failed_clips_are_told_as_what_they_are(athlete: User, hook: Webhook, tmp_path: Path) -> None:
    make_report(make_clip(make_check(athlete)), tmp_path, REFUSED)
    clip = make_clip(make_check(athlete), b"no video at all")
    claim = claim_of(job_submit(clip=clip, requested_by=athlete))
    job_fail(claim=claim, code="no_video", user_text="No video.", detail="", seconds={})
    told = Delivery.objects.order_by("pk").values_list("event", "data")
    assert [event for event, _data in told] == ["clip.refused", "clip.failed"]
    assert told[1][1] == {"clip": str(clip.code), "formcheck": str(clip.form_check.code)}


def test_a_review_is_told_to_the_athlete_and_to_nobody_who_does_not_see_it(world: World, receiver: Receiver) -> None:
    for person in (world.athlete, world.coach, world.other_coach, world.guardian):
        webhook_create(user=person, url=receiver.url, events=[Event.REVIEW_PUBLISHED])
    check = make_check(world.athlete)
    publication = make_published(check, world.coach)
    told = Delivery.objects.filter(event="review.published")
    assert {one.webhook.user for one in told} == {world.athlete, world.coach}
    assert told[0].data == {"review": str(publication.code), "formcheck": str(check.code)}


def test_only_the_events_that_were_asked_for_are_told(athlete: User, receiver: Receiver, tmp_path: Path) -> None:
    webhook_create(user=athlete, url=receiver.url, events=[Event.REVIEW_PUBLISHED])
    make_report(make_clip(make_check(athlete)), tmp_path)
    assert not Delivery.objects.exists()


def test_what_may_not_be_seen_any_more_is_not_told(world: World, receiver: Receiver, tmp_path: Path) -> None:
    coachs = webhook_create(user=world.coach, url=receiver.url, events=[Event.REPORT_READY])
    make_report(make_clip(make_check(world.athlete), b"one more"), tmp_path / "more")
    assert coachs.deliveries.count() == 1
    world.webhook.delete()
    consent_withdraw(athlete=world.athlete, by=world.athlete, purpose=Purpose.COACH)
    webhooks_call()
    assert receiver.calls == []
    assert coachs.deliveries.get().state == "dropped"


def test_a_failing_server_is_left_alone_for_longer_and_longer_as_a_whole(hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = 500
    first = webhook_ping(webhook=hook)
    second = Delivery.objects.create(webhook=hook, event="ping", thing_code=hook.code)
    for pause in (timedelta(0), *BACK_OFF):
        pass_time(pause)
        webhooks_call()
        webhooks_call()
    assert len(receiver.calls) == len(BACK_OFF) + 1
    assert {headers["webhook-id"] for headers, _body in receiver.calls} == {str(first.code)}
    first.refresh_from_db()
    assert (first.state, first.status, first.attempts) == ("failed", 500, 7)
    receiver.answer = 200
    pass_time(BACK_OFF[-1])
    webhooks_call()
    second.refresh_from_db()
    hook.refresh_from_db()
    assert (second.state, hook.failures, hook.failing_since) == ("sent", 0, None)


def test_after_days_of_failures_it_is_switched_off_and_its_owner_told(hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = 503
    webhook_ping(webhook=hook)
    webhooks_call()
    pass_time(GIVE_UP)
    webhooks_call()
    hook.refresh_from_db()
    assert hook.disabled_at
    assert [message.to for message in mail.outbox] == [[hook.user.email]]
    assert hook.url in str(mail.outbox[0].body)
    with pytest.raises(WebhookError):
        webhook_ping(webhook=hook)
    receiver.answer = 200
    webhook_enable(webhook=hook)
    hook.refresh_from_db()
    webhook_ping(webhook=hook)
    webhooks_call()
    assert Delivery.objects.filter(state="sent").count() == 1


def test_a_server_that_is_gone_for_good_is_not_called_again(hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = 410
    webhook_ping(webhook=hook)
    webhooks_call()
    hook.refresh_from_db()
    assert hook.disabled_at


def test_a_redirect_is_not_followed(hook: Webhook, receiver: Receiver) -> None:
    """It would lead past the check of the address."""
    receiver.answer = 302
    webhook_ping(webhook=hook)
    webhooks_call()
    assert len(receiver.calls) == 1
    assert Delivery.objects.get().status == 302


def test_a_server_that_drips_is_broken_off(hook: Webhook, receiver: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(sending, "DEADLINE_S", 0.5)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        # A letter well within every timeout of a socket, and the whole far beyond the deadline.
        for letter in b"HTTP/1.1 200 OK\r\n\r\n":
            handler.wfile.write(bytes([letter]))
            with suppress(TimeoutError):
                handler.connection.settimeout(0.2)
                if not handler.connection.recv(1):
                    return

    receiver.answer = drip
    webhook_ping(webhook=hook)
    webhooks_call()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status) == ("waiting", None)
    assert delivery.error


def test_two_workers_at_once_call_once(
    transactional_db: None, athlete: User, hook: Webhook, receiver: Receiver, at_once: Callable[..., list[Any]]
) -> None:
    webhook_ping(webhook=hook)
    assert at_once(lambda _n: webhooks_call(), n=4) == [None] * 4
    assert len(receiver.calls) == 1


def test_a_server_that_takes_its_time_holds_up_nobody(athlete: User, hook: Webhook, receiver: Receiver) -> None:
    """The first one answers only when the second has been called."""
    called = threading.Event()

    def wait_for_the_other(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(204 if called.wait(4) else 500)
        handler.end_headers()

    def say_so(handler: BaseHTTPRequestHandler) -> None:
        called.set()
        handler.send_response(204)
        handler.end_headers()

    receiver.answer = wait_for_the_other
    with listening() as quick:
        quick.answer = say_so
        second = webhook_create(user=athlete, url=quick.url, events=list(Event))
        for one in (hook, second):
            queued(one, 2)
        webhooks_call()
    assert set(Delivery.objects.values_list("webhook", "state")) == {(hook.pk, "sent"), (second.pk, "sent")}


def test_who_has_much_to_hear_lets_others_go_first(
    athlete: User, hook: Webhook, receiver: Receiver, monkeypatch: Any
) -> None:
    monkeypatch.setattr(calling, "AT_ONCE", 1)
    monkeypatch.setattr(calling, "SHARE", 3)
    other = webhook_create(user=athlete, url=receiver.url, events=list(Event))
    much, little = queued(hook, 8), queued(other, 1)
    webhooks_call()
    heard = [headers["webhook-id"] for headers, _body in receiver.calls]
    assert heard == [str(one.code) for one in (*much[:3], *little, *much[3:])]


def test_a_call_that_was_not_noted_comes_again_with_the_same_id(
    hook: Webhook, receiver: Receiver, monkeypatch: Any
) -> None:
    """Whoever called it died between the answer and the row."""
    webhook_ping(webhook=hook)
    with monkeypatch.context() as dying:
        dying.setattr(calling, "_note", lambda *_args: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            webhooks_call()
    webhooks_call()
    assert len(receiver.calls) == 1, "somebody may still have it in hand"
    pass_time(IN_HAND)
    webhooks_call()
    assert len(receiver.calls) == 2
    assert len({headers["webhook-id"] for headers, _body in receiver.calls}) == 1
    assert Delivery.objects.get().state == "sent"


def test_a_turn_ends_and_the_bell_rings_for_the_rest(
    transactional_db: None, hook: Webhook, receiver: Receiver, bells: Callable[[str], int], monkeypatch: Any
) -> None:
    queued(hook, 2)
    monkeypatch.setattr(calling, "TURN_S", 0)
    webhooks_call()
    assert (receiver.calls, bells("webhooks")) == ([], 1)
    monkeypatch.undo()
    webhooks_call()
    assert (len(receiver.calls), bells("webhooks")) == (2, 1)


def test_a_name_server_that_thinks_for_ever_costs_a_try(hook: Webhook, monkeypatch: Any) -> None:
    ended = threading.Event()
    monkeypatch.setattr(sending, "look_up", lambda _url: ended.wait(30))
    monkeypatch.setattr(calling, "DEADLINE_S", 0.1)
    monkeypatch.setattr(calling, "TURN_S", 0.3)
    webhook_ping(webhook=hook)
    webhooks_call()
    ended.set()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.error) == ("waiting", 1, "TimeoutError: no answer in time")


@pytest.mark.parametrize("hours", [-1, 100])
def test_a_host_whose_clock_is_wrong_waits_no_longer_and_gives_up_no_sooner(
    hook: Webhook, receiver: Receiver, hours: int
) -> None:
    receiver.answer = 500
    webhook_ping(webhook=hook)
    webhooks_call()
    pass_time(BACK_OFF[0])
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        webhooks_call()
        webhooks_call()
    hook.refresh_from_db()
    assert (len(receiver.calls), hook.disabled_at) == (2, None)
    receiver.answer = 204
    pass_time(BACK_OFF[1])
    webhooks_call()
    assert Delivery.objects.get().state == "sent"


def test_deliveries_are_forgotten_after_a_month(hook: Webhook, receiver: Receiver) -> None:
    webhook_ping(webhook=hook)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    deliveries_forget()
    assert Delivery.objects.count() == 1
    webhooks_call()
    deliveries_forget()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "2001:0:4136::1",
    ],
)  # fmt: skip
def test_no_address_inside_our_own_network_is_called(ip: str) -> None:
    assert not is_public(ip)
    with pytest.raises(AddressError):
        check_url(f"https://[{ip}]/" if ":" in ip else f"https://{ip}/")


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https://user:word@example.org/", "https://localhost/",
        "https://a.localhost/", "https://example.org/#x", "https://exa mple.org/", "https://example.org/\r\nX: 1",
        "https://exämple.org/", "https://example.org:99999/", "https://[nope/", "https://2130706433/", "//example.org",
    ],
)  # fmt: skip
def test_strange_addresses_are_refused(athlete: User, url: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: [(2, 1, 6, "", ("127.0.0.1", 443))])
    answer = Program(athlete).post("/webhooks", {"url": url, "events": ["report.ready"]})
    if answer.status_code == 201:
        # Only the name server knows what it stands for: seen at every call.
        with pytest.raises(AddressError):
            look_up(url)
    else:
        assert answer.status_code == 422


def test_a_name_that_leads_into_our_network_is_not_called(athlete: User, monkeypatch: Any) -> None:
    hook = webhook_create(user=athlete, url="https://inside.example.org/", events=[Event.REPORT_READY])
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_args, **_named: pytest.fail("it was called"))
    webhook_ping(webhook=hook)
    webhooks_call()
    assert "public" in Delivery.objects.get().error


def test_a_program_registers_looks_after_and_removes_its_webhook(athlete: User, receiver: Receiver) -> None:
    program = Program(athlete)
    said = {"url": receiver.url, "events": ["report.ready", "review.published"]}
    made = program.post("/webhooks", said, key="hook").json()
    assert made["secret"].startswith("whsec_")
    assert program.post("/webhooks", said, key="hook").json() == made
    assert "secret" not in program.read(f"/webhooks/{made['code']}")
    assert program.post(f"/webhooks/{made['code']}/ping").status_code == 202
    assert program.post(f"/webhooks/{made['code']}/ping").status_code == 409
    webhooks_call()
    assert json.loads(receiver.calls[0][1])["type"] == "ping"
    log = program.read(f"/webhooks/{made['code']}/deliveries")["items"]
    assert [(one["event"], one["state"], one["status"]) for one in log] == [("ping", "sent", 204)]
    assert program.delete(f"/webhooks/{made['code']}").status_code == 204
    assert program.read("/webhooks") == []


def test_a_person_has_so_many_webhooks_and_no_more(athlete: User, settings: Any) -> None:
    said = {"url": "https://example.org/", "events": ["report.ready"]}
    program = Program(athlete)
    answers = [program.post("/webhooks", said).status_code for _ in range(settings.LIMITS.webhooks + 1)]
    assert answers == [201] * settings.LIMITS.webhooks + [422]


def test_the_pages_show_the_secret_once_and_what_was_sent(world: World, receiver: Receiver, client: Any) -> None:
    client.force_login(world.coach, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/profile/webhooks/", {"url": receiver.url, "events": ["report.ready"]})
    hook = Webhook.objects.get(user=world.coach)
    assert hook.secret in answer.content.decode()
    assert hook.secret not in client.get("/profile/webhooks/").content.decode()
    client.post(f"/profile/webhooks/{hook.code}/test/")
    webhooks_call()
    page = client.get(f"/profile/webhooks/{hook.code}/").content.decode()
    assert "204" in page
    assert hook.secret not in page
    bad = client.post("/profile/webhooks/", {"url": "ftp://example.org", "events": ["report.ready"]})
    assert "https://" in str(bad.context["form"].errors["url"])
