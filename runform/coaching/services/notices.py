"""Notifications.  The row is made with the event; the e-mail follows once, after the transaction, without content."""

import smtplib
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from runform.accounts.models import User
from runform.coaching.models import Delivery, Notification, NotificationChoice, Occasion, Review
from runform.core.queue import enqueue

MAIL_TASK = "coaching.mail"
DIGEST_EVERY = timedelta(days=1)
# What the mail server did not take is tried again by the sweep, for so long.
GIVE_UP = timedelta(days=2)
SAME_NEWS = timedelta(minutes=15)

LATER = Q(user__notification_choice__delivery__in=[Delivery.DAILY, Delivery.NEVER])

log = structlog.get_logger(__name__)


def notify(*, user: User, occasion: Occasion, review: Review, event: str) -> Notification:
    """Tell a person of an event, once however often it is told."""
    notification, new = Notification.objects.get_or_create(
        user=user, event=event, defaults={"occasion": occasion, "review": review}
    )
    if new:
        enqueue(MAIL_TASK, str(notification.code))
    return notification


def notification_mail(*, code: str) -> bool:
    """Send the e-mail of a notification to a person who wants it at once.  Two tasks for one row send one e-mail."""
    notification = unmailed().filter(code=code).exclude(LATER).select_related("user").first()
    if notification is None or _told_lately(notification):
        return False
    if not Notification.objects.filter(pk=notification.pk, mailed_at=None).update(mailed_at=timezone.now()):
        return False
    return _send(notification.user, notification.get_occasion_display(), [notification.pk])


def _told_lately(notification: Notification) -> bool:
    """A conversation is no flood of e-mails: the one that lies unread in the mailbox says as much as the next would."""
    same = Notification.objects.filter(
        user=notification.user, review=notification.review, occasion=notification.occasion, read_at=None
    )
    since = timezone.now() - SAME_NEWS
    told_at = same.filter(mailed_at__gt=since).values_list("mailed_at", flat=True).first()
    if told_at is None:
        return False
    # As old as that e-mail, so that the next one is not put off for ever.
    Notification.objects.filter(pk=notification.pk, mailed_at=None).update(mailed_at=told_at)
    return True


def mails_sweep() -> None:
    """What got stuck, and the daily digests."""
    stuck = unmailed().filter(created_at__lt=timezone.now() - timedelta(minutes=2))
    for code in stuck.exclude(LATER).values_list("code", flat=True)[:50]:
        notification_mail(code=str(code))
    for choice in NotificationChoice.objects.filter(delivery=Delivery.DAILY).select_related("user"):
        _digest(choice)


def notifications_read(*, user: User, review: Review | None = None) -> int:
    unread = Notification.objects.filter(user=user, read_at=None)
    if review is not None:
        unread = unread.filter(review=review)
    return unread.update(read_at=timezone.now())


def notification_choose(*, user: User, delivery: Delivery) -> None:
    NotificationChoice.objects.update_or_create(user=user, defaults={"delivery": delivery})


def unmailed() -> QuerySet[Notification]:
    """Not sent, not read in the app meanwhile, and not too old to be news."""
    recent = Q(created_at__gt=timezone.now() - GIVE_UP)
    return Notification.objects.filter(recent, mailed_at=None, read_at=None, user__is_active=True)


def _digest(choice: NotificationChoice) -> None:
    now = timezone.now()
    rows = list(unmailed().filter(user=choice.user).values_list("pk", flat=True))
    due = Q(digest_at=None) | Q(digest_at__lt=now - DIGEST_EVERY)
    if not rows or not NotificationChoice.objects.filter(due, pk=choice.pk).update(digest_at=now):
        return
    Notification.objects.filter(pk__in=rows).update(mailed_at=now)
    text = ngettext("%(n)d thing is new for you.", "%(n)d things are new for you.", len(rows)) % {"n": len(rows)}
    if not _send(choice.user, text, rows):
        NotificationChoice.objects.filter(pk=choice.pk).update(digest_at=F("digest_at") - DIGEST_EVERY)


def _send(user: User, line: str, rows: list[Any]) -> bool:
    """No name, no number, no picture: a mailbox is often read by others, and some athletes are minors."""
    url = settings.SITE_URL + reverse("notifications")
    text = _("Hello,\n\n%(line)s Log in to see it:\n%(url)s\n\nThere you also choose which e-mails you get.\n") % {
        "line": line,
        "url": url,
    }
    try:
        send_mail(_("[RunForm] News for you"), text, None, [user.email])
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_not_sent", error=str(error), notifications=len(rows))
        Notification.objects.filter(pk__in=rows).update(mailed_at=None)
        return False
    return True
