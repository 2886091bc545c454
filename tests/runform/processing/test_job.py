import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clips.services import clip_delete
from runform.processing.line import line_position
from runform.processing.models import Job, JobKind, Lane, Pulse, State
from runform.processing.services import (
    clip_remove,
    job_cancel,
    job_claim,
    job_complete,
    job_fail,
    job_give_up,
    job_heartbeat,
    job_submit,
    jobs_reap,
)
from runform.processing.waiting import takes_longer_than_usual
from runform.reports.models import Report
from runform.reports.services import StoredOutput, output_store
from tests.runform.processing.attempts import pass_time
from tests.runform.world import claim_of, make_clip, make_output

# Committed for real: what is enqueued is enqueued on commit, into a real broker.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clip(check: FormCheck) -> Clip:
    return make_clip(check)


@pytest.fixture
def job(clip: Clip, bells: Callable[[str], int]) -> Job:
    return job_submit(clip=clip, requested_by=clip.athlete)


@pytest.fixture
def output(tmp_path: Path) -> Iterator[StoredOutput]:
    return output_store(out_dir=make_output(tmp_path), prefix=f"reports/{uuid.uuid4()}")


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_a_submitted_job_rings_once(job: Job, bells: Callable[[str], int]) -> None:
    assert state_of(job) == State.QUEUED
    assert bells("clips") == 1


def test_nothing_rings_when_the_transaction_is_rolled_back(clip: Clip, bells: Callable[[str], int]) -> None:
    with transaction.atomic():
        job_submit(clip=clip, requested_by=None)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert bells("clips") == 0


def test_a_clip_has_one_live_job(job: Job, clip: Clip, bells: Callable[[str], int]) -> None:
    assert job_submit(clip=clip, requested_by=None) == job
    assert bells("clips") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(clip=clip)


def test_after_the_end_a_clip_can_be_analysed_again(job: Job, clip: Clip) -> None:
    job_cancel(job=job)
    assert job_submit(clip=clip, requested_by=None) != job


def test_submitting_eight_times_at_once_makes_one_job(
    clip: Clip, bells: Callable[[str], int], at_once: Callable[..., list[Any]]
) -> None:
    jobs = at_once(lambda n: job_submit(clip=clip, requested_by=None))
    assert len({job.pk for job in jobs}) == Job.objects.count() == bells("clips") == 1


def test_of_eight_workers_one_claims(job: Job, at_once: Callable[..., list[Any]]) -> None:
    claims = at_once(lambda n: job_claim(code=job.code))
    assert [claim for claim in claims if claim is not None and not hasattr(claim, "lease")] == []
    assert sum(claim is not None for claim in claims) == 1
    assert Job.objects.get().attempt == 1


def test_an_unknown_or_ended_job_is_not_claimed(job: Job) -> None:
    assert job_claim(code=uuid.uuid4()) is None
    job_cancel(job=job)
    assert job_claim(code=job.code) is None


def test_a_heartbeat_reports_and_keeps_the_lease(job: Job) -> None:
    claim = claim_of(job)
    pass_time(seconds=30)
    assert job_heartbeat(claim=claim, stage="pose", done=120, total=360)
    row = Job.objects.get()
    assert (row.stage, row.done, row.total, row.percent) == ("pose", 120, 360, 33)
    assert row.lease_expires_at is not None
    assert row.lease_expires_at > timezone.now() + timedelta(seconds=settings.LIMITS.lease_s - 15)


def test_who_lost_the_lease_can_do_nothing(job: Job, output: StoredOutput) -> None:
    lost = claim_of(job)
    pass_time(seconds=settings.LIMITS.lease_s + 1)
    jobs_reap()
    held = claim_of(job)
    assert held.attempt == 2
    assert not job_heartbeat(claim=lost, stage="pose", done=1, total=2)
    assert not job_fail(claim=lost, code="x", user_text="x", detail="x", seconds={})
    assert not job_give_up(claim=lost, detail="x")
    assert job_complete(claim=lost, output=output, seconds={}) is None
    assert not default_storage.exists(output.raw)
    assert job_heartbeat(claim=held, stage="pose", done=1, total=2)
    assert not Report.objects.exists()


def test_completing_publishes_and_ends_in_one(job: Job, output: StoredOutput) -> None:
    claim = claim_of(job)
    report = job_complete(claim=claim, output=output, seconds={"pose": 1.5})
    row = Job.objects.get()
    assert (row.state, row.lease, row.seconds) == (State.DONE, None, {"pose": 1.5})
    assert row.finished_at
    assert row.host
    assert report == Report.objects.get(job_code=job.code)
    assert job_complete(claim=claim, output=output, seconds={}) is None


