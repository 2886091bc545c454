"""Two clips in a real browser: both show the same moment of the stride, and the page can be worked by keys."""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from analysis.export import write_copy
from analysis.serialize import write_series
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clips.services import form_check_create
from runform.reports.services import output_store, report_publish
from tests.runform.pages import opened
from tests.runform.reports import barcode
from tests.runform.world import SIDE, make_clip

SLOW_MS = 20_000
# The first and the second clip begin their strides at different pictures and have strides of different length.
STRIDES = ((25, 20), (30, 30))


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What the analyser would leave of a clip with the numbers on it, twice, with other strides."""
    folders = []
    for first, length in STRIDES:
        folder = tmp_path_factory.mktemp("coded")
        barcode.write_clip(folder / "clip.mp4")
        write_copy(folder / "clip.mp4", folder / "copy.mp4")
        write_series(folder / "report.npz", barcode.landmarks(), {}, np.empty(0))
        t_s = barcode.moments()
        content = json.loads(SIDE.read_text()) | {"frames": [], "series": "report.npz", "findings": []}
        cuts = [[t_s[n], t_s[n + length]] for n in range(first, first + 3 * length, length)]
        content["gait"] |= {"stride_cuts_s": cuts, "events": {}}
        (folder / "report.json").write_text(json.dumps(content))
        folders.append(folder)
    return folders


@pytest.fixture
def checks(athlete: User, coded: list[Path]) -> list[FormCheck]:
    made = []
    for day, folder in enumerate(coded, start=1):
        check = form_check_create(athlete=athlete, created_by=athlete, recorded_on=date(2026, 5, day), speed_mps=3.0)
        output = output_store(out_dir=folder, prefix=f"reports/{uuid.uuid4()}")
        report_publish(clip=make_clip(check, f"clip {day}".encode()), job_code=uuid.uuid4(), output=output)
        made.append(check)
    return made


@pytest.fixture(params=[{"width": 1280, "height": 900}, {"width": 390, "height": 844}])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, athlete: User, checks: list[FormCheck]
) -> Iterator[Page]:
    path = f"/checks/{checks[1].code}/compare/"
    with opened(browser, live_server.url, athlete, path, viewport=request.param) as page:
        expect(page.locator("[data-duo].is-ready")).to_be_visible(timeout=SLOW_MS)
        yield page


def sides(page: Page) -> list[Locator]:
    return [page.locator(f"[data-side={name}]") for name in ("before", "after")]


def scrub(page: Page, value: int) -> None:
    page.locator("[data-phase]").evaluate(
        "(one, to) => { one.value = to; one.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


def expected(phase: float, number: int, side: int) -> int:
    """The picture on show at a share of a stride: the last one that has begun."""
    first, length = STRIDES[side]
    t_s = barcode.moments()
    start, end = t_s[first + number * length], t_s[first + (number + 1) * length]
    return int(np.searchsorted(t_s, start + phase * (end - start) + 1e-4, side="right")) - 1


@pytest.mark.parametrize("value", [0, 250, 500, 730])
def test_both_clips_show_the_same_share_of_the_stride(page: Page, value: int) -> None:
    scrub(page, value)
    for number, side in enumerate(sides(page)):
        expect(side).to_have_attribute("data-frame", str(expected(value / 1000, 0, number)), timeout=SLOW_MS)


def test_the_next_stride_is_the_next_one_of_both_clips(page: Page) -> None:
    scrub(page, 400)
    page.get_by_role("button", name="Next stride").click()
    for number, side in enumerate(sides(page)):
        expect(side).to_have_attribute("data-frame", str(expected(0.4, 1, number)), timeout=SLOW_MS)
    expect(page.locator(".duo__where")).to_have_text("Stride 2 · 40 %")


def test_it_plays_and_stops_by_the_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-duo].is-playing")).to_be_visible()
    slider = page.locator("[data-phase]")
    expect(slider).not_to_have_js_property("value", "0", timeout=SLOW_MS)
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.locator("[data-duo].is-playing")).to_have_count(0)
    slider.focus()
    scrub(page, 500)
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("· 50 %"))


def test_the_clips_stand_side_by_side_at_the_desk_and_one_above_the_other_on_the_phone(page: Page) -> None:
    first, second = (side.bounding_box() for side in sides(page))
    assert first is not None
    assert second is not None
    wide = page.viewport_size is not None and page.viewport_size["width"] > 600
    assert (second["x"] > first["x"] + 100) is wide
    assert (second["y"] > first["y"] + 50) is not wide
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
