"""Making webhooks, and calling them.

The rows are the truth: what waits is sent in its order, one webhook after the other.  One that fails is left alone for
longer and longer, as a whole, so that a dead server costs one short call each time however much waits for it.
"""

import time
from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.api.models import Delivery, DeliveryState, Webhook
from runform.api.webhooks.address import AddressError, check_url
from runform.api.webhooks.events import may_hear
from runform.api.webhooks.sending import Outcome, new_secret, send
from runform.core.events import Event
from runform.core.queue import enqueue

SEND_TASK = "api.webhooks"
PING = "ping"
BACK_OFF = [timedelta(minutes=n) for n in (1, 5, 30, 120, 300, 600)]
# Longer than all calls of one turn take.
IN_HAND = timedelta(minutes=2)
TURN_S = 20.0
# It has failed for so long: nobody is there any more.
GIVE_UP = timedelta(days=3)
GONE = 410
KEPT = timedelta(days=30)

log = structlog.get_logger(__name__)


class WebhookError(Exception):
    """It cannot be done; the text is for people."""


@transaction.atomic
def webhook_create(*, user: User, url: str, events: Iterable[Event]) -> Webhook:
    try:
        check_url(url)
    except AddressError as error:
        raise WebhookError(str(error)) from error
    # The lock makes the count true.
    User.objects.select_for_update().get(pk=user.pk)
    if Webhook.objects.filter(user=user).count() >= settings.LIMITS.webhooks:
        raise WebhookError(_("You have many webhooks already. Remove one first."))
    names = sorted({str(event) for event in events})
    return Webhook.objects.create(user=user, url=url, events=names, secret=new_secret())


def webhook_delete(*, webhook: Webhook) -> None:
    webhook.delete()


def webhook_enable(*, webhook: Webhook) -> None:
    """What failed is not sent again; what waits is."""
    Webhook.objects.filter(pk=webhook.pk).update(
        disabled_at=None, failing_since=None, failures=0, next_at=timezone.now()
    )
    enqueue(SEND_TASK)


@transaction.atomic
def webhook_ping(*, webhook: Webhook) -> Delivery:
    if webhook.disabled_at:
        raise WebhookError(_("This webhook is switched off. Switch it on first."))
    if webhook.deliveries.filter(event=PING, state=DeliveryState.WAITING).exists():
        raise WebhookError(_("A test is on its way already."))
    delivery = Delivery(webhook=webhook, event=PING)
    delivery.thing_code = delivery.code
    delivery.save(force_insert=True)
    enqueue(SEND_TASK)
    return delivery


def webhooks_call() -> None:
    """Send what waits, for as long as a turn lasts.  Any number may run at once: each webhook is taken by one."""
    ends = time.monotonic() + TURN_S
    while time.monotonic() < ends and (webhook := _take_next()):
        _call(webhook, ends)


def deliveries_forget() -> None:
    ended = Delivery.objects.exclude(state=DeliveryState.WAITING)
    ended.filter(created_at__lt=timezone.now() - KEPT).delete()


def _take_next() -> Webhook | None:
    """One that is due and has something to send; a compare-and-set makes it ours for a while."""
    now = timezone.now()
    waiting = Delivery.objects.filter(webhook=OuterRef("pk"), state=DeliveryState.WAITING)
    due = Webhook.objects.filter(Exists(waiting), disabled_at=None, next_at__lte=now)
    for webhook in due.select_related("user").order_by("next_at", "pk")[:10]:
        mine = Webhook.objects.filter(pk=webhook.pk, disabled_at=None, next_at=webhook.next_at)
        if mine.update(next_at=now + IN_HAND):
            return webhook
    return None


def _call(webhook: Webhook, ends: float) -> None:
    """Oldest first, until one fails."""
    waiting = webhook.deliveries.filter(state=DeliveryState.WAITING).order_by("pk").select_related("athlete")
    for delivery in waiting[:50]:
        if time.monotonic() > ends:
            break
        if not may_hear(webhook.user, delivery):
            _end(delivery, DeliveryState.DROPPED)
            continue
        outcome = send(
            url=webhook.url, secret=webhook.secret, identity=str(delivery.code), content=content_of(delivery)
        )
        if not outcome.arrived:
            _failed(webhook, delivery, outcome)
            return
        _end(delivery, DeliveryState.SENT, outcome)
        webhook.failures, webhook.failing_since = 0, None
    Webhook.objects.filter(pk=webhook.pk).update(
        next_at=timezone.now(), failures=webhook.failures, failing_since=webhook.failing_since
    )


def content_of(delivery: Delivery) -> dict[str, object]:
    """Codes and nothing else: the other side asks the API, as far as it still may."""
    return {"type": delivery.event, "timestamp": delivery.created_at.isoformat(), "data": delivery.data}


def _end(delivery: Delivery, state: DeliveryState, outcome: Outcome | None = None) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state,
        attempts=delivery.attempts + bool(outcome),
        tried_at=timezone.now() if outcome else delivery.tried_at,
        status=outcome.status if outcome else None,
        error=outcome.error if outcome else "",
    )


def _failed(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Wait longer each time; a delivery that has had all its tries makes room for the next."""
    now, tries = timezone.now(), delivery.attempts + 1
    last = tries > len(BACK_OFF)
    _end(delivery, DeliveryState.FAILED if last else DeliveryState.WAITING, outcome)
    since = webhook.failing_since or now
    failures = webhook.failures + 1
    pause = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
    Webhook.objects.filter(pk=webhook.pk).update(next_at=now + pause, failures=failures, failing_since=since)
    log.info("webhook_failed", webhook=str(webhook.code), status=outcome.status, error=outcome.error, tries=tries)
    if outcome.status == GONE or now - since > GIVE_UP:
        _disable(webhook)


def _disable(webhook: Webhook) -> None:
    if not Webhook.objects.filter(pk=webhook.pk, disabled_at=None).update(disabled_at=timezone.now()):
        return
    webhook.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.FAILED)
    text = _(
        "Your server has not answered for days, so RunForm does not call it any more:\n%(url)s\n\n"
        "Switch it on again on your profile, under Webhooks, when it answers.\n"
    ) % {"url": webhook.url}
    send_mail(_("[RunForm] A webhook is switched off"), text, None, [webhook.user.email], fail_silently=True)
