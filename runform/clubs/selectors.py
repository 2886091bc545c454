from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from runform.accounts.models import User
from runform.clubs.models import Club, CoachAssignment, Invitation, Membership, Role


def clubs_visible_to(user: User) -> QuerySet[Club]:
    return Club.objects.filter(memberships__user=user, memberships__ended_at=None).distinct().order_by("name")


def clubs_managed_by(user: User) -> QuerySet[Club]:
    return Club.objects.filter(Exists(_active(Role.MANAGER, OuterRef("pk"), user.pk)))


def athletes_coached_by(user: User) -> QuerySet[User]:
    """Athletes whom this person is assigned, while both still belong to the club in that role."""
    assignments = CoachAssignment.objects.filter(
        Exists(_active(Role.COACH, OuterRef("club"), OuterRef("coach"))),
        Exists(_active(Role.ATHLETE, OuterRef("club"), OuterRef("athlete"))),
        coach=user,
        ended_at=None,
    )
    return User.objects.filter(is_active=True, pk__in=assignments.values("athlete"))


def athletes_visible_to(user: User) -> QuerySet[User]:
    """Whose FormChecks this person may see: their own and those of the athletes whom they coach."""
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=athletes_coached_by(user).values("pk")), is_active=True)


def is_coach(user: User) -> bool:
    return Membership.objects.filter(user=user, role=Role.COACH, ended_at=None).exists()


def members_of(club: Club) -> QuerySet[Membership]:
    return club.memberships.filter(ended_at=None).select_related("user").order_by("role", "user__name")


def assignments_of(club: Club) -> QuerySet[CoachAssignment]:
    rows = club.assignments.filter(ended_at=None).select_related("coach", "athlete")
    return rows.order_by("athlete__name", "coach__name")


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Open invitations to an address that this person has proved to own."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list(Lower("email"), flat=True)
    return Invitation.objects.filter(email__in=list(addresses), answered_at=None).select_related("club")


def _active(role: Role, club: Any, user: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(club=club, user=user, role=role, ended_at=None)
