"""Whose turn it is, and how long that takes."""

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import Clip
from runform.clubs.models import Role
from runform.clubs.services import club_create, member_add
from runform.processing.line import line_position, waiting_line
from runform.processing.models import Job, JobKind, Lane, State, Worker
from runform.processing.services import job_cancel, job_fail, job_submit, job_take_next
from runform.processing.waiting import compute_wait, recent_seconds, usual_seconds, waiting_time
from runform.processing.workers import GONE_AFTER, Beacon, slots_alive
from tests.runform.processing.attempts import pass_time
from tests.runform.world import make_check, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clubs(db: None) -> Callable[..., list[User]]:
    """The athletes of a new club."""

    def make(name: str, n: int = 1) -> list[User]:
        club = club_create(name=name, manager=make_user(f"{name}-manager"))
        athletes = [make_user(f"{name}-{number}") for number in range(n)]
        for athlete in athletes:
            member_add(club=club, user=athlete, role=Role.ATHLETE)
        return athletes

    return make


@pytest.fixture(autouse=True)
def no_bells(bells: Callable[[str], int]) -> None:
    """Nobody listens to the broker of these tests."""


def submit(athlete: User, n: int = 1, **said: Any) -> list[Job]:
    check, jobs = make_check(athlete), []
    for _ in range(n):
        token = uuid.uuid4()
        clip = Clip.objects.create(
            form_check=check, athlete=athlete, sha256=token.hex, upload_token=token, size_bytes=1, original_name="c.mp4"
        )
        jobs.append(job_submit(clip=clip, requested_by=athlete, **said))
    return jobs


def serve(n: int) -> list[User]:
    """One worker takes the next ``n``, one after the other; whose they were."""
    served = []
    for _ in range(n):
        claim = job_take_next()
        assert claim is not None
        served.append(claim.clip.athlete)
        job_fail(claim=claim, code="x", user_text="x", detail="", seconds={})
    return served


def test_a_clubs_hundred_clips_do_not_stand_before_anothers_one(clubs: Callable[..., list[User]]) -> None:
    (many,), (one,) = clubs("Many"), clubs("One")
    submit(many, 100)
    assert serve(3) == 3 * [many]
    (job,) = submit(one)
    assert line_position(job) == 1
    assert serve(3) == [one, many, many]


def test_within_a_club_the_athletes_take_turns_and_so_do_people_without_one(
    clubs: Callable[..., list[User]],
) -> None:
    eager, patient = clubs("Club", 2)
    (rival,), alone = clubs("Rivals"), make_user("alone")
    submit(eager, 4)
    submit(patient, 2)
    submit(rival, 3)
    submit(alone, 1)
    served = serve(10)
    assert served[:3] == [eager, rival, alone]
    club = [athlete for athlete in served if athlete in (eager, patient)]
    assert club == [eager, patient, eager, patient, eager, eager]
    assert [place for place, athlete in enumerate(served) if athlete == rival] == [1, 4, 6]


def test_what_runs_counts_as_a_turn_also_for_several_workers(clubs: Callable[..., list[User]]) -> None:
    (many,), (few,) = clubs("Many"), clubs("Few")
    submit(many, 6)
    first = [job_take_next() for _ in range(2)]
    submit(few, 4)
    then = [job_take_next() for _ in range(4)]
    assert [claim.clip.athlete for claim in first + then if claim] == [many, many, few, few, many, few]


def test_the_place_in_the_line_is_the_order_in_which_workers_take(clubs: Callable[..., list[User]]) -> None:
    athletes = [*clubs("A", 2), *clubs("B", 1), *clubs("C", 3), make_user("alone")]
    chance = random.Random(7)
    for athlete in athletes:
        submit(athlete, chance.randint(1, 4))
    for _ in range(3):
        line = waiting_line()
        claim = job_take_next()
        assert claim is not None
        assert claim.job.code == line[0]
        jobs = Job.objects.filter(state=State.QUEUED)
        assert sorted(line_position(job) for job in jobs) == list(range(1, jobs.count() + 1))


def test_people_go_before_bulk_and_seconds_before_minutes(clubs: Callable[..., list[User]]) -> None:
    (athlete,), (other,) = clubs("Club"), clubs("Other")
    (bulk,) = submit(other, lane=Lane.BULK)
    analyse = submit(athlete, 2)
    (recompute,) = submit(athlete, kind=JobKind.RECOMPUTE)
    expected = [recompute.code, *(job.code for job in analyse), bulk.code]
    assert waiting_line() == expected
    assert waiting_line(Lane.PEOPLE) == expected[:3]


