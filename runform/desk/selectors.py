"""Is the house in order?  Asked is "are you getting on", not "are you there"."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from runform.core import health
from runform.processing.models import Job, Pulse, State
from runform.processing.services import REAPER

log = structlog.get_logger(__name__)
STARTED_S = time.monotonic()


def health_report() -> tuple[bool, dict[str, Any]]:
    """Whether all is well, and the facts."""
    works = {
        "database": _try(health.database_works),
        "storage": _try(health.storage_works),
        "broker": _try(health.broker_works),
    }
    facts: dict[str, Any] = dict(works)
    if works["database"]:
        facts |= _queue()
    return all(works.values()) and facts["queue_moves"] and facts["reaper_runs"], facts


def _queue() -> dict[str, Any]:
    limits = settings.LIMITS
    waiting = Job.objects.filter(state=State.QUEUED).order_by("queued_at")
    oldest = waiting.values_list(Now() - F("queued_at"), flat=True).first()
    finished = Job.objects.exclude(finished_at=None).order_by("-finished_at")
    last, idle = finished.values_list("finished_at", Now() - F("finished_at")).first() or (None, None)
    pulse = Pulse.objects.filter(name=REAPER).values_list("at", Now() - F("at"))
    reaped, since = pulse.first() or (None, None)
    # A long queue that moves is well: it is stuck when jobs wait and none has ended for as long.
    age_s, idle_s, unreaped_s = _seconds(oldest), _seconds(idle), _seconds(since)
    started_s = time.monotonic() - STARTED_S
    stuck = age_s is not None and min(age_s, age_s if idle_s is None else idle_s) > limits.queue_age_s
    return {
        "queued": Job.objects.filter(state=State.QUEUED).count(),
        "running": Job.objects.filter(state=State.RUNNING).count(),
        "oldest_queued_age_s": age_s,
        "last_finished_at": last.isoformat() if last else None,
        "last_reaper_run_at": reaped.isoformat() if reaped else None,
        "queue_moves": not stuck,
        # Just started: the clock has not struck yet.
        "reaper_runs": min(started_s, started_s if unreaped_s is None else unreaped_s) < limits.reaper_age_s,
    }


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else round(age.total_seconds(), 1)


def _try(works: Callable[[], bool]) -> bool:
    # The one place where any error at all is an answer: no.
    try:
        return works()
    except Exception as error:
        log.error("health_check_failed", check=works.__name__, error=str(error))
        return False
