import hashlib
import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from runform.accounts.models import User
from runform.clips import services
from runform.clips.models import Clip, FormCheck
from runform.clips.services import StoredClip, UploadRefusedError, clip_delete, clip_store
from tests.runform.world import make_check, make_clip, make_user

pytestmark = pytest.mark.django_db


def files_of(athlete: User) -> list[Path]:
    return [path for path in (Path(settings.MEDIA_ROOT) / "clips" / str(athlete.code)).rglob("*") if path.is_file()]


def store(check: FormCheck, content: bytes, token: uuid.UUID | None = None, name: str = "a.mp4") -> StoredClip:
    upload = ContentFile(content, name=name)
    return clip_store(form_check=check, upload=upload, upload_token=token or uuid.uuid4())


def test_a_clip_keeps_every_byte_and_its_hash(check: FormCheck) -> None:
    content = bytes(range(256)) * 20_000  # five chunks and a bit
    clip = store(check, content, name="../../My Run.MOV").clip
    assert default_storage.open(clip.file.name).read() == content
    assert clip.sha256 == hashlib.sha256(content).hexdigest()
    assert clip.size_bytes == len(content)
    assert clip.original_name == "My Run.MOV"
    assert clip.file.name == f"clips/{check.athlete.code}/{clip.code}/original.mov"


def test_a_name_with_an_unknown_ending_gets_a_harmless_one(check: FormCheck) -> None:
    assert store(check, b"x", name="clip.html").clip.file.name.endswith("original.bin")


def test_the_same_upload_again_returns_the_same_clip(check: FormCheck) -> None:
    token = uuid.uuid4()
    first, second = store(check, b"x", token), store(check, b"x", token)
    assert (second.outcome, second.clip) == ("repeated", first.clip)
    assert len(files_of(check.athlete)) == 1


def test_the_same_file_opens_the_clip_that_is_there(check: FormCheck) -> None:
    first = store(check, b"x")
    second = store(make_check(check.athlete), b"x")
    assert (second.outcome, second.clip) == ("duplicate", first.clip)
    assert len(files_of(check.athlete)) == 1


def test_the_same_file_mends_a_clip_whose_file_was_lost(check: FormCheck) -> None:
    clip = store(check, b"bytes").clip
    default_storage.delete(str(clip.file.name))
    again = store(check, b"bytes")
    assert (again.outcome, again.clip) == ("duplicate", clip)
    assert default_storage.open(str(again.clip.file.name)).read() == b"bytes"
    assert len(files_of(check.athlete)) == 1


def test_a_removed_clip_can_be_uploaded_again(check: FormCheck) -> None:
    first = store(check, b"x")
    clip_delete(clip=first.clip)
    assert store(check, b"x").outcome == "created"


def test_two_athletes_may_have_the_same_file_and_the_same_token(check: FormCheck) -> None:
    token = uuid.uuid4()
    other = make_check(make_user("other"))
    assert store(check, b"x", token).outcome == store(other, b"x", token).outcome == "created"


def test_an_empty_file_is_refused(check: FormCheck) -> None:
    with pytest.raises(UploadRefusedError, match="empty"):
        store(check, b"")
    assert not Clip.objects.exists()


def test_a_file_over_the_limit_is_refused_before_it_is_read(check: FormCheck, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, clip_bytes=10)

    class Unread(ContentFile):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("read")

    with pytest.raises(UploadRefusedError, match="too large"):
        clip_store(form_check=check, upload=Unread(b"x" * 11, name="a.mp4"), upload_token=uuid.uuid4())


def test_a_file_that_lies_about_its_size_leaves_nothing_behind(check: FormCheck, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, clip_bytes=10)
    upload = ContentFile(b"x" * 11, name="a.mp4")
    upload.size = 5
    with pytest.raises(UploadRefusedError, match="too large"):
        clip_store(form_check=check, upload=upload, upload_token=uuid.uuid4())
    assert not files_of(check.athlete)


def test_a_form_check_holds_so_many_clips_and_no_more(check: FormCheck) -> None:
    clips = [make_clip(check, bytes([number])) for number in range(settings.LIMITS.clips_per_check)]
    with pytest.raises(UploadRefusedError, match="up to 4"):
        store(check, b"one more")
    assert store(check, bytes([0])).clip == clips[0]
    assert len(files_of(check.athlete)) == len(clips)


def test_nobody_fills_the_disk_in_a_day(check: FormCheck, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, clips_per_day=2)
    for number in range(2):
        clip_delete(clip=make_clip(check, bytes([number])))
    with pytest.raises(UploadRefusedError, match="tomorrow"):
        store(check, b"one more")
    assert len(files_of(check.athlete)) == 2
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert store(check, b"one more").outcome == "created"


def test_a_storage_that_fails_leaves_no_row(check: FormCheck) -> None:
    class Torn(io.BytesIO):
        def read(self, *args: Any) -> bytes:
            raise OSError("the line went dead")

    upload = ContentFile(b"xxx", name="a.mp4")
    upload.file = Torn()
    with pytest.raises(OSError, match="line"):
        clip_store(form_check=check, upload=upload, upload_token=uuid.uuid4())
    assert not Clip.objects.exists()


def test_when_nobody_knows_whether_the_row_was_made_the_file_stays(
    check: FormCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(clip: Clip) -> None:
        clip.save(force_insert=True)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(services, "_insert", broken)
    with pytest.raises(OperationalError):
        store(check, b"x")
    assert len(files_of(check.athlete)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_upload_sent_eight_times_at_once_one_clip_comes(
    check: FormCheck, at_once: Callable[..., list[Any]]
) -> None:
    token = uuid.uuid4()
    stored = at_once(lambda n: store(check, b"same", token))
    assert sorted(result.outcome for result in stored) == ["created"] + 7 * ["repeated"]
    assert len({result.clip.pk for result in stored}) == Clip.objects.count() == len(files_of(check.athlete)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_file_uploaded_eight_times_at_once_one_clip_comes(
    check: FormCheck, at_once: Callable[..., list[Any]]
) -> None:
    stored = at_once(lambda n: store(check, b"same"))
    assert sorted(result.outcome for result in stored) == ["created"] + 7 * ["duplicate"]
    assert Clip.objects.count() == len(files_of(check.athlete)) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_files_at_once_do_not_overfill_a_form_check(check: FormCheck, at_once: Callable[..., list[Any]]) -> None:
    stored = at_once(lambda n: store(check, bytes([n])))
    assert sum(isinstance(result, UploadRefusedError) for result in stored) == 4
    assert Clip.objects.count() == len(files_of(check.athlete)) == 4
