"""Hosts whose clocks differ.  The database's clock decides; time_machine moves that of this host alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from runform.clips.models import FormCheck
from runform.desk.selectors import health_report
from runform.processing.figures import waiting_by_lane
from runform.processing.models import Job, JobKind, Lane, State
from runform.processing.selectors import clip_states
from runform.processing.services import job_cancel, job_heartbeat, job_submit, job_take_next, jobs_reap
from runform.processing.waiting import recent_seconds, takes_longer_than_usual
from runform.processing.workers import GONE_AFTER, Beacon, slots_alive
from tests.runform.processing.attempts import pass_time
from tests.runform.world import claim_of, make_clip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("hours", [-1, 1])]


def on_another_host(hours: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(hours=hours))


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_its_reaper_takes_nobodys_lease(job: Job, hours: int) -> None:
    claim = claim_of(job)
    with on_another_host(hours):
        jobs_reap()
    assert state_of(job) == State.RUNNING
    assert job_heartbeat(claim=claim, stage="pose", done=1, total=2)


def test_its_lease_lasts_as_long_as_others(job: Job, hours: int) -> None:
    with on_another_host(hours):
        claim = job_take_next()
        assert claim
        assert job_heartbeat(claim=claim, stage="pose", done=1, total=2)
    jobs_reap()
    assert state_of(job) == State.RUNNING
    assert not takes_longer_than_usual(Job.objects.get())
    pass_time(seconds=settings.LIMITS.lease_s + 1)
    jobs_reap()
    assert state_of(job) == State.QUEUED


def test_its_uploads_wait_as_long_as_others(check: FormCheck, bells: Callable[[str], int], hours: int) -> None:
    with on_another_host(hours):
        job = job_submit(clip=make_clip(check), requested_by=None)
        assert not takes_longer_than_usual(job)
    jobs_reap()
    assert bells("clips") == 1
    assert waiting_by_lane()[Lane.PEOPLE] == (1, pytest.approx(0, abs=60))
    pass_time(seconds=settings.LIMITS.queued_too_long_s + 1)
    jobs_reap()
    assert bells("clips") == 2
    assert health_report()[1]["queue_moves"]


def test_the_newest_job_is_the_one_that_came_last(job: Job, hours: int) -> None:
    job_cancel(job=job)
    with on_another_host(hours):
        second = job_submit(clip=job.clip, requested_by=None)
        job_cancel(job=second)
    third = job_submit(clip=job.clip, requested_by=None, kind=JobKind.RENEW)
    (state,) = clip_states([job.clip])
    assert state.job == third


def test_its_workers_count_while_they_live(db: None, hours: int) -> None:
    with on_another_host(hours):
        Beacon("clips@elsewhere", 2).beat()
    assert slots_alive() == 2
    pass_time(seconds=GONE_AFTER.total_seconds() + 1)
    assert slots_alive() == 0


def test_health_does_not_believe_its_own_clock(job: Job, hours: int) -> None:
    jobs_reap()
    with on_another_host(hours):
        _well, facts = health_report()
    assert facts["reaper_runs"]
    assert facts["oldest_queued_age_s"] == pytest.approx(0, abs=60)


def test_how_long_it_lasted_is_measured_by_one_clock(job: Job, hours: int) -> None:
    claim_of(job)
    with on_another_host(hours):
        job_cancel(job=job)
    Job.objects.update(state=State.DONE)
    assert recent_seconds() == [pytest.approx(0, abs=60)]
