"""The tus server, spoken to as any tus client would."""

import base64
import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck, Upload
from runform.clips.tus.services import OffsetError, upload_append, upload_store, uploads_expire
from tests.runform.world import make_check, make_clip, make_user

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 40
TUS = {"Tus-Resumable": "1.0.0"}


class TusClient:
    """Says what a tus client says."""

    def __init__(self, check: FormCheck) -> None:
        self.client = Client()
        self.client.force_login(check.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.check = check

    def create(self, size: int | str = len(CONTENT), **said: str) -> Any:
        said = {"upload_token": str(uuid.uuid4()), "filename": "My run.MOV", "shows": "self", **said}
        pairs = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
        headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": pairs}
        return self.client.post(f"/checks/{self.check.code}/uploads/", headers=headers)

    def begin(self, **said: str) -> str:
        return str(self.create(**said)["Location"])

    def patch(self, url: str, body: bytes, offset: int, **headers: str) -> Any:
        headers = {**TUS, "Upload-Offset": str(offset), **headers}
        return self.client.patch(url, body, content_type="application/offset+octet-stream", headers=headers)

    def offset(self, url: str) -> int:
        answer = self.client.head(url, headers=TUS)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        return int(answer["Upload-Offset"])

    def finish(self, url: str) -> HttpResponse:
        return self.client.post(f"{url}finish/", headers={"Accept": "application/json"})


@pytest.fixture
def tus(check: FormCheck) -> TusClient:
    return TusClient(check)


def parts() -> list[Path]:
    """Of the people of this test: the storage is shared."""
    folders = [Path(settings.MEDIA_ROOT) / "uploads" / str(user.code) for user in User.objects.all()]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_a_clip_in_three_parts_is_the_clip(tus: TusClient) -> None:
    url = tus.begin(view="side", from_s="1.5", to_s="9")
    for start, end in ((0, 4000), (4000, 4001), (4001, len(CONTENT))):
        answer = tus.patch(url, CONTENT[start:end], start)
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(end))
        assert tus.offset(url) == end
    assert tus.finish(url).status_code == 201
    clip = Clip.objects.get()
    assert default_storage.open(str(clip.file.name)).read() == CONTENT
    assert clip.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (clip.original_name, clip.view, clip.from_s, clip.to_s) == ("My run.MOV", "side", 1.5, 9.0)
    assert clip.jobs.count() == 1
    assert parts() == []


def test_finishing_again_finds_the_same_clip_and_queues_nothing_more(tus: TusClient) -> None:
    url = tus.begin()
    tus.patch(url, CONTENT, 0)
    codes = {tus.finish(url).json()["clip"] for _ in range(3)}
    assert len(codes) == 1
    assert Clip.objects.get().jobs.count() == 1


def test_the_same_token_again_goes_on_with_the_same_upload(tus: TusClient) -> None:
    token = str(uuid.uuid4())
    url = tus.begin(upload_token=token)
    tus.patch(url, CONTENT[:100], 0)
    again = tus.create(upload_token=token)
    assert (again.status_code, again["Location"], again["Upload-Offset"]) == (201, url, "100")
    assert tus.create(upload_token=token, size=5).status_code == 413


def test_a_part_that_does_not_follow_is_a_conflict_and_changes_nothing(tus: TusClient) -> None:
    url = tus.begin()
    tus.patch(url, CONTENT[:100], 0)
    for offset in (0, 99, 101, len(CONTENT)):
        assert tus.patch(url, b"x" * 10, offset).status_code == 409
    assert tus.offset(url) == 100
    assert len(parts()) == 1


def test_more_than_was_announced_is_refused(tus: TusClient) -> None:
    url = tus.begin()
    assert tus.patch(url, CONTENT + b"x", 0).status_code == 413
    assert (tus.offset(url), parts()) == (0, [])


def test_nothing_is_finished_before_the_last_byte(tus: TusClient) -> None:
    url = tus.begin()
    tus.patch(url, CONTENT[:-1], 0)
    assert tus.finish(url).status_code == 409
    assert not Clip.objects.exists()


@pytest.mark.parametrize(("algorithm", "status"), [("sha256", 204), ("sha1", 204), ("md5", 400), ("crc32", 400)])
def test_a_part_with_its_right_checksum_is_kept(tus: TusClient, algorithm: str, status: int) -> None:
    digest = hashlib.new(algorithm if algorithm != "crc32" else "md5", CONTENT).digest()
    checksum = f"{algorithm} {base64.b64encode(digest).decode()}"
    assert tus.patch(tus.begin(), CONTENT, 0, **{"Upload-Checksum": checksum}).status_code == status


def test_a_part_whose_bytes_were_changed_on_the_way_is_not_kept(tus: TusClient) -> None:
    url = tus.begin()
    checksum = "sha256 " + base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    changed = CONTENT[:-1] + b"x"
    assert tus.patch(url, changed, 0, **{"Upload-Checksum": checksum}).status_code == 460
    assert (tus.offset(url), parts()) == (0, [])


def test_a_discarded_upload_is_gone_with_its_bytes(tus: TusClient) -> None:
    url = tus.begin()
    tus.patch(url, CONTENT[:100], 0)
    assert tus.client.delete(url, headers=TUS).status_code == 204
    assert tus.client.head(url, headers=TUS).status_code == 404
    assert parts() == []


