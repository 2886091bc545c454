"""Writes: FormChecks, uploads by tus, idempotency keys."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from runform.accounts.models import User
from runform.api.access import holds_token
from runform.api.models import KeptAnswer
from runform.api.once import answers_forget
from runform.clips.models import Clip, FormCheck, Upload
from runform.clubs.consents import consent_withdraw
from runform.clubs.models import Action, AuditEntry, Purpose
from runform.processing.models import Job
from tests.runform.api.client import Program
from tests.runform.world import World

FILM = bytes(range(256)) * 40
A_DAY = {"recorded_on": "2026-05-01", "speed_mps": 3.2}
TUS = {"Tus-Resumable": "1.0.0"}


def upload(program: Program, check: str, content: bytes = FILM) -> Any:
    """A clip by tus, in two parts; the answer to the finish."""
    said = {"filename": "run.mp4", "size_bytes": len(content), "shows": "self", "view": "side"}
    made = program.post(f"/formchecks/{check}/uploads", said).json()
    for first in (0, len(content) // 2):
        part = content[first : len(content) // 2] if first == 0 else content[first:]
        headers = {**TUS, "Upload-Offset": str(first)}
        answer = program.client.patch(
            made["url"], part, content_type="application/offset+octet-stream", headers=headers
        )
        assert answer.status_code == 204, answer.content
    head = program.client.head(made["url"], headers=TUS)
    assert head["Upload-Offset"] == str(len(content))
    return program.client.post(made["finish_url"])


def test_a_program_films_itself(athlete: User) -> None:
    program = Program(athlete)
    check = program.post("/formchecks", A_DAY)
    assert check.status_code == 201
    assert check.json()["speed_mps"] == 3.2
    answer = upload(program, check.json()["code"])
    assert answer.status_code == 201, answer.content
    clip = Clip.objects.get()
    with clip.file.open("rb") as stored:
        assert stored.read() == FILM
    assert answer.json()["state"] == "queued"
    assert answer.json()["position"] == 1
    assert Job.objects.get().clip == clip
    again = upload(program, check.json()["code"])
    assert (again.status_code, again.json()["code"]) == (200, str(clip.code))
    assert program.delete(f"/clips/{clip.code}").status_code == 204
    assert program.get(f"/clips/{clip.code}").status_code == 404


def test_a_coach_films_the_athletes_whom_they_coach_and_it_stands_in_the_log(world: World) -> None:
    said = {**A_DAY, "athlete": str(world.athlete.code)}
    answer = Program(world.coach).post("/formchecks", said)
    assert answer.status_code == 201
    entry = AuditEntry.objects.get(action=Action.UPLOADED)
    assert (entry.actor, entry.athlete, str(entry.thing_code)) == (world.coach, world.athlete, answer.json()["code"])
    assert Program(world.other_coach).post("/formchecks", said).status_code == 404


def test_without_consent_nothing_is_uploaded(athlete: User) -> None:
    program = Program(athlete)
    check = program.post("/formchecks", A_DAY).json()["code"]
    consent_withdraw(athlete=athlete, by=athlete, purpose=Purpose.ANALYSIS)
    said = {"filename": "run.mp4", "size_bytes": 9, "shows": "self"}
    answer = program.post(f"/formchecks/{check}/uploads", said)
    assert answer.status_code == 422
    assert "agreed" in answer.json()["detail"]
    assert program.post("/formchecks", A_DAY).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({}, "recorded_on"),
        ({"recorded_on": "2026-05-01", "speed_mps": 50}, "speed_mps"),
        ({"recorded_on": "2026-05-01", "note": "a\x00b"}, "note"),
        ({"recorded_on": "2026-05-01", "surface": "moon"}, "surface"),
    ],
)
def test_what_is_wrong_is_named(athlete: User, said: dict[str, Any], where: str) -> None:
    answer = Program(athlete).post("/formchecks", said)
    assert answer.status_code == 422
    assert [one["where"].rpartition(".")[2] for one in answer.json()["errors"]] == [where]
    assert not FormCheck.objects.exists()


def test_the_same_write_with_the_same_key_is_done_once_and_answered_alike(athlete: User) -> None:
    program = Program(athlete)
    first, second = program.post("/formchecks", A_DAY, key="one"), program.post("/formchecks", A_DAY, key="one")
    assert (first.status_code, second.status_code) == (201, 201)
    assert json.loads(first.content) == json.loads(second.content)
    assert second["Idempotency-Replayed"] == "true"
    assert FormCheck.objects.count() == 1
    program.post("/formchecks", A_DAY, key="two")
    assert FormCheck.objects.count() == 2


def test_a_key_belongs_to_one_request_and_one_person(world: World) -> None:
    program = Program(world.athlete)
    program.post("/formchecks", A_DAY, key="one")
    answer = program.post("/formchecks", {**A_DAY, "shoes": "red"}, key="one")
    assert answer.status_code == 409
    assert Program(world.other_athlete).post("/formchecks", A_DAY, key="one").status_code == 201
    assert program.post("/formchecks", A_DAY, key="x" * 201).status_code == 422


def test_what_was_refused_may_be_tried_again_with_its_key(athlete: User) -> None:
    program = Program(athlete)
    late = {"recorded_on": str(timezone.localdate() + timedelta(days=2))}
    assert [program.post("/formchecks", late, key="one").status_code for _ in range(2)] == [422, 422]
    assert program.post("/formchecks", A_DAY, key="one").status_code == 201


def test_while_the_first_is_at_work_the_second_waits_and_a_dead_one_is_taken_over(athlete: User) -> None:
    program = Program(athlete)
    program.post("/formchecks", A_DAY, key="one")
    KeptAnswer.objects.update(status=None, body=None)
    assert program.post("/formchecks", A_DAY, key="one").status_code == 409
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert program.post("/formchecks", A_DAY, key="one").status_code == 201
    assert FormCheck.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_with_one_key_one_is_done(at_once: Any, athlete: User) -> None:
    programs = [Program(athlete) for _ in range(6)]
    answers = at_once(lambda n: programs[n].post("/formchecks", A_DAY, key="one").status_code, n=6)
    assert FormCheck.objects.count() == 1
    assert set(answers) <= {201, 409}
    assert 201 in answers


def test_answers_are_forgotten_after_a_day(athlete: User) -> None:
    Program(athlete).post("/formchecks", A_DAY, key="one")
    answers_forget()
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    answers_forget()
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_token_opens_the_door_for_a_large_part(athlete: User) -> None:
    program = Program(athlete)

    def scope(value: str) -> dict[str, Any]:
        return {"headers": [(b"authorization", value.encode())]}

    assert holds_token(scope(f"Bearer {program.secret}"))
    assert not holds_token(scope("Bearer rf_wrong"))
    assert not holds_token({"headers": []})