def test_a_report_that_cannot_be_stored_leaves_the_job_running(job: Job, output: StoredOutput) -> None:
    output.content["measurements"].append(output.content["measurements"][0])  # the same metric twice
    with pytest.raises(IntegrityError):
        job_complete(claim=claim_of(job), output=output, seconds={})
    assert state_of(job) == State.RUNNING
    assert not Report.objects.exists()


def test_a_cancelled_job_takes_no_heartbeat_and_no_report(job: Job, output: StoredOutput) -> None:
    claim = claim_of(job)
    assert job_cancel(job=job)
    assert not job_cancel(job=job)
    assert not job_heartbeat(claim=claim, stage="pose", done=1, total=2)
    assert job_complete(claim=claim, output=output, seconds={}) is None
    assert state_of(job) == State.CANCELLED


def test_completing_and_cancelling_at_once_has_one_winner(
    job: Job, output: StoredOutput, at_once: Callable[..., list[Any]]
) -> None:
    claim = claim_of(job)
    acts = [lambda: job_complete(claim=claim, output=output, seconds={}), lambda: job_cancel(job=job)]
    report, cancelled = at_once(lambda n: acts[n](), n=2)
    assert bool(report) is not cancelled
    assert Report.objects.count() == bool(report)
    assert state_of(job) == (State.CANCELLED if cancelled else State.DONE)


def test_removing_a_clip_stops_its_job(job: Job, clip: Clip) -> None:
    claim = claim_of(job)
    clip_remove(clip=clip)
    assert not job_heartbeat(claim=claim, stage="pose", done=1, total=2)
    assert state_of(job) == State.CANCELLED


@pytest.mark.parametrize("how", ["clip removed", "athlete gone"])
def test_what_may_no_longer_be_processed_is_not(job: Job, clip: Clip, output: StoredOutput, how: str) -> None:
    claim = claim_of(job)
    if how == "clip removed":
        clip_delete(clip=clip)
    else:
        User.objects.filter(pk=clip.athlete_id).update(is_active=False)
    assert job_complete(claim=claim, output=output, seconds={}) is None
    assert not job_heartbeat(claim=claim, stage="pose", done=1, total=2)
    assert state_of(job) == State.CANCELLED
    again = Job.objects.create(clip=clip)
    assert job_claim(code=again.code) is None
    assert state_of(again) == State.CANCELLED


def test_a_clip_whose_row_is_gone_ends_its_job_quietly(job: Job, clip: Clip, output: StoredOutput) -> None:
    claim = claim_of(job)
    clip.delete()
    assert not job_heartbeat(claim=claim, stage="pose", done=1, total=2)
    assert job_complete(claim=claim, output=output, seconds={}) is None
    assert not default_storage.exists(output.raw)
    assert not Report.objects.exists()


def test_the_reaper_brings_a_lost_job_back(job: Job, bells: Callable[[str], int]) -> None:
    claim_of(job)
    jobs_reap()
    assert state_of(job) == State.RUNNING
    pass_time(seconds=settings.LIMITS.lease_s + 1)
    jobs_reap()
    assert state_of(job) == State.QUEUED
    assert bells("clips") == 2


def test_a_crash_is_retried_without_waiting_for_the_lease(job: Job) -> None:
    job_give_up(claim=claim_of(job), detail="exit status -11")
    pass_time(seconds=1)
    jobs_reap()
    assert state_of(job) == State.QUEUED


def test_before_the_last_attempt_there_is_a_pause(job: Job) -> None:
    """A storage that is away for a minute must not use up all attempts."""
    for pause_s in (0, settings.LIMITS.retry_pause_s):
        job_give_up(claim=claim_of(job), detail="the clip's file is gone")
        if pause_s:
            pass_time(seconds=pause_s - 20)
            jobs_reap()
            assert state_of(job) == State.RUNNING
        pass_time(seconds=21)
        jobs_reap()
        assert state_of(job) == State.QUEUED


def test_after_three_attempts_the_job_fails_with_a_reference(job: Job) -> None:
    for attempt in (1, 2, 3):
        claim = claim_of(job)
        assert claim.attempt == attempt
        job_give_up(claim=claim, detail="exit status -11")
        pass_time(seconds=settings.LIMITS.retry_pause_s + 1)
        jobs_reap()
    row = Job.objects.get()
    assert (row.state, row.error_code, row.attempt) == (State.FAILED, "gave_up", 3)
    assert str(job.code)[:8] in row.user_text
    assert "-11" in row.error_detail
    assert "-11" not in row.user_text


