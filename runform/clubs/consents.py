"""Saying yes and no.  Every word is a row of its own; nothing is changed and nothing is forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clubs import audit
from runform.clubs.models import Action, ConsentRecord, Purpose
from runform.clubs.policies import may_decide_for, may_withdraw_for
from runform.clubs.selectors import has_consent

# Moves with the text that people agree to (templates/clubs/_purposes.html).
WORDING = 1


class ConsentError(Exception):
    """This person cannot say that; the text is for people."""


@transaction.atomic
def consent_give(*, athlete: User, by: User, purposes: Iterable[Purpose], until: date | None = None) -> None:
    if not may_decide_for(by, athlete):
        raise ConsentError(_("Under 18, a parent or guardian says yes, with an account of their own."))
    if until and until < timezone.localdate():
        raise ConsentError(_("This day is over already."))
    for purpose in purposes:
        _say(athlete, by, purpose, given=True, until=until)
        audit.record(Action.CONSENT_GIVEN, actor=by, athlete=athlete, thing=purpose)


@transaction.atomic
def consent_withdraw(*, athlete: User, by: User, purpose: Purpose) -> None:
    """From this moment on: whoever looks, links included, and every job at its next breath asks and is refused."""
    if not may_withdraw_for(by, athlete):
        raise ConsentError(_("Only the athlete or a guardian can take this back."))
    _say(athlete, by, purpose, given=False, until=None)
    audit.record(Action.CONSENT_WITHDRAWN, actor=by, athlete=athlete, thing=purpose)


@dataclass(frozen=True)
class ConsentState:
    """One purpose, as it stands.  ``last`` is the newest word on it, if any was said."""

    purpose: Purpose
    in_force: bool
    last: ConsentRecord | None


def consent_states(athlete: User) -> list[ConsentState]:
    newest: dict[str, ConsentRecord] = {}
    for record in athlete.consents.select_related("given_by").order_by("pk"):
        newest[record.purpose] = record
    return [ConsentState(one, has_consent(athlete, one), newest.get(one)) for one in Purpose]


def _say(athlete: User, by: User, purpose: Purpose, *, given: bool, until: date | None) -> None:
    ConsentRecord.objects.create(
        athlete=athlete,
        purpose=purpose,
        given=given,
        given_by=by,
        as_guardian=by.pk != athlete.pk,
        until=until,
        wording=WORDING,
    )
