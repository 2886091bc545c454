"""The same uploads on S3: a real server that checks signatures, on a port of its own."""

import hashlib
import os
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from runform.clips.models import Clip, FormCheck, Upload
from runform.clips.services import clip_store
from runform.clips.tus.services import upload_append, upload_begin, upload_store
from runform.core import env
from runform.core.storage import on_disk, read_range
from runform.desk.backup.files import copy_in, copy_out
from tests.runform.addresses import as_shown
from tests.s3 import BUCKET, s3_server, s3_settings

pytestmark = pytest.mark.django_db
PART = 8 * 1024 * 1024
CONTENT = os.urandom(3 * PART + 12345)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server.url


@pytest.fixture
def s3(endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3_settings(endpoint).items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = {**settings.STORAGES, "default": env.media_storage()}


def begun(check: FormCheck) -> Upload:
    return upload_begin(form_check=check, name="run.mov", size_bytes=len(CONTENT), upload_token=uuid.uuid4())


def test_a_clip_in_parts_becomes_one_object_with_every_byte(s3: None, check: FormCheck, tmp_path: Path) -> None:
    upload = begun(check)
    for start in range(0, len(CONTENT), PART):
        part = ContentFile(CONTENT[start : start + PART])
        upload_append(upload=upload, body=part, offset_bytes=start, checksum=None)
    assert len(upload.parts) == 4
    clip = upload_store(upload=upload).clip
    assert (clip.sha256, clip.size_bytes) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert not any(default_storage.exists(name) for name in upload.parts)
    with on_disk(clip.file, tmp_path) as path:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == clip.sha256


def test_a_discarded_upload_leaves_no_object(s3: None, check: FormCheck) -> None:
    client = Client()
    client.force_login(check.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    upload = upload_append(upload=begun(check), body=ContentFile(b"some"), offset_bytes=0, checksum=None)
    assert client.delete(f"/uploads/{upload.code}/", headers={"Tus-Resumable": "1.0.0"}).status_code == 204
    assert default_storage.listdir(f"uploads/{check.athlete.code}/{upload.code}") == ([], [])


def test_a_plain_upload_is_deduplicated_and_served_by_ranges(s3: None, check: FormCheck) -> None:
    stored = [
        clip_store(form_check=check, upload=ContentFile(CONTENT, "a.mp4"), upload_token=uuid.uuid4()) for _ in range(2)
    ]
    assert [one.outcome for one in stored] == ["created", "duplicate"]
    client = Client()
    client.force_login(check.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    clip = Clip.objects.get()
    answer = client.get(as_shown(client, f"/clips/{clip.code}/file/"), headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == CONTENT[100:200]  # type: ignore[attr-defined]
    default_storage.delete(str(clip.file.name))
    assert client.get(as_shown(client, f"/clips/{clip.code}/file/")).status_code == 410


def test_without_a_signature_nothing_is_given(s3: None, endpoint: str, check: FormCheck) -> None:
    clip = clip_store(form_check=check, upload=ContentFile(b"mine", "a.mp4"), upload_token=uuid.uuid4()).clip
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{endpoint}/{BUCKET}/{clip.file.name}", timeout=10)
    assert refused.value.code == 403


def test_a_part_of_an_object_is_asked_for_alone(s3: None, check: FormCheck) -> None:
    """A player that seeks in a long clip does not make the server fetch the whole."""
    clip = clip_store(form_check=check, upload=ContentFile(CONTENT, "a.mp4"), upload_token=uuid.uuid4()).clip
    asked: list[Any] = []
    events = clip.file.storage.connection.meta.client.meta.events  # type: ignore[attr-defined]
    events.register("provide-client-params.s3.GetObject", lambda params, **_: asked.append(params["Range"]))
    assert b"".join(read_range(clip.file, 100, 100)) == CONTENT[100:200]
    assert asked == ["bytes=100-199"]


def test_a_backup_of_the_bucket_comes_back(s3: None, check: FormCheck, tmp_path: Path) -> None:
    clip = clip_store(form_check=check, upload=ContentFile(CONTENT, "a.mp4"), upload_token=uuid.uuid4()).clip
    kept, name = copy_out(tmp_path, {}).files, str(clip.file.name)
    assert kept[name] == (len(CONTENT), clip.sha256)
    assert copy_out(tmp_path, kept).n_new == 0
    default_storage.delete(name)
    assert copy_in(tmp_path, kept) == 1
    with default_storage.open(name) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == clip.sha256
