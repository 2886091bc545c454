from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from runform.accounts.ages import adult_when_born_by
from runform.accounts.models import User
from runform.clubs.models import (
    Action,
    AuditEntry,
    Club,
    CoachAssignment,
    ConsentRecord,
    Enrolment,
    Guardianship,
    Invitation,
    Membership,
    Purpose,
    Role,
    Squad,
)
from runform.core.asked import asked_once


def clubs_visible_to(user: User) -> QuerySet[Club]:
    return Club.objects.filter(memberships__user=user, memberships__ended_at=None).distinct().order_by("name")


def clubs_managed_by(user: User) -> QuerySet[Club]:
    return Club.objects.filter(Exists(_active(Role.MANAGER, OuterRef("pk"), user.pk)))


def consents_to(purpose: Purpose) -> Subquery:
    """A condition on people: their newest word on the purpose is yes, holds today and was theirs to give.

    Of a minor only a guardian's yes counts.  It counts while that guardian is linked, also when the minor has come of
    age and said nothing since: a yes that ended with its guardian does not come back on a birthday.
    """
    adult = Q(athlete__profile__birth_date=None) | Q(athlete__profile__birth_date__lte=adult_when_born_by())
    linked = Guardianship.objects.filter(
        athlete=OuterRef("athlete"), guardian=OuterRef("given_by"), guardian__is_active=True, ended_at=None
    )
    holds = Q(until=None) | Q(until__gte=timezone.localdate())
    counts = Q(given=True) & holds & ((adult & Q(as_guardian=False)) | (Q(as_guardian=True) & Exists(linked)))
    words = ConsentRecord.objects.filter(athlete=OuterRef("pk"), purpose=purpose).order_by("-pk")
    yes = words.annotate(yes=ExpressionWrapper(counts, output_field=BooleanField())).values("yes")[:1]
    return Subquery(yes, output_field=BooleanField())


def has_consent(athlete: User, purpose: Purpose) -> bool:
    """Asked of the database anew; somebody in the bin agrees to nothing any more."""
    return User.objects.filter(consents_to(purpose), pk=athlete.pk, is_active=True, binned_at=None).exists()


def athletes_assigned_to(user: User) -> QuerySet[User]:
    """Whom this coach looks after, whether they agreed to show anything or not: their names, no more."""
    assignments = CoachAssignment.objects.filter(
        Exists(_active(Role.COACH, OuterRef("club"), OuterRef("coach"))),
        Exists(_active(Role.ATHLETE, OuterRef("club"), OuterRef("athlete"))),
        coach=user,
        ended_at=None,
    )
    return User.objects.filter(is_active=True, binned_at=None, pk__in=assignments.values("athlete"))


def athletes_coached_by(user: User) -> QuerySet[User]:
    """Assigned athletes who agree to the analysis and to their coaches' seeing it."""
    return User.objects.filter(pk__in=coached_ids(user))


@asked_once
def coached_ids(user: User) -> frozenset[int]:
    """``athletes_coached_by`` as primary keys.  As most people coach nobody, they cost one small query."""
    if not CoachAssignment.objects.filter(coach=user, ended_at=None).exists():
        return frozenset()
    agreed = athletes_assigned_to(user).filter(consents_to(Purpose.ANALYSIS), consents_to(Purpose.COACH))
    return frozenset(agreed.values_list("pk", flat=True))


def wards_of(user: User) -> QuerySet[User]:
    """Minors for whom this person decides.  Coming of age ends it."""
    return User.objects.filter(pk__in=ward_ids(user))


@asked_once
def ward_ids(user: User) -> frozenset[int]:
    """``wards_of`` as primary keys."""
    linked = list(Guardianship.objects.filter(guardian=user, ended_at=None).values_list("athlete", flat=True))
    minors = User.objects.filter(pk__in=linked, profile__birth_date__gt=adult_when_born_by(), is_active=True)
    return frozenset(minors.values_list("pk", flat=True))


def guardians_of(athlete: User) -> QuerySet[User]:
    linked = Guardianship.objects.filter(guardian=OuterRef("pk"), athlete=athlete, ended_at=None)
    return User.objects.filter(Exists(linked), is_active=True)


def athletes_visible_to(user: User) -> QuerySet[User]:
    """Whose FormChecks this person may see: their own, their wards' and those of the athletes whom they coach."""
    return User.objects.filter(pk__in=visible_ids(user))


