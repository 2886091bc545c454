"""What an athlete sees on the way from the upload to the results."""

import html
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from runform.clips.models import Clip, FormCheck
from runform.clips.services import form_check_change
from runform.processing.models import Job, State
from runform.processing.services import job_cancel, job_fail, job_heartbeat, job_submit
from tests.runform.addresses import as_shown
from tests.runform.world import REFUSED, claim_of, make_check, make_clip, make_report

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


@pytest.fixture
def runner(client: Client, check: FormCheck) -> Client:
    client.force_login(check.athlete)
    return client


def upload(client: Client, check: FormCheck, content: bytes = b"a clip", **fields: Any) -> Any:
    headers = fields.pop("headers", JSON)
    data = {"upload_token": uuid.uuid4(), "shows": "self", "file": ContentFile(content, name="run.mp4"), **fields}
    return client.post(f"/checks/{check.code}/clips/", data, headers=headers)


def status(client: Client, job: Job) -> str:
    answer = client.get(f"/jobs/{job.code}/status/", headers={"hx-request": "true"})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_an_upload_is_stored_and_queued(runner: Client, check: FormCheck) -> None:
    answer = upload(runner, check, kind="standing", view="side")
    clip, job = Clip.objects.get(), Job.objects.get()
    assert answer.status_code == 201
    assert answer.json()["card"] == f"/clips/{clip.code}/card/"
    assert answer.json()["next"] == f"/checks/{check.code}/"
    assert (clip.kind, clip.view, clip.original_name) == ("standing", "side", "run.mp4")
    assert (job.clip, job.state, job.requested_by) == (clip, State.QUEUED, check.athlete)
    assert job.request_id == answer["X-Request-ID"]
    assert str(job.code) in runner.get(answer.json()["card"]).content.decode()


def test_without_the_script_an_upload_leads_back_to_the_page(runner: Client, check: FormCheck) -> None:
    assert upload(runner, check, headers={})["Location"] == f"/checks/{check.code}/"
    assert Job.objects.count() == 1


