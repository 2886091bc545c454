"""A welfare officer finds what coaches and minors wrote, reads it, and changes nothing."""

import pytest
from django.test import Client

from runform.accounts.models import AthleteProfile
from runform.clubs.consents import consent_give
from runform.clubs.guardians import guardian_link
from runform.clubs.models import Purpose, Role
from runform.clubs.services import club_create, member_add
from runform.coaching.models import Comment
from tests.runform.world import World, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def minors_world(world: World) -> World:
    """The athlete is fourteen; the guardian has agreed."""
    AthleteProfile.objects.update_or_create(user=world.athlete, defaults={"birth_date": world.ward.profile.birth_date})
    guardian_link(athlete=world.athlete, guardian=world.guardian)
    consent_give(athlete=world.athlete, by=world.guardian, purposes=[Purpose.ANALYSIS, Purpose.COACH])
    return world


def test_the_officer_finds_and_reads_every_conversation_with_a_minor(minors_world: World, client: Client) -> None:
    world = minors_world
    page = f"/clubs/{world.club.code}/conversations/"
    client.force_login(world.welfare)
    assert page in client.get(f"/clubs/{world.club.code}/").content.decode()
    text = client.get(page).content.decode()
    conversation = f"/checks/{world.check.code}/conversation/"
    assert conversation in text
    assert "guardian, welfare" in text
    assert ">coach<" in text
    shown = client.get(conversation).content.decode()
    assert "Look at the left arm." in shown
    assert "<textarea" not in shown
    before = Comment.objects.count()
    assert client.post(f"/checks/{world.check.code}/comments/", {"text": "No."}).status_code == 404
    assert Comment.objects.count() == before
    assert client.get(f"/checks/{world.check.code}/results/").status_code == 404, "and no videos"


def test_who_reads_along_is_seen_by_those_who_write(minors_world: World, client: Client) -> None:
    world = minors_world
    for who in (world.athlete, world.coach):
        client.force_login(who)
        shown = client.get(f"/checks/{world.check.code}/conversation/", headers={"HX-Request": "true"})
        assert "Reading along, because the athlete is under 18: guardian, welfare." in shown.content.decode()


def test_grown_ups_and_other_clubs_are_not_in_it(world: World, client: Client) -> None:
    client.force_login(world.welfare)
    page = client.get(f"/clubs/{world.club.code}/conversations/").content.decode()
    assert "Nothing has been written" in page
    officer = make_user("officer")
    elsewhere = club_create(name="There", manager=officer)
    member_add(club=elsewhere, user=officer, role=Role.WELFARE)
    client.force_login(officer)
    assert client.get(f"/clubs/{world.club.code}/conversations/").status_code == 404
    assert client.get(f"/clubs/{elsewhere.code}/conversations/").status_code == 200
