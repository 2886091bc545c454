"""People at a browser: a newcomer, the athlete with a phone, the coach at a desk; in this order, on one running app."""

import os
import quopri
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import SHARED
from tests.e2e.stack import PASSWORD, Stack, wait_until

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1400, "height": 900}
# Four demo clips wait before ours.
ANALYSED_MS = 300_000
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("var")).start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, demo_clips: Path) -> Path:
    """A real clip; without one, a demo clip with an empty box at its end, so that it is no duplicate."""
    real = SHARED / "clips" / "treadmill_side_garage.mp4"
    if real.is_file():
        return real
    path = tmp_path_factory.mktemp("clip") / "my_run.mp4"
    path.write_bytes((demo_clips / "s01_side_base.mp4").read_bytes() + b"\x00\x00\x00\x08free")
    return path


@pytest.fixture
def open_page(stack: Stack, browser: Browser) -> Iterator[OpenPage]:
    """A page of a new person; scripts that fail or are refused fail the test."""
    errors: list[str] = []
    contexts = []

    def open_one(size: dict[str, int]) -> Page:
        context = browser.new_context(base_url=stack.url, viewport=size)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture(scope="session")
def look(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Page, str], None]:
    """Keep a picture of the page, and see that it does not scroll sideways."""
    folder = Path(os.environ.get("RUNFORM_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)

    def one(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is {wider} px wider than the screen"

    return one


def _log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url("**/")


def test_the_terminal_names_one_address_and_the_demo_logins(stack: Stack) -> None:
    assert set(re.findall(r"http://\S+", stack.text)) == {stack.url}
    assert PASSWORD in stack.text
    for role in ("athlete", "coach", "manager"):
        assert f"{role}@demo.runform.test" in stack.text
    assert stack.rows("SELECT count(*) FROM processing_job") == [(4,)]


def test_a_newcomer_signs_up_checks_the_e_mail_and_starts_without_a_club(
    stack: Stack, open_page: OpenPage, look: Callable[[Page, str], None]
) -> None:
    page = open_page(PHONE)
    page.goto("/")
    look(page, "landing-phone")
    page.goto("/accounts/signup/")
    page.fill("[name=name]", "Nora New")
    page.fill("[name=email]", "nora@example.org")
    page.fill("[name=password1]", "quiet torso, light feet")
    page.fill("[name=password2]", "quiet torso, light feet")
    look(page, "signup-phone")
    page.click("main [type=submit]")

    def link() -> re.Match[str] | None:
        printed = quopri.decodestring(stack.text.encode()).decode(errors="replace")
        return re.search(rf"{stack.url}(/accounts/confirm-email/\S+)", printed)

    page.goto(wait_until(link, 10, "the e-mail on the console").group(1))
    page.click("main [type=submit]")
    page.goto("/profile/")
    expect(page.locator("h1")).to_be_visible()
    look(page, "profile-phone")
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Your first FormCheck")
    page.click("main >> text=New FormCheck")
    expect(page.locator("h1")).to_have_text("Before your first clip")
    look(page, "consent-phone")
    page.fill("[name=birth_date]", "1990-02-03")
    page.click("main [type=submit]")
    expect(page.locator("h1")).to_have_text("New FormCheck")


def test_the_athlete_uploads_a_clip_and_watches_it_become_results(
    stack: Stack, open_page: OpenPage, clip: Path, look: Callable[[Page, str], None]
) -> None:
    page = open_page(PHONE)
    _log_in(page, "athlete@demo.runform.test")
    expect(page.locator("[data-check]")).to_have_count(2)
    page.click("main >> text=New FormCheck")
    page.fill("[name=speed]", "10.5")
    page.fill("[name=shoes]", "the blue ones")
    look(page, "check-new-phone")
    page.click("main [type=submit]")
    page.wait_for_url(re.compile(r"/checks/[0-9a-f-]{36}/$"))
    look(page, "check-empty-phone")
    page.evaluate("window.notReloaded = true")

    # A slow line, so that the progress can be seen.
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.set_input_files("input[type=file]", clip)
    page.check("[name=shows][value=self]")
    if page.locator("#upload [type=submit]").is_enabled():
        page.click("#upload [type=submit]")
    expect(page.locator("#upload [data-status]")).to_have_text(re.compile(r"Uploading [1-9]\d? %"), timeout=20_000)
    look(page, "uploading-phone")
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})

    expect(page.locator("[data-clip]")).to_contain_text(clip.name, timeout=60_000)
    expect(page.locator("[data-clip] .status[data-state=running]")).to_be_visible(timeout=ANALYSED_MS)
    expect(page.locator(".stage--active .stage__percent")).to_have_text(re.compile(r"[1-9]\d? %"), timeout=60_000)
    look(page, "running-phone")
    assert page.evaluate("window.notReloaded"), "the page had to be reloaded"
    page.wait_for_url("**/results/", timeout=ANALYSED_MS)
    _see_results(page)
    look(page, "results-phone")


def _see_results(page: Page) -> None:
    """Pictures that load, charts that are drawn, and a cadence."""
    expect(page.locator("main")).to_contain_text("Cadence")
    pictures = page.locator("main img[src*='/frames/']")
    assert pictures.count() >= 2
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    wait_until(lambda: pictures.evaluate_all(loaded), 20, "the pictures")
    for chart in page.locator(".chart__plot").all():
        if chart.is_visible():
            chart.scroll_into_view_if_needed()
    expect(page.locator(".js-plotly-plot svg").first).to_be_visible()
    page.locator("video.film").first.evaluate("film => film.play()")
    page.wait_for_function("() => document.querySelector('video.film').currentTime > 0.2")


def test_the_coach_finds_the_same_check_at_the_desk_and_a_stranger_does_not(
    stack: Stack, open_page: OpenPage, clip: Path, look: Callable[[Page, str], None]
) -> None:
    ((hexcode,),) = stack.rows(
        "SELECT f.code FROM clips_formcheck f JOIN clips_clip c ON c.form_check_id = f.id WHERE c.original_name = ?",
        clip.name,
    )
    code = re.sub(r"^(.{8})(.{4})(.{4})(.{4})(.{12})$", r"\1-\2-\3-\4-\5", hexcode)
    published = "SELECT number FROM coaching_publication"
    wait_until(lambda: stack.rows(published) == [(1,)], 60, "the review of the demo's coach, without a second start")
    page = open_page(DESK)
    _log_in(page, "coach@demo.runform.test")
    page.click("header >> text=My athletes")
    expect(page.locator("[data-check]")).to_have_count(2)
    look(page, "coach-desk")
    page.locator(f"[data-check='{code}'] a").first.click()
    page.wait_for_url(f"**/checks/{code}/review/")
    _see_results(page)
    look(page, "review-desk")

    stranger = open_page(DESK).context.request
    assert stranger.get(f"/checks/{code}/results/", max_redirects=0).status == 302
    page.context.clear_cookies()
    _log_in(page, "manager@demo.runform.test")
    look(page, "manager-desk")


def test_every_demo_clip_was_analysed_at_the_first_attempt(stack: Stack) -> None:
    jobs = stack.rows(
        "SELECT c.original_name, j.state, j.attempt FROM processing_job j JOIN clips_clip c ON c.id = j.clip_id"
    )
    assert len(jobs) == 5
    assert {(state, attempt) for _, state, attempt in jobs} == {("done", 1)}
