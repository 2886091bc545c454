"""The numbers over time in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from runform.accounts.models import User
from tests.runform.pages import opened
from tests.runform.reports.progress.test_progress import film


@pytest.fixture(params=[390, 1280])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, athlete: User, tmp_path: Path
) -> Iterator[Page]:
    for month, cadence in ((1, 160), (2, 164), (3, 172)):
        film(athlete, tmp_path, month, cadence)
    size = {"width": request.param, "height": 844}
    with opened(browser, live_server.url, athlete, "/progress/", viewport=size, color_scheme="light") as page:
        yield page


def test_what_changed_comes_first_with_its_chart_and_its_table(page: Page) -> None:
    trend = page.locator(".trend").first
    expect(trend.get_by_role("link", name="Cadence")).to_be_visible()
    expect(trend.locator(".change")).to_have_text("changed")
    expect(trend.locator(".points path.point")).to_have_count(3)
    joins = trend.locator("path.js-line").first
    expect(joins).to_have_css("stroke", "rgb(14, 93, 85)")
    trend.get_by_text("As a table").click()
    expect(trend.locator("tbody tr")).to_have_count(3)
    expect(trend.locator("tbody tr").first).to_contain_text("172 spm")
    page.evaluate("document.querySelector('[data-theme-toggle]').click()")
    expect(joins).to_have_css("stroke", "rgb(127, 209, 192)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Compare with the one before").first.click()
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
