"""What the API says is what the pages say."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runform.accounts.models import AthleteProfile
from runform.clips.models import FormCheck
from runform.clubs.consents import consent_withdraw
from runform.clubs.models import Action, AuditEntry, Club, Purpose
from runform.reports.models import Report
from tests.runform.api.client import Program
from tests.runform.world import World, make_check


def test_me_names_the_owner_and_what_the_token_may(world: World) -> None:
    said = Program(world.coach).read("/me")
    assert said["code"] == str(world.coach.code)
    assert said["clubs"] == [{"club": str(world.club.code), "name": "Here", "role": "coach"}]
    assert "write:clips" in said["scopes"]


def test_an_athlete_reads_their_formcheck_down_to_the_analysis_as_it_was_written(world: World) -> None:
    program = Program(world.athlete)
    check = program.read(f"/formchecks/{world.check.code}")
    clip = next(one for one in check["clips"] if one["code"] == str(world.clip.code))
    assert clip["report"] == str(world.report.code)
    assert check["review"] == "answered"
    report = program.read(f"/reports/{clip['report']}")
    assert (report["verdict"], report["view"], report["clip"]) == ("ok", "side", clip["code"])
    metrics = {one["key"]: one for one in program.read(f"/reports/{clip['report']}/metrics")}
    stored = {row.key: row for row in world.report.metrics.all()}
    assert metrics.keys() == stored.keys()
    assert metrics["cadence"]["value"] == stored["cadence"].value
    assert metrics["cadence"]["low"] < metrics["cadence"]["value"] < metrics["cadence"]["high"]
    missing = next(one for one in metrics.values() if one["grade"] == "not_measured")
    assert missing["value"] is None
    assert missing["reason"]
    analysis = program.get(f"/reports/{clip['report']}/files/json")
    written = json.loads(b"".join(analysis.streaming_content))
    assert written["schema"] == 1
    assert {one["id"] for one in written["measurements"]} == metrics.keys()
    assert set(report["files"]) > {"json", "metrics", "landmarks"}


def test_results_are_those_of_the_page(world: World) -> None:
    program = Program(world.athlete)
    results = program.read(f"/formchecks/{world.check.code}/results")
    keys = [one["key"] for one in results["metrics"]]
    assert len(keys) == len(set(keys))
    assert {"torso_stability", "cadence"} <= set(keys)
    assert results["waiting"] == 0
    finding = results["to_work_on"][0]
    assert finding["tip"]["drills"]
    assert finding["evidence_s"]
    FormCheck.objects.filter(pk=world.check.pk).update(pain="yes", pain_level=8, pain_signs=["heart"])
    held = program.read(f"/formchecks/{world.check.code}/results")["to_work_on"][0]
    assert held["held_back"]
    assert held["tip"]["drills"] == []


def test_a_club_that_wants_a_look_first_holds_results_back_here_too(world: World) -> None:
    Club.objects.update(automatic_reports=False)
    check = world.second_report.clip.form_check
    athlete, coach = Program(world.athlete), Program(world.coach)
    assert athlete.get(f"/reports/{world.second_report.code}").status_code == 404
    results = athlete.read(f"/formchecks/{check.code}/results")
    assert (results["metrics"], results["waiting"]) == ([], 1)
    assert athlete.read(f"/formchecks/{check.code}")["clips"][0]["report"] is None
    assert coach.get(f"/reports/{world.second_report.code}").status_code == 200


def test_who_reads_somebody_elses_report_stands_in_the_log(world: World) -> None:
    looks = AuditEntry.objects.filter(action=Action.OPENED, actor=world.coach, athlete=world.athlete)
    Program(world.athlete).read(f"/reports/{world.report.code}/metrics")
    assert not looks.exists()
    Program(world.coach).read(f"/reports/{world.report.code}/metrics")
    assert looks.get().thing_code == world.clip.code


def test_taking_the_consent_back_closes_the_api_at_once(world: World) -> None:
    coach = Program(world.coach)
    paths = [f"/formchecks/{world.check.code}", f"/clips/{world.clip.code}", f"/formchecks/{world.check.code}/review"]
    assert [coach.get(path).status_code for path in paths] == [200] * 3
    consent_withdraw(athlete=world.athlete, by=world.athlete, purpose=Purpose.COACH)
    assert [coach.get(path).status_code for path in paths] == [404] * 3
    assert coach.read("/formchecks")["items"] == []
    assert [one["name"] for one in coach.read("/athletes")["items"]] == [str(world.coach)]


def test_a_guardian_reads_for_a_minor_and_a_grown_up_for_nobody(world: World) -> None:
    check = make_check(world.ward)
    guardian = Program(world.guardian)
    assert guardian.get(f"/formchecks/{check.code}").status_code == 200
    born = timezone.localdate() - timedelta(days=19 * 366)
    AthleteProfile.objects.filter(user=world.ward).update(birth_date=born)
    assert guardian.get(f"/formchecks/{check.code}").status_code == 404


def test_pages_follow_one_another_and_stay_right_while_new_ones_come(world: World) -> None:
    program = Program(world.other_athlete)
    checks = [make_check(world.other_athlete) for _ in range(5)]
    first = program.read("/formchecks", limit=2)
    make_check(world.other_athlete)
    second = program.client.get(first["next"]).json()
    third = program.client.get(second["next"]).json()
    seen = [one["code"] for page in (first, second, third) for one in page["items"]]
    assert seen == [str(check.code) for check in reversed(checks)]
    assert third["next"] is None
    assert program.get("/formchecks", limit=101).status_code == 422
    assert program.get("/formchecks", after=str(world.check.code)).status_code == 422


def test_formchecks_can_be_narrowed_by_athlete_and_day(world: World) -> None:
    program = Program(world.coach)
    assert len(program.read("/formchecks", athlete=str(world.athlete.code))["items"]) == 2
    assert program.read("/formchecks", athlete=str(world.other_athlete.code))["items"] == []
    assert program.read("/formchecks", recorded_to="2026-04-30")["items"] == []
    assert len(program.read("/formchecks", recorded_from="2026-05-01")["items"]) == 2


def test_a_long_list_costs_no_more_questions_than_a_short_one(world: World) -> None:
    program = Program(world.athlete)
    program.read("/formchecks")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            program.read("/formchecks")
        return len(queries)

    before = asked()
    for _ in range(10):
        make_check(world.athlete)
    assert asked() == before


def test_a_published_review_is_read_with_its_tips(world: World) -> None:
    review = Program(world.athlete).read("/reviews")["items"][0]
    assert review["coach"] == str(world.coach)
    assert review["formcheck"] == str(world.check.code)
    assert review["tips"][0]["cue"]
    assert review == Program(world.athlete).read(f"/formchecks/{world.check.code}/review")


def test_a_club_shows_its_people_as_its_page_does(world: World) -> None:
    world.squad.memberships.add(world.membership)

    def names(program: Program) -> set[str]:
        found = program.read(f"/clubs/{world.club.code}/members")["items"]
        return {one["person"]["name"] for one in found}

    manager, coach, other = Program(world.manager), Program(world.coach), Program(world.other_coach)
    assert {"athlete", "other_athlete", "manager"} <= names(manager)
    assert "athlete" in names(coach)
    assert "athlete" not in names(other)
    assert "@" not in manager.get(f"/clubs/{world.club.code}/members").content.decode()

    def squad(program: Program) -> list[Any]:
        return [one["name"] for one in program.read(f"/clubs/{world.club.code}/squads")[0]["athletes"]]

    assert (squad(manager), squad(coach), squad(other)) == (["athlete"], ["athlete"], [])


def test_the_catalogue_of_metrics_is_there(world: World) -> None:
    metrics = {one["key"]: one for one in Program(world.athlete).read("/metrics")}
    assert metrics["forward_lean_mean"]["unit"] == "deg"
    assert set(Report.objects.get(pk=world.report.pk).metrics.values_list("key", flat=True)) <= set(metrics)


@pytest.mark.parametrize("path", ["/nope", "/formchecks/nope", "/formchecks/5f0a7a3e-9f1e-4a0e-8f5b-0a1b2c3d4e5f"])
def test_errors_are_problems_with_a_text(world: World, path: str) -> None:
    answer = Program(world.athlete).client.get(f"/api/v1{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_method_that_is_not_known_is_a_problem_too(world: World) -> None:
    answer = Program(world.athlete).client.get(
        f"/api/v1/webhooks/{world.webhook.code}/ping", headers={"Accept": "text/html"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def test_the_page_about_the_api_names_every_operation_and_needs_no_script(world: World) -> None:
    client = Program(world.athlete).client
    page = client.get("/api/").content.decode()
    schema = client.get("/api/v1/openapi.json").json()
    assert len(schema["paths"]) > 20
    for path in schema["paths"]:
        assert path in page
    assert "<script>" not in page
