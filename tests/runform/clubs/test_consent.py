from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runform.accounts.models import AthleteProfile, User
from runform.clips.services import UploadRefusedError
from runform.clubs.consents import ConsentError, consent_give, consent_states, consent_withdraw
from runform.clubs.guardians import guardian_end, guardian_link
from runform.clubs.invitations import guardian_invite, invitation_answer
from runform.clubs.models import AuditEntry, ConsentRecord, Guardianship, Purpose, Role
from runform.clubs.policies import (
    may_decide_for,
    may_process,
    may_read_thread,
    may_show_by_link,
    may_view,
    may_write_thread,
    thread_adults,
)
from runform.clubs.selectors import athletes_coached_by, athletes_visible_to, has_consent
from runform.clubs.services import ClubError, coach_assign, member_add
from runform.processing.models import Job, State
from runform.processing.services import job_claim, job_heartbeat, job_submit, jobs_reap
from tests.runform.addresses import as_shown
from tests.runform.world import World, claim_of, make_check, make_clip, make_user

pytestmark = pytest.mark.django_db


def years_ago(years: int) -> date:
    today = timezone.localdate()
    return date(today.year - years, today.month, min(today.day, 28))


def make_minor(name: str = "minor", *, agrees: bool = False) -> User:
    minor = make_user(name, agrees=agrees)
    AthleteProfile.objects.create(user=minor, birth_date=years_ago(14))
    return minor


def make_guardian(minor: User, *, agrees: bool = True) -> User:
    parent = make_user("parent", agrees=False)
    guardian_link(athlete=minor, guardian=parent)
    if agrees:
        consent_give(athlete=minor, by=parent, purposes=[Purpose.ANALYSIS, Purpose.COACH])
    return parent


def withdraw(athlete: User, purpose: Purpose = Purpose.ANALYSIS) -> None:
    consent_withdraw(athlete=athlete, by=athlete, purpose=purpose)


def test_without_a_yes_nothing_is_stored(athlete: User) -> None:
    withdraw(athlete)
    with pytest.raises(UploadRefusedError, match="agreed"):
        make_clip(make_check(athlete))


def test_a_withdrawn_consent_stops_a_waiting_job_when_it_would_begin(athlete: User) -> None:
    job = job_submit(clip=make_clip(make_check(athlete)), requested_by=None)
    withdraw(athlete)
    assert job_claim(code=job.code) is None
    assert Job.objects.get().state == State.CANCELLED


def test_a_withdrawn_consent_stops_a_running_job_at_its_next_heartbeat(athlete: User) -> None:
    claim = claim_of(job_submit(clip=make_clip(make_check(athlete)), requested_by=None))
    assert job_heartbeat(claim=claim, stage="pose", done=1, total=9)
    withdraw(athlete)
    assert not job_heartbeat(claim=claim, stage="pose", done=2, total=9)
    assert Job.objects.get().state == State.CANCELLED


def test_the_reaper_does_not_bring_back_what_may_not_be_processed(athlete: User) -> None:
    job = claim_of(job_submit(clip=make_clip(make_check(athlete)), requested_by=None)).job
    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(minutes=1))
    withdraw(athlete)
    jobs_reap()
    assert Job.objects.get().state == State.CANCELLED


def test_a_withdrawn_consent_closes_everything_to_everybody_else_at_once(world: World, client: Client) -> None:
    assert may_view(world.coach, world.clip)
    assert may_show_by_link(world.clip, world.athlete)
    withdraw(world.athlete)
    assert not may_view(world.coach, world.clip)
    assert not may_show_by_link(world.clip, world.athlete)
    assert not athletes_coached_by(world.coach).exists()
    # What is theirs stays theirs.
    assert may_view(world.athlete, world.clip)
    client.force_login(world.coach)
    assert client.get(f"/checks/{world.check.code}/results/").status_code == 404
    consent_give(athlete=world.athlete, by=world.athlete, purposes=[Purpose.ANALYSIS])
    assert client.get(f"/checks/{world.check.code}/results/").status_code == 200


def test_a_no_to_the_coaches_leaves_the_analysis(world: World) -> None:
    withdraw(world.athlete, Purpose.COACH)
    assert not may_view(world.coach, world.clip)
    assert may_process(world.clip)


def test_a_yes_until_a_day_ends_after_that_day(athlete: User) -> None:
    clip = make_clip(make_check(athlete))
    today = timezone.localdate()
    consent_give(athlete=athlete, by=athlete, purposes=[Purpose.ANALYSIS], until=today)
    assert may_process(clip)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not may_process(clip)
    with pytest.raises(ConsentError, match="over already"):
        consent_give(athlete=athlete, by=athlete, purposes=[Purpose.ANALYSIS], until=today - timedelta(days=1))


