"""Attempts that are ended: over a limit, cancelled, or robbed of their lease."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from runform.core.limits import Limits
from runform.processing import runner
from runform.processing.child import Child
from runform.processing.models import Job, State
from runform.processing.sandbox import NICE
from runform.processing.services import job_cancel, job_claim, jobs_reap
from runform.reports.models import Report
from tests.runform.processing.attempts import STANDIN, gone, in_background, run, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hanging_analyser_is_ended_and_tried_again(job: Job, analyser: Callable[..., None]) -> None:
    analyser("hang", silent_s=1)
    row = run(job)
    assert row.state == State.RUNNING
    assert "silent" in row.error_detail


def test_a_silent_analyser_that_lives_keeps_its_lease(job: Job, analyser: Callable[..., None]) -> None:
    analyser("slow", lease_s=2)
    thread = in_background(lambda: runner.run(job_claim(code=job.code)))
    while thread.is_alive():
        jobs_reap()
        time.sleep(0.1)
    assert Job.objects.get().state == State.DONE
    assert Job.objects.get().attempt == 1


@pytest.mark.parametrize(
    ("mode", "limits", "code"),
    [
        ("heavy", {"memory_bytes": 200 * 1024 * 1024}, "too_heavy"),
        ("hang", {"wall_s": 1}, "too_long"),
        ("busy", {"cpu_s": 1}, "too_long"),
    ],
)
def test_an_analysis_over_its_limits_ends_with_advice(
    job: Job, analyser: Callable[..., None], mode: str, limits: dict[str, int], code: str
) -> None:
    analyser(mode, **limits)
    row = run(job)
    assert (row.state, row.error_code) == (State.FAILED, code)
    assert "20 seconds" in row.user_text


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_one_huge_allocation_hits_a_wall(job: Job, analyser: Callable[..., None]) -> None:
    analyser("huge", memory_bytes=2**31)
    assert "MemoryError" in run(job).error_detail


def test_an_analyser_cannot_fill_the_disk(job: Job, analyser: Callable[..., None]) -> None:
    analyser("flood", output_bytes=1024 * 1024)
    row = run(job)
    assert row.state == State.RUNNING
    assert not Report.objects.exists()


def test_cancelling_ends_the_analyser_and_all_its_kin(job: Job, analyser: Callable[..., None], settings: Any) -> None:
    analyser("family")
    thread = in_background(lambda: runner.run(job_claim(code=job.code)))
    kin = wait_for(lambda: [text for path in Path(settings.WORK_DIR).glob("*/kin.pid") if (text := path.read_text())])
    assert job_cancel(job=job)
    thread.join(20)
    assert not thread.is_alive()
    assert gone(int(kin[0]))
    assert Job.objects.get().state == State.CANCELLED


def test_a_worker_that_lost_its_lease_stops_and_publishes_nothing(job: Job, analyser: Callable[..., None]) -> None:
    analyser("slow")
    thread = in_background(lambda: runner.run(job_claim(code=job.code)))
    wait_for(lambda: Job.objects.get().stage == "pose")
    # As after a freeze: the lease ran out, the reaper gave the job back, another worker took it.
    Job.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    jobs_reap()
    analyser("ok")
    runner.run(job_claim(code=job.code))
    thread.join(20)
    assert Report.objects.count() == 1
    assert Job.objects.get().attempt == 2
    assert Job.objects.get().state == State.DONE


def test_the_analyser_dies_with_its_worker(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from dataclasses import replace; from pathlib import Path;"
        "from runform.core.limits import Limits; from runform.processing.child import Child;"
        f"child = Child([sys.executable, {str(STANDIN)!r}, 'hang'], cwd=Path({str(tmp_path)!r}),"
        " env=dict(os.environ), limits=Limits()).__enter__();"
        "print(child.process.pid, flush=True); time.sleep(600)"
    )
    root = STANDIN.parents[3]
    env = {**os.environ, "PYTHONPATH": str(root), "DJANGO_SETTINGS_MODULE": "runform.settings"}
    with subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        pid = int(worker.stdout.readline())
        assert psutil.pid_exists(pid)
        worker.send_signal(signal.SIGKILL)
    assert gone(pid)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="needs Linux that schedules by session")
def test_the_analyser_lets_the_pages_of_other_sessions_go_first(tmp_path: Path) -> None:
    command = [sys.executable, str(STANDIN), "hang"]
    with Child(command, cwd=tmp_path, env=dict(os.environ), limits=Limits()) as child:
        process = psutil.Process(child.process.pid)
        own = Path(f"/proc/{process.pid}/autogroup")
        wait_for(lambda: process.nice() > os.nice(0) and own.read_text().endswith(f" nice {NICE}\n"))
    assert not Path("/proc/self/autogroup").read_text().endswith(f" nice {NICE}\n")


def test_a_storage_that_goes_away_while_it_is_read_is_not_the_clips_fault(
    job: Job, analyser: Callable[..., None]
) -> None:
    analyser("away")
    path = Path(default_storage.path(str(job.clip.file.name)))
    thread = in_background(lambda: runner.run(job_claim(code=job.code)))
    wait_for(lambda: Job.objects.get().stage == "pose")
    path.rename(path.with_suffix(".away"))
    thread.join(20)
    assert Job.objects.get().state == State.RUNNING
    path.with_suffix(".away").rename(path)
    jobs_reap()
    analyser("ok")
    assert run(job).state == State.DONE


def test_a_clip_whose_file_is_gone_is_said_to_be_after_the_last_attempt(job: Job, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, retry_pause_s=0)
    default_storage.delete(str(job.clip.file.name))
    for attempt in range(1, settings.LIMITS.attempts):
        row = run(job)
        assert (row.state, row.attempt) == (State.RUNNING, attempt)
        jobs_reap()
    row = run(job)
    assert (row.state, row.error_code) == (State.FAILED, "file_gone")
    assert "upload it again" in row.user_text
