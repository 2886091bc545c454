"""From the inbox to a published review, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.models import Club
from runform.coaching.models import Answer, Review, State
from tests.runform.coaching.desk import PHONE, make_coach
from tests.runform.pages import DESK, opened
from tests.runform.world import make_check, make_clip, make_report, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def athlete() -> User:
    return make_user("athlete")


@pytest.fixture
def coach(athlete: User) -> User:
    coach = make_coach(athlete)
    Club.objects.update(automatic_reports=False)
    return coach


@pytest.fixture
def check(athlete: User, coach: User, tmp_path: Path) -> FormCheck:
    check = make_check(athlete)
    make_report(make_clip(check), tmp_path)
    return check


def saved(page: Page) -> None:
    expect(page.locator("[data-draft-state]")).to_have_text("Draft saved", timeout=20_000)


def begin(page: Page) -> None:
    """From the inbox to the page of the review, its scripts awake."""
    page.get_by_role("button", name="Review").click()
    expect(page.locator("[data-draft][data-ready]")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_coach_goes_from_the_inbox_to_a_published_review(
    browser: Browser, live_server: Any, athlete: User, coach: User, check: FormCheck, size: dict[str, int]
) -> None:
    with opened(browser, live_server.url, coach, "/coach/", viewport=size) as page:
        begin(page)
        finding = page.locator("[data-finding]").first
        finding.get_by_label("Agree", exact=True).check()
        expect(finding.locator("[data-said]")).to_have_text("Saved")
        page.get_by_label("In your words").fill("Well run. One thing.")
        saved(page)
        tips = page.locator("[data-tip]")
        page.get_by_role("button", name="Add a tip").click()
        tips.nth(1).get_by_label("Cue").fill("Run tall.")
        first = tips.nth(0).get_by_label("Cue").input_value()
        tips.nth(0).get_by_role("button", name="Move this tip down").click()
        expect(tips.nth(1).get_by_label("Cue")).to_have_value(first)
        saved(page)
        page.reload()
        expect(page.get_by_label("In your words")).to_have_value("Well run. One thing.")
        expect(tips.nth(1).get_by_label("Cue")).to_have_value(first)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_text("Published. The athlete hears of it.")).to_be_visible(timeout=20_000)
    review = Review.objects.get(form_check=check)
    assert review.state == State.PUBLISHED
    assert review.verdicts.get().answer == Answer.AGREE
    with opened(browser, live_server.url, athlete, f"/checks/{check.code}/results/", viewport=size) as page:
        published = page.locator(".published")
        expect(published).to_contain_text("Well run. One thing.", timeout=20_000)
        page.get_by_role("button", name="Tick for today").first.click()
        expect(page.get_by_role("button", name="Done today").first).to_be_visible(timeout=20_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.get_by_role("link", name="Ask your coach, read the conversation").click()
        page.get_by_label("Ask your coach").fill("How often?")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".published")).to_be_visible(timeout=20_000)
    review.refresh_from_db()
    assert (review.state, review.ticks.count()) == (State.ANSWERED, 1)
    assert review.publications.get().read_at


def tab_to(page: Page, target: Locator) -> None:
    """As somebody without a mouse comes to a control."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError("the keyboard does not come there")


def test_the_keyboard_alone_does_it(
    browser: Browser, live_server: Any, athlete: User, coach: User, check: FormCheck
) -> None:
    with opened(browser, live_server.url, coach, "/coach/") as page:
        tab_to(page, page.get_by_role("button", name="Review"))
        page.keyboard.press("Enter")
        expect(page.locator("[data-draft][data-ready]")).to_be_visible(timeout=20_000)
        finding = page.locator("[data-finding]").first
        page.keyboard.press("]")
        expect(finding.locator("input[type=radio]").first).to_be_focused()
        page.keyboard.press("d")
        expect(finding.get_by_label("Disagree")).to_be_checked()
        page.keyboard.press("w")
        page.keyboard.type("The camera stood low.")
        page.keyboard.press("Escape")
        expect(finding.locator("[data-said]")).to_have_text("Saved")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Keys of the review")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("t")
        expect(page.get_by_label("In your words")).to_be_focused()
        page.keyboard.type("All by keys.")
        saved(page)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("button", name="Publish", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Published. The athlete hears of it.")).to_be_visible(timeout=20_000)
    review = Review.objects.get(form_check=check)
    assert (review.verdicts.get().answer, review.verdicts.get().why) == (Answer.DISAGREE, "The camera stood low.")
    assert review.publications.get().content["message"] == "All by keys."
    with opened(browser, live_server.url, athlete, f"/checks/{check.code}/results/") as page:
        tick = page.get_by_role("button", name="Tick for today").first
        expect(tick).to_be_visible(timeout=20_000)
        tab_to(page, tick)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Done today").first).to_be_visible(timeout=20_000)
        tab_to(page, page.get_by_role("link", name="Ask your coach, read the conversation"))
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_label("Ask your coach"))
        page.keyboard.type("How often?")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".published")).to_be_visible(timeout=20_000)
    review.refresh_from_db()
    assert (review.state, review.ticks.count()) == (State.ANSWERED, 1)


def test_of_two_tabs_neither_loses_a_word(browser: Browser, live_server: Any, coach: User, check: FormCheck) -> None:
    with opened(browser, live_server.url, coach, "/coach/") as page:
        begin(page)
        other = page.context.new_page()
        other.goto(page.url)
        expect(other.locator("[data-draft][data-ready]")).to_be_visible(timeout=20_000)
        other.get_by_label("In your words").fill("From the second tab.")
        saved(other)
        page.get_by_label("In your words").fill("From the first tab.")
        conflict = page.locator("[data-conflict]")
        expect(conflict).to_contain_text("This draft was changed elsewhere")
        conflict.get_by_text("The other version").first.click()
        expect(conflict).to_contain_text("From the second tab.")
        expect(page.get_by_label("In your words")).to_have_value("From the first tab.")
        page.get_by_role("button", name="Keep what stands here").click()
        saved(page)
    assert Review.objects.get().draft["message"] == "From the first tab."


def test_what_was_written_without_a_connection_is_there_again(
    browser: Browser, live_server: Any, coach: User, check: FormCheck
) -> None:
    with opened(browser, live_server.url, coach, "/coach/") as page:
        begin(page)
        page.route("**/draft/", lambda route: route.abort())
        page.get_by_label("In your words").fill("Written in a tunnel.")
        expect(page.locator("[data-draft-state]")).to_contain_text("no connection")
        page.once("dialog", lambda dialog: dialog.accept())
        page.unroute("**/draft/")
        page.reload()
        expect(page.get_by_label("In your words")).to_have_value("Written in a tunnel.")
        saved(page)
    assert Review.objects.get().draft["message"] == "Written in a tunnel."


def test_a_tip_of_the_library_comes_with_the_runners_numbers(
    browser: Browser, live_server: Any, coach: User, check: FormCheck
) -> None:
    with opened(browser, live_server.url, coach, "/coach/") as page:
        begin(page)
        tips = page.locator("[data-tip]")
        expect(tips).not_to_have_count(0)
        n = tips.count()
        page.get_by_label("From the library").select_option(label="Tall like a balloon")
        page.get_by_role("button", name="Add a tip").click()
        expect(tips).to_have_count(n + 1)
        expect(tips.last.get_by_label("Cue")).to_be_focused()
        saved(page)
        tips.last.get_by_role("button", name="Remove this tip").click()
        expect(tips).to_have_count(n)
        saved(page)
