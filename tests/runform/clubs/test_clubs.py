from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
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


def test_a_new_club_has_a_coach_look_first_and_its_settings_say_what_that_means(
    club: Club, manager: User, client: Client
) -> None:
    assert not Club.objects.get(pk=club.pk).automatic_reports
    client.force_login(manager)
    page = client.get(reverse("club_settings", args=[club.code])).content.decode()
    assert "athletes see their report at once" in page.lower()
    assert "sees results when the coach publishes them" in page


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


def test_athletes_do_not_see_each_other(world: World, client: Client) -> None:
    def seen(person: User) -> set[str]:
        client.force_login(person)
        page = client.get(world.club.get_absolute_url()).content.decode()
        return {name for name in ("athlete", "other_athlete", "coach", "manager") if f'"Name">{name}<' in page}

    assert seen(world.athlete) == {"athlete", "coach", "manager"}
    assert seen(world.coach) == {"athlete", "coach", "manager"}
    assert seen(world.manager) == {"athlete", "other_athlete", "coach", "manager"}


def test_a_pasted_list_is_invited_and_what_is_no_address_is_told(club: Club, client: Client, manager: User) -> None:
    client.force_login(manager)
    member_add(club=club, user=make_user("here"), role=Role.ATHLETE)
    pasted = 'Rosa <rosa@example.org>, nora@example.org;\n"Li, Ann" <ann@example.org>\nrosa@example.org\nnonsense\n'
    pasted += "here@example.org"
    answer = client.post(f"{club.get_absolute_url()}invitations/", {"pasted": pasted, "role": "athlete"}, follow=True)
    open_ones = set(Invitation.objects.values_list("email", flat=True))
    assert {"rosa@example.org", "nora@example.org", "ann@example.org"} <= open_ones
    assert "here@example.org" not in open_ones
    assert b"nonsense" in answer.content
    assert b"members already: here@example.org" in answer.content


def test_an_invitation_ends_after_two_weeks_and_can_be_sent_anew(club: Club) -> None:
    rosa, old = make_user("rosa"), invite(club, "rosa@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert not invitation_answer(invitation=old, user=rosa, accept=True)
        new = invite(club, "rosa@example.org")
        assert new != old
        assert invitation_answer(invitation=new, user=rosa, accept=True)


def test_a_link_says_nothing_to_others(club: Club, client: Client) -> None:
    invitation = invite(club, "rosa@example.org")
    client.force_login(make_user("thief"))
    answer = client.get(f"/invitations/{invitation.code}/")
    assert answer.status_code == 404
    assert club.name not in answer.content.decode()
    client.force_login(make_user("rosa"))
    assert b"invites you to join" in client.get(f"/invitations/{invitation.code}/").content


def test_whoever_scans_the_code_asks_and_a_manager_lets_in(club: Club, client: Client, manager: User) -> None:
    client.force_login(manager)
    client.post(f"{club.get_absolute_url()}enrolment/", {"open": "1"})
    assert b"<svg" in client.get(f"{club.get_absolute_url()}enrolment/").content
    club.refresh_from_db()
    url, rosa = club.enrolment_url, make_user("rosa")
    client.force_login(rosa)
    assert b"You have asked to join" in client.post(url).content
    assert not club.memberships.filter(user=rosa).exists()
    client.force_login(manager)
    assert b"rosa@example.org" in client.get(club.get_absolute_url()).content
    asked = club.enrolments.get()
    client.post(f"{club.get_absolute_url()}enrolments/{asked.code}/answer/", {"answer": "accept"})
    assert club.memberships.get(user=rosa).role == Role.ATHLETE
    client.post(f"{club.get_absolute_url()}enrolment/", {"open": "1"})
    assert client.get(url).status_code == 404, "the printed code has ended"


def test_a_squad_holds_athletes_of_the_club_and_gets_a_coach_in_one_step(world: World, client: Client) -> None:
    client.force_login(world.manager)
    page = f"/clubs/{world.club.code}/squads/{world.squad.code}/"
    chosen = [world.athlete.code, world.other_athlete.code]
    client.post(page, {"name": "Seniors", "athletes": chosen})
    assert client.get(page).content.decode().count(" checked") == 2
    stranger = client.post(page, {"name": "Seniors", "athletes": [world.foreign_coach.code]})
    assert stranger.status_code == 200
    client.post(f"/clubs/{world.club.code}/assignments/", {"coach": world.other_coach.code, "squad": world.squad.code})
    assert set(athletes_coached_by(world.other_coach)) == {world.athlete, world.other_athlete}
