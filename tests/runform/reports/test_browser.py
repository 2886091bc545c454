"""The results page in a real browser: what is fetched when, and what its few scripts do."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from runform.accounts.models import User
from runform.clips.models import FormCheck
from tests.runform.pages import opened
from tests.runform.reports.series import keep_series
from tests.runform.world import SIDE, make_clip, make_report

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def fetched() -> list[str]:
    return []


@pytest.fixture
def page(
    browser: Browser,
    live_server: LiveServer,
    athlete: User,
    check: FormCheck,
    tmp_path: Path,
    fetched: list[str],
) -> Iterator[Page]:
    keep_series(make_report(make_clip(check), tmp_path, SIDE), tmp_path)
    errors: list[str] = []
    with opened(browser, live_server.url, athlete, viewport=PHONE, color_scheme="light") as page:
        page.on("request", lambda request: fetched.append(request.url))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(f"/checks/{check.code}/results/")
        yield page
    assert not errors


def asked_for(fetched: list[str], part: str) -> int:
    return sum(part in url for url in fetched)


def test_charts_and_their_library_come_only_when_they_are_near(page: Page, fetched: list[str]) -> None:
    page.wait_for_load_state("networkidle")
    assert (asked_for(fetched, "plotly"), asked_for(fetched, "charts.json")) == (0, 0)
    page.locator("[data-figure=forward_lean]").scroll_into_view_if_needed()
    expect(page.locator("[data-figure=forward_lean] .scatterlayer path.js-line").last).to_be_attached()
    assert (asked_for(fetched, "plotly"), asked_for(fetched, "charts.json")) == (1, 1)


def test_a_chart_changes_its_colours_with_the_theme(page: Page) -> None:
    chart = page.locator("[data-figure=forward_lean]")
    chart.scroll_into_view_if_needed()
    line = chart.locator(".scatterlayer path.js-line").last
    expect(line).to_have_css("stroke", "rgb(14, 93, 85)")
    page.evaluate("document.querySelector('[data-theme-toggle]').click()")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(line).to_have_css("stroke", "rgb(127, 209, 192)")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_picture_opens_over_the_page_and_escape_closes_it(page: Page) -> None:
    picture = page.locator("[data-viewer]").first
    picture.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    expect(page.locator("#viewer img")).to_have_attribute("src", str(picture.evaluate("link => link.href")))
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    expect(picture).to_be_focused()


def test_a_findings_number_leads_to_the_line_of_its_metric(page: Page) -> None:
    link = page.locator(".finding a[href^='#m-']").first
    target = page.locator(str(link.get_attribute("href")))
    expect(target).not_to_have_attribute("open", "")
    link.click()
    expect(target).to_have_attribute("open", "")


def test_nothing_is_wider_than_the_phone(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_time_chart_leads_the_clip_and_follows_it(page: Page) -> None:
    page.locator("[data-time]").scroll_into_view_if_needed()
    cursor, player = page.locator(".chart--time .cursor"), page.locator(".player")
    expect(player).to_have_class(re.compile("is-ready"))
    expect(cursor).to_be_visible()
    cursor.click(position={"x": 200, "y": 40})
    # The clip of this test is shorter than its chart: its last picture is the nearest.
    expect(player).to_have_attribute("data-frame", "11")
    expect(cursor).to_have_attribute("aria-valuenow", "0.37")
    cursor.press("ArrowLeft")
    expect(player).to_have_attribute("data-frame", "10")
    player.locator("[data-do=frame][data-by='-1']").click()
    expect(player).to_have_attribute("data-frame", "9")
    expect(cursor).to_have_attribute("aria-valuenow", "0.30")
    expect(page.locator(".chart--time [data-now]")).to_contain_text("0.30 s: ")


def test_another_curve_takes_the_place_of_the_first(page: Page) -> None:
    page.locator("[data-time]").scroll_into_view_if_needed()
    choice = page.locator(".chart__choice select")
    choice.select_option("head_pitch")
    expect(page.locator(".chart--time .chart__plot")).to_have_attribute("aria-label", re.compile("Head pitch"))
    expect(page.locator(".chart--time path.js-line")).to_be_attached()


def test_a_metric_fetches_its_strides_when_it_opens(page: Page, fetched: list[str]) -> None:
    line = page.locator("#m-forward_lean_rom")
    assert asked_for(fetched, "metrics/forward_lean_rom") == 0
    line.locator("summary").first.click()
    expect(line.locator(".chart")).to_have_count(3)
    expect(line.locator(".js-plotly-plot").first).to_be_visible()
    assert asked_for(fetched, "metrics/forward_lean_rom") == 1
    # Behind each chart a table.
    strides = line.locator(".chart", has_text="From stride to stride")
    strides.get_by_text("As a table").click()
    gait = json.loads(SIDE.read_text())["gait"]
    expect(strides.locator("tbody tr")).to_have_count(len(gait["stride_cuts_s"]))
    expect(strides.locator("tbody tr").first).to_contain_text(re.compile(r"^1.*\d s.*\d°"))
    expect(line.locator(".chart__table caption")).to_have_count(3)


def test_of_a_long_clip_a_part_is_shown_and_the_page_turns_with_the_clip(page: Page) -> None:
    page.locator(".player").scroll_into_view_if_needed()
    expect(page.locator(".player")).to_have_attribute("data-frame", re.compile(r"\d"), timeout=20_000)
    page.locator("[data-time]").scroll_into_view_if_needed()
    chart = page.locator(".chart--time")
    part = chart.get_by_role("slider", name="Begin of the part that is shown")
    expect(part).to_be_hidden()
    chart.get_by_label("Shown", exact=True).select_option("5 s")
    expect(part).to_be_visible()
    # Where the clip is, which ends long before the chart in this test.
    expect(chart.locator(".xtick").first).to_have_text("0 s")
    expect(chart.locator(".cursor__line")).to_be_visible()
    part.fill("4")
    expect(chart.locator(".xtick").first).to_have_text("4 s")
    expect(chart.locator(".cursor__line")).to_be_hidden()
    chart.locator(".cursor").press("ArrowLeft")
    expect(chart.locator(".xtick").first).to_have_text("0 s")
    expect(part).to_have_value("0")
    expect(chart.locator(".cursor__line")).to_be_visible()


def test_on_paper_the_page_is_white_and_whole(page: Page, tmp_path: Path) -> None:
    page.evaluate("document.querySelector('[data-theme-toggle]').click()")
    page.locator("[data-figure=forward_lean]").scroll_into_view_if_needed()
    expect(page.locator("[data-figure=forward_lean] path.js-line").last).to_be_attached()
    drawn = page.locator("[data-figure].js-plotly-plot").count()
    pages = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    said = [one.get_textpage().get_text_bounded() for one in pages]
    pictures = [np.asarray(one.render(scale=0.5).to_pil().convert("L"), float) for one in pages]
    assert min(picture.mean() for picture in pictures) > 200
    text = "".join("".join(said).split())
    for part in (
        "to work on",
        "Drills",
        "All numbers",
        "Trunk lean forwards",
        "Not measured",
        f"{len(said)} / {len(said)}",
    ):
        assert "".join(part.split()) in text
    # What was not drawn yet is read as its table; what leads further is left out.
    assert text.count("%ofthestride") == page.locator(".charts:not(.more-charts *) > .chart").count() - drawn
    assert "Downloadandshare" not in text
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator(".chart__table[open]")).to_have_count(0)


SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_one_scrolls_through_the_page(page: Page, width: int) -> None:
    page.add_init_script(SHIFTS)
    page.set_viewport_size({"width": width, "height": 844})
    page.reload()
    page.wait_for_load_state("networkidle")
    for part in ("#between", "#metrics", "[data-time]", ".charts", ".provenance"):
        page.locator(part).first.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        if part == "[data-time]":
            expect(page.locator(".chart--time path.js-line")).to_be_attached(timeout=20_000)
    assert page.evaluate("window.shift") < 0.05


def test_the_first_view_travels_light(page: Page) -> None:
    """All that the browser asks for before one scrolls, as it travels compressed; no film, no chart library."""
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        body = response.body()
        # The font is compressed already; the server compresses the rest, static files once they are collected.
        sizes[response.url] = len(body) if response.url.endswith(".woff2") else len(gzip.compress(body))

    page.on("response", weigh)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not [url for url in sizes if "plotly" in url or "copy.mp4" in url]
    assert len(sizes) > 10
    assert sum(sizes.values()) < 200_000


def test_a_page_travels_compressed_and_a_clip_does_not(page: Page) -> None:
    answer = page.request.get(page.url, headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    clip = str(page.locator("video").get_attribute("src"))
    assert "content-encoding" not in page.request.get(clip, headers={"accept-encoding": "gzip"}).headers
