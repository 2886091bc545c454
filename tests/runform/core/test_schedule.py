from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from celery import current_app
from celery.beat import ScheduleEntry, Scheduler
from django.conf import settings

from runform.core import schedule


class Deaf(Scheduler):  # type: ignore[misc]
    """The scheduler that runs, without a broker."""

    producer = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.struck: list[str] = []
        super().__init__(*args, **kwargs)

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> None:
        self.struck.append(entry.task)


def test_a_clock_that_is_set_back_or_forward_strikes_as_before(monkeypatch: Any) -> None:
    passed = [0.0]
    monkeypatch.setattr(schedule, "monotonic", lambda: schedule.BEGAN_S + passed[0])
    beat = Deaf(app=current_app, lazy=False)
    for hours in (0, -1, 5, -72):
        passed[0] += settings.REAP_S + 1
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
            beat.struck.clear()
            for _turn in range(30):
                beat.tick()
        assert beat.struck.count("processing.reap") == 1


def test_no_message_bears_a_time() -> None:
    assert not [name for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if "options" in entry]
