import io
import json
import zipfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from runform.accounts.models import AthleteProfile, User
from runform.clips.models import Clip
from runform.clubs.invitations import invitation_send
from runform.clubs.models import Club, Role
from runform.clubs.policies import may_process, may_view
from runform.desk.models import Receipt
from runform.desk.rights.bin import BinError, person_bin, person_restore
from runform.desk.rights.everything import everything_of
from runform.desk.rights.purge import purge
from runform.desk.rights.takeout import takeout
from runform.processing.models import Job
from runform.processing.services import clip_remove, job_complete, job_submit
from runform.reports.models import MetricResult, Report
from runform.reports.services import COPY_NAME, output_store
from tests.runform.addresses import as_shown
from tests.runform.desk.traces import traces
from tests.runform.world import World, claim_of, make_check, make_clip, make_output, make_report

pytestmark = pytest.mark.django_db
CONTENT = b"these are the bytes of a film that nobody else has"
OVER = timedelta(days=31)


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def words_of(person: User) -> list[str]:
    """What would give them away: codes with and without dashes (SQLite keeps them without), address, name, files."""
    codes = [person.code, *Clip.objects.filter(athlete=person).values_list("code", flat=True)]
    codes += Report.objects.filter(clip__athlete=person).values_list("code", flat=True)
    codes += person.form_checks.values_list("code", flat=True)
    return [person.email, person.name, CONTENT.decode()] + [form for code in codes for form in (str(code), code.hex)]


@pytest.fixture
def rosa(world: World, tmp_path: Path) -> User:
    """Somebody with a bit of everything, and a name that is in no other word."""
    rosa = world.athlete
    User.objects.filter(pk=rosa.pk).update(name="Rosalind Zweifel", email="rosalind@example.org")
    EmailAddress.objects.filter(user=rosa).update(email="rosalind@example.org")
    rosa.refresh_from_db()
    AthleteProfile.objects.create(user=rosa, height_cm=170)
    make_report(make_clip(make_check(rosa, note="Rosalind Zweifel was tired"), CONTENT), tmp_path / "rosa")
    clip_remove(clip=make_clip(make_check(rosa), b"removed before"))
    invitation_send(
        club=world.club, email="Rosalind@example.org", role=Role.MANAGER, invited_by=world.manager, site_url="http://x/"
    )
    LogEntry.objects.create(
        user=world.manager,
        content_type=ContentType.objects.get_for_model(Club),
        object_id=str(world.club.pk),
        object_repr="Here",
        action_flag=CHANGE,
        change_message=json.dumps([{"added": {"name": "membership", "object": "Rosalind Zweifel, athlete of Here"}}]),
    )
    LogEntry.objects.create(
        user=world.manager,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(rosa.pk),
        object_repr="Rosalind Zweifel",
        action_flag=CHANGE,
    )
    client = Client()
    client.force_login(rosa)
    client.get("/")
    client.force_login(world.coach)
    client.get(as_shown(client, f"/clips/{world.clip.code}/file/"))
    return rosa


def test_in_the_bin_nobody_else_sees_anything_and_all_can_be_had_back(world: World, rosa: User) -> None:
    assert may_view(world.coach, world.clip)
    person_bin(person=rosa, by=rosa)
    assert not may_view(world.coach, world.clip)
    assert not may_process(world.clip)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        purge()
    assert may_view(rosa, world.clip)
    rosa.refresh_from_db()
    person_restore(person=rosa, by=rosa)
    assert may_view(world.coach, world.clip)
    with time_machine.travel(timezone.now() + OVER):
        purge()
    assert User.objects.filter(pk=rosa.pk).exists()


