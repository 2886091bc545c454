"""Videos leave by ranges, and in small pieces."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse
from django.test import Client

from runform.clips.models import Clip, FormCheck
from runform.core.media import file_response
from runform.core.storage import RANGE_CHUNK_BYTES
from tests.runform.addresses import as_shown
from tests.runform.world import make_clip

CONTENT = bytes(range(256)) * 4

pytestmark = pytest.mark.django_db


@pytest.fixture
def clip(check: FormCheck) -> Clip:
    return make_clip(check, CONTENT)


def get(client: Client, clip: Clip, **headers: str) -> Any:
    client.force_login(clip.athlete)
    return client.get(as_shown(client, f"/clips/{clip.code}/file/"), headers=headers)


@pytest.mark.parametrize(
    ("asked", "content", "told"),
    [
        ("bytes=0-0", CONTENT[:1], "bytes 0-0/1024"),
        ("bytes=100-199", CONTENT[100:200], "bytes 100-199/1024"),
        ("bytes=1000-", CONTENT[1000:], "bytes 1000-1023/1024"),
        ("bytes=1000-9999", CONTENT[1000:], "bytes 1000-1023/1024"),
        ("bytes=-24", CONTENT[-24:], "bytes 1000-1023/1024"),
        ("bytes=-9999", CONTENT, "bytes 0-1023/1024"),
    ],
)
def test_a_range_is_served(client: Client, clip: Clip, asked: str, content: bytes, told: str) -> None:
    answer = get(client, clip, range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (206, told)
    assert answer.getvalue() == content
    assert answer["Content-Length"] == str(len(content))


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5-4", "bytes=-0", "bytes=-"])
def test_a_range_outside_of_the_file_is_refused(client: Client, clip: Clip, asked: str) -> None:
    answer = get(client, clip, range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize(
    "headers",
    [{}, {"range": "lines=1-2"}, {"range": "bytes=0-" + 5000 * "9"}, {"range": "bytes=0-9", "if-range": '"other"'}],
)
def test_without_a_range_that_holds_the_whole_is_served(client: Client, clip: Clip, headers: dict[str, str]) -> None:
    answer = get(client, clip, **headers)
    assert (answer.status_code, answer.getvalue()) == (200, CONTENT)
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Cache-Control"].startswith("private")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_the_browser_has_is_not_sent_again(client: Client, clip: Clip) -> None:
    assert get(client, clip, **{"if-none-match": f'"{clip.sha256}"'}).status_code == 304


def test_head_tells_the_size_and_sends_nothing(client: Client, clip: Clip) -> None:
    client.force_login(clip.athlete)
    answer = client.head(as_shown(client, f"/clips/{clip.code}/file/"))
    assert (answer["Content-Length"], answer.content) == ("1024", b"")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_that_is_gone_is_said_to_be(client: Client, clip: Clip, method: str) -> None:
    client.force_login(clip.athlete)
    default_storage.delete(str(clip.file.name))
    assert getattr(client, method)(as_shown(client, f"/clips/{clip.code}/file/")).status_code == 410


def test_under_asgi_a_video_is_streamed_in_pieces(check: FormCheck) -> None:
    content = bytes(3 * RANGE_CHUNK_BYTES + 5)
    clip = make_clip(check, content)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"range", b"bytes=1-")]}
    answer = file_response(ASGIRequest(scope, None), clip.file, content_type="video/mp4", etag="x")
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.is_async

    async def collect() -> list[bytes]:
        return [piece async for piece in answer]

    pieces = asyncio.run(collect())
    assert max(map(len, pieces)) == RANGE_CHUNK_BYTES
    assert b"".join(pieces) == content[1:]


def test_no_url_leads_to_the_media_folder(client: Client, clip: Clip) -> None:
    assert Path(settings.MEDIA_ROOT, str(clip.file.name)).exists()
    for path in (f"/media/{clip.file.name}", f"/static/../media/{clip.file.name}", f"/{clip.file.name}"):
        assert client.get(path).status_code == 404
