"""Putting right and marking in a real browser, on a real report, computed again by the real analyser."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import File
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from analysis.serialize import read_landmarks
from runform.accounts.models import User
from runform.clips.models import Clip
from runform.clips.services import clip_store
from runform.clubs.models import Club, Role
from runform.clubs.services import club_create, coach_assign, member_add
from runform.processing.models import Correction, Job, Mark, State
from runform.processing.services import job_complete, job_submit
from runform.reports.models import Report
from runform.reports.services import COPY_NAME, output_store
from tests.runform.processing.attempts import run
from tests.runform.world import claim_of, make_check, make_user

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """The pictures are decoded by the machine that runs everything else."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


def analysed(clip: Path, folder: Path) -> Path:
    """What the analyser leaves of a clip."""
    command = [sys.executable, "-m", "analysis", str(clip), "--json", str(folder / "report.json")]
    command += ["--frames", str(folder / "frames"), "--copy", str(folder / COPY_NAME)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def rear(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analysed(demo_clips / "t01_rear_tape_base.mp4", tmp_path_factory.mktemp("rear"))


@pytest.fixture(scope="module")
def side(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analysed(demo_clips / "s01_side_base.mp4", tmp_path_factory.mktemp("side"))


@pytest.fixture
def coach(transactional_db: None, athlete: User) -> User:
    coach = make_user("coach")
    club = club_create(name="Here", manager=coach)
    Club.objects.update(automatic_reports=True)
    member_add(club=club, user=coach, role=Role.COACH)
    member_add(club=club, user=athlete, role=Role.ATHLETE)
    coach_assign(club=club, coach=coach, athlete=athlete)
    return coach


@pytest.fixture
def keep(athlete: User, bells: Callable[[str], int], demo_clips: Path) -> Callable[[Path, str], Clip]:
    """A clip with its report in the database and the storage."""

    def store(output: Path, name: str) -> Clip:
        check = make_check(athlete, speed_mps=3.0)
        with (demo_clips / name).open("rb") as stream:
            clip = clip_store(form_check=check, upload=File(stream, name=name), upload_token=check.code).clip
        claim = claim_of(job_submit(clip=clip, requested_by=athlete))
        kept = output_store(out_dir=output, prefix=f"reports/{clip.code}/{claim.lease}")
        assert job_complete(claim=claim, output=kept, seconds={})
        return clip

    return store


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    contexts, errors = [], []

    def opened(user: User, path: str, size: str = "desk", **options: Any) -> Page:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(base_url=live_server.url, viewport=SIZES[size], **options)  # type: ignore[arg-type]
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors


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
    rear: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page], size: str
) -> None:
    clip = keep(rear, "t01_rear_tape_base.mp4")
    frames = Report.objects.get().marking_frames
    page = open_page(coach, f"/clips/{clip.code}/mark/", size)
    root, sheet = page.locator("[data-mark]"), page.locator("[data-sheet]")
    expect(page.locator("[data-where]").last).to_contain_text("foot stands")
    for number, frame in enumerate(frames):
        expect(root).to_have_attribute("data-shown", str(number))
        expect(root).to_have_attribute("aria-busy", "false")
        sheet.scroll_into_view_if_needed()
        draw(page, sheet, -0.1 if frame["side"] == "left" else 0.1)
        expect(page.locator("[data-dots] li.is-marked")).to_have_count(number + 1)
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
    rear: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page]
) -> None:
    clip = keep(rear, "t01_rear_tape_base.mp4")
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


def test_a_coach_drags_a_body_point_to_its_place(
    side: Path, keep: Callable[..., Clip], coach: User, open_page: Callable[..., Page]
) -> None:
    clip = keep(side, "s01_side_base.mp4")
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
    side: Path, keep: Callable[..., Clip], open_page: Callable[..., Page], athlete: User
) -> None:
    clip = keep(side, "s01_side_base.mp4")
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
