"""Is the house in order?  Asked is "are you getting on", not "are you there"."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from runform.core import health
from runform.processing.models import Job, Pulse, State
from runform.processing.services import REAPER

log = structlog.get_logger(__name__)
STARTED_AT = timezone.now()


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
    limits, now = settings.LIMITS, timezone.now()
    oldest = Job.objects.filter(state=State.QUEUED).order_by("queued_at").values_list("queued_at", flat=True).first()
    finished = Job.objects.exclude(finished_at=None).order_by("-finished_at").values_list("finished_at", flat=True)
    last = finished.first()
    reaped = Pulse.objects.filter(name=REAPER).values_list("at", flat=True).first()
    # A long queue that moves is well: it is stuck when jobs wait and none has ended for as long.
    age_s, idle_s = _age_s(now, oldest), _age_s(now, last)
    stuck = age_s is not None and min(age_s, age_s if idle_s is None else idle_s) > limits.queue_age_s
    return {
        "queued": Job.objects.filter(state=State.QUEUED).count(),
        "running": Job.objects.filter(state=State.RUNNING).count(),
        "oldest_queued_age_s": age_s,
        "last_finished_at": last.isoformat() if last else None,
        "last_reaper_run_at": reaped.isoformat() if reaped else None,
        "queue_moves": not stuck,
        # Just started: the clock has not struck yet.
        "reaper_runs": (_age_s(now, max(filter(None, [reaped, STARTED_AT]))) or 0) < limits.reaper_age_s,
    }


def _age_s(now: datetime, then: datetime | None) -> float | None:
    return round((now - then).total_seconds(), 1) if then else None


def _try(works: Callable[[], bool]) -> bool:
    # The one place where any error at all is an answer: no.
    try:
        return works()
    except Exception as error:
        log.error("health_check_failed", check=works.__name__, error=str(error))
        return False
