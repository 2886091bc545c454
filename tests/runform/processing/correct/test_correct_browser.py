"""Putting right in a real browser, on a real report, computed again by the real analyser."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from analysis import geometry as geo
from analysis.serialize import read_landmarks
from runform.accounts.models import User
from runform.clips.models import Clip
from runform.processing.models import Correction, Job, Mark, State
from runform.reports.models import Report
from tests.runform.coaching.desk import go, on_screen, player_of
from tests.runform.processing.attempts import run
from tests.runform.processing.correct import SIDE


def test_a_coach_drags_a_body_point_to_its_place(
    demo_clips: Path, side: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page]
) -> None:
    clip = keep(side, demo_clips / SIDE)
    page = open_page(coach, f"/clips/{clip.code}/correct/")
    player = page.locator("[data-player]")
    player.scroll_into_view_if_needed()
    page.get_by_label("A body point", exact=True).check()
    page.locator("[data-point]").select_option("8")
    expect(player).not_to_have_attribute("data-frame", "")
    ring = page.locator(".handle:visible")
    expect(ring).to_have_count(1)
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 15, y, steps=3)
    page.mouse.move(x + 30, y, steps=3)
    page.mouse.up()
    expect(page.locator("[data-pending] li")).to_have_count(1)
    page.get_by_role("button", name="Compute the report with this").click()
    page.wait_for_url("**/results/")
    item = Correction.objects.get().item
    assert (item["kind"], item["point"]) == ("landmark", 8)
    assert run(Job.objects.get(state=State.QUEUED)).state == State.DONE
    before, after = (read_landmarks(report.series.open()) for report in Report.objects.order_by("created_at"))
    row = int(abs(after.t_s - item["t_s"]).argmin())
    assert after.xy_px[row, 8, 0] - before.xy_px[row, 8, 0] > 10
    assert [*after.xy_px[row, 8]] == pytest.approx([item["to"][0], after.height_px - item["to"][1]], abs=0.2)
    page.reload()
    expect(page.locator(".versions")).to_contain_text("Put right by coach: right ear moved")


def test_outside_the_measured_stretch_one_click_measures_there(
    demo_clips: Path, side: Path, keep: Callable[..., Clip], open_page: Callable[..., Page], athlete: User
) -> None:
    clip = keep(side, demo_clips / SIDE)
    page = open_page(athlete, f"/clips/{clip.code}/correct/")
    page.get_by_label("Measure from (s)").fill("3")
    page.get_by_role("button", name="Measure this part").click()
    page.wait_for_url("**/results/")
    assert run(Job.objects.get(state=State.QUEUED)).state == State.DONE
    page.reload()
    player = page.locator("[data-player]")
    player.scroll_into_view_if_needed()
    expect(player).not_to_have_attribute("data-frame", "")
    here = page.get_by_role("button", name="Analyse here instead")
    expect(here).to_be_hidden()
    bar = page.get_by_label("Picture of the clip")
    bar.focus()
    bar.fill("60")
    expect(player).to_have_attribute("data-frame", "60")
    expect(here).to_be_visible()
    expect(page.locator("[data-here] [name=start_s]")).to_have_value("1.000")
    here.click()
    page.wait_for_url("**/results/")
    expect(page.locator(".versions")).to_contain_text("being computed")
    starts = [row.item["start_s"] for row in Correction.objects.filter(withdrawn_at=None)]
    assert starts == [pytest.approx(1.0, abs=0.02)]


def raw(report: Report) -> dict[str, Any]:
    with report.raw.open() as file:
        return dict(json.load(file))


def compute(page: Page) -> tuple[Report, Report]:
    """Send what was put right; the report before it and the one after it."""
    page.get_by_role("button", name="Compute the report with this").click()
    page.wait_for_url("**/results/")
    assert run(Job.objects.get(state=State.QUEUED)).state == State.DONE
    before, after = Report.objects.order_by("created_at")
    page.reload()
    return before, after


def test_a_foot_strike_is_moved_and_the_contact_time_follows(
    demo_clips: Path, side: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page]
) -> None:
    clip = keep(side, demo_clips / SIDE)
    strikes = raw(Report.objects.get())["gait"]["events"]["right"]["foot_strike"]
    page = open_page(coach, f"/clips/{clip.code}/correct/")
    player = player_of(page)
    page.get_by_label("A foot strike or toe-off", exact=True).check()
    page.locator("[data-event]").select_option("foot_strike right")
    go(player, round(60 * strikes[2]) + 2)
    page.get_by_role("button", name="Move the nearest one here").click()
    pending = page.locator("[data-pending] li")
    expect(pending).to_have_count(1)
    # Moved once more, it is still one.
    go(player, round(60 * strikes[2]) + 3)
    page.get_by_role("button", name="Move the nearest one here").click()
    expect(pending).to_have_count(1)
    page.reload()
    expect(page.locator("[data-pending] li")).to_have_count(1)
    player_of(page)
    before, after = compute(page)
    item = Correction.objects.get().item
    assert (item["kind"], item["action"], item["side"]) == ("event", "move", "right")
    assert item["t_s"] == pytest.approx(strikes[2], abs=0.01)
    moved = raw(after)["gait"]["events"]["right"]["foot_strike"]
    assert moved[2] == pytest.approx(item["to_s"], abs=0.001)
    was, now = (report.metrics.get(key="contact_time_right").value for report in (before, after))
    assert now == pytest.approx(was - 1000 * (moved[2] - strikes[2]), abs=2)
    expect(page.locator(".versions")).to_contain_text("Put right by coach: right foot strike moved")


def test_a_line_along_the_belt_tells_the_direction(
    demo_clips: Path, side: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page]
) -> None:
    clip = keep(side, demo_clips / SIDE)
    page = open_page(coach, f"/clips/{clip.code}/correct/")
    player = player_of(page)
    page.get_by_label("Edge of the belt", exact=True).check()
    rings = page.get_by_label("End of the line along the belt: arrow keys move it")
    expect(rings).to_have_count(2)
    # The near edge of the belt in this clip.
    edge = [(328.0, 659.0), (890.0, 657.0)]
    for ring, end in zip(rings.all(), edge, strict=True):
        x, y = on_screen(player, end)
        box = ring.bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(x, y + 5)
        page.mouse.move(x, y)
        page.mouse.up()
    page.get_by_role("button", name="Keep this line").click()
    expect(page.locator("[data-pending] li")).to_contain_text("line along the belt")
    before, after = compute(page)
    kept = Mark.objects.get()
    assert kept.line == "deck_line"
    for place, end in zip(kept.ends, edge, strict=True):
        assert place == pytest.approx(end, abs=2)
    assert [raw(report)["camera"]["turn_source"] for report in (before, after)] == ["deck", "line"]
    camera = raw(after)["camera"]
    assert abs(camera["turn_deg"]) < 2 * camera["turn_sd_deg"] + 0.5
    expect(page.locator(".versions")).to_contain_text("coach")


def test_a_tap_on_the_other_person_makes_them_the_runner(
    two_clip: Path, two: Path, keep: Callable[..., Clip], open_page: Callable[..., Page], athlete: User
) -> None:
    clip = keep(two, two_clip)
    was = hips(Report.objects.get())
    other = 0.75 if was < 0.5 else 0.25
    page = open_page(athlete, f"/clips/{clip.code}/correct/", "phone", has_touch=True)
    player = player_of(page)
    go(player, 60)
    page.touchscreen.tap(*on_screen(player, (other * 720, 320.0)))
    expect(page.get_by_label("The person to follow: arrow keys move it")).to_be_visible()
    expect(page.locator("[data-pending] li")).to_contain_text("follow the person at 1.0")
    _before, after = compute(page)
    assert Correction.objects.get().item["at"] == pytest.approx([other * 720, 320], abs=3)
    assert was == pytest.approx(1 - other, abs=0.1)
    assert hips(after) == pytest.approx(other, abs=0.1)


def hips(report: Report) -> float:
    """Where the middle of the hips is, as a share of the picture's width."""
    found = read_landmarks(report.series.open())
    return float(np.nanmedian(geo.hip_mid(found.xy_px)[:, 0]) / found.width_px)
