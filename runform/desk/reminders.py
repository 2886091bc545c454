"""A consent that ends soon is told once by e-mail, and stands on the first page until it is renewed or over."""

import smtplib
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from runform.accounts.ages import is_minor
from runform.accounts.models import User
from runform.clubs.models import ConsentRecord
from runform.clubs.selectors import guardians_of
from runform.coaching.models import Delivery, NotificationChoice
from runform.desk.models import ConsentReminder

SOON = timedelta(days=14)

log = structlog.get_logger(__name__)


def consents_ending(people: QuerySet[User]) -> QuerySet[ConsentRecord]:
    """The newest word of these people on a purpose, where it is a yes whose last day is near."""
    today = timezone.localdate()
    newer = ConsentRecord.objects.filter(
        athlete=OuterRef("athlete"), purpose=OuterRef("purpose"), pk__gt=OuterRef("pk")
    )
    rows = ConsentRecord.objects.filter(~Exists(newer), given=True, until__range=(today, today + SOON))
    rows = rows.filter(athlete__in=people, athlete__is_active=True, athlete__binned_at=None)
    return rows.select_related("athlete").order_by("until", "pk")


def consents_remind() -> int:
    """What the clock calls.  How many were told."""
    told = 0
    for record in consents_ending(User.objects.all()):
        for person in _deciders(record.athlete):
            told += _remind(record, person)
    return told


def _deciders(athlete: User) -> list[User]:
    """Whose yes it takes again."""
    return list(guardians_of(athlete)) if is_minor(athlete) else [athlete]


def _remind(record: ConsentRecord, person: User) -> bool:
    reminder, new = ConsentReminder.objects.get_or_create(record=record, user=person)
    if not new or NotificationChoice.objects.filter(user=person, delivery=Delivery.NEVER).exists():
        return False
    try:
        send_mail(_("[RunForm] A consent ends soon"), _text(record, person), None, [person.email])
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_not_sent", error=str(error), reminder=reminder.pk)
        reminder.delete()  # the next round tries again
        return False
    return True


def _text(record: ConsentRecord, person: User) -> str:
    """No name of a minor: a mailbox is often read by others."""
    facts = {
        "purpose": record.get_purpose_display(),
        "day": date_format(record.until or "", "DATE_FORMAT"),
        "url": settings.SITE_URL + reverse("consent", args=[record.athlete.code]),
    }
    if person == record.athlete:
        text = _("Hello,\n\nyour consent to “%(purpose)s” ends with %(day)s.\n")
    else:
        text = _("Hello,\n\nyour consent to “%(purpose)s” for your child ends with %(day)s.\n")
    return (text + _("After that it counts as taken back. To renew it, or to let it end:\n%(url)s\n")) % facts