def test_the_record_only_grows(athlete: User) -> None:
    before = list(ConsentRecord.objects.order_by("pk").values_list())
    withdraw(athlete)
    consent_give(athlete=athlete, by=athlete, purposes=[Purpose.ANALYSIS])
    rows = list(ConsentRecord.objects.order_by("pk").values_list())
    assert rows[: len(before)] == before
    assert [row.given for row in ConsentRecord.objects.filter(purpose="analysis").order_by("pk")] == [True, False, True]
    for change in (
        lambda: ConsentRecord.objects.update(given=True),
        lambda: ConsentRecord.objects.filter(athlete=athlete).delete(),
        lambda: athlete.consents.all().delete(),
        lambda: AuditEntry.objects.update(action="opened"),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with pytest.raises(TypeError):
            change()


def test_nobody_says_yes_for_somebody_else(world: World) -> None:
    for person in (world.coach, world.manager, world.other_athlete):
        with pytest.raises(ConsentError):
            consent_give(athlete=world.athlete, by=person, purposes=[Purpose.RESEARCH])
        with pytest.raises(ConsentError):
            consent_withdraw(athlete=world.athlete, by=person, purpose=Purpose.ANALYSIS)


def test_a_minor_says_no_but_never_yes(db: None) -> None:
    minor = make_minor()
    with pytest.raises(ConsentError, match="guardian"):
        consent_give(athlete=minor, by=minor, purposes=[Purpose.ANALYSIS])
    make_guardian(minor)
    assert has_consent(minor, Purpose.ANALYSIS)
    withdraw(minor)
    assert not has_consent(minor, Purpose.ANALYSIS)


def test_a_yes_said_as_an_adult_is_none_of_a_minor(athlete: User) -> None:
    clip = make_clip(make_check(athlete))
    AthleteProfile.objects.update_or_create(user=athlete, defaults={"birth_date": years_ago(15)})
    assert not may_process(clip)


def test_a_guardian_who_steps_back_takes_the_yes_along(db: None) -> None:
    minor = make_minor()
    parent = make_guardian(minor)
    clip = make_clip(make_check(minor))
    assert may_process(clip)
    guardian_end(link=Guardianship.objects.get(), by=parent)
    assert not may_process(clip)
    assert not may_view(parent, clip)


def test_who_comes_of_age_decides_alone(db: None) -> None:
    minor = make_minor()
    parent = make_guardian(minor)
    clip = make_clip(make_check(minor))
    with time_machine.travel(timezone.now() + timedelta(days=5 * 366)):
        assert may_process(clip), "the yes was given for good"
        assert not may_view(parent, clip)
        assert not may_decide_for(parent, minor)
        assert may_decide_for(minor, minor)


def test_a_guardian_is_asked_by_e_mail_and_is_another_grown_up(db: None) -> None:
    minor, friend = make_minor(), make_minor("friend")
    parent = make_user("parent", agrees=False)
    with pytest.raises(ClubError, match="not your own"):
        guardian_invite(athlete=minor, email=minor.email, invited_by=minor, site_url="http://here/")
    asked = guardian_invite(athlete=minor, email="friend@example.org", invited_by=minor, site_url="http://here/")
    with pytest.raises(ClubError, match="grown-up"):
        invitation_answer(invitation=asked, user=friend, accept=True)
    asked = guardian_invite(athlete=minor, email="parent@example.org", invited_by=minor, site_url="http://here/")
    assert not invitation_answer(invitation=asked, user=friend, accept=True)
    assert invitation_answer(invitation=asked, user=parent, accept=True)
    assert may_decide_for(parent, minor)
    # Being the guardian is not a yes yet.
    assert not has_consent(minor, Purpose.ANALYSIS)


def test_a_second_adult_reads_every_conversation_with_a_minor(world: World) -> None:
    minor = make_minor()
    member_add(club=world.club, user=minor, role=Role.ATHLETE)
    coach_assign(club=world.club, coach=world.coach, athlete=minor)
    assert not may_write_thread(world.coach, minor), "no guardian, no yes, no sight"
    parent = make_guardian(minor)
    officer = make_user("officer")
    member_add(club=world.club, user=officer, role=Role.WELFARE)
    assert set(thread_adults(minor)) == {parent, officer, world.welfare}
    assert may_write_thread(world.coach, minor)
    assert may_write_thread(parent, minor)
    assert may_read_thread(officer, minor)
    assert not may_write_thread(officer, minor)
    assert not may_view(officer, make_clip(make_check(minor)))
    assert list(thread_adults(world.athlete)) == []
    assert may_write_thread(world.coach, world.athlete)
    assert not may_read_thread(officer, world.athlete), "grown-ups talk alone"
    assert not may_read_thread(world.other_coach, minor)


def test_who_opened_somebodys_media_is_written_down_once_an_hour(world: World, client: Client) -> None:
    client.force_login(world.coach)
    for _ in range(3):
        assert client.get(as_shown(client, f"/clips/{world.clip.code}/file/")).status_code == 200
    looks = AuditEntry.objects.filter(action="opened")
    assert [(row.actor, row.athlete, row.thing_code) for row in looks] == [
        (world.coach, world.athlete, world.clip.code)
    ]
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        client.force_login(world.coach)
        assert client.get(as_shown(client, f"/clips/{world.clip.code}/file/")).status_code == 200
        client.force_login(world.other_coach)
        client.get(as_shown(client, f"/clips/{world.clip.code}/file/"))
        client.force_login(world.athlete)
        client.get(as_shown(client, f"/clips/{world.clip.code}/file/"))
    assert looks.all().count() == 2
    page = client.get(f"/people/{world.athlete.code}/log/").content.decode()
    assert page.count("opened</td>") == 2
    client.force_login(world.manager)
    assert "opened</td>" in client.get(f"/clubs/{world.club.code}/log/").content.decode()


def test_the_first_clip_asks_once_and_leads_on(client: Client) -> None:
    nora = make_user("nora", agrees=False)
    client.force_login(nora)
    answer = client.get("/checks/new/", follow=True)
    assert answer.redirect_chain == [("/consent/?next=/checks/new/", 302)]
    said = {"birth_date": "1990-02-03", "coach": "on", "next": "/checks/new/"}
    answer = client.post("/consent/", said)
    assert answer["Location"] == "/checks/new/"
    assert client.get("/checks/new/").status_code == 200
    assert [state.purpose for state in consent_states(nora) if state.in_force] == ["analysis", "coach"]
    assert client.get("/consent/?next=//evil.example/")["Location"] == "/"


def test_a_minor_is_led_to_the_guardian(client: Client) -> None:
    nils = make_user("nils", agrees=False)
    client.force_login(nils)
    answer = client.post("/consent/", {"birth_date": years_ago(12).isoformat(), "next": "/checks/new/"}, follow=True)
    assert b"parent or guardian" in answer.content
    assert not ConsentRecord.objects.filter(athlete=nils).exists()
    answer = client.post(f"/people/{nils.code}/guardians/", {"email": "parent@example.org"}, follow=True)
    assert b"parent@example.org was asked" in answer.content
    # Nor does typing another year help.
    client.post("/profile/", {"name": "Nils", "birth_date": "1990-01-01", "speed_unit": "kmh", "time_zone": "UTC"})
    assert AthleteProfile.objects.get(user=nils).birth_date == years_ago(12)


def test_a_guardian_gives_and_takes_back_on_the_page(client: Client) -> None:
    minor = make_minor()
    parent = make_guardian(minor, agrees=False)
    client.force_login(parent)
    client.post(f"/people/{minor.code}/consent/give/", {"purpose": "analysis", "until": ""})
    record = ConsentRecord.objects.get(athlete=minor)
    assert (record.given_by, record.as_guardian, record.until) == (parent, True, None)
    assert b'data-purpose="analysis" data-given="yes"' in client.get(f"/people/{minor.code}/consent/").content
    client.post(f"/people/{minor.code}/consent/withdraw/", {"purpose": "analysis"})
    assert not has_consent(minor, Purpose.ANALYSIS)
    client.force_login(minor)
    client.post(f"/people/{minor.code}/consent/give/", {"purpose": "analysis"})
    assert not has_consent(minor, Purpose.ANALYSIS)


def test_consent_costs_the_same_for_many_athletes_as_for_one(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            list(athletes_visible_to(world.coach))
        return len(caught)

    before = queries()
    for number in range(5):
        one = make_user(f"runner{number}")
        member_add(club=world.club, user=one, role=Role.ATHLETE)
        coach_assign(club=world.club, coach=world.coach, athlete=one)
    assert queries() == before == 4


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_no_at_once_leave_one_answer(athlete: User, at_once: Callable[..., list[Any]]) -> None:
    def say(number: int) -> None:
        if number % 2:
            withdraw(athlete, Purpose.SQUAD)
        else:
            consent_give(athlete=athlete, by=athlete, purposes=[Purpose.SQUAD])

    at_once(say)
    last = ConsentRecord.objects.filter(athlete=athlete, purpose=Purpose.SQUAD).latest("pk")
    assert has_consent(athlete, Purpose.SQUAD) is last.given