@asked_once
def visible_ids(user: User) -> frozenset[int]:
    """``athletes_visible_to`` as primary keys.  A condition on them costs a fraction of one that asks for all this
    again in the middle of every other query."""
    return coached_ids(user) | ward_ids(user) | ({user.pk} if user.is_active else set())


def athletes_watched_by(user: User) -> QuerySet[User]:
    """Minors of the clubs whose welfare officer this person is: their conversations, and no media."""
    clubs = Membership.objects.filter(user=user, role=Role.WELFARE, ended_at=None).values("club")
    athletes = Membership.objects.filter(club__in=clubs, role=Role.ATHLETE, ended_at=None).values("user")
    minors = User.objects.filter(profile__birth_date__gt=adult_when_born_by(), is_active=True, binned_at=None)
    return minors.filter(pk__in=athletes).exclude(pk=user.pk)


def club_of(athlete: User) -> Club | None:
    """The club that somebody runs for; of several the one joined first."""
    rows = Membership.objects.filter(user=athlete, role=Role.ATHLETE, ended_at=None).select_related("club")
    first = rows.order_by("joined_at", "pk").first()
    return first.club if first else None


def is_coach(user: User) -> bool:
    return Membership.objects.filter(user=user, role=Role.COACH, ended_at=None).exists()


def members_visible_to(user: User, club: Club) -> QuerySet[Membership]:
    """A manager sees everybody.  Others see who runs the club, themselves, and whom they coach or decide for."""
    rows = members_of(club)
    if clubs_managed_by(user).filter(pk=club.pk).exists():
        return rows
    runs_it = Q(role__in=[Role.MANAGER, Role.COACH, Role.WELFARE])
    own = Q(user__in=athletes_assigned_to(user)) | Q(user__in=ward_ids(user)) | Q(user=user)
    return rows.filter(runs_it | own)


def members_of(club: Club) -> QuerySet[Membership]:
    return club.memberships.filter(ended_at=None).select_related("user").order_by("role", "user__name")


def assignments_of(club: Club) -> QuerySet[CoachAssignment]:
    rows = club.assignments.filter(ended_at=None).select_related("coach", "athlete")
    return rows.order_by("athlete__name", "coach__name")


def invitations_open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(answered_at=None, expires_at__gt=timezone.now())


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Open invitations to an address that this person has proved to own."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list(Lower("email"), flat=True)
    return invitations_open().filter(email__in=list(addresses)).select_related("club", "athlete")


def people_decided_by(user: User) -> QuerySet[User]:
    """Themselves and their wards."""
    return User.objects.filter(pk__in={user.pk} | ward_ids(user), is_active=True)


def guardianships_of(athlete: User) -> QuerySet[Guardianship]:
    return Guardianship.objects.filter(athlete=athlete, ended_at=None).select_related("guardian")


def squads_of(club: Club) -> QuerySet[Squad]:
    present = Membership.objects.filter(ended_at=None).select_related("user").order_by("user__name")
    return club.squads.prefetch_related(Prefetch("memberships", present, to_attr="present"))


def enrolments_open(club: Club) -> QuerySet[Enrolment]:
    return club.enrolments.filter(answered_at=None).select_related("user").order_by("created_at")


def clubs_with_log_for(user: User) -> QuerySet[Club]:
    """Managers and welfare officers read their club's log."""
    welfare = _active(Role.WELFARE, OuterRef("pk"), user.pk)
    return Club.objects.filter(Exists(_active(Role.MANAGER, OuterRef("pk"), user.pk)) | Exists(welfare))


def log_of_athlete(athlete: User) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(athlete=athlete).select_related("actor", "club").order_by("-pk")


def log_of_club(club: Club) -> QuerySet[AuditEntry]:
    """What happened in the club, and who opened the media of its athletes."""
    athletes = club.memberships.filter(role=Role.ATHLETE, ended_at=None).values("user")
    looks = Q(athlete__in=athletes, action=Action.OPENED)
    rows = AuditEntry.objects.filter(Q(club=club) | looks)
    return rows.select_related("actor", "athlete", "club").order_by("-pk")


def _active(role: Role, club: Any, user: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(club=club, user=user, role=role, ended_at=None)
