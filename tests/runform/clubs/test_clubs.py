from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from runform.accounts.models import User
from runform.clubs.invitations import invitation_answer, invitation_send
from runform.clubs.models import Club, CoachAssignment, Invitation, Membership, Role
from runform.clubs.selectors import athletes_coached_by, athletes_visible_to
from runform.clubs.services import (
    ClubError,
    club_create,
    coach_assign,
    member_add,
    member_end,
)
from tests.runform.world import World, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    return make_user("manager")


@pytest.fixture
def club(manager: User) -> Club:
    return club_create(name="Club", manager=manager)


def invite(club: Club, email: str, role: Role = Role.ATHLETE) -> Invitation:
    inviter = club.memberships.get(role=Role.MANAGER).user
    return invitation_send(club=club, email=email, role=role, invited_by=inviter, site_url="http://here/")


def test_a_coach_sees_assigned_athletes_and_nobody_else(world: World) -> None:
    assert set(athletes_visible_to(world.coach)) == {world.coach, world.athlete}
    assert set(athletes_coached_by(world.other_coach)) == {world.other_athlete}
    assert set(athletes_visible_to(world.manager)) == {world.manager}
    assert set(athletes_visible_to(world.ex_member)) == {world.ex_member}


@pytest.mark.parametrize("leaver", ["coach", "athlete"])
def test_when_either_leaves_the_coach_sees_no_more(world: World, leaver: str) -> None:
    member_end(membership=Membership.objects.get(user=getattr(world, leaver), ended_at=None))
    assert not athletes_coached_by(world.coach).exists()


def test_an_assignment_alone_opens_nothing(world: World) -> None:
    # As if a membership had been ended in the admin, where no service ends the assignment.
    Membership.objects.filter(user=world.coach).update(ended_at=timezone.now())
    assert CoachAssignment.objects.filter(coach=world.coach, ended_at=None).exists()
    assert not athletes_coached_by(world.coach).exists()


def test_who_comes_back_is_not_assigned_by_that(world: World) -> None:
    member_end(membership=world.membership)
    member_add(club=world.club, user=world.athlete, role=Role.ATHLETE)
    assert not athletes_coached_by(world.coach).exists()


def test_the_last_manager_stays(club: Club, manager: User) -> None:
    membership = Membership.objects.get()
    with pytest.raises(ClubError):
        member_end(membership=membership)
    member_add(club=club, user=make_user("second"), role=Role.MANAGER)
    member_end(membership=membership)
    assert not club.memberships.filter(user=manager, ended_at=None).exists()


def test_only_a_coach_is_assigned_and_only_to_an_athlete(club: Club, manager: User) -> None:
    coach, athlete = make_user("coach"), make_user("athlete")
    for pair in ((coach, athlete), (manager, athlete), (coach, coach)):
        with pytest.raises(ClubError):
            coach_assign(club=club, coach=pair[0], athlete=pair[1])
    member_add(club=club, user=coach, role=Role.COACH)
    member_add(club=club, user=athlete, role=Role.ATHLETE)
    first = coach_assign(club=club, coach=coach, athlete=athlete)
    assert coach_assign(club=club, coach=coach, athlete=athlete) == first


def test_an_invitation_is_sent_once_and_accepted_by_its_owner(
    club: Club, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(club, "Rosa@Example.org")
        assert invite(club, "rosa@example.org") == invitation
    assert [message.to for message in mail.outbox] == [["rosa@example.org"]]
    assert "http://here/" in mail.outbox[0].body
    rosa = make_user("rosa")
    client.force_login(rosa)
    assert b"invites you to join" in client.get("/").content
    client.post(f"/invitations/{invitation.code}/answer/", {"answer": "accept"})
    assert club.memberships.get(user=rosa).role == Role.ATHLETE
    assert b"invites you to join" not in client.get("/").content


def test_a_name_of_two_lines_makes_no_mail_header(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    client.force_login(make_user("rosa"))
    answer = client.post("/clubs/new/", {"name": "Club\r\nBcc: all@example.org"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{answer['Location']}invitations/", {"pasted": "nora@example.org", "role": "coach"})
    (message,) = mail.outbox
    assert message.recipients() == ["nora@example.org"]
    assert "Club Bcc" in message.subject


def test_an_invitation_that_cannot_be_sent_is_not_open(
    club: Club, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    with pytest.raises(ClubError, match="could not be sent"), django_capture_on_commit_callbacks(execute=True):
        invite(club, "nora@example.org")
    assert not Invitation.objects.exists()


def test_nobody_has_mail_sent_to_the_whole_world(club: Club, client: Client, manager: User, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, invitations_per_day=2)
    client.force_login(manager)
    for number in range(4):
        url = f"{club.get_absolute_url()}invitations/"
        answer = client.post(url, {"pasted": f"{number}@example.org", "role": "athlete"}, follow=True)
    assert b"enough for one day" in answer.content
    assert Invitation.objects.count() == 2


def test_an_address_that_was_not_checked_accepts_nothing(club: Club) -> None:
    invitation, thief = invite(club, "rosa@example.org"), make_user("thief")
    EmailAddress.objects.create(user=thief, email="rosa@example.org", verified=False)
    assert not invitation_answer(invitation=invitation, user=thief, accept=True)
    assert not club.memberships.filter(user=thief).exists()


def test_no_is_no(club: Club) -> None:
    invitation, rosa = invite(club, "rosa@example.org"), make_user("rosa")
    assert invitation_answer(invitation=invitation, user=rosa, accept=False)
    assert not invitation_answer(invitation=invitation, user=rosa, accept=True)
    assert not club.memberships.filter(user=rosa).exists()


@pytest.mark.django_db(transaction=True)
def test_accepting_eight_times_at_once_makes_one_member(club: Club, at_once: Callable[..., list[Any]]) -> None:
    invitation, rosa = invite(club, "rosa@example.org"), make_user("rosa")
    answers = at_once(lambda n: invitation_answer(invitation=invitation, user=rosa, accept=True))
    assert sorted(answers) == 7 * [False] + [True]
    assert club.memberships.filter(user=rosa).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_managers_leaving_at_once_leave_one(club: Club, at_once: Callable[..., list[Any]]) -> None:
    member_add(club=club, user=make_user("second"), role=Role.MANAGER)
    memberships = list(Membership.objects.all())
    results = at_once(lambda n: member_end(membership=memberships[n]), n=2)
    assert sum(isinstance(result, ClubError) for result in results) == 1
    assert club.memberships.filter(ended_at=None).count() == 1
