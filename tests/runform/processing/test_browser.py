"""A page that follows a job must not ask for ever."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from runform.clips.models import FormCheck
from runform.processing.models import Job
from runform.processing.services import clip_remove, job_submit
from tests.runform.pages import opened
from tests.runform.world import make_clip


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, check: FormCheck) -> Iterator[Page]:
    job_submit(clip=make_clip(check), requested_by=None)
    with opened(browser, live_server.url, check.athlete, check.get_absolute_url()) as page:
        expect(page.locator("[data-state=queued]")).to_be_visible()
        yield page


def test_when_the_clip_is_removed_elsewhere_its_card_goes(page: Page) -> None:
    clip_remove(clip=Job.objects.get().clip)
    expect(page.locator("[data-clip]")).to_have_count(0, timeout=10_000)
    expect(page.locator("#upload")).to_be_visible()


def test_when_the_login_ends_the_page_asks_for_it(page: Page, check: FormCheck) -> None:
    page.context.clear_cookies()
    page.wait_for_url(f"**/accounts/login/?next={check.get_absolute_url()}", timeout=10_000)
    expect(page.locator("[name=password]")).to_have_count(1)