def test_eight_reapers_at_once_ring_once(
    job: Job, bells: Callable[[str], int], at_once: Callable[..., list[Any]]
) -> None:
    job_give_up(claim=claim_of(job), detail="")
    pass_time(seconds=1)
    assert at_once(lambda n: jobs_reap()) == 8 * [None]
    assert state_of(job) == State.QUEUED
    assert bells("clips") == 2
    assert Pulse.objects.count() == 1


def test_a_job_whose_message_was_lost_is_rung_again(job: Job, bells: Callable[[str], int]) -> None:
    pass_time(seconds=settings.LIMITS.queued_too_long_s + 1)
    jobs_reap()
    assert bells("clips") == 2
    jobs_reap()
    assert bells("clips") == 2


def test_a_bell_that_rang_is_rung_again_when_it_was_lost_again(
    job: Job, bells: Callable[[str], int], settings: Any
) -> None:
    """With the very times that the database wrote."""
    settings.LIMITS = replace(settings.LIMITS, queued_too_long_s=0)
    for rung in (2, 3):
        time.sleep(0.01)
        jobs_reap()
        assert bells("clips") == rung


def test_a_message_that_was_lost_while_the_clock_ran_ahead_is_rung_again(job: Job, bells: Callable[[str], int]) -> None:
    pass_time(seconds=-3600)
    jobs_reap()
    jobs_reap()
    assert bells("clips") == 2


def test_a_long_queue_does_not_flood_the_broker(check: FormCheck, bells: Callable[[str], int]) -> None:
    for number in range(15):
        clip = Clip.objects.create(
            form_check=check, athlete=check.athlete, sha256=str(number), upload_token=uuid.uuid4(), size_bytes=1
        )
        job_submit(clip=clip, requested_by=None)
    pass_time(seconds=settings.LIMITS.queued_too_long_s + 1)
    jobs_reap()
    jobs_reap()
    assert bells("clips") == 15 + settings.LIMITS.republish_at_once


def test_a_reaper_ends_what_may_no_longer_be_processed(job: Job, clip: Clip) -> None:
    claim_of(job)
    clip_delete(clip=clip)
    pass_time(seconds=settings.LIMITS.lease_s + 1)
    jobs_reap()
    assert state_of(job) == State.CANCELLED


def test_the_line_position_counts_who_came_before(check: FormCheck, bells: Callable[[str], int]) -> None:
    jobs = [job_submit(clip=make_clip(check, bytes([n])), requested_by=None) for n in range(3)]
    assert [line_position(job) for job in jobs] == [1, 2, 3]
    claim_of(jobs[0])
    assert line_position(jobs[2]) == 2


def test_what_somebody_waits_for_goes_before_what_is_done_in_bulk(
    check: FormCheck, bells: Callable[[str], int]
) -> None:
    early, late, waited_for = [make_clip(check, bytes([number])) for number in range(3)]
    bulk = [job_submit(clip=clip, requested_by=None, kind=JobKind.RENEW, lane=Lane.BULK) for clip in (early, late)]
    job = job_submit(clip=waited_for, requested_by=None)
    assert [line_position(one) for one in (job, *bulk)] == [1, 2, 3]


def test_a_bulk_job_that_somebody_asks_for_changes_its_lane(check: FormCheck, bells: Callable[[str], int]) -> None:
    first, second = [make_clip(check, bytes([number])) for number in range(2)]
    job_submit(clip=first, requested_by=None, kind=JobKind.RENEW, lane=Lane.BULK)
    bulk = job_submit(clip=second, requested_by=None, kind=JobKind.RENEW, lane=Lane.BULK)
    assert job_submit(clip=second, requested_by=second.athlete).pk == bulk.pk
    bulk.refresh_from_db()
    assert (bulk.lane, line_position(bulk)) == (Lane.PEOPLE, 1)
    assert bells("clips") == 3
    # And not the other way round.
    assert job_submit(clip=second, requested_by=None, lane=Lane.BULK).lane == Lane.PEOPLE


def test_a_second_attempt_is_said_to_take_longer(job: Job) -> None:
    claim_of(job)
    assert not takes_longer_than_usual(Job.objects.get())
    pass_time(seconds=settings.LIMITS.lease_s + 1)
    jobs_reap()
    claim_of(job)
    assert takes_longer_than_usual(Job.objects.get())
