"""Whose reports wait for a coach: nothing reaches an athlete before, unless the club lets automatic reports through."""

from django.db.models import Exists, OuterRef, QuerySet

from runform.accounts.models import User
from runform.clubs.models import CoachAssignment, Membership, Purpose, Role
from runform.clubs.selectors import consents_to


def assignments_that_hold() -> QuerySet[CoachAssignment]:
    """Coaches who really can look: both are members, the athlete agreed to it, and the club wants a look first."""
    active = Membership.objects.filter(club=OuterRef("club"), ended_at=None)
    coach = active.filter(user=OuterRef("coach"), role=Role.COACH, user__is_active=True)
    athlete = active.filter(user=OuterRef("athlete"), role=Role.ATHLETE)
    shown = User.objects.filter(consents_to(Purpose.ANALYSIS), consents_to(Purpose.COACH), is_active=True)
    return CoachAssignment.objects.filter(
        Exists(coach),
        Exists(athlete),
        athlete__in=shown,
        club__automatic_reports=False,
        ended_at=None,
    )