def test_after_thirty_days_nothing_is_left_in_the_database_or_on_the_disk(
    world: World, rosa: User, capsys: pytest.CaptureFixture[str]
) -> None:
    n_clips = Clip.objects.filter(athlete=rosa).count()
    words, others = words_of(rosa), everything_of(world.other_athlete).n_rows
    assert {"accounts_user.email", "clubs_invitation.email", "django_admin_log.change_message"} <= set(traces(*words))
    assert any("media/clips" in place for place in traces(*words))
    person_bin(person=rosa, by=rosa)
    with time_machine.travel(timezone.now() + OVER):
        purge()
    assert traces(*words) == []
    with suppress(SystemExit):
        call_command("orphans")
    assert "no row knows" not in capsys.readouterr().out, "files of nobody were left"
    receipt = Receipt.objects.latest("pk")
    assert (receipt.what, receipt.person) == ("person", None)
    assert receipt.n_files > 5
    assert receipt.n_bytes > len(CONTENT)
    assert receipt.rows["clips.clip"] == n_clips
    assert mail.outbox[-1].to == ["rosalind@example.org"]
    assert str(receipt.code) in mail.outbox[-1].body
    assert Client().get(f"/receipts/{receipt.code}/").status_code == 200
    assert everything_of(world.other_athlete).n_rows == others
    assert User.objects.filter(pk=world.coach.pk).exists()
    n_receipts = Receipt.objects.count()
    with time_machine.travel(timezone.now() + 2 * OVER):
        purge()
    assert Receipt.objects.count() == n_receipts


def test_a_purge_that_broke_off_is_finished_by_the_next(
    world: World, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = words_of(rosa)
    person_bin(person=rosa, by=rosa)
    with time_machine.travel(timezone.now() + OVER):
        monkeypatch.setattr(User, "delete", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            purge()
        monkeypatch.undo()
        assert User.objects.filter(pk=rosa.pk).exists()
        purge()
    assert traces(*words) == []


def test_a_removed_clip_comes_back_or_goes_for_good(world: World, rosa: User, client: Client) -> None:
    clip, name = world.clip, world.clip.file.name
    client.force_login(rosa)
    client.post(f"/clips/{clip.code}/delete/")
    assert client.get(as_shown(client, f"/clips/{clip.code}/file/")).status_code == 404
    page = client.get(f"/people/{rosa.code}/data/").content.decode()
    assert clip.original_name in page
    client.post(f"/clips/{clip.code}/restore/")
    assert client.get(as_shown(client, f"/clips/{clip.code}/file/")).status_code == 200
    client.post(f"/clips/{clip.code}/delete/")
    with time_machine.travel(timezone.now() + OVER):
        purge()
    assert not Clip.objects.filter(pk=clip.pk).exists()
    assert not Job.objects.filter(clip_id=clip.pk).exists()
    assert not (Path(settings.MEDIA_ROOT) / str(name)).exists()
    # Who opened it stays in its athlete's log.
    assert set(traces(str(clip.code), clip.code.hex)) == {"clubs_auditentry.thing_code"}
    receipt = Receipt.objects.get(person=rosa)
    assert receipt.rows["clips.clip"] == 2
    assert MetricResult.objects.filter(report__clip__athlete=rosa).exists(), "other clips are untouched"
    assert str(receipt.code) in client.get(f"/people/{rosa.code}/data/").content.decode()


def test_a_clip_that_was_uploaded_again_does_not_come_back_twice(world: World, client: Client) -> None:
    first = make_clip(make_check(world.athlete), CONTENT)
    clip_remove(clip=first)
    make_clip(make_check(world.athlete), CONTENT)
    client.force_login(world.athlete)
    answer = client.post(f"/clips/{first.code}/restore/", follow=True)
    assert b"the same clip again" in answer.content
    first.refresh_from_db()
    assert first.deleted_at


def test_a_club_keeps_clips_no_longer_than_it_says(world: World) -> None:
    Club.objects.filter(pk=world.club.pk).update(retention_months=2)
    with time_machine.travel(timezone.now() + timedelta(days=50)):
        purge()
        assert not Clip.objects.exclude(deleted_at=None).exists()
    with time_machine.travel(timezone.now() + timedelta(days=70)):
        purge()
        assert not Clip.objects.filter(deleted_at=None).exists()
        assert Clip.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=70) + OVER):
        purge()
        assert Clip.objects.count() == 0


def test_the_only_manager_names_another_one_first(world: World, client: Client) -> None:
    with pytest.raises(BinError):
        person_bin(person=world.manager, by=world.manager)
    client.force_login(world.manager)
    answer = client.post(f"/people/{world.manager.code}/delete/", {"email": world.manager.email}, follow=True)
    assert b"Name another manager first" in answer.content


