"""The doorbell: Celery carries ids of rows and nothing else."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_after_setup, heartbeat_sent, setup_logging, worker_process_init, worker_shutdown
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from runform.core.lifeline import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "runform.settings")

app = Celery("runform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def use_the_logging_of_the_web(**_: Any) -> None:
    logging.config.dictConfig(settings.LOGGING)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def end_with_the_worker(**_: Any) -> None:
    """A killed worker must not leave a child behind that goes on with its clip."""
    die_with_parent()


@celeryd_after_setup.connect  # type: ignore[untyped-decorator]
def let_it_be_known(sender: str, instance: Any, **_: Any) -> None:
    """A worker that takes clips says so, again and again; others need not."""
    from runform.processing.workers import Beacon  # apps are not loaded yet when this module is

    if settings.CELERY_TASK_DEFAULT_QUEUE in instance.app.amqp.queues.consume_from:
        beacon = Beacon(sender, instance.concurrency)
        heartbeat_sent.connect(beacon.beat, weak=False)
        worker_shutdown.connect(beacon.out, weak=False)
