"""A parent films a child: agrees first, says who is in the clip, uploads, and puts right what a parent can know."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from runform.accounts.models import AthleteProfile, User
from runform.clips.models import Clip, FormCheck
from runform.clubs.consents import consent_withdraw
from runform.clubs.guardians import guardian_end
from runform.clubs.models import Action, AuditEntry, ConsentRecord, Guardianship, Purpose
from runform.processing.models import CorrectionKind, Job
from runform.processing.policies import correctable_kinds
from tests.runform.world import make_check, make_clip, make_user, make_ward

pytestmark = pytest.mark.django_db
SAID = {"recorded_on": "2026-05-01", "surface": "treadmill"}


@pytest.fixture
def guardian() -> User:
    return make_user("guardian")


@pytest.fixture
def ward(guardian: User) -> User:
    return make_ward(guardian)[0]


def upload(client: Client, check: FormCheck, shows: str = "self") -> int:
    token = "5f0a7a3e-9f1e-4a0e-8f5b-0a1b2c3d4e5f"
    data = {"upload_token": token, "shows": shows, "file": ContentFile(b"a child runs", name="run.mp4")}
    return client.post(f"/checks/{check.code}/clips/", data, headers={"Accept": "application/json"}).status_code


def test_a_guardian_films_and_uploads_for_the_child(guardian: User, ward: User, client: Client) -> None:
    client.force_login(guardian)
    new = f"/athletes/{ward.code}/checks/new/"
    assert new in client.get("/").content.decode()
    answer = client.post(new, SAID, follow=True)
    check = FormCheck.objects.get()
    assert (check.athlete, check.created_by) == (ward, guardian)
    page = answer.content.decode()
    assert "only ward" in page
    assert "only me" not in page
    assert upload(client, check, shows="") == 400, "nobody said who is in it"
    assert upload(client, check) == 201
    clip = Clip.objects.get()
    assert (clip.athlete, clip.shows, Job.objects.get().requested_by) == (ward, "self", guardian)
    entry = AuditEntry.objects.get(action=Action.UPLOADED, thing="clip")
    assert (entry.actor, entry.athlete, entry.thing_code) == (guardian, ward, clip.code)
    record = ConsentRecord.objects.get(athlete=ward, purpose=Purpose.ANALYSIS)
    assert (record.as_guardian, record.given_by) == (True, guardian)


def test_without_the_guardians_yes_nothing_is_taken(guardian: User, ward: User, client: Client) -> None:
    check = make_check(ward)
    consent_withdraw(athlete=ward, by=ward, purpose=Purpose.ANALYSIS)
    client.force_login(guardian)
    answer = client.get(f"/athletes/{ward.code}/checks/new/")
    assert answer.headers["Location"] == f"/people/{ward.code}/consent/"
    assert upload(client, check) == 422
    assert not Clip.objects.exists()


def test_the_child_uploads_too_and_the_guardian_mends(guardian: User, ward: User, client: Client) -> None:
    check = make_check(ward)
    clip = make_clip(check)
    assert CorrectionKind.SPEED in correctable_kinds(guardian, clip)
    assert CorrectionKind.LANDMARK not in correctable_kinds(guardian, clip)
    client.force_login(guardian)
    assert client.post(f"/checks/{check.code}/edit/", {**SAID, "speed": "12"}).status_code == 302
    client.post(f"/clips/{clip.code}/delete/")
    clip.refresh_from_db()
    assert clip.deleted_at


@pytest.mark.parametrize("how", ["the link ends", "they come of age"])
def test_it_ends_with_the_guardianship(guardian: User, ward: User, client: Client, how: str) -> None:
    check = make_check(ward)
    if how == "the link ends":
        guardian_end(link=Guardianship.objects.get(), by=guardian)
    else:
        AthleteProfile.objects.filter(user=ward).update(birth_date="2000-01-01")
    client.force_login(guardian)
    for page in (f"/athletes/{ward.code}/checks/new/", f"/checks/{check.code}/edit/", f"/checks/{check.code}/"):
        assert client.get(page).status_code == 404
    assert upload(client, check) == 404
