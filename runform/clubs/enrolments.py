"""Self-enrolment by the club's code.  A manager has the last word."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from runform.accounts.models import User
from runform.clubs import audit
from runform.clubs.consents import consent_give
from runform.clubs.models import Action, Club, Enrolment, Purpose, Role
from runform.clubs.policies import may_decide_for
from runform.clubs.selectors import clubs_managed_by
from runform.clubs.services import member_add


@transaction.atomic
def enrolment_open(*, club: Club, is_open: bool, by: User) -> None:
    """A new code each time: what was printed before leads nowhere."""
    club.enrolment_code = uuid.uuid4() if is_open else None
    club.save(update_fields=["enrolment_code"])
    audit.record(Action.SETTINGS, actor=by, club=club, thing="enrolment")


@transaction.atomic
def enrolment_ask(*, club: Club, user: User) -> None:
    """Asking is agreeing that the club's coaches may look; a minor's guardian is asked for that."""
    if standing(club, user)["is_member"]:
        return
    made = Enrolment.objects.get_or_create(club=club, user=user, answered_at=None)[1]
    if made and may_decide_for(user, user):
        consent_give(athlete=user, by=user, purposes=[Purpose.COACH])


@transaction.atomic
def enrolment_answer(*, enrolment: Enrolment, accept: bool, by: User) -> None:
    open_rows = Enrolment.objects.filter(pk=enrolment.pk, answered_at=None)
    if open_rows.update(answered_at=timezone.now(), accepted=accept) and accept:
        member_add(club=enrolment.club, user=enrolment.user, role=Role.ATHLETE, by=by)


def standing(club: Club, user: User) -> dict[str, Any]:
    return {
        "is_member": club.memberships.filter(user=user, role=Role.ATHLETE, ended_at=None).exists(),
        "has_asked": club.enrolments.filter(user=user, answered_at=None).exists(),
        "manages": clubs_managed_by(user).filter(pk=club.pk).exists(),
    }
