from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clubs.models import Club
from runform.clubs.selectors import athletes_coached_by
from runform.coaching.models import Comment, DrillTick, Publication, TipTemplate, Verdict
from runform.coaching.services.claims import review_claim
from runform.coaching.services.refilm import refilm_ask
from runform.coaching.services.waiting import waiting_sweep
from runform.core import health
from runform.desk import selectors
from runform.processing.models import Job, Pulse, State
from runform.processing.services import clip_remove, job_submit, jobs_reap
from runform.reports.models import MetricResult
from tests.runform.world import REFUSED, World, claim_of, make_check, make_clip, make_report

pytestmark = pytest.mark.django_db


def test_home_shows_every_state_with_its_next_step(client: Client, athlete: User, tmp_path: Path) -> None:
    checks = {state: make_check(athlete) for state in ("empty", "waiting", "running", "ready", "refused", "failed")}
    clips = {state: make_clip(check, state.encode()) for state, check in checks.items() if state != "empty"}
    make_report(clips["ready"], tmp_path)
    make_report(clips["refused"], tmp_path, REFUSED)
    job_submit(clip=clips["waiting"], requested_by=None)
    claim_of(job_submit(clip=clips["running"], requested_by=None))
    Job.objects.create(clip=clips["failed"], state=State.FAILED, finished_at=timezone.now())
    client.force_login(athlete)
    page = client.get("/").content.decode()
    for state, check in checks.items():
        assert f'data-check="{check.code}" data-state="{state}"' in page
    assert f"/checks/{checks['ready'].code}/results/" in page


def test_home_asks_the_same_of_the_database_for_many_as_for_few(
    client: Client, athlete: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(15):
        job_submit(clip=make_clip(make_check(athlete), bytes([number])), requested_by=None)
    client.force_login(athlete)
    with django_assert_max_num_queries(20):
        assert client.get("/").content.decode().count("data-check") == 15


def test_a_stranger_learns_what_this_is(client: Client) -> None:
    assert b"/accounts/signup/" in client.get("/").content


def test_health_is_well_when_everything_gets_on(client: Client, valkey: str) -> None:
    jobs_reap()
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok"), answer.content
    assert answer.json()["last_reaper_run_at"]


def test_health_sees_a_queue_that_does_not_move(client: Client, check: FormCheck, valkey: str) -> None:
    job_submit(clip=make_clip(check), requested_by=None)
    jobs_reap()
    assert client.get("/health").status_code == 200
    Job.objects.update(queued_at=timezone.now() - timedelta(hours=1))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["queue_moves"]) == (503, False)
    assert answer.json()["oldest_queued_age_s"] > 3500
    ended = Job.objects.create(clip=make_clip(check, b"2"), state=State.DONE, finished_at=timezone.now())
    assert client.get("/health").json()["queue_moves"], ended


