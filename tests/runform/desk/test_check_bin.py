"""One FormCheck into the bin: hidden at once, back within thirty days, then gone with everything in it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from runform.clips.models import Clip, FormCheck, Upload
from runform.clubs.consents import consent_give
from runform.clubs.models import Purpose
from runform.clubs.policies import may_process
from runform.coaching.models import Comment, Notification, Publication, Review
from runform.desk.models import Receipt
from runform.desk.rights.bin import check_bin, check_restore
from runform.desk.rights.everything import everything_of
from runform.desk.rights.purge import purge
from runform.processing.models import Job, State
from runform.processing.services import clip_remove
from runform.reports.models import Report, ShareLink
from tests.runform.coaching.reviews import make_review
from tests.runform.desk.traces import traces
from tests.runform.world import World, make_check, make_clip, make_report

pytestmark = pytest.mark.django_db
OVER = timedelta(days=31)


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_it_is_hidden_from_everybody_at_once_and_comes_back_whole(world: World, client: Client) -> None:
    check, shared = world.check, f"/s/{world.share_secret}/"
    pages = [f"/checks/{check.code}/", f"/checks/{check.code}/results/", f"/clips/{world.clip.code}/card/"]
    assert client.get(shared).status_code == 200
    client.force_login(world.athlete)
    before = [client.get(page).status_code for page in pages]
    assert before == [200, 200, 200]
    assert f"/checks/{check.code}/delete/" in client.get(pages[1]).content.decode()
    assert "clip.mp4" in client.get(f"/checks/{check.code}/delete/").content.decode()
    answer = client.post(f"/checks/{check.code}/delete/", follow=True)
    assert f"/checks/{check.code}/restore/" in answer.content.decode()
    for who in (world.athlete, world.coach):
        client.force_login(who)
        assert [client.get(page).status_code for page in pages] == [404, 404, 404]
        assert str(check.code) not in client.get("/").content.decode() + client.get("/coach/").content.decode()
    assert client.get(shared).status_code == 404
    assert not may_process(Clip.objects.get(pk=world.clip.pk))
    assert Job.objects.get(pk=world.live_job.pk).state == State.CANCELLED
    assert not Upload.objects.filter(form_check=check, clip=None).exists()
    client.force_login(world.coach)
    assert client.post(f"/checks/{check.code}/restore/").status_code == 404
    client.force_login(world.athlete)
    client.post(f"/checks/{check.code}/restore/")
    assert [client.get(page).status_code for page in pages] == before
    assert client.get(shared).status_code == 200
    assert check.clips.filter(deleted_at=None).count() == 2


def test_a_clip_that_was_removed_before_stays_removed(world: World) -> None:
    clip_remove(clip=world.idle_clip)
    check_bin(check=world.check, by=world.athlete)
    world.check.refresh_from_db()
    assert check_restore(check=world.check, by=world.athlete) == 0
    assert list(world.check.clips.filter(deleted_at=None)) == [world.clip]


def test_a_clip_that_was_uploaded_again_meanwhile_stays_behind(world: World, client: Client) -> None:
    check = make_check(world.athlete)
    make_clip(check, b"twice")
    make_clip(check, b"once")
    check_bin(check=check, by=world.athlete)
    make_clip(make_check(world.athlete), b"twice")
    client.force_login(world.athlete)
    answer = client.post(f"/checks/{check.code}/restore/", follow=True)
    assert "uploaded again meanwhile" in answer.content.decode()
    assert check.clips.filter(deleted_at=None).count() == 1


def test_after_thirty_days_nothing_of_it_is_left_anywhere(world: World, tmp_path: Path) -> None:
    """Looked for in every table and every file; log and webhooks keep its code and nothing else."""
    check = make_check(world.athlete, note="a very own note of this day", shoes="very own shoes")
    clip = make_clip(check, b"bytes of this FormCheck alone")
    report = make_report(clip, tmp_path / "own")
    review = make_review(check, world.coach)
    Comment.objects.create(review=review, author=world.coach, text="very own words", published_at=timezone.now())
    words = ["very own", "bytes of this FormCheck", str(clip.code), clip.code.hex, str(report.code), report.code.hex]
    words += [str(check.code), check.code.hex, str(review.code), review.code.hex]
    assert {place.split(".")[0] for place in traces(*words)} >= {"clips_formcheck", "coaching_comment"}
    others = everything_of(world.check).n_rows
    check_bin(check=check, by=world.athlete)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        purge()
    assert FormCheck.objects.filter(pk=check.pk).exists()
    with time_machine.travel(timezone.now() + OVER):
        purge()
    assert set(traces(*words)) <= {"clubs_auditentry.thing_code", "api_delivery.thing_code", "api_delivery.data"}
    assert not list(Path(settings.MEDIA_ROOT).rglob(f"*{clip.code}*"))
    receipt = Receipt.objects.get(person=world.athlete)
    assert (receipt.what, receipt.rows["clips.formcheck"], receipt.rows["clips.clip"]) == ("checks", 1, 1)
    assert receipt.n_files > 2
    assert everything_of(world.check).n_rows == others, "other FormChecks are untouched"


def test_every_table_with_a_way_to_a_formcheck_is_emptied(world: World) -> None:
    """By relations: whoever adds a table that hangs on a FormCheck gets it deleted with it."""
    check_bin(check=world.check, by=world.athlete)
    with time_machine.travel(timezone.now() + OVER):
        purge()
    for model in (Report, Review, Publication, ShareLink, Notification, Clip, Upload):
        for field in model._meta.concrete_fields:
            if field.related_model is FormCheck:
                assert not model._base_manager.filter(**{f"{field.name}_id": world.check.pk}).exists(), model
    assert FormCheck.objects.filter(athlete=world.athlete).exists(), "the others stay"


def test_a_guardian_deletes_for_the_child_and_a_coach_does_not(world: World, client: Client) -> None:
    consent_give(athlete=world.ward, by=world.guardian, purposes=[Purpose.COACH])
    check = make_check(world.ward)
    client.force_login(world.coach)
    assert client.post(f"/checks/{check.code}/delete/").status_code == 404
    client.force_login(world.guardian)
    assert client.post(f"/checks/{check.code}/delete/").status_code == 302
    check.refresh_from_db()
    assert check.deleted_at
