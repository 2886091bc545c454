from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from runform.accounts.models import User
from runform.clubs.consents import consent_withdraw
from runform.clubs.middleware import AskedOnceMiddleware
from runform.clubs.models import Purpose
from runform.clubs.selectors import athletes_visible_to, visible_ids
from runform.core.asked import answers_remembered
from tests.runform.world import World

pytestmark = pytest.mark.django_db


def sees(coach: User, athlete: User) -> bool:
    return athletes_visible_to(coach).filter(pk=athlete.pk).exists()


def test_whom_somebody_sees_is_asked_once_in_a_request_and_of_each_person(
    world: World, django_assert_num_queries: Any
) -> None:
    with answers_remembered():
        first = visible_ids(world.coach)
        with django_assert_num_queries(0):
            assert visible_ids(User(pk=world.coach.pk)) == first
        assert visible_ids(world.other_coach) != first


@pytest.mark.parametrize(("method", "still"), [("get", True), ("head", True), ("post", False), ("delete", False)])
def test_only_a_request_that_changes_nothing_remembers_and_never_into_the_next(
    world: World, method: str, still: bool
) -> None:
    seen: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(sees(world.coach, world.athlete))
        if len(seen) == 1:
            consent_withdraw(athlete=world.athlete, by=world.athlete, purpose=Purpose.COACH)
            seen.append(sees(world.coach, world.athlete))
        return HttpResponse()

    ask = AskedOnceMiddleware(view)
    for _ in range(2):
        ask(getattr(RequestFactory(), method)("/"))
    assert seen == [True, still, False]


def test_outside_of_requests_every_question_is_asked_anew(world: World) -> None:
    assert sees(world.coach, world.athlete)
    consent_withdraw(athlete=world.athlete, by=world.athlete, purpose=Purpose.COACH)
    assert not sees(world.coach, world.athlete)