def test_eight_workers_at_once_take_eight_jobs(
    clubs: Callable[..., list[User]], at_once: Callable[..., list[Any]]
) -> None:
    for athlete in (*clubs("A"), *clubs("B")):
        submit(athlete, 5)
    claims = at_once(lambda n: job_take_next())
    assert len({claim.job.pk for claim in claims}) == 8
    assert Job.objects.filter(state=State.RUNNING, attempt=1).count() == 8


def test_what_may_not_be_processed_holds_up_nobody(clubs: Callable[..., list[User]]) -> None:
    (gone,), (here,) = clubs("A"), clubs("B")
    submit(gone, 3)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    submit(here)
    assert serve(1) == [here]
    assert job_take_next() is None
    assert Job.objects.filter(state=State.CANCELLED).count() == 3


def test_an_empty_line_costs_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert job_take_next() is None


def test_the_cost_of_the_line_does_not_grow(clubs: Callable[..., list[User]], django_assert_num_queries: Any) -> None:
    for athlete in clubs("Club", 3):
        submit(athlete, 10)
    with django_assert_num_queries(2):
        assert len(waiting_line()) == 30


def test_the_range_holds_nine_times_in_ten() -> None:
    """Queues of known jobs, served by one to three workers that are somewhere in the middle of theirs."""
    chance = random.Random(3)
    held = tried = 0
    for _ in range(400):
        slots, ahead = chance.randint(1, 3), chance.randint(0, 30)
        lasted = [chance.lognormvariate(3.5, 0.4) for _ in range(40)]
        wait = compute_wait(ahead, slots, lasted)
        free = sorted(chance.random() * chance.lognormvariate(3.5, 0.4) for _ in range(slots))
        for _ in range(ahead):
            free = sorted([free[0] + chance.lognormvariate(3.5, 0.4), *free[1:]])
        assert wait.high_s is not None
        held += wait.low_s <= free[0] <= wait.high_s
        tried += 1
    assert held / tried > 0.9


@pytest.mark.parametrize(
    ("ahead", "slots", "lasted", "said"),
    [
        (4, 1, [60.0] * 10, "Its turn comes in 4 to 5 minutes."),
        (4, 2, [60.0] * 10, "Its turn comes in 2 to 3 minutes."),
        (0, 1, [30.0] * 10, "Its turn comes within 1 minute."),
        (200, 1, [60.0] * 10, "Its turn comes in 3 to 4 hours."),
        # Too little was measured to know the spread.
        (10, 1, [60.0] * 3, "Its turn comes in more than 10 minutes."),
        (1, 1, [], "We cannot say yet when its turn comes."),
    ],
)
def test_the_wait_is_said_in_plain_words(ahead: int, slots: int, lasted: list[float], said: str) -> None:
    assert str(compute_wait(ahead, slots, lasted)) == said


def test_without_a_worker_no_time_is_promised() -> None:
    wait = compute_wait(3, 0, [60.0] * 10)
    assert wait.high_s is None
    assert "Nobody is at work" in str(wait)


def test_the_wait_is_measured_from_what_ran_lately(clubs: Callable[..., list[User]]) -> None:
    (athlete,) = clubs("Club")
    jobs, now = submit(athlete, 7), timezone.now()
    for number, job in enumerate(jobs[:6]):
        job_cancel(job=job)
        lasted = timedelta(seconds=40 + number)
        Job.objects.filter(pk=job.pk).update(state=State.DONE, started_at=now - lasted, finished_at=now)
    assert sorted(recent_seconds()) == [40, 41, 42, 43, 44, 45]
    assert usual_seconds() == 42.5
    Beacon("clips@one", 1).beat()
    assert waiting_time(1).high_s == pytest.approx(42.5 + 1.645 * 1.87, abs=0.1)
    pass_time(days=8)
    assert recent_seconds() == []
    assert usual_seconds() is None


def test_a_worker_counts_while_it_says_that_it_lives() -> None:
    first, second = Beacon("clips@one", 2), Beacon("clips@two", 1)
    assert slots_alive() == 0
    first.beat()
    second.beat()
    second.beat()
    assert slots_alive() == 3
    second.out()
    assert slots_alive() == 2
    pass_time(seconds=GONE_AFTER.total_seconds() + 1)
    assert slots_alive() == 0
    assert Worker.objects.get().name == "clips@one"
