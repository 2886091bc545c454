"""What happened in a club between two days, counted.  A fixed number of queries, however large it is."""

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.models import Club, Purpose, Role
from runform.clubs.selectors import consents_to
from runform.coaching.models import Publication
from runform.desk.club.squads import GROUP_MIN, Picture, counted_in, group_pictures
from runform.desk.models import Trend

Latest = dict[str, Any]
# Not filmed for so long at the end of the season: somebody should ask.
QUIET = timedelta(weeks=8)


@dataclass(frozen=True)
class Coverage:
    """Of a group: how many there are, who agreed to be filmed and coached, who was filmed, and who not lately."""

    name: str
    n: int
    agreed: int
    filmed: int
    quiet: int


@dataclass(frozen=True)
class Month:
    first_on: date
    checks: int
    athletes: int


@dataclass(frozen=True)
class Changes:
    """Of a metric: ``n`` athletes have a number of this season, so many of them changed beyond noise."""

    key: str
    n: int
    nearer: int
    further: int


@dataclass(frozen=True)
class Season:
    club: Club
    start: date
    end: date
    whole: Coverage
    squads: list[Coverage]
    months: list[Month]
    n_checks: int
    n_reviewed: int
    # From the FormCheck to its first review, days; None without a review.
    median_days: float | None
    counted: int
    changes: list[Changes]
    pictures: list[Picture]
    squad_pictures: dict[str, list[Picture]]


def season_of(club: Club, start: date, end: date) -> Season:
    """Both days included."""
    members = club.memberships.filter(role=Role.ATHLETE, ended_at=None, user__is_active=True, user__binned_at=None)
    athletes = set(members.values_list("user", flat=True))
    agreed = User.objects.filter(consents_to(Purpose.ANALYSIS), consents_to(Purpose.COACH), pk__in=athletes)
    sharing = set(agreed.values_list("pk", flat=True))
    groups = _groups(club, athletes)
    checks = list(_checks(sharing, start, end))
    last_on: dict[int, date] = {}
    for athlete, day in checks:
        last_on[athlete] = max(day, last_on.get(athlete, day))
    days = _review_days(sharing, start, end)
    counted = counted_in(club)
    latest, changes = _numbers(counted, start, end)
    return Season(
        club=club,
        start=start,
        end=end,
        whole=_coverage("", athletes, sharing, last_on, end),
        squads=[_coverage(name, group, sharing, last_on, end) for name, group in groups.items()],
        months=_months(checks),
        n_checks=len(checks),
        n_reviewed=len(days),
        median_days=statistics.median(days) if days else None,
        counted=len(counted),
        changes=_changes(latest, changes),
        pictures=group_pictures(counted, counted, latest),
        squad_pictures={
            name: shown for name, group in groups.items() if (shown := group_pictures(group & counted, counted, latest))
        },
    )


def _groups(club: Club, athletes: set[int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    rows = club.squads.filter(memberships__ended_at=None, memberships__user__in=athletes)
    for name, athlete in rows.order_by("name").values_list("name", "memberships__user"):
        found[name].add(athlete)
    return dict(found)


def _checks(athletes: set[int], start: date, end: date) -> Any:
    """Athlete and day of every FormCheck with a clip."""
    rows = FormCheck.objects.filter(athlete__in=athletes, recorded_on__range=(start, end), deleted_at=None)
    rows = rows.filter(clips__deleted_at=None, clips__isnull=False).order_by("pk").distinct()
    return rows.values_list("athlete", "recorded_on")


def _review_days(athletes: set[int], start: date, end: date) -> list[float]:
    first = Publication.objects.filter(
        number=1, review__form_check__athlete__in=athletes, review__form_check__recorded_on__range=(start, end)
    ).filter(review__form_check__deleted_at=None)
    rows = first.values_list("published_at", "review__form_check__created_at")
    return [(published - made) / timedelta(days=1) for published, made in rows]


def _coverage(name: str, group: set[int], sharing: set[int], last_on: dict[int, date], end: date) -> Coverage:
    agreed = group & sharing
    filmed = agreed & set(last_on)
    quiet = [athlete for athlete in agreed if athlete not in last_on or last_on[athlete] < end - QUIET]
    return Coverage(name, len(group), len(agreed), len(filmed), len(quiet))


def _months(checks: list[tuple[int, date]]) -> list[Month]:
    n_checks: Counter[date] = Counter()
    who: dict[date, set[int]] = defaultdict(set)
    for athlete, day in checks:
        month = day.replace(day=1)
        n_checks[month] += 1
        who[month].add(athlete)
    return [Month(month, n_checks[month], len(who[month])) for month in sorted(n_checks)]


def _numbers(athletes: set[int], start: date, end: date) -> tuple[dict[int, Latest], dict[int, list[dict[str, Any]]]]:
    """By athlete the newest numbers that are of these days, and those that changed beyond noise."""
    latest: dict[int, Latest] = {}
    changes: dict[int, list[dict[str, Any]]] = {}
    rows = Trend.objects.filter(athlete__in=athletes).values_list("athlete", "latest", "changes")
    for athlete, numbers, changed in rows:
        latest[athlete] = {key: one for key, one in numbers.items() if start <= date.fromisoformat(one["on"]) <= end}
        changes[athlete] = [one for one in changed if one["key"] in latest[athlete]]
    return latest, changes


def _changes(latest: dict[int, Latest], changes: dict[int, list[dict[str, Any]]]) -> list[Changes]:
    """Metrics that enough athletes have.  Numbers of grade C never count."""
    having: Counter[str] = Counter()
    ways: Counter[tuple[str, str]] = Counter()
    for athlete, numbers in latest.items():
        having.update(key for key, number in numbers.items() if number["grade"] != "C")
        ways.update((change["key"], change["way"]) for change in changes[athlete])
    return [Changes(key, n, ways[key, "nearer"], ways[key, "further"]) for key, n in having.items() if n >= GROUP_MIN]
