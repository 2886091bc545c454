"""The one way to ring the doorbell."""

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue(task_name: str, *args: str) -> None:
    """Send a task by its name once the transaction is committed.

    At most once: when the broker is away the message is lost, the row stays, and the reaper publishes it again.
    """
    transaction.on_commit(lambda: _send(task_name, args))


def _send(task_name: str, args: tuple[str, ...]) -> None:
    try:
        current_app.send_task(task_name, args=args)
    except (OperationalError, OSError) as error:
        log.warning("broker_away", task=task_name, args=args, error=str(error))
