"""Clips that came in parts, taken over by the page or, when it was closed, by the clock."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from runform.clips.models import Clip, FormCheck, Upload
from runform.processing.arrivals import LEFT_ALONE, tend
from runform.processing.models import Job
from runform.processing.tasks import tend_uploads
from tests.runform.world import make_clip, make_upload

pytestmark = pytest.mark.django_db
LATER = LEFT_ALONE + timedelta(seconds=1)


def test_a_whole_clip_whose_page_was_closed_is_taken_and_queued_once(check: FormCheck) -> None:
    make_upload(check)
    tend()
    assert not Clip.objects.exists()
    with time_machine.travel(timezone.now() + LATER):
        tend_uploads()
        tend_uploads()
    assert (Clip.objects.count(), Job.objects.count()) == (1, 1)
    assert Job.objects.get().requested_by == check.athlete


def test_half_a_clip_waits_until_it_expires(check: FormCheck) -> None:
    upload = make_upload(check)
    Upload.objects.update(size_bytes=upload.size_bytes + 1)
    with time_machine.travel(timezone.now() + LATER):
        tend()
    assert Upload.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=settings.LIMITS.upload_hours + 1)):
        tend()
    assert not Upload.objects.exists()
    assert not Clip.objects.exists()


def test_one_that_cannot_be_taken_does_not_stop_the_others(check: FormCheck) -> None:
    make_upload(check, b"one too many")
    for number in range(settings.LIMITS.clips_per_check - 1):
        make_clip(check, bytes([number]))
    make_upload(check, b"the last that fits")
    with time_machine.travel(timezone.now() + LATER):
        tend()
    assert Clip.objects.count() == settings.LIMITS.clips_per_check
    assert not Upload.objects.filter(clip=None).exists()


def test_what_is_said_at_the_end_counts(check: FormCheck) -> None:
    client = Client()
    client.force_login(check.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    upload = make_upload(check)
    said = {"view": "rear", "kind": "standing", "shows": "agreed", "from_s": "1", "to_s": "2"}
    client.post(f"/uploads/{upload.code}/finish/", said)
    clip = Clip.objects.get()
    assert (clip.view, clip.kind, clip.shows, clip.from_s, clip.to_s) == ("rear", "standing", "agreed", 1.0, 2.0)
