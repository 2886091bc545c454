"""Making webhooks, and looking after them."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.api.models import Delivery, DeliveryState, Webhook
from runform.api.webhooks.address import AddressError, check_url
from runform.api.webhooks.calling import SEND_TASK
from runform.api.webhooks.sending import new_secret
from runform.core.events import Event
from runform.core.queue import enqueue

PING = "ping"
KEPT = timedelta(days=30)


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
    Webhook.objects.filter(pk=webhook.pk).update(disabled_at=None, failing_since=None, failures=0, next_at=Now())
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


def deliveries_forget() -> None:
    ended = Delivery.objects.exclude(state=DeliveryState.WAITING)
    ended.filter(created_at__lt=timezone.now() - KEPT).delete()