def test_nothing_is_deleted_by_a_slip(world: World, client: Client) -> None:
    client.force_login(world.athlete)
    client.post(f"/people/{world.athlete.code}/delete/", {"email": "somebody@example.org"})
    assert User.objects.get(pk=world.athlete.pk).binned_at is None
    client.post(f"/people/{world.athlete.code}/delete/", {"email": "Athlete@example.org"})
    assert User.objects.get(pk=world.athlete.pk).binned_at
    assert b"Keep my account" in client.get("/").content


def test_the_zip_holds_everything(world: World, rosa: User, client: Client) -> None:
    client.force_login(rosa)
    answer = client.get(f"/people/{rosa.code}/data/everything.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    assert archive.testzip() is None
    names = archive.namelist()
    stored = {f"files/{name}" for name in everything_of(rosa).files()}
    assert stored <= set(names)
    assert CONTENT in [archive.read(name) for name in names if "/original" in name]
    clips = json.loads(archive.read("data/clips.clip.json"))
    assert {clip["original_name"] for clip in clips} == {"clip.mp4"}
    whole = b"".join(archive.read(name) for name in names if name.startswith("data/"))
    assert b"Rosalind Zweifel was tired" in whole
    assert rosa.password.encode() not in whole
    for other in (world.coach, world.manager, world.other_athlete):
        assert other.email.encode() not in whole


def test_every_table_with_a_way_to_a_person_is_in_their_everything(world: World, rosa: User) -> None:
    """By relations: whoever adds a table that is about people gets it exported and deleted."""
    found = set(everything_of(rosa).own)
    ours = {model for model in apps.get_models() if model.__module__.startswith("runform.")}
    with_rows = {model for model in ours if model._base_manager.filter(**_of(model, rosa)).exists() if _of(model, rosa)}
    assert with_rows <= found | {User}
    assert len(with_rows) >= 6


def _of(model: Any, person: User) -> dict[str, Any]:
    for field in model._meta.concrete_fields:
        if field.related_model is User and field.remote_field.on_delete.__name__ == "CASCADE":
            return {field.name: person}
    return {}


@pytest.fixture
def versions(world: World, tmp_path: Path) -> tuple[Report, Report]:
    """Two reports of one clip with the same film, as correcting leaves them."""
    first = world.second_report
    claim = claim_of(job_submit(clip=first.clip, requested_by=first.clip.athlete))
    folder = make_output(tmp_path / "again")
    (folder / COPY_NAME).unlink()
    output = output_store(out_dir=folder, prefix=f"reports/{first.clip.code}/{claim.lease}")
    output.kept_copy = str(first.review_copy.name)
    second = job_complete(claim=claim, output=output, seconds={})
    assert second is not None
    assert second.review_copy.name == first.review_copy.name
    return first, second


@pytest.mark.parametrize("gone", [0, 1])
def test_the_film_stays_while_one_version_of_a_report_stands(
    world: World, versions: tuple[Report, Report], gone: int, capsys: pytest.CaptureFixture[str]
) -> None:
    versions[gone].delete()
    clip_remove(clip=world.clip)
    with time_machine.travel(timezone.now() + OVER):
        purge()
        with suppress(SystemExit):
            call_command("orphans")
    film = str(versions[1 - gone].review_copy.name)
    assert default_storage.exists(film)
    assert film not in capsys.readouterr().out


def test_a_film_of_two_versions_is_taken_and_purged_once(world: World, versions: tuple[Report, Report]) -> None:
    film = str(versions[0].review_copy.name)
    with zipfile.ZipFile(io.BytesIO(b"".join(takeout(world.athlete)))) as archive:
        assert archive.namelist().count(f"files/{film}") == 1
    clip_remove(clip=versions[0].clip)
    with time_machine.travel(timezone.now() + OVER):
        purge()
    assert not default_storage.exists(film)
    assert not Report.objects.filter(pk__in=[one.pk for one in versions]).exists()
