"""Reports computed again with what people put right: a new version each time, and nothing lost on the way."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.test import Client
from django.urls import reverse

from runform.clips.models import Clip, FormCheck
from runform.clips.services import clip_store
from runform.processing import runner
from runform.processing.corrections import (
    BadCorrectionError,
    correction_withdraw,
    corrections_add,
    mark_put,
    mark_remove,
    recompute,
)
from runform.processing.models import Correction, Job, JobKind, Mark, State
from runform.processing.selectors import clip_states, correction_items
from runform.processing.services import job_claim, job_submit, jobs_reap
from runform.processing.versions import versions_of
from runform.reports.models import Report
from tests.runform.processing.attempts import in_background, run, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

REAR = {"kind": "view", "view": "rear"}
SLOW = {"kind": "slow_motion", "factor": 2.0}
STRIKE = {"kind": "event", "event": "foot_strike", "side": "left", "action": "move", "t_s": 1.0, "to_s": 1.02}


@pytest.fixture
def clip(job: Job, analyser: Callable[..., None]) -> Clip:
    """Analysed once."""
    analyser("ok")
    run(job)
    return job.clip


def put_right(clip: Clip, *items: dict[str, Any]) -> Job:
    corrections_add(clip=clip, items=items, made_by=clip.athlete)
    return recompute(clip=clip, requested_by=clip.athlete)


def test_a_correction_makes_a_new_version_and_the_old_one_stays(clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Report.objects.get()
    rows = list(first.metrics.values_list("key", "value"))
    asked: dict[str, Any] = {}
    real = runner.output_store

    def look(*, out_dir: Path, prefix: str) -> Any:
        asked["args"] = json.loads((out_dir / "args.json").read_text())
        asked["corrections"] = json.loads((out_dir / "corrections.json").read_text())
        asked["earlier"] = (out_dir / "earlier.npz").read_bytes()
        return real(out_dir=out_dir, prefix=prefix)

    monkeypatch.setattr(runner, "output_store", look)
    job = put_right(clip, REAR)
    assert (job.kind, job.state) == (JobKind.RECOMPUTE, State.QUEUED)
    assert run(job).state == State.DONE
    assert {word.partition("=")[0] for word in asked["args"] if word.startswith("--")} >= {
        "--corrections",
        "--landmarks",
    }
    assert "--copy" not in asked["args"]
    assert asked["corrections"] == [{**REAR, "by": "athlete"}]
    assert asked["earlier"] == first.series.read()
    newest, older = versions_of(clip, "kmh")
    assert (newest.number, newest.total, older.number) == (2, 2, 1)
    assert [(said.name, said.sentences) for said in newest.corrections] == [("athlete", ["filmed from behind"])]
    assert older.corrections == []
    assert older.report.pk == first.pk
    assert list(first.metrics.values_list("key", "value")) == rows
    # The same film serves both; a lost attempt would not have taken it along.
    assert newest.report.review_copy.name == first.review_copy.name
    assert first.review_copy.read() == b"film"


def test_while_it_is_computed_again_the_earlier_report_counts(clip: Clip) -> None:
    job = put_right(clip, REAR)
    assert clip_states([clip])[0].name == "ready"
    run(job)
    assert clip_states([clip])[0].name == "ready"


def test_what_is_put_right_while_one_runs_comes_into_the_next(clip: Clip, analyser: Callable[..., None]) -> None:
    analyser("slow")
    first = put_right(clip, REAR)
    thread = in_background(lambda: runner.run(job_claim(code=first.code)))
    wait_for(lambda: Job.objects.get(pk=first.pk).stage)
    assert put_right(clip, SLOW).pk == first.pk
    thread.join(30)
    assert Job.objects.get(pk=first.pk).state == State.DONE
    following = Job.objects.get(state=State.QUEUED)
    assert (following.kind, Job.objects.get(pk=first.pk).corrections) == (
        JobKind.RECOMPUTE,
        [{**REAR, "by": "athlete"}],
    )
    analyser("ok")
    assert [item["kind"] for item in run(following).corrections] == ["view", "slow_motion"]
    assert not Job.objects.filter(state__in=["queued", "running"]).exists()
    assert Report.objects.filter(clip=clip).count() == 3


def test_what_is_put_right_while_one_waits_needs_no_second_order(clip: Clip) -> None:
    job = put_right(clip, REAR)
    assert put_right(clip, SLOW).pk == job.pk
    assert [item["kind"] for item in run(job).corrections] == ["view", "slow_motion"]
    assert Job.objects.filter(clip=clip).count() == 2


def test_a_killed_child_is_tried_again_with_everything(clip: Clip, analyser: Callable[..., None]) -> None:
    analyser("crash")
    job = put_right(clip, REAR)
    assert run(job).state == State.RUNNING
    assert Report.objects.count() == 1
    corrections_add(clip=clip, items=[SLOW], made_by=clip.athlete)
    jobs_reap()
    analyser("ok")
    row = run(job)
    assert (row.state, row.attempt, row.kind) == (State.DONE, 2, JobKind.RECOMPUTE)
    assert [item["kind"] for item in row.corrections] == ["view", "slow_motion"]
    assert Report.objects.count() == 2


def test_one_that_cannot_be_computed_says_why_and_costs_nothing(clip: Clip, analyser: Callable[..., None]) -> None:
    analyser("unreadable")
    row = run(put_right(clip, REAR))
    assert (row.state, row.user_text) == (State.FAILED, "This file is not a video.")
    assert clip_states([clip])[0].name == "ready"
    client = Client()
    client.force_login(clip.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("clip_versions", args=[clip.code])).content.decode()
    assert "could not be computed" in page
    assert "This file is not a video." in page


def test_analysed_from_scratch_it_still_holds_what_was_put_right(clip: Clip) -> None:
    run(put_right(clip, REAR))
    again = run(job_submit(clip=clip, requested_by=None))
    assert (again.kind, again.corrections) == (JobKind.ANALYSE, [{**REAR, "by": "athlete"}])


def test_many_hands_at_once_leave_one_view(clip: Clip, at_once: Callable[..., list[Any]]) -> None:
    at_once(lambda n: put_right(clip, {"kind": "view", "view": ("rear", "front")[n % 2]}))
    assert len(correction_items(clip)) == 1
    assert Job.objects.filter(clip=clip, state=State.QUEUED).count() == 1


def test_a_point_moved_twice_and_one_taken_back(clip: Clip) -> None:
    drag = {"kind": "landmark", "t_s": 1.0, "point": 7, "to": [10, 20]}
    corrections_add(clip=clip, items=[drag], made_by=clip.athlete)
    corrections_add(clip=clip, items=[{**drag, "to": [12, 22]}, STRIKE], made_by=clip.athlete)
    assert [item.get("to") for item in correction_items(clip)] == [[12, 22], None]
    assert correction_withdraw(correction=Correction.objects.get(kind="event"))
    assert not correction_withdraw(correction=Correction.objects.get(kind="event"))
    assert len(correction_items(clip)) == 1
    assert Correction.objects.count() == 3


def test_a_name_in_what_the_browser_sends_is_not_believed(clip: Clip) -> None:
    corrections_add(clip=clip, items=[{**REAR, "by": "The Queen"}], made_by=clip.athlete)
    assert correction_items(clip) == [{**REAR, "by": "athlete"}]


@pytest.mark.parametrize("item", [{"kind": "view", "view": "top"}, {"kind": "speed", "speed_mps": 1e9}, {"kind": "x"}])
def test_nonsense_is_not_kept(clip: Clip, item: dict[str, Any]) -> None:
    with pytest.raises(BadCorrectionError):
        corrections_add(clip=clip, items=[item], made_by=clip.athlete)
    assert not Correction.objects.exists()


def test_a_mark_is_moved_and_taken_away(clip: Clip) -> None:
    for end in (10, 11):
        mark_put(clip=clip, line="waist", t_s=1.2, side="left", ends=[[0, 0], [end, 1]], marked_by=clip.athlete)
    assert Mark.objects.get().ends == [[0, 0], [11, 1]]
    assert mark_remove(clip=clip, line="waist", t_s=1.2001) == 1
    for bad in ([[0, 0]], [[0, 0], [0, 0]], "line", [[0, 0], [float("nan"), 1]]):
        with pytest.raises(BadCorrectionError):
            mark_put(clip=clip, line="waist", t_s=1.2, side="left", ends=bad, marked_by=clip.athlete)
    assert not Mark.objects.exists()


def test_a_line_along_the_belt_takes_the_place_of_the_last_and_is_taken_back(clip: Clip) -> None:
    for t_s in (1.0, 2.0):
        mark_put(clip=clip, line="deck_line", t_s=t_s, side="", ends=[[0, 700], [600, 710]], marked_by=clip.athlete)
    assert run(recompute(clip=clip, requested_by=clip.athlete)).marks == [
        {"kind": "deck_line", "points": [[0, 700], [600, 710]], "t_s": 2.0, "marked_by": "athlete"}
    ]
    client = Client()
    client.force_login(clip.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("clip_correct", args=[clip.code])
    assert "line along the belt at 2.00 s" in client.get(page).content.decode()
    answer = client.post(reverse("mark_put", args=[clip.code]), {"item": '{"line": "deck_line", "t_s": 2.0}'})
    assert answer["Location"] == page
    assert not Mark.objects.exists()
    assert "does not hold yet" in client.get(page).content.decode()


def test_marked_lines_become_the_pelvis_of_the_next_version(
    check: FormCheck, demo_clips: Path, bells: Callable[[str], int]
) -> None:
    """With the real analyser, from the first look to the second version."""
    with (demo_clips / "t01_rear_tape_base.mp4").open("rb") as stream:
        clip = clip_store(form_check=check, upload=File(stream, name="t.mp4"), upload_token=check.code).clip
    first = run(job_submit(clip=clip, requested_by=clip.athlete))
    assert first.state == State.DONE, first.error_detail
    report = Report.objects.get()
    for frame in report.marking_frames:
        up = -6 if frame["side"] == "right" else 6
        mark_put(
            clip=clip,
            line="waist",
            t_s=frame["t_s"],
            side=frame["side"],
            ends=[[300, 640 - up], [400, 640]],
            marked_by=clip.athlete,
        )
    second = run(recompute(clip=clip, requested_by=clip.athlete))
    assert second.state == State.DONE, second.error_detail
    assert second.seconds["pose"] < 0.2
    newest, older = versions_of(clip, "kmh")
    drop = newest.report.metrics.get(key="pelvic_drop_left")
    assert (drop.source, drop.marked_by) == ("marked", "athlete")
    assert drop.low < drop.value < drop.high
    assert older.report.metrics.get(key="pelvic_drop_left").source == "tape"
    assert newest.marks[0].sentences == [f"{len(report.marking_frames)} lines along the waistband"]
