from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clubs import audit
from runform.clubs.models import Action, Club, CoachAssignment, Invitation, Membership, Role, Squad
from runform.clubs.policies import TRUSTED


class ClubError(Exception):
    """What was asked for does not fit; the text is for people."""


@transaction.atomic
def club_create(*, name: str, manager: User) -> Club:
    club = Club.objects.create(name=" ".join(name.split()))  # one line: it stands in the subject of e-mails
    Membership.objects.create(club=club, user=manager, role=Role.MANAGER)
    return club


@transaction.atomic
def member_add(*, club: Club, user: User, role: Role, by: User | None = None) -> Membership:
    """Idempotent; races are settled by the constraint."""
    membership, made = Membership.objects.get_or_create(club=club, user=user, role=role, ended_at=None)
    if made:
        audit.record(Action.JOINED, actor=by or user, athlete=user, club=club, thing=role)
    return membership


@transaction.atomic
def member_end(*, membership: Membership, by: User | None = None) -> None:
    """End a membership and the assignments that rest on it.  The last manager stays."""
    club = Club.objects.select_for_update().get(pk=membership.club_id)
    managers = club.memberships.filter(role=Role.MANAGER, ended_at=None)
    if membership.role == Role.MANAGER and not managers.exclude(pk=membership.pk).exists():
        raise ClubError(_("A club needs a manager. Name another one first."))
    now = timezone.now()
    if Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=now):
        audit.record(
            Action.LEFT, actor=by or membership.user, athlete=membership.user, club=club, thing=membership.role
        )
    if membership.role == Role.MANAGER:
        # Who no longer runs the club lets nobody in who would.
        open_ones = Invitation.objects.filter(club=club, invited_by=membership.user_id, answered_at=None)
        open_ones.filter(role__in=TRUSTED).update(answered_at=now)
    side = {Role.COACH: "coach", Role.ATHLETE: "athlete"}.get(Role(membership.role))
    if side:
        CoachAssignment.objects.filter(club=club, ended_at=None, **{side: membership.user_id}).update(ended_at=now)


@transaction.atomic
def coach_assign(*, club: Club, coach: User, athlete: User, by: User | None = None) -> CoachAssignment:
    members = club.memberships.filter(ended_at=None)
    if coach == athlete:
        raise ClubError(_("A coach cannot be assigned to themselves."))
    if not members.filter(user=coach, role=Role.COACH).exists():
        raise ClubError(_("This person is not a coach of the club."))
    if not members.filter(user=athlete, role=Role.ATHLETE).exists():
        raise ClubError(_("This person is not an athlete of the club."))
    row, made = CoachAssignment.objects.get_or_create(club=club, coach=coach, athlete=athlete, ended_at=None)
    if made:
        audit.record(Action.ASSIGNED, actor=by, athlete=athlete, club=club)
    return row


@transaction.atomic
def assignment_end(*, assignment: CoachAssignment, by: User | None = None) -> None:
    if CoachAssignment.objects.filter(pk=assignment.pk, ended_at=None).update(ended_at=timezone.now()):
        audit.record(Action.UNASSIGNED, actor=by, athlete=assignment.athlete, club=assignment.club)


@transaction.atomic
def squad_save(*, club: Club, squad: Squad | None, name: str, athletes: Iterable[User], by: User) -> Squad:
    """The squad holds just these athletes, as far as they are athletes of the club."""
    if squad is None:
        squad = Squad.objects.create(club=club, name=name)
    else:
        squad.name = name
        squad.save(update_fields=["name"])
    squad.memberships.set(club.memberships.filter(user__in=athletes, role=Role.ATHLETE, ended_at=None))
    audit.record(Action.SETTINGS, actor=by, club=club, thing="squad")
    return squad


@transaction.atomic
def squad_delete(*, squad: Squad, by: User) -> None:
    audit.record(Action.SETTINGS, actor=by, club=squad.club, thing="squad")
    squad.delete()


@transaction.atomic
def club_change(*, club: Club, fields: dict[str, Any], by: User) -> None:
    for name, value in fields.items():
        setattr(club, name, value)
    club.name = " ".join(club.name.split())
    club.save(update_fields=list(fields))
    audit.record(Action.SETTINGS, actor=by, club=club, thing="club")
