import smtplib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from runform.coaching.models import (
    Comment,
    Delivery,
    Notification,
    NotificationChoice,
    Occasion,
    Publication,
    Review,
    State,
)
from runform.coaching.services import notices
from runform.coaching.services.comments import comment_add
from runform.coaching.services.drafts import StaleDraftError, draft_save
from runform.coaching.services.publish import review_publish
from runform.coaching.tasks import mail as mail_task
from runform.coaching.tasks import mails as mails_task
from tests.runform.coaching.desk import make_coach
from tests.runform.coaching.reviews import DRAFT, DRILL, make_claimed, make_published
from tests.runform.world import World, make_check, make_clip, make_report, make_user


@pytest.mark.django_db(transaction=True)
def test_of_many_presses_of_publish_one_counts(at_once: Callable[..., list[Any]]) -> None:
    athlete = make_user("athlete")
    coach = make_coach(athlete)
    review = make_claimed(make_check(athlete), coach)
    version = draft_save(review=review, coach=coach, version=review.draft_version, content=DRAFT)

    results = at_once(lambda _: review_publish(review=Review.objects.get(), coach=coach, version=version), 6)

    assert {type(one) for one in results} == {Publication}, results
    assert Publication.objects.count() == 1
    assert Notification.objects.filter(user=athlete).count() == 1


def test_publishing_sends_the_remarks_and_tells_the_athlete_once(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    check = make_check(world.athlete)
    review = make_claimed(check, world.coach)
    comment = comment_add(review=review, author=world.coach, text="Good arms.")
    assert comment.published_at is None
    Notification.objects.all().delete()
    with django_capture_on_commit_callbacks() as callbacks:
        make_published(check, world.coach)
    assert Comment.objects.get(pk=comment.pk).published_at
    notification = Notification.objects.get()
    assert (notification.user, len(callbacks)) == (world.athlete, 1)
    for _ in range(3):
        mail_task(str(notification.code))
        notices.mails_sweep()
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert message.to == [world.athlete.email]
    for secret in ("athlete", "coach@", "Here", "Good arms", "Look ahead"):
        assert secret not in message.subject + message.body


def test_a_mail_that_was_refused_is_sent_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    notification = Notification.objects.filter(user=world.athlete)[0]
    with monkeypatch.context() as patch:
        patch.setattr(notices, "send_mail", _refuse)
        mail_task(str(notification.code))
    assert (len(mail.outbox), Notification.objects.get(pk=notification.pk).mailed_at) == (0, None)
    Notification.objects.exclude(pk=notification.pk).delete()
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    notices.mails_sweep()
    notices.mails_sweep()
    assert len(mail.outbox) == 1


def _refuse(*_: Any) -> None:
    raise smtplib.SMTPServerDisconnected


def test_a_person_chooses_one_mail_a_day_or_none(world: World) -> None:
    rows = Notification.objects.filter(user=world.athlete)
    assert rows.count() > 1
    Notification.objects.exclude(user=world.athlete).delete()
    rows.update(created_at=timezone.now() - timedelta(minutes=5))
    notices.notification_choose(user=world.athlete, delivery=Delivery.NEVER)
    notices.mails_sweep()
    assert mail.outbox == []
    notices.notification_choose(user=world.athlete, delivery=Delivery.DAILY)
    notices.mails_sweep()
    notices.mails_sweep()
    assert len(mail.outbox) == 1
    assert f"{rows.count()} things are new for you." in mail.outbox[0].body
    rows.update(mailed_at=None)
    notices.mails_sweep()
    assert len(mail.outbox) == 1, "a day has not passed"
    NotificationChoice.objects.update(digest_at=timezone.now() - timedelta(days=1, minutes=1))
    notices.mails_sweep()
    assert len(mail.outbox) == 2


def test_what_is_read_in_the_app_is_not_mailed(world: World) -> None:
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=5), read_at=timezone.now())
    notices.mails_sweep()
    assert mail.outbox == []


def test_a_change_after_publishing_is_a_version_of_its_own(world: World, client: Client) -> None:
    review = world.review
    changed = {**DRAFT, "message": "A good run. Two things for now."}
    version = draft_save(review=review, coach=world.coach, version=review.draft_version, content=changed)
    review_publish(review=review, coach=world.coach, version=version)
    first, second = review.publications.order_by("number")
    assert first.content["message"] == DRAFT["message"]
    assert second.content["message"] == changed["message"]
    client.force_login(world.coach)
    page = client.get(reverse("review_history", args=[review.code])).content.decode()
    assert "<del>One" in page
    assert "<ins>Two" in page
    client.force_login(world.athlete)
    assert "Two things" in client.get(reverse("review_standing", args=[world.check.code])).content.decode()


def test_a_draft_that_has_moved_on_is_not_published(world: World) -> None:
    review = world.review
    old = review.draft_version
    draft_save(review=review, coach=world.coach, version=old, content={**DRAFT, "message": "newer"})
    with pytest.raises(StaleDraftError):
        review_publish(review=review, coach=world.coach, version=old)
    assert review.publications.count() == 1


def test_the_athlete_reads_ticks_and_asks_and_the_coach_answers(world: World, client: Client) -> None:
    publication = world.review.publications.get()
    client.force_login(world.athlete)
    client.get(reverse("review_standing", args=[world.check.code]))
    publication.refresh_from_db()
    assert publication.read_at is None, "looking changes nothing by itself"
    client.post(reverse("review_read", args=[publication.code]))
    publication.refresh_from_db()
    assert publication.read_at
    tick = {"drill": DRILL, "done": "1"}
    for _ in range(2):
        client.post(reverse("review_drill", args=[world.review.code]), tick)
    client.post(reverse("review_drill", args=[world.review.code]), {"drill": "something else", "done": "1"})
    assert [one.drill for one in world.review.ticks.all()] == [DRILL]
    client.post(reverse("review_drill", args=[world.review.code]), tick | {"done": "0"})
    assert not world.review.ticks.exists()
    question = Comment.objects.get(author=world.athlete)
    assert Notification.objects.filter(user=world.coach, event=f"comment:{question.code}").exists()
    comment_add(review=world.review, author=world.coach, text="Every day.", parent=question)
    assert Review.objects.get(pk=world.review.pk).state == State.PUBLISHED
    page = client.get(reverse("conversation", args=[world.check.code])).content.decode()
    assert "How often?" in page
    assert "Every day." in page


def test_an_unpublished_comment_is_the_coachs_alone(world: World, client: Client) -> None:
    check = make_check(world.athlete)
    review = make_claimed(check, world.coach)
    comment_add(review=review, author=world.coach, text="Not for you yet.")
    client.force_login(world.athlete)
    assert "Not for you yet." not in client.get(reverse("conversation", args=[check.code])).content.decode()
    client.force_login(world.coach)
    assert "Not for you yet." in client.get(reverse("conversation", args=[check.code])).content.decode()


def test_coaches_hear_once_of_what_waits_for_them(world: World, tmp_path: Path) -> None:
    check = make_check(world.athlete)
    make_report(make_clip(check, b"ready for review"), tmp_path)
    for _ in range(3):
        mails_task()
    told = Notification.objects.filter(occasion=Occasion.WAITING)
    assert [one.user for one in told.filter(review__form_check=check)] == [world.coach]
    assert not told.filter(review=world.review).exists(), "it is under review already"
