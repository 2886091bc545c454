"""Whose reports wait for a coach: nothing reaches an athlete before, unless the club lets automatic reports through."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, Min, OuterRef

from runform.accounts.models import User
from runform.clubs.models import CoachAssignment, Membership, Purpose, Role
from runform.clubs.selectors import coached_ids, consents_to, visible_ids
from runform.core.asked import asked_once


@asked_once
def held_since(user: User) -> Mapping[int, datetime]:
    """Athletes whose clips from this time on wait for a coach before this person sees their results.

    That are coaches who really can look: both are members, the athlete agreed to it, and the club wants a look first.
    Who coaches an athlete waits for nobody.
    """
    athletes = visible_ids(user) - coached_ids(user)
    assigned = CoachAssignment.objects.filter(athlete__in=athletes, club__automatic_reports=False, ended_at=None)
    if not assigned.exists():
        return {}
    active = Membership.objects.filter(club=OuterRef("club"), ended_at=None)
    coach = active.filter(user=OuterRef("coach"), role=Role.COACH, user__is_active=True)
    athlete = active.filter(user=OuterRef("athlete"), role=Role.ATHLETE)
    agreed = User.objects.filter(consents_to(Purpose.ANALYSIS), consents_to(Purpose.COACH), pk__in=athletes)
    holding = assigned.filter(Exists(coach), Exists(athlete), athlete__in=agreed)
    return dict(holding.values_list("athlete").annotate(since=Min("created_at")))
