"""Old clips, analysed again in bulk: whom it takes, what goes first, and what it says of the difference."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from analysis import ANALYSIS_VERSION
from runform.accounts.models import User
from runform.clips.models import Clip
from runform.clubs.consents import consent_withdraw
from runform.clubs.models import Club, Purpose, Role
from runform.clubs.services import club_create, member_add
from runform.coaching.models import Notification
from runform.coaching.services.waiting import waiting_sweep
from runform.processing.models import Job, JobKind, Lane, Renewal, RenewalClip, Renewed, State
from runform.processing.renewal.selectors import reports_outdated, standing_of
from runform.processing.renewal.services import (
    RenewalError,
    renewal_pause,
    renewal_start,
    renewal_stop,
    renewals_tend,
)
from runform.processing.services import clip_remove, job_complete, job_submit, jobs_reap
from runform.reports.differences import differences_of
from runform.reports.models import MetricResult, Report
from runform.reports.services import output_store
from tests.runform.processing.attempts import run
from tests.runform.world import SIDE, World, claim_of, make_check, make_clip, make_output, make_report, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(settings: Any, bells: Callable[[str], int], tmp_path: Path) -> Club:
    """Six clips of two athletes, all of an earlier version."""
    settings.MEDIA_ROOT = tmp_path / "media"
    club = club_create(name="Here", manager=make_user("manager"))
    for name in ("ann", "ben"):
        athlete = make_user(name)
        member_add(club=club, user=athlete, role=Role.ATHLETE)
        for number in range(3):
            make_report(make_clip(make_check(athlete), bytes([number])), tmp_path / name / str(number))
    Report.objects.update(analysis_version="0.0.1")
    return club


def finish(job: Job, folder: Path, **values: float) -> Report:
    """What the worker would do, with these numbers in the new report."""
    claim = claim_of(job)
    content = json.loads(SIDE.read_text())
    for one in content["measurements"]:
        if one["id"] in values:
            one["value"] = values[one["id"]]
    content["engine"]["version"] = ANALYSIS_VERSION
    make_output(folder)
    (folder / "report.json").write_text(json.dumps(content))
    output = output_store(out_dir=folder, prefix=f"reports/{claim.clip.code}/{claim.lease}")
    report = job_complete(claim=claim, output=output, seconds={})
    assert report is not None
    return report


def queued() -> list[Job]:
    return list(Job.objects.filter(state=State.QUEUED).order_by("pk"))


def test_a_few_clips_at_a_time_go_into_the_slow_lane(club: Club, tmp_path: Path, bells: Callable[[str], int]) -> None:
    renewal = renewal_start(club=club, by=None)
    assert (standing_of(renewal).total, queued()) == (6, [])
    renewals_tend()
    renewals_tend()
    jobs = queued()
    assert {(job.kind, job.lane) for job in jobs} == {(JobKind.RENEW, Lane.BULK)}
    assert (len(jobs), bells("clips")) == (4, 6 + 4)
    finish(jobs[0], tmp_path / "a")
    renewals_tend()
    assert len(queued()) == 4
    for number in range(5):
        finish(queued()[0], tmp_path / str(number))
        renewals_tend()
    said = standing_of(renewal)
    assert (said.done, said.to_come, said.percent) == (6, 0, 100)
    renewal.refresh_from_db()
    assert renewal.ended_at
    assert not reports_outdated(club).exists()
    assert Report.objects.count() == 12, "the earlier reports stay"


def test_whoever_waits_goes_first(club: Club) -> None:
    renewal_start(club=club, by=None)
    waiting = job_submit(clip=make_clip(make_check(User.objects.get(name="ann")), b"new"), requested_by=None)
    renewals_tend()
    assert queued() == [waiting]
    Job.objects.filter(pk=waiting.pk).delete()
    renewals_tend()
    assert len(queued()) == 4


def test_who_no_longer_agrees_or_is_no_longer_there_is_left_out(club: Club) -> None:
    renewal = renewal_start(club=club, by=None)
    ann, ben = User.objects.get(name="ann"), User.objects.get(name="ben")
    consent_withdraw(athlete=ann, by=ann, purpose=Purpose.ANALYSIS)
    clip_remove(clip=Clip.objects.filter(athlete=ben).earliest("pk"))
    renewals_tend()
    assert {job.clip.athlete for job in queued()} == {ben}
    assert (standing_of(renewal).left_out, standing_of(renewal).under_way) == (4, 2)
    assert reports_outdated(club).count() == 2
    # Also one that was queued already is not done.
    consent_withdraw(athlete=ben, by=ben, purpose=Purpose.ANALYSIS)
    jobs = queued()
    for job in jobs:
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING, lease=job.code, lease_expires_at=job.queued_at)
    jobs_reap()
    renewals_tend()
    assert standing_of(renewal).left_out == 6


def test_it_can_be_paused_resumed_and_stopped(club: Club) -> None:
    renewal = renewal_start(club=club, by=None)
    renewal_pause(renewal=renewal, paused=True)
    renewals_tend()
    assert queued() == []
    renewal_pause(renewal=renewal, paused=False)
    renewals_tend()
    assert len(queued()) == 4
    renewal_stop(renewal=renewal)
    assert (queued(), standing_of(renewal).left_out) == ([], 6)
    renewals_tend()
    assert queued() == []
    assert standing_of(renewal_start(club=club, by=None)).total == 6, "it can be ordered again"


def test_ordered_eight_times_at_once_it_is_one(club: Club, at_once: Callable[..., list[Any]]) -> None:
    said = at_once(lambda number: renewal_start(club=club, by=None))
    assert sum(isinstance(one, Renewal) for one in said) == 1
    assert Renewal.objects.count() == 1


def test_two_clocks_queue_each_clip_once(club: Club, at_once: Callable[..., list[Any]]) -> None:
    renewal_start(club=club, by=None)
    at_once(lambda number: renewals_tend())
    assert len({job.clip_id for job in queued()}) == Job.objects.filter(kind=JobKind.RENEW).count()


def test_the_difference_is_counted_by_metric(club: Club, tmp_path: Path) -> None:
    """By hand: of three clips one lean moves by 0.1, one by 30 (beyond interval and mdc), one is measured no more."""
    key = next(one["id"] for one in json.loads(SIDE.read_text())["measurements"] if one["value"] is not None)
    for report, value in zip(Report.objects.order_by("pk")[:3], (10.0, 20.0, 30.0), strict=True):
        report.metrics.filter(key=key).update(value=value, low=value - 1, high=value + 1)
    RenewalClip.objects.all().delete()
    renewal = renewal_start(club=club, by=None)
    RenewalClip.objects.filter(clip__athlete__name="ben").update(state=Renewed.LEFT_OUT)
    renewals_tend()
    by_clip = {job.clip_id: job for job in queued()}
    clips = list(Clip.objects.filter(athlete__name="ann").order_by("pk"))
    finish(by_clip[clips[0].pk], tmp_path / "a", **{key: 10.1})
    finish(by_clip[clips[1].pk], tmp_path / "b", **{key: 50.0})
    last = finish(by_clip[clips[2].pk], tmp_path / "c", **{key: 0.0})
    MetricResult.objects.filter(report=last, key=key).update(value=None, low=None, high=None)
    renewals_tend()
    renewal.refresh_from_db()
    assert renewal.tally[key] == {
        "n": 2, "beyond_interval": 1, "beyond_mdc": 1, "appeared": 0, "gone": 1, "shift": pytest.approx(30.1),
    }  # fmt: skip


def test_an_analysis_that_fails_costs_nothing(club: Club, analyser: Callable[..., None]) -> None:
    renewal = renewal_start(club=club, by=None)
    renewals_tend()
    analyser("unreadable")
    job = queued()[0]
    before = Report.objects.filter(clip=job.clip).count()
    run(job)
    renewals_tend()
    assert standing_of(renewal).failed == 1
    assert Report.objects.filter(clip=job.clip).count() == before


def test_the_real_runner_takes_the_whole_clip_and_keeps_the_film(
    club: Club, analyser: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from runform.processing import runner

    asked: list[str] = []
    real = runner.output_store

    def look(*, out_dir: Path, prefix: str) -> Any:
        asked.extend(json.loads((out_dir / "args.json").read_text()))
        return real(out_dir=out_dir, prefix=prefix)

    monkeypatch.setattr(runner, "output_store", look)
    renewal_start(club=club, by=None)
    renewals_tend()
    analyser("ok")
    job = run(queued()[0])
    assert job.state == State.DONE
    words = {word.partition("=")[0] for word in asked}
    assert not words & {"--landmarks", "--copy"}
    old, new = Report.objects.filter(clip=job.clip).order_by("pk")
    assert new.review_copy.name == old.review_copy.name


def test_coaches_do_not_hear_of_old_clips_as_if_they_were_new(world: World, tmp_path: Path) -> None:
    Job.objects.all().delete()
    Report.objects.update(analysis_version="0.0.1", created_at=world.check.created_at.replace(year=2020))
    Notification.objects.all().delete()
    job = job_submit(clip=world.clip, requested_by=None, kind=JobKind.RENEW, lane=Lane.BULK)
    world.review.delete()
    finish(job, tmp_path / "again")
    waiting_sweep()
    assert not Notification.objects.exists()


def test_a_manager_orders_it_and_sees_how_far_it_is(club: Club, client: Client, tmp_path: Path) -> None:
    client.force_login(User.objects.get(name="manager"))
    page = f"/clubs/{club.code}/renewal/"
    assert page in client.get(f"/clubs/{club.code}/settings/").content.decode()
    assert "6 clips of earlier versions" in client.get(page).content.decode()
    answer = client.post(f"{page}start/", follow=True)
    assert "0 of 6 done" in answer.content.decode()
    renewals_tend()
    finish(queued()[0], tmp_path / "a")
    renewals_tend()
    text = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "1 of 6 done" in text
    assert "What the new version changed" in text
    assert "<html" not in text
    renewal = Renewal.objects.get()
    for wish, said in (("pause", "Paused"), ("resume", "Under way"), ("stop", "The last time")):
        assert said in client.post(f"/renewals/{renewal.code}/change/", {"wish": wish}, follow=True).content.decode()


def test_one_report_beside_the_one_before_it(club: Club, client: Client, tmp_path: Path) -> None:
    renewal_start(club=club, by=None)
    renewals_tend()
    job = queued()[0]
    old = Report.objects.get(clip=job.clip)
    result = old.metrics.exclude(value=None)[0]
    assert result.value is not None
    new = finish(job, tmp_path / "new", **{result.key: result.value + 40})
    client.force_login(job.clip.athlete)
    text = client.get(f"/versions/{new.code}/difference/").content.decode()
    assert "more than the smallest real change" in text
    assert "0.0.1" in text
    one = next(one for one in differences_of(old, new) if one.key == result.key)
    assert one.by == pytest.approx(40)
    assert f"/versions/{new.code}/difference/" in client.get(f"/clips/{job.clip.code}/versions/").content.decode()
    assert client.get(f"/versions/{old.code}/difference/").status_code == 404, "nothing came before it"
    client.force_login(User.objects.get(name="manager"))
    assert client.get(f"/versions/{new.code}/difference/").status_code == 404


def test_the_command_orders_it_for_everybody(club: Club, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("renew", dry_run=True)
    assert "6 clips are of another version" in capsys.readouterr().out
    call_command("renew")
    call_command("renew")
    assert capsys.readouterr().out.count("0 of 6 done") == 2
    assert Renewal.objects.get().club is None
    with pytest.raises(RenewalError):
        renewal_start(club=None, by=None)
    call_command("renew", stop=True)
    with pytest.raises(CommandError, match="no club"):
        call_command("renew", club=uuid.uuid4())
