"""Asking people in: by an address that only its owner can answer for, or by the club's code."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.ages import is_minor
from runform.accounts.models import User
from runform.clubs import audit
from runform.clubs.consents import consent_give
from runform.clubs.guardians import guardian_link
from runform.clubs.models import Action, Club, Invitation, Purpose, Role
from runform.clubs.policies import may_decide_for
from runform.clubs.selectors import guardians_of, invitations_for
from runform.clubs.services import ClubError, member_add

# What stands between the words of a pasted list.
BETWEEN = re.compile(r"[\s<>\",;]+")


def invitation_send(*, club: Club, email: str, role: Role, invited_by: User, site_url: str) -> Invitation:
    """Ask by e-mail.  Whether the address has an account already is not told to anybody."""
    text = _("%(inviter)s invites you to join %(club)s on RunForm as %(role)s.") % {
        "inviter": invited_by,
        "club": club,
        "role": role.label,
    }
    asked = Invitation(club=club, email=email.strip().lower(), role=role, invited_by=invited_by)
    return _send(asked, _("Join %s on RunForm") % club, text, site_url)


def guardian_invite(
    *, athlete: User, email: str, invited_by: User, site_url: str, club: Club | None = None
) -> Invitation:
    """Ask a grown-up to decide for a minor: the minor the first one, and the guardians whom else they trust."""
    if not is_minor(athlete):
        raise ClubError(_("A guardian decides for people under 18. You decide yourself."))
    _check_may_name(invited_by, athlete)
    if email.strip().lower() == athlete.email:
        raise ClubError(_("Please give the address of your parent or guardian, not your own."))
    text = _(
        "%(athlete)s is under 18 and would like to use RunForm, which measures running form in videos.\n"
        "Nothing is analysed before a parent or guardian has agreed. %(inviter)s names you."
    ) % {"athlete": athlete, "inviter": invited_by}
    asked = Invitation(
        club=club, email=email.strip().lower(), role=Role.GUARDIAN, athlete=athlete, invited_by=invited_by
    )
    return _send(asked, _("%s asks for your consent on RunForm") % athlete, text, site_url)


@dataclass(frozen=True)
class Invited:
    """What became of a pasted list."""

    sent: list[str]
    unreadable: list[str]
    members: list[str]
    # Left over when the day's number was reached.
    unsent: list[str]


def invitations_send(*, club: Club, pasted: str, role: Role, invited_by: User, site_url: str) -> Invited:
    """Addresses as people paste them: one a line, or with commas, with or without names."""
    known = set(club.memberships.filter(role=role, ended_at=None).values_list("user__email", flat=True))
    result = Invited([], [], [], [])
    for email in _addresses(pasted):
        if not _is_address(email):
            result.unreadable.append(email)
        elif email in known:
            result.members.append(email)
        elif result.unsent:
            result.unsent.append(email)
        else:
            try:
                invitation_send(club=club, email=email, role=role, invited_by=invited_by, site_url=site_url)
                result.sent.append(email)
            except ClubError:
                result.unsent.append(email)
    return result


@transaction.atomic
def invitation_answer(*, invitation: Invitation, user: User, accept: bool) -> bool:
    """True if this answer counted: the invitation was open and is this person's."""
    mine = invitations_for(user).filter(pk=invitation.pk)
    if not mine.update(answered_at=timezone.now(), accepted=accept):
        return False
    if accept:
        _let_in(invitation, user)
    return True


def invitation_withdraw(*, invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk, answered_at=None).update(answered_at=timezone.now())


def _let_in(invitation: Invitation, user: User) -> None:
    role = Role(invitation.role)
    if role == Role.GUARDIAN and invitation.athlete:
        _check_may_name(invitation.invited_by, invitation.athlete)
        guardian_link(athlete=invitation.athlete, guardian=user)
    if invitation.club:
        member_add(club=invitation.club, user=user, role=role)
        # The invitation says so in words; a minor's guardian is asked instead.
        if role == Role.ATHLETE and may_decide_for(user, user):
            consent_give(athlete=user, by=user, purposes=[Purpose.COACH])


def _check_may_name(by: User, athlete: User) -> None:
    """Nobody talks a child into a further guardian over the head of the one there is."""
    if by == athlete and guardians_of(athlete).exists():
        raise ClubError(_("There is a guardian already, who can invite another one."))


def _send(asked: Invitation, subject: str, text: str, site_url: str) -> Invitation:
    today = Invitation.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if (
        today.filter(invited_by=asked.invited_by).count() >= settings.LIMITS.invitations_per_day
        # Whoever asks, and however often it is withdrawn and sent anew.
        or today.filter(email=asked.email).count() >= settings.LIMITS.invitations_per_address
    ):
        raise ClubError(_("That is enough for one day. Please send further invitations tomorrow."))
    same = Invitation.objects.filter(email=asked.email, role=asked.role, athlete=asked.athlete, answered_at=None)
    same = same if asked.athlete else same.filter(club=asked.club)
    same.filter(expires_at__lte=timezone.now()).update(answered_at=timezone.now())
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
            audit.record(
                Action.INVITED, actor=asked.invited_by, club=asked.club, athlete=asked.athlete, thing=asked.role
            )
    except IntegrityError:
        return same.get()
    lines = [
        text,
        _("Log in or sign up with this e-mail address, then answer here:"),
        site_url.rstrip("/") + reverse("invitation", args=[asked.code]),
        _("The link works for this address only, until %s.") % asked.expires_at.date().isoformat(),
    ]
    subject = " ".join(subject.split())
    transaction.on_commit(lambda: _mail(asked, subject, "\n\n".join(lines) + "\n"))
    return asked


def _mail(invitation: Invitation, subject: str, text: str) -> None:
    try:
        send_mail(subject, text, None, [invitation.email])
    except OSError as error:
        # Nobody was asked, so nothing is open.
        invitation.delete()
        raise ClubError(_("The e-mail could not be sent. Please try again later.")) from error


def _addresses(pasted: str) -> list[str]:
    """What looks like an address, wherever it stands in a line; of a line without any, the line."""
    found = []
    for line in filter(None, (line.strip() for line in pasted.splitlines())):
        found += [word.lower() for word in BETWEEN.split(line) if "@" in word.strip("@")] or [line]
    return list(dict.fromkeys(found))


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
