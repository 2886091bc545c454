import pytest
from django.test import Client
from django.urls import reverse

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clubs.models import Action, AuditEntry
from runform.clubs.services import coach_assign
from runform.processing.models import Job, State
from runform.processing.moving import MoveRefusedError, clip_move
from tests.runform.addresses import as_shown
from tests.runform.world import World, make_check, make_clip

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(world: World) -> User:
    coach_assign(club=world.club, coach=world.coach, athlete=world.other_athlete)
    return world.other_athlete


def move(client: Client, clip: Clip, athlete: User) -> int:
    return client.post(reverse("clip_hand_over", args=[clip.code]), {"athlete": athlete.code}).status_code


def test_a_clip_goes_to_the_right_athlete_and_its_trail_is_kept(world: World, target: User, client: Client) -> None:
    client.force_login(world.coach)
    assert move(client, world.clip, target) == 302
    clip = Clip.objects.get(pk=world.clip.pk)
    assert (clip.athlete, clip.form_check.athlete) == (target, target)
    assert clip.form_check.recorded_on == world.check.recorded_on
    world.live_job.refresh_from_db()
    assert world.live_job.state == State.CANCELLED
    assert Job.objects.filter(clip=clip, state=State.QUEUED).count() == 1
    trail = AuditEntry.objects.filter(thing_code=clip.code, actor=world.coach).exclude(action=Action.OPENED)
    assert set(trail.values_list("action", "athlete")) == {
        (Action.MOVED_AWAY, world.athlete.pk),
        (Action.MOVED_HERE, target.pk),
    }
    client.force_login(world.athlete)
    assert client.get(as_shown(client, reverse("clip_file", args=[clip.code]))).status_code == 404
    assert client.get(as_shown(client, reverse("report_copy", args=[world.report.code]))).status_code == 404
    client.force_login(target)
    assert client.get(as_shown(client, reverse("clip_file", args=[clip.code]))).status_code == 200


def test_a_clip_that_is_there_already_is_refused_with_a_link_to_it(world: World, target: User, client: Client) -> None:
    same = make_clip(make_check(target), b"not really a video")
    client.force_login(world.coach)
    answer = client.post(reverse("clip_hand_over", args=[world.clip.code]), {"athlete": target.code})
    assert answer.status_code == 409
    assert same.form_check.get_absolute_url() in answer.content.decode()
    assert Clip.objects.get(pk=world.clip.pk).athlete == world.athlete
    assert not AuditEntry.objects.filter(action=Action.MOVED_HERE).exists()
    with pytest.raises(MoveRefusedError):
        clip_move(clip=world.clip, athlete=target, moved_by=world.coach)


def test_nobody_moves_a_clip_to_or_from_an_athlete_whom_they_do_not_coach(world: World, client: Client) -> None:
    client.force_login(world.coach)
    assert move(client, world.clip, world.other_athlete) == 404
    for person in (world.athlete, world.other_coach, world.foreign_coach, world.manager):
        client.force_login(person)
        assert move(client, world.clip, world.other_athlete) == 404
    assert Clip.objects.get(pk=world.clip.pk).athlete == world.athlete


def test_a_coach_films_an_athlete_and_adds_clips(world: World, client: Client) -> None:
    client.force_login(world.coach)
    answer = client.post(
        reverse("check_new_for", args=[world.athlete.code]), {"recorded_on": "2026-05-01", "surface": "treadmill"}
    )
    check = FormCheck.objects.latest("pk")
    assert (answer.status_code, check.athlete, check.created_by) == (302, world.athlete, world.coach)
    assert 'id="upload"' in client.get(check.get_absolute_url()).content.decode()
    assert AuditEntry.objects.filter(action=Action.UPLOADED, actor=world.coach, athlete=world.athlete).count() == 1
    assert 'id="upload"' not in client.get(world.check.get_absolute_url()).content.decode()
    client.force_login(world.athlete)
    assert 'id="upload"' in client.get(check.get_absolute_url()).content.decode()
