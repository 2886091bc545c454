"""The other end of the doorbell."""

import uuid

from celery import shared_task

from runform.processing import leftovers, runner, services


@shared_task(name="processing.analyse")  # type: ignore[untyped-decorator]
def analyse(code: str) -> None:
    runner.run(uuid.UUID(code))


@shared_task(name="processing.reap")  # type: ignore[untyped-decorator]
def reap() -> None:
    services.jobs_reap()
    leftovers.sweep()
