"""The athletes of a club as its page lists them: a fixed number of queries, however many there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from analysis.compare import Way
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.models import Club, CoachAssignment, Membership, Purpose, Role, Squad
from runform.clubs.selectors import athletes_coached_by, clubs_managed_by, consents_to
from runform.coaching.models import Publication, State
from runform.desk.models import Trend
from runform.reports.charts import unit_suffix
from runform.reports.models import Report
from runform.reports.rows import SPECS, number_text

TO_DO = (State.WAITING, State.ANSWERED)


@dataclass(frozen=True)
class ChangeLine:
    label: str
    by: str
    way: Way


@dataclass(frozen=True)
class Person:
    """A line of the page.  ``shares``: agreed to the analysis and to being coached; without it the line is a name and
    nothing else.  ``sees_numbers``: whoever looks is a coach of theirs."""

    athlete: User
    squads: tuple[Squad, ...]
    shares: bool
    sees_numbers: bool
    n_checks: int = 0
    last_on: date | None = None
    n_waiting: int = 0
    n_overdue: int = 0
    n_unread: int = 0
    trend: Trend | None = None

    @cached_property
    def weeks_ago(self) -> int | None:
        return None if self.last_on is None else (timezone.localdate() - self.last_on).days // 7

    @property
    def n_further(self) -> int:
        return self.trend.n_further if self.trend and self.sees_numbers else 0

    @property
    def n_nearer(self) -> int:
        return self.trend.n_nearer if self.trend and self.sees_numbers else 0

    @property
    def changes(self) -> list["ChangeLine"]:
        return [change_line(one) for one in self.trend.changes] if self.trend and self.sees_numbers else []

    @property
    def urgency(self) -> tuple[Any, ...]:
        ago = -1 if self.weeks_ago is None else self.weeks_ago
        return (
            -self.n_overdue,
            -self.n_further,
            -self.n_waiting,
            -self.n_unread,
            -ago,
            self.athlete.name,
            self.athlete.pk,
        )


@dataclass(frozen=True)
class Facts:
    """What the tables say, by athlete."""

    n_checks: dict[int, int] = field(default_factory=dict)
    last_on: dict[int, date] = field(default_factory=dict)
    n_waiting: Counter[int] = field(default_factory=Counter)
    n_overdue: Counter[int] = field(default_factory=Counter)
    n_unread: Counter[int] = field(default_factory=Counter)


def change_line(change: Mapping[str, Any]) -> ChangeLine:
    spec = SPECS[change["key"]]
    sign = "+" if change["by"] > 0 else ""
    return ChangeLine(
        spec.label, sign + number_text(change["by"], spec.decimals) + unit_suffix(spec.unit), Way(change["way"])
    )


def people_of(user: User, club: Club) -> list[Person]:
    """The club's athletes whom this person may see on its page: a manager all, a coach their own."""
    coached = set(athletes_coached_by(user).values_list("pk", flat=True))
    rows = club.memberships.filter(role=Role.ATHLETE, ended_at=None, user__is_active=True, user__binned_at=None)
    if not clubs_managed_by(user).filter(pk=club.pk).exists():
        rows = rows.filter(user__in=_assigned(user, club))
    rows = rows.select_related("user").order_by("user__name", "user__pk")
    members = {member.user_id: member for member in rows}
    agreed = User.objects.filter(consents_to(Purpose.ANALYSIS), consents_to(Purpose.COACH), pk__in=members)
    shown = set(agreed.values_list("pk", flat=True))
    facts = _facts(shown, club)
    squads = _squads(club)
    trends = {trend.athlete_id: trend for trend in Trend.objects.filter(athlete__in=shown & coached).defer("latest")}
    return [
        _person(member, squads[member.pk], facts, trends.get(pk), shares=pk in shown, coached=pk in coached)
        for pk, member in members.items()
    ]


def may_see_people(user: User, club: Club) -> bool:
    """Managers and coaches of the club."""
    roles = club.memberships.filter(user=user, role__in=[Role.MANAGER, Role.COACH], ended_at=None)
    return roles.exists()


def _person(
    member: Membership, squads: Sequence[Squad], facts: Facts, trend: Trend | None, *, shares: bool, coached: bool
) -> Person:
    pk = member.user_id
    return Person(
        athlete=member.user,
        squads=tuple(squads),
        shares=shares,
        sees_numbers=coached,
        n_checks=facts.n_checks.get(pk, 0),
        last_on=facts.last_on.get(pk),
        n_waiting=facts.n_waiting[pk],
        n_overdue=facts.n_overdue[pk],
        n_unread=facts.n_unread[pk],
        trend=trend,
    )


def _squads(club: Club) -> Mapping[int, Sequence[Squad]]:
    """The squads of every membership, in the order of their names."""
    found: dict[int, list[Squad]] = defaultdict(list)
    by_pk = {squad.pk: squad for squad in club.squads.all()}
    rows = Squad.memberships.through.objects.filter(squad__in=by_pk).order_by("squad__name", "squad_id")
    for squad, member in rows.values_list("squad_id", "membership_id"):
        found[member].append(by_pk[squad])
    return found


def _assigned(user: User, club: Club) -> Any:
    return CoachAssignment.objects.filter(club=club, coach=user, ended_at=None).values("athlete")


def _facts(athletes: Iterable[int], club: Club) -> Facts:
    athletes = list(athletes)
    facts = Facts()
    checks = FormCheck.objects.filter(athlete__in=athletes, clips__deleted_at=None).order_by()
    seen = checks.values("athlete").annotate(n=Count("pk", distinct=True), last=Max("recorded_on"))
    for athlete, count, last in seen.values_list("athlete", "n", "last"):
        facts.n_checks[athlete], facts.last_on[athlete] = count, last
    for athlete, waiting, in_time in _waiting(athletes, club):
        facts.n_waiting[athlete], facts.n_overdue[athlete] = waiting, waiting - in_time
    newer = Publication.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"))
    unread = Publication.objects.filter(~Exists(newer), review__form_check__athlete__in=athletes, read_at=None)
    unread = unread.filter(review__form_check__deleted_at=None)
    by_athlete = unread.order_by().values("review__form_check__athlete").annotate(n=Count("pk"))
    facts.n_unread.update(dict(by_athlete.values_list("review__form_check__athlete", "n")))
    return facts


def _waiting(athletes: list[int], club: Club) -> Any:
    """By athlete: how many FormChecks have results that a coach of theirs has not answered, and how many of these are
    not due before today."""
    coached = CoachAssignment.objects.filter(athlete=OuterRef("clip__athlete"), ended_at=None)
    rows = Report.objects.filter(Exists(coached), clip__athlete__in=athletes, clip__deleted_at=None)
    rows = rows.filter(Q(clip__form_check__review=None) | Q(clip__form_check__review__state__in=TO_DO))
    # Without a day of its own a review is due so many days after its newest report came.
    today = timezone.localdate()
    since = timezone.make_aware(datetime.combine(today - timedelta(days=club.review_due_days), time.min))
    due_on = "clip__form_check__review__due_on"
    in_time = Q(**{f"{due_on}__gte": today}) | Q(**{due_on: None, "created_at__gte": since})
    checks = Count("clip__form_check", distinct=True)
    found = rows.order_by().values("clip__athlete").annotate(n=checks)
    in_time_n = Count("clip__form_check", distinct=True, filter=in_time)
    return found.annotate(in_time=in_time_n).values_list("clip__athlete", "n", "in_time")
