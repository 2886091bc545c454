"""What was said and done stands beside the numbers that it was about."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from runform.coaching.marks import review_marks
from runform.coaching.services.drafts import draft_save
from runform.coaching.services.publish import drill_tick, review_publish
from tests.runform.coaching.desk import make_coach
from tests.runform.coaching.reviews import DRAFT, DRILL, make_claimed, make_published
from tests.runform.world import make_check, make_user

pytestmark = pytest.mark.django_db


def test_a_published_cue_and_its_drill_are_marked_for_their_metric_only(client: Client) -> None:
    athlete = make_user("athlete")
    coach = make_coach(athlete)
    review = make_published(make_check(athlete), coach).review
    today = timezone.localdate()
    for ago in (3, 1):
        drill_tick(review=review, drill=DRILL, done_on=today - timedelta(days=ago), done=True)
    marks = review_marks(athlete, athlete)
    assert [(mark.label, mark.metric, mark.on) for mark in marks] == [
        ("Review", "", today),
        ("Cue", "head_pitch", today),
        ("Drill begun", "head_pitch", today - timedelta(days=3)),
    ]
    assert marks[1].text == "Look ahead."
    assert marks[2].text == f"{DRILL} (2 times)"
    client.force_login(athlete)
    assert "Look ahead." in client.get(reverse("progress")).content.decode()


def test_of_a_review_that_was_changed_the_newest_edition_counts_and_a_draft_does_not() -> None:
    athlete = make_user("athlete")
    coach = make_coach(athlete)
    check = make_check(athlete)
    make_published(check, coach)
    review = make_claimed(check, coach)
    (tip,) = DRAFT["tips"]
    draft = {**DRAFT, "tips": [{**dict(tip), "cue": "Chin back."}]}
    version = draft_save(review=review, coach=coach, version=review.draft_version, content=draft)
    assert [mark.text for mark in review_marks(coach, athlete)][1] == "Look ahead."
    review_publish(review=review, coach=coach, version=version)
    assert [mark.text for mark in review_marks(coach, athlete)][1] == "Chin back."


def test_a_stranger_learns_nothing() -> None:
    athlete = make_user("athlete")
    make_published(make_check(athlete), make_coach(athlete))
    assert review_marks(make_user("stranger"), athlete) == []