def test_the_same_upload_again_is_neither_stored_nor_queued_again(runner: Client, check: FormCheck) -> None:
    token = uuid.uuid4()
    answers = [upload(runner, check, upload_token=token) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["clip"] == answers[1].json()["clip"]
    assert Clip.objects.count() == Job.objects.count() == 1


def test_an_upload_that_died_before_it_was_queued_is_queued_by_its_repetition(runner: Client, check: FormCheck) -> None:
    token = uuid.uuid4()
    upload(runner, check, upload_token=token)
    Job.objects.all().delete()  # as if the server had been killed just there
    assert upload(runner, check, upload_token=token).json()["outcome"] == "repeated"
    assert Job.objects.get().state == State.QUEUED


def test_the_repetition_of_a_clip_that_was_removed_queues_nothing(runner: Client, check: FormCheck) -> None:
    token = uuid.uuid4()
    code = upload(runner, check, upload_token=token).json()["clip"]
    runner.post(f"/clips/{code}/delete/")
    Job.objects.all().delete()
    upload(runner, check, upload_token=token)
    assert not Job.objects.exists()


def test_a_file_that_is_there_already_opens_where_it_is(runner: Client, check: FormCheck) -> None:
    upload(runner, check)
    answer = upload(runner, make_check(check.athlete)).json()
    assert (answer["outcome"], answer["next"]) == ("duplicate", f"/checks/{check.code}/")
    assert "before" in answer["note"]


@pytest.mark.parametrize(
    ("content", "fields", "status_code"),
    [(b"", {}, 422), (b"x" * 11, {}, 422), (b"x", {"upload_token": "none"}, 400), (b"x", {"view": "above"}, 400)],
)
def test_what_cannot_be_taken_is_refused_with_a_reason(
    runner: Client, check: FormCheck, settings: Any, content: bytes, fields: dict[str, str], status_code: int
) -> None:
    settings.LIMITS = replace(settings.LIMITS, clip_bytes=10)
    answer = upload(runner, check, content, **fields)
    assert answer.status_code == status_code
    assert answer.json()["error"]
    assert not Clip.objects.exists()


def test_a_stranger_cannot_upload_by_script(check: FormCheck) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(check.athlete)
    assert upload(client, check).status_code == 403


def test_the_status_tells_position_stage_and_share(runner: Client, check: FormCheck) -> None:
    jobs = [job_submit(clip=make_clip(check, bytes([n])), requested_by=None) for n in range(2)]
    assert "next in line" in status(runner, jobs[0])
    assert "number 2 in line" in status(runner, jobs[1])
    job_heartbeat(claim=claim_of(jobs[0]), stage="pose", done=90, total=360)
    told = status(runner, jobs[0])
    assert "Finding the runner" in told
    assert "25 %" in told
    assert "90 of 360" in told


def test_it_asks_again_while_it_lives_and_never_after(runner: Client, check: FormCheck) -> None:
    job = job_submit(clip=make_clip(check), requested_by=None)
    assert "hx-trigger" in status(runner, job)
    claim = claim_of(job)
    assert "hx-trigger" in status(runner, job)
    job_fail(claim=claim, code="unreadable", user_text="This is no <video>.", detail="", seconds={})
    told = status(runner, job)
    assert "hx-trigger" not in told
    assert "This is no &lt;video&gt;." in told
    assert "100 %" not in told


@pytest.mark.parametrize("end", ["done", "refused", "cancelled"])
def test_every_end_is_told_and_stops_the_asking(runner: Client, check: FormCheck, tmp_path: Path, end: str) -> None:
    clip = make_clip(check)
    if end == "cancelled":
        job_cancel(job=job_submit(clip=clip, requested_by=None))
    else:
        make_report(clip, tmp_path, **({"template": REFUSED} if end == "refused" else {}))
    told = status(runner, Job.objects.get())
    assert "hx-trigger" not in told
    checks = json.loads(REFUSED.read_text())["quality"]["checks"]
    reason = next(found["message"] for found in checks if found["verdict"] == "fail")
    words = {"done": f"/checks/{check.code}/results/", "refused": html.escape(reason), "cancelled": "Cancelled"}
    assert words[end] in told
    assert "Analyse again" in told


def test_when_all_clips_are_ready_the_page_is_told_where_the_results_are(
    runner: Client, check: FormCheck, tmp_path: Path
) -> None:
    first, second = make_clip(check, b"1"), make_clip(check, b"2")
    make_report(first, tmp_path)
    waiting = job_submit(clip=second, requested_by=None)
    job = Job.objects.get(clip=first)
    poll = {"hx-request": "true"}
    assert "HX-Trigger" not in runner.get(f"/jobs/{job.code}/status/", headers=poll)
    job_cancel(job=waiting)
    make_report(second, tmp_path)
    assert f"/checks/{check.code}/results/" in runner.get(f"/jobs/{job.code}/status/", headers=poll)["HX-Trigger"]


def test_cancel_again_and_remove(runner: Client, check: FormCheck) -> None:
    clip = make_clip(check)
    job = job_submit(clip=clip, requested_by=None)
    runner.post(f"/jobs/{job.code}/cancel/")
    assert Job.objects.get().state == State.CANCELLED
    runner.post(f"/clips/{clip.code}/again/")
    runner.post(f"/clips/{clip.code}/again/")
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "queued"]
    runner.post(f"/clips/{clip.code}/delete/")
    assert not Job.objects.filter(state=State.QUEUED).exists()
    assert runner.get(as_shown(runner, f"/clips/{clip.code}/file/")).status_code == 404
    assert clip.file.storage.exists(str(clip.file.name))


def test_a_newer_analysis_that_fails_leaves_the_earlier_results(
    runner: Client, check: FormCheck, tmp_path: Path
) -> None:
    clip = make_clip(check)
    make_report(clip, tmp_path)
    job = job_submit(clip=clip, requested_by=None)
    job_fail(claim=claim_of(job), code="too_long", user_text="It took too long.", detail="", seconds={})
    told = status(runner, job)
    assert "See the results" in told
    assert "It took too long." in told


def test_the_page_of_a_form_check_asks_the_database_the_same_for_one_clip_and_for_four(
    runner: Client, check: FormCheck, tmp_path: Path, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    make_report(make_clip(check), tmp_path)
    with CaptureQueriesContext(connection) as one:
        runner.get(check.get_absolute_url())
    for number in range(3):
        make_report(make_clip(check, bytes([number])), tmp_path)
    with django_assert_max_num_queries(len(one)):
        page = runner.get(check.get_absolute_url()).content.decode()
    assert page.count("clip-card__name") == 4
    assert 'id="upload"' not in page


def test_the_speed_stays_exact_when_something_else_is_changed(runner: Client, check: FormCheck) -> None:
    form_check_change(form_check=check, fields={"speed_mps": 3.96})
    shown = {"recorded_on": "2026-05-01", "surface": "ground", "speed": "14.3"}
    runner.post(f"/checks/{check.code}/edit/", shown)
    check.refresh_from_db()
    assert (check.speed_mps, check.surface) == (3.96, "ground")
