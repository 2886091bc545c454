"""One person in several clubs, and what happens to an athlete's data when they leave one."""

from pathlib import Path

import pytest
from django.test import Client

from runform.accounts.models import User
from runform.clubs.models import Club, CoachAssignment, Membership, Role
from runform.clubs.selectors import athletes_coached_by, clubs_managed_by, clubs_visible_to
from runform.clubs.services import club_create, coach_assign, member_add, member_end
from runform.desk.club.people import people_of
from runform.desk.rights.everything import everything_of
from runform.processing.renewal.selectors import reports_outdated
from runform.reports.models import Report
from runform.reports.selectors import reports_visible_to
from tests.runform.world import make_check, make_clip, make_report, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Club:
    return club_create(name="Here", manager=make_user("manager"))


@pytest.fixture
def there() -> Club:
    return club_create(name="There", manager=make_user("boss"))


@pytest.fixture
def ann(here: Club, there: Club) -> User:
    """An athlete of one club who coaches in another and runs a third."""
    ann = make_user("ann")
    member_add(club=here, user=ann, role=Role.ATHLETE)
    member_add(club=there, user=ann, role=Role.COACH)
    club_create(name="Mine", manager=ann)
    return ann


def coach_in(club: Club, name: str, athlete: User) -> User:
    coach = make_user(name)
    member_add(club=club, user=coach, role=Role.COACH)
    coach_assign(club=club, coach=coach, athlete=athlete)
    return coach


def leave(club: Club, user: User, role: Role) -> None:
    member_end(membership=Membership.objects.get(club=club, user=user, role=role, ended_at=None), by=user)


def test_roles_of_one_club_give_nothing_in_another(ann: User, here: Club, there: Club, client: Client) -> None:
    bob = make_user("bob")
    member_add(club=there, user=bob, role=Role.ATHLETE)
    coach_assign(club=there, coach=ann, athlete=bob)
    assert {club.name for club in clubs_visible_to(ann)} == {"Here", "There", "Mine"}
    assert [club.name for club in clubs_managed_by(ann)] == ["Mine"]
    assert list(athletes_coached_by(ann)) == [bob]
    client.force_login(ann)
    assert client.get(f"/clubs/{there.code}/athletes/").status_code == 200
    assert client.get(f"/clubs/{here.code}/athletes/").status_code == 404
    assert client.get(f"/clubs/{there.code}/settings/").status_code == 404
    leave(there, ann, Role.COACH)
    assert list(athletes_coached_by(ann)) == []
    assert {club.name for club in clubs_visible_to(ann)} == {"Here", "Mine"}


def test_who_leaves_a_club_takes_everything_along(ann: User, here: Club, tmp_path: Path, client: Client) -> None:
    """The club sees nothing any more; the athlete loses nothing, and shows it to the next club from the first day."""
    coach = coach_in(here, "coach", ann)
    report = make_report(make_clip(make_check(ann)), tmp_path)
    Report.objects.update(analysis_version="0.0.1")
    before = everything_of(ann).n_rows
    assert list(reports_visible_to(coach)) == [report]
    leave(here, ann, Role.ATHLETE)
    assert not reports_visible_to(coach).exists()
    assert people_of(User.objects.get(name="manager"), here) == []
    assert not reports_outdated(here).exists()
    for who, page in ((coach, f"/checks/{report.clip.form_check.code}/results/"), (coach, f"/progress/{ann.code}/")):
        client.force_login(who)
        assert client.get(page).status_code == 404
    after = everything_of(ann).n_rows
    assert {name: n for name, n in after.items() if "audit" not in name} == {
        name: n for name, n in before.items() if "audit" not in name
    }
    client.force_login(ann)
    assert client.get(f"/checks/{report.clip.form_check.code}/results/").status_code == 200
    assert client.get(f"/people/{ann.code}/data/everything.zip").status_code == 200
    new = club_create(name="New", manager=make_user("new manager"))
    member_add(club=new, user=ann, role=Role.ATHLETE)
    assert list(reports_visible_to(coach_in(new, "new coach", ann))) == [report]


def test_leaving_one_club_leaves_the_other_as_it_is(ann: User, here: Club, there: Club) -> None:
    member_add(club=there, user=ann, role=Role.ATHLETE)
    first, second = coach_in(here, "first", ann), coach_in(there, "second", ann)
    leave(here, ann, Role.ATHLETE)
    assert list(athletes_coached_by(first)) == []
    assert list(athletes_coached_by(second)) == [ann]
    assert CoachAssignment.objects.filter(athlete=ann, ended_at=None).count() == 1
