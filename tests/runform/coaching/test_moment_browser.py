"""Words about a picture of a clip: written beside it, and found again at the same picture on any screen."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.coaching.models import Comment, Review, Subject
from runform.coaching.services.publish import publish_remarks
from runform.reports.services import output_store, report_publish
from tests.runform.coaching.desk import PHONE, go, player_of
from tests.runform.pages import DESK
from tests.runform.reports import barcode
from tests.runform.reports.test_player import photo

Desk = Callable[..., Page]


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


def picture_on_show(player: Locator) -> int:
    """The number that the picture itself bears."""
    return barcode.read(photo(player))[0]


def test_words_about_a_picture_stay_with_it(desk: Desk, review: Review, athlete: User) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    player.get_by_text("Write about this picture").click()
    box = player.get_by_label("About the picture at")
    box.fill("Look where the right knee is.")
    go(player, 80)
    player.get_by_role("button", name="Add the comment").click()
    expect(player.locator("[data-note=comment] .notes__text")).to_have_text("Look where the right knee is.")
    expect(player.locator("[data-stage]")).to_be_focused()
    comment = Comment.objects.get()
    assert (comment.subject, comment.frame_index) == (Subject.MOMENT, 80)
    assert comment.t_s == pytest.approx(barcode.moments()[80], abs=1e-3)
    publish_remarks(review, timezone.now())
    for reader, size in ((None, PHONE), (athlete, DESK), (athlete, PHONE)):
        seen = desk(*[one for one in (reader,) if one], viewport=size)
        player = player_of(seen)
        player.get_by_role("button", name="Comment at").click()
        expect(player).to_have_attribute("data-frame", "80")
        expect(player.locator("[data-mark=comment]")).to_have_count(1)
        assert picture_on_show(player) == 80


def test_the_conversation_leads_back_to_the_picture(
    desk: Desk, review: Review, check: FormCheck, athlete: User, film: Path
) -> None:
    page = desk(viewport=PHONE)
    player = player_of(page)
    go(player, 45)
    page.get_by_label("Write a comment").fill("Here the arm crosses.")
    page.get_by_label("on the picture that the clip shows now").check()
    page.locator(".conversation__new").get_by_role("button", name="Send").click()
    thread = page.locator(".thread")
    expect(thread).to_contain_text(f"at {barcode.moments()[45]:.2f} s of the clip")
    assert Comment.objects.get().frame_index == 45
    thread.get_by_role("link", name="Show in the clip").click()
    player = page.locator("[data-player]").first
    expect(player).to_have_attribute("data-frame", "45")
    assert picture_on_show(player) == 45
    # A corrected report is another one of the same clip; the athlete comes from a page without the clip.
    publish_remarks(review, timezone.now())
    output = output_store(out_dir=film, prefix=f"reports/{uuid.uuid4()}")
    newer = report_publish(clip=Clip.objects.get(), job_code=uuid.uuid4(), output=output)
    seen = desk(athlete)
    seen.goto(f"/checks/{check.code}/conversation/")
    seen.get_by_role("link", name="Show in the clip").click()
    player = seen.locator(f"[data-player='{newer.code}']")
    expect(player).to_have_attribute("data-frame", "45")
    assert picture_on_show(player) == 45


def test_the_keyboard_alone_writes_about_a_picture(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 30)
    expect(player.get_by_text("Write about this picture")).to_be_visible()
    player.locator("[data-stage]").focus()
    page.keyboard.press("c")
    expect(player.get_by_label("About the picture at")).to_be_focused()
    page.keyboard.type("d m c")
    page.keyboard.press("Control+Enter")
    expect(player.locator("[data-note=comment] .notes__text")).to_have_text("d m c")
    expect(player.locator("[data-stage]")).to_be_focused()
    page.keyboard.press(".")
    expect(player).to_have_attribute("data-frame", "31")
    assert Comment.objects.get().frame_index == 30
