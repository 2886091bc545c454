"""A club's page of its athletes: who sees whom, what counts as a change, and groups that show nobody."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from runform.accounts.models import User
from runform.clubs.consents import consent_give, consent_withdraw
from runform.clubs.models import Club, Purpose, Role, Squad
from runform.clubs.services import club_create, coach_assign, member_add
from runform.desk.club.filters import Filter
from runform.desk.club.people import Person, people_of
from runform.desk.club.squads import pictures_of
from runform.desk.club.trends import trends_refresh, trends_stale
from runform.desk.models import SavedView, Trend
from runform.processing.services import clip_remove
from runform.reports.models import MetricResult, Report
from tests.runform.world import World, make_check, make_clip, make_report, make_user

pytestmark = pytest.mark.django_db
LEAN, CADENCE = "forward_lean_mean", "cadence"


def report_with(athlete: User, folder: Path, day: date, **values: float) -> Report:
    """A real report of a day, some of its numbers changed."""
    check = make_check(athlete, speed_mps=3.0)
    check.recorded_on = day
    check.save(update_fields=["recorded_on"])
    report = make_report(make_clip(check, f"{athlete} {day}".encode()), folder / str(check.code))
    for key, value in values.items():
        MetricResult.objects.filter(report=report, key=key).update(value=value, low=value - 0.5, high=value + 0.5)
    return report


@pytest.fixture
def club(db: None) -> Club:
    return club_create(name="Here", manager=make_user("manager"))


@pytest.fixture
def coach(club: Club) -> User:
    coach = make_user("coach")
    member_add(club=club, user=coach, role=Role.COACH)
    return coach


def make_athlete(club: Club, name: str, coach: User | None = None) -> User:
    athlete = make_user(name)
    member_add(club=club, user=athlete, role=Role.ATHLETE)
    if coach:
        coach_assign(club=club, coach=coach, athlete=athlete)
    return athlete


def person(people: list[Person], athlete: User) -> Person:
    return next(one for one in people if one.athlete == athlete)


def test_a_change_beyond_noise_is_found_and_one_within_it_is_not(club: Club, coach: User, tmp_path: Path) -> None:
    runner = make_athlete(club, "ann", coach)
    report_with(runner, tmp_path, date(2026, 3, 1), **{LEAN: 17.0, CADENCE: 170.0})
    report_with(runner, tmp_path, date(2026, 4, 1), **{LEAN: 9.0, CADENCE: 170.5})
    assert trends_refresh() == 1
    trend = Trend.objects.get(athlete=runner)
    assert {change["key"]: (change["way"], change["by"], change["since"]) for change in trend.changes} == {
        LEAN: ("nearer", -8.0, "2026-03-01")
    }
    assert trend.latest[LEAN]["value"] == 9.0
    assert (trend.n_nearer, trend.n_further) == (1, 0)


def test_a_row_is_drawn_anew_only_when_the_reports_are_others(club: Club, tmp_path: Path) -> None:
    runner = make_athlete(club, "ann")
    report = report_with(runner, tmp_path, date(2026, 3, 1))
    assert trends_refresh() == 1
    assert trends_refresh() == 0
    second = report_with(runner, tmp_path, date(2026, 4, 1))
    assert list(trends_stale()) == [runner.pk]
    trends_refresh()
    for one in (report, second):
        clip_remove(clip=one.clip)
    assert trends_refresh() == 1
    assert Trend.objects.get().latest == {}
    assert trends_refresh() == 0


def test_numbers_show_to_coaches_and_a_withdrawn_consent_leaves_a_name(club: Club, coach: User, tmp_path: Path) -> None:
    own, other = make_athlete(club, "ann", coach), make_athlete(club, "bob")
    for runner in (own, other):
        report_with(runner, tmp_path, date(2026, 3, 1), **{LEAN: 17.0})
        report_with(runner, tmp_path, date(2026, 4, 1), **{LEAN: 9.0})
    trends_refresh()
    manager = User.objects.get(name="manager")
    assert [one.athlete for one in people_of(coach, club)] == [own]
    assert len(person(people_of(coach, club), own).changes) == 1
    for_manager = people_of(manager, club)
    assert [one.athlete for one in for_manager] == [own, other]
    assert not any(one.changes for one in for_manager)
    assert person(for_manager, own).last_on == date(2026, 4, 1)
    consent_withdraw(athlete=own, by=own, purpose=Purpose.COACH)
    hidden = person(people_of(manager, club), own)
    assert (hidden.shares, hidden.last_on, hidden.n_waiting, hidden.changes) == (False, None, 0, [])


def test_what_waits_and_what_is_overdue_is_counted(club: Club, coach: User, tmp_path: Path) -> None:
    runner = make_athlete(club, "ann", coach)
    late, fresh = (report_with(runner, tmp_path, date(2026, 3, day)) for day in (1, 2))
    Report.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(days=club.review_due_days + 2))
    found = person(people_of(coach, club), runner)
    assert (found.n_checks, found.n_waiting, found.n_overdue, found.n_unread) == (2, 2, 1, 0)
    # Nobody waits for a coach who is not there.
    alone = make_athlete(club, "bob")
    report_with(alone, tmp_path, date(2026, 3, 1))
    assert person(people_of(User.objects.get(name="manager"), club), alone).n_waiting == 0
    assert fresh.created_at > late.created_at - timedelta(days=1)


def some(name: str, **facts: Any) -> Person:
    return Person(
        **{"athlete": User(pk=len(name), name=name), "squads": (), "shares": True, "sees_numbers": True, **facts}
    )


def test_filters_keep_whom_they_say() -> None:
    today = timezone.localdate()
    squad = Squad(name="Juniors")
    late = some("Ann", n_waiting=1, n_overdue=1, last_on=today)
    away = some("Bob B", last_on=today - timedelta(weeks=9), squads=(squad,), n_unread=1)
    never = some("Cy Cyan")
    gone = some("Dee Deer", shares=False)
    everybody = [gone, never, away, late]
    keeps = {
        "": [late, away, never, gone],
        "state=overdue": [late],
        "state=unread": [away],
        "state=never": [never],
        "weeks=8": [away, never],
        "weeks=10": [never],
        "name=bo": [away],
        f"squad={squad.code}": [away],
        "order=last": [never, away, late, gone],
        "state=nonsense&weeks=-1&order=drop": [late, away, never, gone],
    }
    for query, found in keeps.items():
        chosen = Filter.read(dict(part.split("=") for part in query.split("&")) if query else {})
        assert [one.athlete.name for one in chosen.of(everybody)] == [one.athlete.name for one in found], query
        assert Filter.read(dict(part.split("=") for part in chosen.query.split("&") if part)) == chosen


def test_a_group_shows_only_when_nobody_can_be_guessed(club: Club) -> None:
    squad = Squad.objects.create(club=club, name="Juniors")
    runners = [make_athlete(club, f"runner{n}") for n in range(11)]
    for n, runner in enumerate(runners):
        Trend.objects.create(
            athlete=runner, latest={LEAN: {"value": float(n), "grade": "A", "status": "ok" if n < 4 else "watch"}}
        )
        if n < 7:
            runner.memberships.get(club=club).squads.add(squad)
    assert pictures_of(club) == (0, [])
    for runner in runners[:4]:
        consent_give(athlete=runner, by=runner, purposes=[Purpose.SQUAD])
    assert pictures_of(club)[0] == 4
    assert pictures_of(club)[1] == []
    for runner in runners[4:10]:
        consent_give(athlete=runner, by=runner, purposes=[Purpose.SQUAD])
    count, pictures = pictures_of(club)
    assert count == 10
    (picture,) = pictures
    # Of 0 to 9: the quarters by hand.
    assert (picture.n, picture.low, picture.median, picture.high, picture.ok_pct) == (10, 2.25, 4.5, 6.75, 40)
    # Seven of the squad leave three over: their numbers could be told.
    assert pictures_of(club, str(squad.code)) == (7, [])
    runners[5].memberships.get(club=club).squads.clear()
    runners[6].memberships.get(club=club).squads.clear()
    count, pictures = pictures_of(club, str(squad.code))
    assert (count, [one.median for one in pictures]) == (5, [2.0])


def test_the_table_names_who_is_there_and_no_formula(club: Club, coach: User, tmp_path: Path, client: Client) -> None:
    runner = make_athlete(club, "ann", coach)
    runner.name = "=HYPERLINK(1)"
    runner.save(update_fields=["name"])
    report_with(runner, tmp_path, date(2026, 3, 1))
    client.force_login(coach)
    answer = client.get(f"/clubs/{club.code}/athletes.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["athlete"] for line in lines] == ["'=HYPERLINK(1)"]
    assert (lines[0]["form_checks"], lines[0]["last_filmed"], lines[0]["waiting"]) == ("1", "2026-03-01", "1")


def test_filters_are_kept_under_a_name(club: Club, coach: User, client: Client) -> None:
    client.force_login(coach)
    answer = client.post(f"/clubs/{club.code}/views/", {"name": "Late", "query": "state=overdue&evil=1"})
    assert answer.headers["Location"] == f"/clubs/{club.code}/athletes/?state=overdue"
    saved = SavedView.objects.get()
    assert (saved.user, saved.query) == (coach, "state=overdue")
    assert b"Late" in client.get(f"/clubs/{club.code}/athletes/").content
    client.post(f"/clubs/{club.code}/views/{saved.code}/remove/")
    assert not SavedView.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_club(
    club: Club, coach: User, tmp_path: Path, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(6):
        runner = make_athlete(club, f"runner{n}", coach)
        if n < 2:
            report_with(runner, tmp_path, date(2026, 3, 1))
    trends_refresh()
    client.force_login(coach)
    with django_assert_max_num_queries(24):
        assert client.get(f"/clubs/{club.code}/athletes/").status_code == 200


def test_who_coaches_elsewhere_or_is_an_athlete_finds_no_page(world: World, client: Client) -> None:
    for who, status in ((world.foreign_coach, 404), (world.athlete, 404), (world.coach, 200), (world.manager, 200)):
        client.force_login(who)
        for page in ("athletes/", "athletes.csv", "squad/"):
            assert client.get(f"/clubs/{world.club.code}/{page}").status_code == status
