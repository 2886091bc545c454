"""Films that the worker makes when somebody asks: made once, by whoever holds the lease, and never of a face that is to
be hidden."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.processing import rendering
from runform.processing.services import clip_remove
from runform.reports.models import Rendering, RenderKind, RenderState, Report
from runform.reports.renderings import (
    rendering_claim,
    rendering_complete,
    rendering_heartbeat,
    rendering_order,
    renderings_reap,
)
from tests.runform.world import make_clip, make_film, make_report


@pytest.fixture
def report(check: FormCheck, tmp_path: Path, bells: Callable[[str], int]) -> Report:
    """Of a clip that can really be played, with landmarks of the same pictures."""
    return make_report(make_clip(check, make_film()), tmp_path / "out")


def made(report: Report, kind: RenderKind) -> Rendering:
    one = rendering_order(report=report, kind=kind)
    rendering.run(one.code)
    return Rendering.objects.get(pk=one.pk)


def probe(name: str) -> str:
    asked = ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames"]
    command = [*asked, "-of", "csv=p=0", default_storage.path(name)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_film_with_the_skeleton_is_made_in_a_child_and_plays(report: Report, settings: Any) -> None:
    one = made(report, RenderKind.OVERLAY)
    assert (one.state, one.pictures) == (RenderState.DONE, {})
    assert probe(str(one.film.name)) == "h264,12"
    original = Path(report.clip.file.path).stat()
    assert (original.st_nlink, original.st_size) == (1, report.clip.size_bytes)
    assert list(Path(settings.WORK_DIR).iterdir()) == []


def test_with_a_hidden_face_film_and_every_picture_are_made(report: Report) -> None:
    one = made(report, RenderKind.HIDDEN)
    assert one.state == RenderState.DONE
    assert probe(str(one.film.name)).startswith("h264,")
    assert set(one.pictures) == {str(frame.order) for frame in report.frames.all()}
    with default_storage.open(one.pictures["1"]) as file, Image.open(io.BytesIO(file.read())) as picture:
        assert picture.format == "JPEG"


def test_asked_for_twice_it_is_made_once(report: Report, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as rung:
        first, second = (rendering_order(report=report, kind=RenderKind.OVERLAY) for _ in range(2))
    assert (first.pk, len(rung)) == (second.pk, 1)
    assert rendering_claim(code=first.code) is not None
    assert rendering_claim(code=first.code) is None


def test_what_lost_its_lease_publishes_nothing_and_leaves_no_file(report: Report) -> None:
    claim = rendering_claim(code=rendering_order(report=report, kind=RenderKind.OVERLAY).code)
    assert claim is not None
    Rendering.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    renderings_reap()
    again = rendering_claim(code=claim.rendering.code)
    assert again is not None
    name = default_storage.save("renderings/late.mp4", io.BytesIO(b"late"))  # type: ignore[arg-type]
    assert not rendering_heartbeat(claim=claim, done=1, total=2)
    assert not rendering_complete(claim=claim, film=name, pictures={})
    assert not default_storage.exists(name)
    assert rendering_heartbeat(claim=again, done=1, total=2)


def test_a_crash_is_tried_again_and_then_given_up(report: Report, settings: Any) -> None:
    settings.RENDERER_COMMAND = [sys.executable, "-c", "import sys; sys.exit(7)"]
    one = rendering_order(report=report, kind=RenderKind.OVERLAY)
    for attempt in range(1, settings.LIMITS.attempts + 1):
        rendering.run(one.code)
        found = Rendering.objects.get(pk=one.pk)
        assert (found.state, found.attempt) == (RenderState.RUNNING, attempt)
        assert "exit status 7" in found.error_detail
        renderings_reap()
    assert Rendering.objects.get(pk=one.pk).state == RenderState.FAILED
    # Asked for again, it begins anew.
    assert rendering_order(report=report, kind=RenderKind.OVERLAY).state == RenderState.QUEUED


def test_what_cannot_be_read_is_not_tried_again(check: FormCheck, tmp_path: Path, bells: Callable[[str], int]) -> None:
    report = make_report(make_clip(check, b"no video at all"), tmp_path / "out")
    assert made(report, RenderKind.OVERLAY).state == RenderState.FAILED


def test_a_withdrawn_clip_is_not_rendered(report: Report) -> None:
    one = rendering_order(report=report, kind=RenderKind.OVERLAY)
    clip_remove(clip=report.clip)
    rendering.run(one.code)
    found = Rendering.objects.get(pk=one.pk)
    assert (found.state, bool(found.film)) == (RenderState.FAILED, False)


def test_consent_that_ends_on_the_way_stops_it(report: Report, athlete: User) -> None:
    claim = rendering_claim(code=rendering_order(report=report, kind=RenderKind.HIDDEN).code)
    assert claim is not None
    User.objects.filter(pk=athlete.pk).update(is_active=False)
    assert not rendering_heartbeat(claim=claim, done=1, total=2)
    assert Rendering.objects.get(pk=claim.rendering.pk).state == RenderState.FAILED


def test_the_reaper_rings_again_for_what_waits_too_long(report: Report, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, queued_too_long_s=10)
    one = rendering_order(report=report, kind=RenderKind.OVERLAY)
    early = timezone.now() - timedelta(seconds=60)
    Rendering.objects.filter(pk=one.pk).update(published_at=early)
    renderings_reap()
    assert Rendering.objects.get(pk=one.pk).published_at > early
