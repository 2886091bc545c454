"""The other end of the doorbell."""

import uuid

import structlog
from celery import Task, shared_task

from runform.core import code as running_code
from runform.processing import arrivals, leftovers, runner, services

log = structlog.get_logger(__name__)


@shared_task(name="processing.analyse", bind=True)  # type: ignore[untyped-decorator]
def analyse(task: Task, code: str) -> None:
    if running_code.has_changed():
        # The analyser would be newer than we are, and its output strange to us: an attempt lost.  Whoever keeps the
        # worker running starts it again, and the reaper rings again.
        log.warning("worker_is_outdated", job=code)
        task.app.control.shutdown(destination=[task.request.hostname])
        return
    runner.run(uuid.UUID(code))


@shared_task(name="processing.reap")  # type: ignore[untyped-decorator]
def reap() -> None:
    services.jobs_reap()
    leftovers.sweep()


@shared_task(name="processing.tend_uploads")  # type: ignore[untyped-decorator]
def tend_uploads() -> None:
    arrivals.tend()
