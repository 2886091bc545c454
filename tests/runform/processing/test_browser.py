"""A page that follows a job must not ask for ever."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from runform.clips.models import FormCheck
from runform.processing.models import Job
from runform.processing.services import clip_remove, job_submit
from tests.runform.world import make_clip


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, check: FormCheck) -> Iterator[Page]:
    job_submit(clip=make_clip(check), requested_by=None)
    client = Client()
    client.force_login(check.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(check.get_absolute_url())
    expect(page.locator("[data-state=queued]")).to_be_visible()
    yield page
    context.close()


def test_when_the_clip_is_removed_elsewhere_its_card_goes(page: Page) -> None:
    clip_remove(clip=Job.objects.get().clip)
    expect(page.locator("[data-clip]")).to_have_count(0, timeout=10_000)
    expect(page.locator("#upload")).to_be_visible()


def test_when_the_login_ends_the_page_asks_for_it(page: Page, check: FormCheck) -> None:
    page.context.clear_cookies()
    page.wait_for_url(f"**/accounts/login/?next={check.get_absolute_url()}", timeout=10_000)
    expect(page.locator("[name=password]")).to_have_count(1)
