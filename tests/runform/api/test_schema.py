"""Schemathesis asks every operation usual and strange things, of the ASGI application as it is served."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from runform.asgi import application
from runform.clubs.models import Role
from runform.clubs.services import member_add
from tests.runform.api.client import Program
from tests.runform.world import World

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]
STEADY = hypothesis(
    max_examples=5,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def codes_of(world: World) -> dict[str, str]:
    """By the first word of an address, something that is there."""
    things = {"athletes": world.athlete, "formchecks": world.check, "clips": world.clip, "reports": world.report}
    things |= {"uploads": world.upload, "clubs": world.club, "webhooks": world.webhook}
    return {word: str(thing.code) for word, thing in things.items()}


def ask(operation: Any, program: Program, codes: dict[str, str], mode: GenerationMode) -> list[int]:
    """The states of all answers, each of which was as the schema says."""
    headers, answers = {"Authorization": f"Bearer {program.secret}"}, []
    there = st.sampled_from([codes.get(operation.path.split("/")[3], ""), str(uuid.UUID(int=7))])
    key = st.sampled_from(["json", "metrics", "landmarks-npz", "nothing"])

    @STEADY
    @given(case=operation.as_strategy(generation_mode=mode), code=there, key=key)
    def answered(case: Case, **known: str) -> None:
        for name in (case.path_parameters or {}).keys() & known.keys():
            case.path_parameters[name] = known[name]
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        answers.append(answer.status_code)

    answered()
    return answers


@pytest.mark.django_db(transaction=True)
def test_no_question_makes_an_error_of_ours_and_every_answer_keeps_to_the_schema(world: World, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, api_per_minute=1_000_000)
    member_add(club=world.club, user=world.athlete, role=Role.COACH)  # or squads are closed
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    # What removes things comes last.
    operations.sort(key=lambda one: one.method.upper() == "DELETE")
    program, codes = Program(world.athlete), codes_of(world)
    answers = {
        f"{mode.value} {one.method} {one.path}": ask(one, program, codes, mode)
        for mode in GenerationMode
        for one in operations
    }
    assert len(operations) > 25
    # Most operations were really reached; a webhook's address is too much of a guess.
    closed = [name for name, found in answers.items() if name.startswith("positive") and min(found) >= 400]
    assert closed in ([], ["positive post /api/v1/webhooks"])
    assert sum(map(len, answers.values())) > 200
