"""Helpers for tests of attempts."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
from django.db import connection
from django.db.models import F

from runform.processing import runner
from runform.processing.models import Job, Worker
from runform.processing.services import job_claim

STANDIN = Path(__file__).with_name("standin.py")


def run(job: Job) -> Job:
    runner.run(job_claim(code=job.code))
    return Job.objects.get(pk=job.pk)


def pass_time(*, seconds: float = 0, days: float = 0) -> None:
    """The clock is the database's, which no test can move: the times of the rows move instead."""
    by = timedelta(seconds=seconds, days=days)
    moments = ("created_at", "queued_at", "published_at", "started_at", "finished_at", "lease_expires_at")
    Job.objects.update(**{name: F(name) - by for name in moments})
    Worker.objects.update(seen_at=F("seen_at") - by)


def leftovers(settings: Any) -> list[Path]:
    return list(Path(settings.WORK_DIR).iterdir())


def gone(pid: int, timeout_s: float = 10) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def in_background(function: Callable[[], Any]) -> threading.Thread:
    def work() -> None:
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def wait_for(what: Callable[[], Any], timeout_s: float = 20) -> Any:
    deadline = time.monotonic() + timeout_s
    while not (result := what()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return result
