"""Attempts with real child processes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from runform.accounts.models import AthleteProfile, User
from runform.clips.models import Clip
from runform.clips.services import clip_store
from runform.processing import runner
from runform.processing.models import Job, State
from runform.processing.services import job_submit, jobs_reap
from runform.reports.models import Report
from tests.runform.processing.attempts import leftovers, run
from tests.runform.world import SIDE, make_check, make_clip

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_analysed_clip_gets_its_report(job: Job, analyser: Callable[..., None], settings: Any) -> None:
    analyser("ok")
    row = run(job)
    assert (row.state, row.attempt, row.stage) == (State.DONE, 1, "publish")
    assert row.seconds["total"] > 0
    report, said = Report.objects.get(job_code=job.code), json.loads(SIDE.read_text())
    assert (report.verdict, report.view) == (said["quality"]["verdict"], "side")
    assert [frame.caption for frame in report.frames.all()] == [frame["caption"] for frame in said["frames"]]
    assert [(row.key, row.value) for row in report.metrics.all()] == [
        (m["id"], m["value"]) for m in said["measurements"]
    ]
    assert default_storage.open(report.raw.name).read() == SIDE.read_bytes()
    assert default_storage.open(report.review_copy.name).read() == b"film"
    assert Path(report.review_copy.name).parent == Path(report.raw.name).parent
    assert Clip.objects.get().facts == said["clip"]
    assert leftovers(settings) == []


def test_a_second_message_for_the_same_job_does_nothing(job: Job, analyser: Callable[..., None]) -> None:
    analyser("ok")
    run(job)
    run(job)
    assert Report.objects.count() == Job.objects.get().attempt == 1


def test_one_id_leads_from_the_click_to_the_report(
    client: Client,
    athlete: User,
    analyser: Callable[..., None],
    bells: Callable[[str], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Through web, worker, analyser and reaper, also when an attempt is lost."""
    client.force_login(athlete)
    check = make_check(athlete)
    data = {"upload_token": check.code, "shows": "self", "file": ContentFile(b"a clip", name="run.mp4")}
    answer = client.post(f"/checks/{check.code}/clips/", data, headers={"accept": "application/json"})
    job = Job.objects.get()
    analyser("crash")
    run(job)
    jobs_reap()
    analyser("ok")
    run(job)
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    told = [line for line in lines if line.get("request_id") == answer["X-Request-ID"]]
    steps = [
        "job_submitted",
        "request_finished",
        "job_started",
        "job_crashed",
        "job_requeued",
        "job_started",
        "job_done",
    ]
    assert [line["event"] for line in told if line["event"] in steps] == steps
    assert {line["job"] for line in told if line["event"].startswith("job_")} == {str(job.code)}
    assert next(line for line in told if line["event"] == "job_done")["report"] == str(Report.objects.get().code)


def test_a_refused_clip_is_a_result_with_reasons(job: Job, analyser: Callable[..., None]) -> None:
    analyser("refused")
    assert run(job).state == State.DONE
    report = Report.objects.get()
    assert report.verdict == "refused"
    assert "fail" in {check["verdict"] for check in report.quality["checks"]}


def test_an_unreadable_clip_fails_at_once_with_the_analysers_words(job: Job, analyser: Callable[..., None]) -> None:
    analyser("unreadable")
    row = run(job)
    assert (row.state, row.error_code, row.user_text) == (State.FAILED, "unreadable", "This file is not a video.")


def test_a_poison_clip_is_tried_three_times_and_no_more(job: Job, analyser: Callable[..., None]) -> None:
    analyser("crash")
    for _ in range(3):
        assert run(job).state == State.RUNNING
        jobs_reap()
    row = Job.objects.get()
    assert (row.state, row.attempt, row.error_code) == (State.FAILED, 3, "gave_up")
    assert "exit status -11" in row.error_detail
    assert not Report.objects.exists()


