"""Marking in a real browser, on a real report, computed again by the real analyser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from runform.accounts.models import User
from runform.clips.models import Clip
from runform.processing.models import Job, Mark, State
from runform.reports.models import Report
from tests.runform.processing.attempts import run
from tests.runform.processing.correct import REAR, SIZES


def draw(page: Page, sheet: Locator, up: float) -> None:
    """A line across the picture whose right end lies higher by a share of its length."""
    box = sheet.bounding_box()
    assert box
    y, half = box["y"] + 0.6 * box["height"], 0.3 * box["width"]
    x = box["x"] + box["width"] / 2
    page.mouse.move(x - half, y + up * half)
    page.mouse.down()
    page.mouse.move(x, y, steps=2)
    page.mouse.move(x + half, y - up * half, steps=2)
    page.mouse.up()


@pytest.mark.parametrize("size", SIZES)
def test_a_coach_marks_the_waistband_and_the_pelvis_appears(
    demo_clips: Path, rear: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page], size: str
) -> None:
    clip = keep(rear, demo_clips / REAR)
    frames = Report.objects.get().marking_frames
    page = open_page(coach, f"/clips/{clip.code}/mark/", size)
    root, sheet = page.locator("[data-mark]"), page.locator("[data-sheet]")
    expect(page.locator("[data-where]").last).to_contain_text("foot stands")
    itself = page.get_by_label("Go on by itself after each line")
    expect(itself).to_be_checked()
    for number, frame in enumerate(frames):
        expect(root).to_have_attribute("data-shown", str(number))
        expect(root).to_have_attribute("aria-busy", "false")
        if number == 3:
            itself.uncheck()
        sheet.scroll_into_view_if_needed()
        draw(page, sheet, -0.1 if frame["side"] == "left" else 0.1)
        expect(page.locator("[data-dots] li.is-marked")).to_have_count(number + 1)
        if number >= 3:
            page.keyboard.press("Enter")
    expect(page.locator("[data-enough]")).to_be_visible()
    expect(page.locator(".marking [data-saved]")).to_have_text("All lines are saved.")
    assert Mark.objects.count() == len(frames)
    page.reload()
    expect(page.locator("[data-dots] li.is-marked")).to_have_count(len(frames))
    page.locator("[data-done]").click()
    page.wait_for_url("**/results/")
    assert run(Job.objects.get(state=State.QUEUED)).state == State.DONE
    expect(page.locator(".versions")).to_contain_text("newer version")
    page.reload()
    expect(page.locator(".versions")).to_contain_text("Marked by coach")
    drop = Report.objects.latest("created_at").metrics.get(key="pelvic_drop_left")
    assert (drop.source, drop.marked_by) == ("marked", "coach")
    assert drop.value == pytest.approx(5.7, abs=0.6)


def test_a_line_is_undone_moved_by_keys_and_taken_away(
    demo_clips: Path, rear: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page]
) -> None:
    clip = keep(rear, demo_clips / REAR)
    page = open_page(clip.athlete, f"/clips/{clip.code}/mark/")
    expect(page.locator("[data-mark]")).to_have_attribute("aria-busy", "false")
    marked, saved = page.locator("[data-dots] li.is-marked"), page.locator(".marking [data-saved]")
    page.keyboard.press("l")
    expect(marked).to_have_count(1)
    expect(page.locator(".handle").first).to_be_focused()
    expect(saved).to_have_text("All lines are saved.")
    (_, left_y), (_, right_y) = Mark.objects.get().ends
    assert left_y == pytest.approx(right_y, abs=2)
    with page.expect_response("**/marks/"):
        for _ in range(3):
            page.keyboard.press("Shift+ArrowUp")
    expect(saved).to_have_text("All lines are saved.")
    assert Mark.objects.get().ends[0][1] < left_y - 3
    page.keyboard.press("u")
    expect(saved).to_have_text("All lines are saved.")
    expect(marked).to_have_count(1)
    page.locator("[data-clear]").click()
    expect(marked).to_have_count(0)
    expect(saved).to_have_text("All lines are saved.")
    assert not Mark.objects.exists()
