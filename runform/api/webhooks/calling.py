"""Calling webhooks: what waits is sent in its order, and no server holds up the others.

The rows are the truth.  Some webhooks are called at the same time; each is called for a short while, and then those
that have waited longer come first.  One that fails is left alone for longer and longer, as a whole, so that a dead
server costs one short call each time however much waits for it.  A call that was made but not noted is made again,
with the same id.  All times are the database's.
"""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from runform.api.models import Delivery, DeliveryState, Webhook
from runform.api.webhooks.events import may_hear
from runform.api.webhooks.sending import DEADLINE_S, Outcome, send
from runform.core.queue import enqueue

SEND_TASK = "api.webhooks"
BACK_OFF = [timedelta(minutes=n) for n in (1, 5, 30, 120, 300, 600)]
# So many at the same time; each for so long or so many calls, then others go first; all of it for so long.
AT_ONCE = 8
SHARE_S, SHARE = 5.0, 20
TURN_S = 10.0
# Longer than a turn.
IN_HAND = timedelta(minutes=2)
# It has failed for so long: nobody is there any more.
GIVE_UP = timedelta(days=3)
GONE = 410

log = structlog.get_logger(__name__)


@dataclass
class Call:
    """A webhook in hand, and the delivery that is on its way."""

    webhook: Webhook
    delivery: Delivery
    n: int = 1
    began_s: float = field(default_factory=time.monotonic)

    @property
    def had_its_share(self) -> bool:
        return self.n >= SHARE or time.monotonic() - self.began_s > SHARE_S


def webhooks_call() -> None:
    """One turn.  Any number may run at once: each webhook is taken by one.  Threads wait for servers, and nothing else:
    the database is asked from here."""
    ends_s = time.monotonic() + TURN_S
    pool = ThreadPoolExecutor(AT_ONCE)
    calls: dict[Future[Outcome], Call] = {}
    try:
        while True:
            while len(calls) < AT_ONCE and time.monotonic() < ends_s and (call := _take_next()):
                calls[_send(pool, call)] = call
            if not calls:
                break
            # A name server may think for longer than any call may last.
            done, late = wait(calls, max(0.0, ends_s - time.monotonic()) + 2 * DEADLINE_S, FIRST_COMPLETED)
            for future in done or late:
                call = calls.pop(future)
                outcome = future.result() if future in done else Outcome(None, "TimeoutError: no answer in time")
                if _note(call, outcome) and (after := _go_on(call, ends_s)):
                    calls[_send(pool, after)] = after
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    if _due().exists():
        enqueue(SEND_TASK)


def _send(pool: ThreadPoolExecutor, call: Call) -> Future[Outcome]:
    hook, delivery = call.webhook, call.delivery
    content = content_of(delivery)
    return pool.submit(send, url=hook.url, secret=hook.secret, identity=str(delivery.code), content=content)


def _due() -> QuerySet[Webhook]:
    waiting = Delivery.objects.filter(webhook=OuterRef("pk"), state=DeliveryState.WAITING)
    return Webhook.objects.filter(Exists(waiting), disabled_at=None, next_at__lte=Now())


def _take_next() -> Call | None:
    """The one that has waited longest; a compare-and-set makes it ours for a while."""
    for webhook in _due().select_related("user").order_by("next_at", "pk")[: 2 * AT_ONCE]:
        mine = Webhook.objects.filter(pk=webhook.pk, disabled_at=None, next_at__lte=Now())
        if mine.update(next_at=Now() + IN_HAND):
            if delivery := _next_of(webhook):
                return Call(webhook, delivery)
            _release(webhook)
    return None


def _next_of(webhook: Webhook) -> Delivery | None:
    """The oldest that waits and may still be heard."""
    waiting = webhook.deliveries.filter(state=DeliveryState.WAITING).order_by("pk").select_related("athlete")
    for delivery in waiting[:SHARE]:
        if may_hear(webhook.user, delivery):
            return delivery
        _end(delivery, DeliveryState.DROPPED)
    return None


def _go_on(call: Call, ends_s: float) -> Call | None:
    """The next delivery of the same webhook, or it is let go."""
    delivery = None if call.had_its_share or time.monotonic() > ends_s else _next_of(call.webhook)
    if delivery is None:
        _release(call.webhook)
        return None
    return Call(call.webhook, delivery, call.n + 1, call.began_s)


def _release(webhook: Webhook) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(next_at=Now())


def content_of(delivery: Delivery) -> dict[str, object]:
    """Codes and nothing else: the other side asks the API, as far as it still may."""
    return {"type": delivery.event, "timestamp": delivery.created_at.isoformat(), "data": delivery.data}


def _note(call: Call, outcome: Outcome) -> bool:
    """Whether it arrived."""
    if not outcome.arrived:
        _failed(call.webhook, call.delivery, outcome)
        return False
    _end(call.delivery, DeliveryState.SENT, outcome)
    if call.webhook.failures:
        call.webhook.failures = 0
        Webhook.objects.filter(pk=call.webhook.pk).update(failures=0, failing_since=None)
    return True


def _end(delivery: Delivery, state: DeliveryState, outcome: Outcome | None = None) -> None:
    said = {"status": outcome.status, "error": outcome.error, "tried_at": Now()} if outcome else {}
    Delivery.objects.filter(pk=delivery.pk).update(state=state, attempts=delivery.attempts + bool(outcome), **said)


def _failed(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Wait longer each time; a delivery that has had all its tries makes room for the next."""
    tries, failures = delivery.attempts + 1, webhook.failures + 1
    _end(delivery, DeliveryState.FAILED if tries > len(BACK_OFF) else DeliveryState.WAITING, outcome)
    row = Webhook.objects.filter(pk=webhook.pk)
    pause = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
    row.update(next_at=Now() + pause, failures=failures, failing_since=Coalesce("failing_since", Now()))
    log.info("webhook_failed", webhook=str(webhook.code), status=outcome.status, error=outcome.error, tries=tries)
    if outcome.status == GONE or row.filter(failing_since__lt=Now() - GIVE_UP).exists():
        _disable(webhook)


def _disable(webhook: Webhook) -> None:
    if not Webhook.objects.filter(pk=webhook.pk, disabled_at=None).update(disabled_at=Now()):
        return
    webhook.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.FAILED)
    text = _(
        "Your server has not answered for days, so RunForm does not call it any more:\n%(url)s\n\n"
        "Switch it on again on your profile, under Webhooks, when it answers.\n"
    ) % {"url": webhook.url}
    send_mail(_("[RunForm] A webhook is switched off"), text, None, [webhook.user.email], fail_silently=True)
