"""The doorbell: Celery carries ids of rows and nothing else."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init
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
    from django.conf import settings  # settings are not loaded yet when this module is

    logging.config.dictConfig(settings.LOGGING)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def end_with_the_worker(**_: Any) -> None:
    """A killed worker must not leave a child behind that goes on with its clip."""
    die_with_parent()