def test_health_sees_a_reaper_that_stopped(client: Client, valkey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = timezone.now() - timedelta(minutes=10)
    monkeypatch.setattr(selectors, "STARTED_S", -600.0)
    Pulse.objects.create(name="reaper", at=long_ago)
    assert client.get("/health").status_code == 503


def test_health_sees_a_broken_storage(client: Client, valkey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr(health.default_storage, "save", full)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["storage"]) == (503, False)
    assert "No space" not in answer.content.decode()


def test_the_demo_is_made_once_however_often_it_is_asked_for(client: Client) -> None:
    call_command("demo")
    before = (User.objects.count(), FormCheck.objects.count(), Clip.objects.count(), Job.objects.count())
    assert before == (3, 2, 4, 4)
    clip_remove(clip=Clip.objects.earliest("pk"))
    call_command("demo")
    assert (User.objects.count(), FormCheck.objects.count(), Clip.objects.count(), Job.objects.count()) == before
    coach = User.objects.get(email="coach@demo.runform.test")
    assert [athlete.email for athlete in athletes_coached_by(coach)] == ["athlete@demo.runform.test"]
    answer = client.post("/accounts/login/", {"login": coach.email, "password": "runform-demo"}, follow=True)
    assert b"My athletes" in answer.content
    assert client.get("/coach/").status_code == 200


def test_the_demo_coach_reviews_once_the_clips_are_measured(client: Client, tmp_path: Path) -> None:
    call_command("demo")
    assert Club.objects.get().automatic_reports
    earlier = FormCheck.objects.earliest("recorded_on")
    first, second = earlier.clips.order_by("pk")
    make_report(first, tmp_path / "first")
    call_command("demo")
    assert not Publication.objects.exists(), "half of the numbers is no review"
    make_report(second, tmp_path / "second")
    waiting_sweep()  # its row is there before anybody has begun
    call_command("demo")
    call_command("demo")
    published = Publication.objects.get()
    assert (published.review.form_check, published.coach) == (earlier, User.objects.get(name="Carl Coach"))
    assert published.content["tips"]
    client.force_login(earlier.athlete)
    assert published.content["message"] in client.get(f"/checks/{earlier.code}/standing/").content.decode()


def test_home_says_that_a_coach_asks_for_another_clip_also_where_this_one_gives_nothing(
    client: Client, world: World, tmp_path: Path
) -> None:
    check = make_check(world.athlete)
    make_report(make_clip(check, b"nobody in it"), tmp_path, REFUSED)
    refilm_ask(review=review_claim(form_check=check, coach=world.coach), coach=world.coach, view="side")
    client.force_login(world.athlete)
    page = client.get("/").content.decode()
    assert "Your coach asks for another clip." in page
    assert f'href="/checks/{check.code}/results/"' in page


def test_who_waits_for_the_demo_gets_the_review_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def while_it_waits(seconds: float) -> None:
        """One clip is measured at a time, the earlier FormCheck's first."""
        assert not Publication.objects.exists()
        waits.append(seconds)
        clip = Clip.objects.order_by("form_check__recorded_on", "pk")[len(waits) - 1]
        make_report(clip, tmp_path / str(len(waits)))

    monkeypatch.setattr("time.sleep", while_it_waits)
    call_command("demo", wait=True)
    assert len(waits) == 2
    assert Publication.objects.get().review.form_check == FormCheck.objects.earliest("recorded_on")


def test_the_demo_is_refused_on_a_real_site(settings: Any) -> None:
    settings.HTTPS = True
    for command in ("demo", "seed"):
        with pytest.raises(CommandError, match="open to others"):
            call_command(command)
    assert not User.objects.exists()


def seeded() -> tuple[list[Any], ...]:
    call_command("seed", members=20, checks=60, seed=7, until=date(2026, 6, 1))
    kept = (
        list(User.objects.order_by("email").values_list("email", "code")),
        list(FormCheck.objects.order_by("code").values_list("code", "athlete__email", "recorded_on", "speed_mps")),
        list(MetricResult.objects.order_by("report__code", "order").values_list("key", "value", "low", "status")),
        list(
            Publication.objects.order_by("code").values_list(
                "code", "coach__email", "published_at", "content", "read_at"
            )
        ),
        list(Verdict.objects.order_by("code").values_list("code", "metric__key", "answer")),
        list(Comment.objects.order_by("code").values_list("code", "author__email", "text")),
        list(DrillTick.objects.order_by("review__code", "done_on").values_list("drill", "done_on")),
        list(TipTemplate.objects.order_by("code").values_list("code", "key")),
    )
    User.objects.all().delete()
    Club.objects.all().delete()
    return kept


def test_the_seeded_club_is_the_same_each_time() -> None:
    first = seeded()
    assert (len(first[0]), len(first[1])) == (29, 60)
    assert {status for *_, status in first[2]} >= {"ok", "watch"}
    assert all(len(rows) > 3 for rows in first), "something of every kind"
    assert seeded() == first


def test_the_seeded_coach_logs_in_and_sees_results(client: Client) -> None:
    call_command("seed", members=10, checks=30, until=date(2026, 6, 1))
    answer = client.post("/accounts/login/", {"login": "coach1@seed1.runform.test", "password": "runform-demo"})
    assert answer.status_code == 302
    assert client.get("/coach/").status_code == 200
    coach = User.objects.get(email="coach1@seed1.runform.test")
    publication = Publication.objects.filter(coach=coach).latest("published_at")
    check = publication.review.form_check
    assert check.athlete in athletes_coached_by(coach)
    assert check.published_at == publication.published_at
    assert client.get(f"/checks/{check.code}/results/").status_code == 200
    assert client.get(f"/checks/{check.code}/review/").status_code == 200
    marks = client.get(f"/progress/{check.athlete.code}/").content.decode()
    assert escape(publication.content["tips"][0]["cue"]) in marks
    with pytest.raises(CommandError, match="there already"):
        call_command("seed", members=10, checks=30)
