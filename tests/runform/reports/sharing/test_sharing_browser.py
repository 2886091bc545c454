"""Making a link and opening it as a stranger, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from runform.reports.models import RenderKind
from tests.runform.pages import log_in
from tests.runform.world import World, make_rendering

SLOW_MS = 20_000


@pytest.fixture(params=[{"width": 1280, "height": 900}, {"width": 390, "height": 844}])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, world: World
) -> Iterator[tuple[Page, Page]]:
    """The athlete's page, and one of a stranger's own browser."""
    contexts = [browser.new_context(base_url=live_server.url, viewport=request.param) for _ in range(2)]
    log_in(contexts[0], live_server.url, world.athlete)
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


def test_a_link_is_made_opened_by_a_stranger_counted_and_closed(page: tuple[Page, Page], world: World) -> None:
    make_rendering(world.report, RenderKind.HIDDEN)
    own, strange = page
    own.goto(f"/checks/{world.check.code}/results/")
    own.locator(".take-menu summary").click()
    own.get_by_role("link", name="Share by link").click()
    own.get_by_role("button", name="Make a link").click()
    address = own.get_by_label("Address of the link")
    expect(address).to_be_visible()
    # The stranger's page says by itself that it was looked at.
    with strange.expect_response(lambda answer: answer.url.endswith("/seen/"), timeout=SLOW_MS) as seen:
        strange.goto(address.input_value())
    assert seen.value.status == 204
    expect(strange.get_by_role("heading", name="Running form, May 1, 2026")).to_be_visible()
    expect(strange.get_by_text("Shared without a name")).to_be_visible()
    expect(strange.locator("video")).to_have_count(1)
    assert strange.evaluate("document.documentElement.scrollWidth <= innerWidth")
    own.goto(f"/checks/{world.check.code}/share/")
    link = own.locator(".share-link").first
    expect(link).to_contain_text("Opened once")
    link.get_by_role("button", name="Close the link").click()
    expect(own.get_by_text("The link is closed")).to_be_visible()
    answer = strange.reload()
    assert answer is not None
    assert answer.status == 404


def test_a_page_left_open_for_a_day_still_plays_its_film(
    browser: Browser, live_server: LiveServer, world: World
) -> None:
    page = browser.new_page(base_url=live_server.url)
    page.goto(reverse("shared", args=[world.share_secret]))
    ready = "() => document.querySelector('video').readyState >= 1"
    page.wait_for_function(ready)
    address = live_server.url + str(page.locator("video").get_attribute("src"))
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        # By itself the old address is dead.
        assert page.request.get(address).status == 404
        page.evaluate("document.querySelector('video').load()")
        page.wait_for_function(ready)
    page.close()
