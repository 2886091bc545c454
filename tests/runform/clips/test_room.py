"""When the disk is full, or nearly so: nobody loses what has arrived, and nothing else suffers."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck, Upload
from runform.core.storage import free_bytes
from runform.processing.arrivals import tend
from runform.processing.models import Job
from tests.runform.clips.test_store import store
from tests.runform.clips.test_tus import CONTENT, TusClient, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """A disk on which nothing more can be written, or on which it can again."""
    real, is_full = default_storage.save, [False]

    def save(*args: Any, **kwargs: Any) -> str:
        if is_full[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **kwargs)

    monkeypatch.setattr(default_storage, "save", save)

    def make(now: bool) -> None:
        is_full[0] = now

    return make


@pytest.fixture
def tus(check: FormCheck) -> TusClient:
    return TusClient(check)


def test_a_clip_is_refused_before_the_disk_is_full(check: FormCheck, tus: TusClient, settings: Any) -> None:
    free = free_bytes()
    assert free is not None
    settings.LIMITS = replace(settings.LIMITS, reserve_bytes=2 * free)
    answer = tus.create()
    assert answer.status_code == 413
    assert "no room for more clips" in answer.content.decode()
    data = {"upload_token": check.code, "shows": "self", "file": ContentFile(CONTENT, name="run.mp4")}
    answer = tus.client.post(f"/checks/{check.code}/clips/", data, headers={"accept": "application/json"})
    assert (answer.status_code, "try again tomorrow" in answer.json()["error"]) == (422, True)
    assert not Clip.objects.exists()
    assert not Upload.objects.exists()


def test_a_part_for_which_there_is_no_room_is_asked_for_again(tus: TusClient, full: Callable[[bool], None]) -> None:
    url = tus.begin()
    assert tus.patch(url, CONTENT[:4000], 0).status_code == 204
    full(True)
    assert tus.patch(url, CONTENT[4000:], 4000).status_code == 507
    full(False)
    assert tus.offset(url) == 4000
    assert tus.patch(url, CONTENT[4000:], 4000).status_code == 204
    assert tus.finish(url).status_code == 201


def test_a_part_leaves_free_what_analyses_need_to_end(tus: TusClient, settings: Any) -> None:
    """Many began when there was room for each of them."""
    url, free = tus.begin(), free_bytes()
    assert free
    limits, settings.LIMITS = settings.LIMITS, replace(settings.LIMITS, reserve_bytes=2 * free)
    assert tus.patch(url, CONTENT, 0).status_code == 507
    settings.LIMITS = limits
    assert tus.patch(url, CONTENT, 0).status_code == 204


def test_a_whole_upload_waits_for_room(
    athlete: User, tus: TusClient, full: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = tus.begin()
    tus.patch(url, CONTENT, 0)
    full(True)
    assert tus.finish(url).status_code == 507
    monkeypatch.setattr("runform.processing.arrivals.LEFT_ALONE", -Upload.objects.get().touched_at.resolution)
    tend()
    assert parts()
    full(False)
    tend()
    clip = Clip.objects.get()
    assert default_storage.open(clip.file.name).read() == CONTENT
    assert Job.objects.get().clip == clip
    assert not parts()


def test_a_plain_upload_without_room_leaves_nothing(check: FormCheck, full: Callable[[bool], None]) -> None:
    full(True)
    with pytest.raises(Exception, match="no room for more clips"):
        store(check, CONTENT)
    assert not Clip.objects.exists()