def test_what_nobody_goes_on_with_expires_and_each_part_gives_more_time(tus: TusClient) -> None:
    url = tus.begin()
    hours = settings.LIMITS.upload_hours
    with time_machine.travel(timezone.now() + timedelta(hours=hours - 1)):
        assert tus.patch(url, CONTENT[:100], 0)["Upload-Expires"]
    with time_machine.travel(timezone.now() + timedelta(hours=hours + 1)):
        assert uploads_expire() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=2 * hours)):
        assert uploads_expire() == 1
    assert (Upload.objects.count(), parts()) == (0, [])


def test_a_proxy_that_knows_post_only_is_no_obstacle(tus: TusClient) -> None:
    url = tus.begin()
    headers = {**TUS, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    kind = "application/offset+octet-stream"
    assert tus.client.post(url, CONTENT, content_type=kind, headers=headers).status_code == 204
    assert tus.client.post(url, headers=TUS).status_code == 405


def test_the_server_says_what_it_can(tus: TusClient) -> None:
    answer = tus.client.options(f"/checks/{tus.check.code}/uploads/")
    assert answer["Tus-Extension"] == "creation,termination,expiration,checksum"
    assert answer["Tus-Max-Size"] == str(settings.LIMITS.clip_bytes)
    other = tus.client.post(f"/checks/{tus.check.code}/uploads/", headers={"Tus-Resumable": "0.2.2"})
    assert (other.status_code, other["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize(
    "headers",
    [{"Upload-Length": "-1"}, {"Upload-Length": "1e9"}, {"Upload-Length": "5", "Upload-Metadata": "filename ???"}, {}],
)
def test_headers_that_make_no_sense_are_refused(tus: TusClient, headers: dict[str, str]) -> None:
    answer = tus.client.post(f"/checks/{tus.check.code}/uploads/", headers={**TUS, **headers})
    assert answer.status_code == 400


# --- What is refused before a byte moves ---


def test_a_clip_over_the_limit_or_empty_is_refused(tus: TusClient) -> None:
    for size in (settings.LIMITS.clip_bytes + 1, 0):
        answer = tus.create(size=size)
        assert answer.status_code == 413
        assert answer.content
    assert not Upload.objects.exists()


def test_only_so_many_clips_may_be_on_their_way(tus: TusClient) -> None:
    found = [tus.create(size=1).status_code for _ in range(settings.LIMITS.unfinished_uploads + 1)]
    assert found == [201] * settings.LIMITS.unfinished_uploads + [413]


def test_what_is_on_its_way_counts_for_the_day(tus: TusClient) -> None:
    largest, n = settings.LIMITS.clip_bytes, settings.LIMITS.bytes_per_day // settings.LIMITS.clip_bytes
    assert [tus.create(size=largest).status_code for _ in range(n + 1)] == [201] * n + [413]


def test_a_full_form_check_takes_no_further_clip(tus: TusClient) -> None:
    for number in range(settings.LIMITS.clips_per_check):
        make_clip(tus.check, bytes([number]))
    assert tus.create().status_code == 413


def test_a_refusal_at_the_end_leaves_nothing_behind(tus: TusClient) -> None:
    url = tus.begin()
    tus.patch(url, CONTENT, 0)
    for number in range(settings.LIMITS.clips_per_check):
        make_clip(tus.check, bytes([number]))
    answer = tus.finish(url)
    assert answer.status_code == 422
    assert (Upload.objects.count(), parts()) == (0, [])


def test_nobody_touches_the_upload_of_somebody_else(tus: TusClient) -> None:
    url = tus.begin()
    stranger = TusClient(make_check(make_user("stranger")))
    assert stranger.client.head(url, headers=TUS).status_code == 404
    assert stranger.patch(url, CONTENT, 0).status_code == 404
    assert stranger.client.delete(url, headers=TUS).status_code == 404
    assert stranger.finish(url).status_code == 404
    stranger.check = tus.check
    assert stranger.create().status_code == 404
    assert tus.offset(url) == 0


# --- At the same moment ---


def whole(check: FormCheck) -> Upload:
    tus = TusClient(check)
    tus.patch(tus.begin(), CONTENT, 0)
    return Upload.objects.get()


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_bring_the_same_part_at_once_one_wins(
    check: FormCheck, at_once: Callable[..., list[Any]]
) -> None:
    url = TusClient(check).begin()

    def one(number: int) -> None:
        upload = Upload.objects.select_related("athlete").get()
        upload_append(upload=upload, body=ContentFile(bytes([number]) * 100), offset_bytes=0, checksum=None)

    lost = [result for result in at_once(one, 8) if result is not None]
    assert [type(error) for error in lost] == [OffsetError] * 7
    assert TusClient(check).offset(url) == 100
    (path,) = parts()
    assert len(set(path.read_bytes())) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_finish_at_once_one_clip_comes(check: FormCheck, at_once: Callable[..., list[Any]]) -> None:
    whole(check)

    def one(number: int) -> int:
        upload = Upload.objects.select_related("form_check__athlete", "athlete").get()
        return upload_store(upload=upload).clip.pk

    assert set(at_once(one)) == {Clip.objects.get().pk}
    assert default_storage.open(str(Clip.objects.get().file.name)).read() == CONTENT
    assert parts() == []
