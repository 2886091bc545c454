"""When the clock strikes."""

from datetime import UTC, datetime, timedelta
from time import monotonic

from celery.schedules import schedule

BEGAN, BEGAN_S = datetime.now(UTC), monotonic()


def steady_now() -> datetime:
    """Goes evenly whatever is done to the host's clock: set back by an hour, that would not strike for an hour."""
    return BEGAN + timedelta(seconds=monotonic() - BEGAN_S)


def every(**interval: float) -> schedule:
    return schedule(timedelta(**interval), nowfun=steady_now)
