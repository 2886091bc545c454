import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from runform.clips.models import FormCheck
from runform.clubs.services import coach_assign
from runform.coaching.models import Review
from runform.coaching.services.claims import NotHeldError, holds, review_beat, review_claim, review_release
from runform.coaching.services.drafts import StaleDraftError, draft_save
from tests.runform.coaching.reviews import DRAFT, make_claimed
from tests.runform.world import World, make_check, make_user

ENDED = {"claim_expires_at": timezone.now() - timedelta(days=1)}


@pytest.mark.django_db(transaction=True)
def test_of_coaches_who_claim_at_the_same_moment_one_gets_it(at_once: Callable[..., list[Any]]) -> None:
    check, coaches = make_check(make_user("athlete")), [make_user(f"coach{n}") for n in range(6)]

    results = at_once(lambda n: review_claim(form_check=FormCheck.objects.get(), coach=coaches[n]), 6)

    assert len([one for one in results if isinstance(one, Review)]) == 1
    assert all(isinstance(one, Review | NotHeldError) for one in results), results
    review = Review.objects.get(form_check=check)
    assert list(review.readers.all()) == [review.claimed_by]


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_save_at_the_same_moment_one_is_told_of_the_other(at_once: Callable[..., list[Any]]) -> None:
    coach = make_user("coach")
    review = make_claimed(make_check(make_user("athlete")), coach)
    version = review.draft_version

    def save(number: int) -> int:
        content = {**DRAFT, "message": f"tab {number}"}
        return draft_save(review=Review.objects.get(), coach=coach, version=version, content=content)

    results = at_once(save, 4)

    assert sorted(map(str, map(type, results))).count(str(int)) == 1
    assert all(isinstance(one, int | StaleDraftError) for one in results), results
    winner = next(n for n, one in enumerate(results) if isinstance(one, int))
    review.refresh_from_db()
    assert (review.draft["message"], review.draft_version) == (f"tab {winner}", version + 1)


def test_a_claim_ends_by_itself_and_work_makes_it_longer(world: World) -> None:
    other = make_user("second_coach")
    with pytest.raises(NotHeldError, match="coach is reviewing"):
        review_claim(form_check=world.check, coach=other)

    Review.objects.update(**ENDED)
    assert review_claim(form_check=world.check, coach=other).claimed_by == other
    assert not review_beat(review=world.review, coach=world.coach, active_s=15)

    Review.objects.update(claim_expires_at=timezone.now() + timedelta(seconds=5))
    assert review_beat(review=world.review, coach=other, active_s=15)
    expires_at = Review.objects.get().claim_expires_at
    assert expires_at
    assert expires_at > timezone.now() + timedelta(minutes=29)


def test_an_ended_claim_that_nobody_took_comes_back_with_the_next_save(world: World) -> None:
    Review.objects.update(**ENDED)
    world.review.refresh_from_db()
    assert not holds(world.review, world.coach)
    draft_save(review=world.review, coach=world.coach, version=world.review.draft_version, content=DRAFT)
    assert holds(Review.objects.get(), world.coach)


def test_a_released_review_is_anybodys_and_keeps_its_draft(world: World) -> None:
    assert review_release(review=world.review, coach=world.coach)
    assert not review_release(review=world.review, coach=world.coach)
    draft = Review.objects.get().draft
    assert review_claim(form_check=world.check, coach=make_user("second_coach")).draft == draft


def test_never_more_time_is_counted_than_has_passed(world: World) -> None:
    def worked() -> int:
        return Review.objects.get().active_s

    before = worked()
    review_beat(review=world.review, coach=world.coach, active_s=15)
    assert worked() == before + 15
    for _ in range(3):  # a second tab, and a page that lies
        review_beat(review=world.review, coach=world.coach, active_s=100_000)
    assert worked() <= before + 16
    Review.objects.update(beat_at=timezone.now() - timedelta(hours=2))
    review_beat(review=world.review, coach=world.coach, active_s=100_000)
    assert worked() <= before + 16 + 60


def test_a_coach_who_does_not_hold_the_review_changes_nothing(world: World, client: Client) -> None:
    other = make_user("second_coach")
    world.club.memberships.create(user=other, role="coach")
    coach_assign(club=world.club, coach=other, athlete=world.athlete)
    client.force_login(other)
    before = Review.objects.values().get()
    sent = {"version": world.review.draft_version, "message": "Mine."}
    answer = client.post(f"/reviews/{world.review.code}/draft/", sent, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "taken this review over" in answer.json()["error"]
    client.post(f"/reviews/{world.review.code}/draft/", {**sent, "publish": "1"})
    client.post(f"/reviews/{world.review.code}/verdict/", {"answer": "missed", "why": "x"})
    client.post(f"/reviews/{world.review.code}/refilm/", {"view": "side"})
    client.post(f"/reviews/{world.review.code}/close/")
    assert Review.objects.values().get() == before
    assert world.review.publications.count() == 1
    assert world.review.verdicts.filter(coach=other).count() == 0
    assert client.post(f"/reviews/{uuid.uuid4()}/beat/").status_code == 404