def test_what_nobody_foresaw_is_kept_for_us_and_tried_again(
    job: Job, analyser: Callable[..., None], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def full(*args: Any) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    analyser("ok")
    row = run(job)
    assert "No space left on device" in row.error_detail
    assert leftovers(settings) == []
    jobs_reap()
    assert Job.objects.get().state == State.QUEUED


def test_a_missing_pose_model_is_our_fault_and_not_the_clips(
    athlete: User, demo_clips: Path, bells: Callable[[str], int], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LIMITS = replace(settings.LIMITS, retry_pause_s=0)
    monkeypatch.setenv("RUNFORM_POSE_MODEL", "/nowhere/model.task")
    with (demo_clips / "t01_rear_tape_base.mp4").open("rb") as stream:
        check = make_check(athlete)
        clip = clip_store(form_check=check, upload=File(stream, name="t01.mp4"), upload_token=check.code).clip
    job = job_submit(clip=clip, requested_by=athlete)
    for _ in range(3):
        run(job)
        jobs_reap()
    row = Job.objects.get()
    assert (row.state, row.error_code) == (State.FAILED, "gave_up")
    assert "our fault" in row.user_text
    assert "model" not in row.user_text
    assert "The pose model is not installed" in row.error_detail


ESCAPES = ["escape", "escape with a folder", "escape with its report"]


@pytest.mark.parametrize("mode", ["nothing", *ESCAPES])
def test_output_that_breaks_the_contract_is_not_published(job: Job, analyser: Callable[..., None], mode: str) -> None:
    for frame in json.loads(SIDE.read_text())["frames"]:
        Path(job.clip.file.path).with_name(frame["file"]).write_bytes(b"somebody else's picture")
    analyser(mode)
    row = run(job)
    assert row.state == State.RUNNING
    assert row.lease_expires_at
    assert row.lease_expires_at <= timezone.now()
    assert not Report.objects.exists()
    assert not default_storage.exists(f"reports/{job.clip.code}/{job.code}") or not any(
        path.is_file() for path in Path(default_storage.path(f"reports/{job.clip.code}")).rglob("*")
    )


def test_what_it_said_last_is_what_it_said_and_not_what_lies_in_its_place(
    job: Job, analyser: Callable[..., None]
) -> None:
    Path(job.clip.file.path).with_name("secret").write_text("the secret key")
    analyser("escape with its last words")
    row = run(job)
    assert row.state == State.FAILED
    assert "secret key" not in row.user_text + row.error_detail


def test_the_analyser_learns_what_was_said_and_no_secret(
    athlete: User, analyser: Callable[..., None], monkeypatch: pytest.MonkeyPatch, bells: Callable[[str], int]
) -> None:
    AthleteProfile.objects.create(user=athlete, height_cm=181.5, sex="female")
    clip = make_clip(make_check(athlete, speed_mps=3.5, incline_pct=-2))
    monkeypatch.setenv("RUNFORM_SECRET_KEY", "of no use to a video")
    monkeypatch.setenv("RUNFORM_DATABASE_URL", "neither")
    kept: dict[str, Any] = {}
    real = runner.output_store

    def keep(*, out_dir: Path, prefix: str) -> Any:
        kept.update(args=json.loads((out_dir / "args.json").read_text()), env=(out_dir / "env.json").read_text())
        return real(out_dir=out_dir, prefix=prefix)

    monkeypatch.setattr(runner, "output_store", keep)
    analyser("ok")
    run(job_submit(clip=clip, requested_by=None))
    said = {"--speed-mps=3.5", "--incline-pct=-2.0", "--surface=treadmill", "--height-cm=181.5", "--sex=female"}
    assert said | {"--kind=running"} <= set(kept["args"])
    assert not any(word.startswith("--view") for word in kept["args"])
    assert "RUNFORM_SECRET_KEY" not in kept["env"]
    assert "DATABASE" not in kept["env"]


def test_a_real_clip_is_really_analysed(athlete: User, demo_clips: Path, bells: Callable[[str], int]) -> None:
    pytest.importorskip("analysis.__main__")
    check = make_check(athlete, speed_mps=3.96)
    with (demo_clips / "s01_side_base.mp4").open("rb") as stream:
        upload = File(stream, name="s01_side_base.mp4")
        clip = clip_store(form_check=check, upload=upload, upload_token=check.code).clip
    job = run(job_submit(clip=clip, requested_by=athlete))
    assert job.state == State.DONE, job.error_detail
    report = Report.objects.get()
    assert report.verdict != "refused"
    assert report.view == "side"
    cadence = report.metrics.get(key="cadence").value
    assert cadence == pytest.approx(174.1, abs=1.5)
    assert report.frames.exists()
    assert job.seconds["pose"] > 0
