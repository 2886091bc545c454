"""The other end of the doorbell."""

import uuid

import structlog
from celery import Task, shared_task

from runform.core import code as running_code
from runform.processing import arrivals, leftovers, rendering, runner, services
from runform.processing.renewal.services import renewals_tend
from runform.reports.renderings import renderings_reap

log = structlog.get_logger(__name__)


# The code says which job rang; the line says which one is next.
@shared_task(name="processing.analyse", bind=True)  # type: ignore[untyped-decorator]
def analyse(task: Task, code: str) -> None:
    if running_code.has_changed():
        # The analyser would be newer than we are, and its output strange to us: an attempt lost.  Whoever keeps the
        # worker running starts it again, and the reaper rings again.
        log.warning("worker_is_outdated", job=code)
        task.app.control.shutdown(destination=[task.request.hostname])
        return
    runner.run(services.job_take_next())


@shared_task(name="processing.render")  # type: ignore[untyped-decorator]
def render(code: str) -> None:
    """A film that somebody asked for.  It waits in the line of the clips: one film at a time."""
    rendering.run(uuid.UUID(code))


@shared_task(name="processing.reap")  # type: ignore[untyped-decorator]
def reap() -> None:
    services.jobs_reap()
    renderings_reap()
    leftovers.sweep()


@shared_task(name="processing.tend_uploads")  # type: ignore[untyped-decorator]
def tend_uploads() -> None:
    arrivals.tend()


@shared_task(name="processing.renew")  # type: ignore[untyped-decorator]
def renew() -> None:
    renewals_tend()
