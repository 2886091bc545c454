from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clubs.models import Club, CoachAssignment, Invitation, Membership, Role
from runform.clubs.selectors import invitations_for


class ClubError(Exception):
    """What was asked for does not fit; the text is for people."""


@transaction.atomic
def club_create(*, name: str, manager: User) -> Club:
    club = Club.objects.create(name=" ".join(name.split()))  # one line: it stands in the subject of e-mails
    Membership.objects.create(club=club, user=manager, role=Role.MANAGER)
    return club


def member_add(*, club: Club, user: User, role: Role) -> Membership:
    """Idempotent; races are settled by the constraint."""
    return Membership.objects.get_or_create(club=club, user=user, role=role, ended_at=None)[0]


@transaction.atomic
def member_end(*, membership: Membership) -> None:
    """End a membership and the assignments that rest on it.  The last manager stays."""
    club = Club.objects.select_for_update().get(pk=membership.club_id)
    managers = club.memberships.filter(role=Role.MANAGER, ended_at=None)
    if membership.role == Role.MANAGER and not managers.exclude(pk=membership.pk).exists():
        raise ClubError(_("A club needs a manager. Name another one first."))
    now = timezone.now()
    Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=now)
    side = {Role.COACH: "coach", Role.ATHLETE: "athlete"}.get(Role(membership.role))
    if side:
        CoachAssignment.objects.filter(club=club, ended_at=None, **{side: membership.user_id}).update(ended_at=now)


def coach_assign(*, club: Club, coach: User, athlete: User) -> CoachAssignment:
    members = club.memberships.filter(ended_at=None)
    if coach == athlete:
        raise ClubError(_("A coach cannot be assigned to themselves."))
    if not members.filter(user=coach, role=Role.COACH).exists():
        raise ClubError(_("This person is not a coach of the club."))
    if not members.filter(user=athlete, role=Role.ATHLETE).exists():
        raise ClubError(_("This person is not an athlete of the club."))
    return CoachAssignment.objects.get_or_create(club=club, coach=coach, athlete=athlete, ended_at=None)[0]


def assignment_end(*, assignment: CoachAssignment) -> None:
    CoachAssignment.objects.filter(pk=assignment.pk, ended_at=None).update(ended_at=timezone.now())


def invitation_send(*, club: Club, email: str, role: Role, invited_by: User, site_url: str) -> Invitation:
    """Ask by e-mail.  Whether the address has an account already is not told to anybody."""
    email = email.strip().lower()
    of_today = Invitation.objects.filter(invited_by=invited_by, created_at__gt=timezone.now() - timedelta(days=1))
    if of_today.count() >= settings.LIMITS.invitations_per_day:
        raise ClubError(_("That is enough for one day. Please send further invitations tomorrow."))
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(club=club, email=email, role=role, invited_by=invited_by)
    except IntegrityError:
        return Invitation.objects.get(club=club, email=email, role=role, answered_at=None)
    text = _(
        "%(inviter)s invites you to join %(club)s on RunForm as %(role)s.\n\n"
        "Log in or sign up with this e-mail address, then accept on your home page:\n%(url)s\n"
    ) % {"inviter": invited_by, "club": club, "role": role.label, "url": site_url.rstrip("/") + reverse("home")}
    transaction.on_commit(lambda: _mail(invitation, _("Join %s on RunForm") % club, text))
    return invitation


def _mail(invitation: Invitation, subject: str, text: str) -> None:
    try:
        send_mail(subject, text, None, [invitation.email])
    except OSError as error:
        # Nobody was asked, so nothing is open.
        invitation.delete()
        raise ClubError(_("The e-mail could not be sent. Please try again later.")) from error


@transaction.atomic
def invitation_answer(*, invitation: Invitation, user: User, accept: bool) -> bool:
    """True if this answer counted: the invitation was open and is this person's."""
    mine = invitations_for(user).filter(pk=invitation.pk)
    if not mine.update(answered_at=timezone.now(), accepted=accept):
        return False
    if accept:
        member_add(club=invitation.club, user=user, role=Role(invitation.role))
    return True


def invitation_withdraw(*, invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk, answered_at=None).update(answered_at=timezone.now())
