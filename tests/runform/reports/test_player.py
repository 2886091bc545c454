"""The player in a real browser: it shows the picture that it says, and draws that picture's own landmarks."""

import json
import random
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from analysis.export import write_copy
from analysis.serialize import write_series
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.models import Report
from runform.reports.services import output_store, report_publish
from tests.runform.coaching.desk import go, player_of
from tests.runform.pages import opened
from tests.runform.reports import barcode
from tests.runform.world import SIDE, make_clip

Open = Callable[..., Page]


def publish(check: FormCheck, folder: Path) -> Report:
    output = output_store(out_dir=folder, prefix=f"reports/{uuid.uuid4()}")
    return report_publish(clip=make_clip(check), job_code=uuid.uuid4(), output=output)


@pytest.fixture(scope="session")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the analyser would leave of the clip with the numbers on it; the copy is really made."""
    folder = tmp_path_factory.mktemp("coded")
    barcode.write_clip(folder / "clip.mp4")
    write_copy(folder / "clip.mp4", folder / "copy.mp4")
    write_series(folder / "report.npz", barcode.landmarks(), {}, np.empty(0))
    t_s = barcode.moments()
    strides = [[t_s[n], t_s[n + 20]] for n in range(25, 105, 20)]
    events = {side: {"foot_strike": [t_s[n] for n in at]} for side, at in (("right", [25, 45, 65]), ("left", [35, 55]))}
    content = json.loads(SIDE.read_text())
    content |= {"frames": [], "series": "report.npz"}
    content["gait"] |= {"stride_cuts_s": strides, "events": events}
    content["findings"][0]["evidence_s"] = [t_s[50], t_s[90]]
    content["findings"][1:] = []
    (folder / "report.json").write_text(json.dumps(content))
    return folder


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory, demo_clips: Path) -> Path:
    """A real analysis of a demo clip, as the worker orders it."""
    folder = tmp_path_factory.mktemp("analysed")
    command = [sys.executable, "-m", "analysis", demo_clips / "s10_side_head8.mp4", "--json", folder / "report.json"]
    command += ["--frames", folder / "frames", "--copy", folder / "copy.mp4"]
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, capture_output=True)
    return folder


@pytest.fixture
def open_results(browser: Browser, live_server: LiveServer, athlete: User, check: FormCheck) -> Iterator[Open]:
    """Opens the results page of the check; a script that fails, fails the test."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> Page:
            path = f"/checks/{check.code}/results/"
            return stack.enter_context(opened(browser, live_server.url, athlete, path, **options))

        yield open_one


def shown(player: Locator) -> int:
    return int(str(player.get_attribute("data-frame")))


# A picture is announced when it is handed over to be shown, which a slow machine does a moment later.
SHOWN = """() => new Promise(done => { let left = 4;
  const next = () => { left -= 1; if (left) requestAnimationFrame(next); else setTimeout(done, 50); }; next(); })"""


def photo(player: Locator) -> np.ndarray:
    """What a person sees of the stage, without its letterbox."""
    stage = player.locator("[data-stage]")
    if player.locator("video").evaluate("video => video.paused"):
        player.page.evaluate(SHOWN)
    data = np.frombuffer(stage.screenshot(), np.uint8)
    rgb = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    width, height = stage.evaluate("s => [s.querySelector('video').videoWidth, s.querySelector('video').videoHeight]")
    scale = min(rgb.shape[1] / width, rgb.shape[0] / height)
    left, top = round((rgb.shape[1] - scale * width) / 2), round((rgb.shape[0] - scale * height) / 2)
    return rgb[top : top + round(scale * height), left : left + round(scale * width)]


def test_twenty_pictures_at_random_are_the_right_ones_with_their_own_landmark(
    open_results: Open, check: FormCheck, coded: Path
) -> None:
    publish(check, coded)
    player = player_of(open_results())
    for number in random.Random(4).sample(range(barcode.FIRST, barcode.LAST + 1), 20):
        go(player, number)
        seen, drawn = barcode.read(photo(player))
        assert seen == number
        assert drawn == pytest.approx(barcode.place(number), abs=2.5)


def test_while_it_plays_the_lines_are_those_of_the_picture_on_show(
    open_results: Open, check: FormCheck, coded: Path
) -> None:
    publish(check, coded)
    player = player_of(open_results())
    go(player, 25)
    player.get_by_role("radio", name="A quarter of the speed").check()
    player.get_by_role("button", name="Play", exact=True).click()
    shots = [barcode.read(photo(player)) for _ in range(8)]
    assert len({number for number, _ in shots}) > 3
    for number, drawn in shots:
        assert drawn == pytest.approx(barcode.place(number), abs=2.5)


def test_what_is_hardly_seen_is_a_ring_or_not_there(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    player = player_of(open_results())
    go(player, 60)
    shot = photo(player)
    scale = shot.shape[1] / barcode.WIDTH

    def orange(at: tuple[int, int], radius: float) -> int:
        x, y, r = (round(scale * value) for value in (*at, radius))
        part = shot[y - r : y + r + 1, x - r : x + r + 1].astype(int)
        return int((np.abs(part - barcode.RIGHT_PAINT).sum(axis=2) < 60).sum())

    assert orange(barcode.HIDDEN, 15) == 0
    assert orange(barcode.UNSURE, 10) > 8
    assert orange(barcode.UNSURE, 0.5) == 0


def test_outside_the_analysed_stretch_the_clip_shows_without_lines(
    open_results: Open, check: FormCheck, coded: Path
) -> None:
    publish(check, coded)
    player = player_of(open_results())
    for number in (0, barcode.FIRST - 1, barcode.LAST + 1, barcode.PICTURES - 1):
        go(player, number)
        assert barcode.read(photo(player)) == (number, None)
        expect(player.locator("output strong")).to_have_text("outside the analysed stretch")


def test_a_real_clip_shows_the_picture_that_the_analyser_read(
    open_results: Open, check: FormCheck, analysed: Path, demo_clips: Path
) -> None:
    report = publish(check, analysed)
    player = player_of(open_results())
    player.locator("[data-layer]:checked").evaluate_all("boxes => boxes.forEach(box => box.click())")
    frames = json.loads((analysed / "report.json").read_text())["clip"]["frames"]
    chosen = random.Random(5).sample(range(3, frames - 3), 20)
    near = {number + by for number in chosen for by in range(-2, 3)}
    with av.open(str(demo_clips / "s10_side_head8.mp4")) as film:
        pictures = {n: f.to_ndarray(format="rgb24") for n, f in enumerate(film.decode(video=0)) if n in near}
    for number in chosen:
        go(player, number)
        shot = cv2.resize(photo(player), (640, 360), interpolation=cv2.INTER_AREA).astype(float)
        apart = {
            other: float(np.abs(cv2.resize(pictures[other], (640, 360), interpolation=cv2.INTER_AREA) - shot).mean())
            for other in range(number - 2, number + 3)
        }
        assert min(apart, key=apart.__getitem__) == number
    assert report.frames.exists()


def test_keys_move_by_one_picture_an_event_or_a_stride(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    page = open_results()
    player = player_of(page)
    player.locator("[data-stage]").focus()
    go(player, 40)
    for key, number in (
        (".", 41), ("ArrowRight", 42), (",", 41), ("ArrowLeft", 40), ("n", 45), ("n", 55), ("p", 45), ("p", 35),
        ("Shift+ArrowRight", 55), ("Shift+ArrowLeft", 35), ("Home", barcode.FIRST), ("End", barcode.LAST),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(player).to_have_attribute("data-frame", str(number))
        assert barcode.read(photo(player))[0] == number
    # As fast as fingers go, none is lost.
    go(player, 60)
    for _ in range(12):
        page.keyboard.press(".")
    expect(player).to_have_attribute("data-frame", "72")
    assert barcode.read(photo(player))[0] == 72


def test_the_slider_moves_one_picture_a_key_and_says_where_it_is(
    open_results: Open, check: FormCheck, coded: Path
) -> None:
    publish(check, coded)
    page = open_results()
    player = player_of(page)
    go(player, 44)
    slider = player.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(player).to_have_attribute("data-frame", "45")
    t_s = barcode.moments()[45]
    expect(slider).to_have_attribute(
        "aria-valuetext", re.compile(rf"{t_s:.1f}\d s · picture 46 of 150, Right foot strike")
    )


def test_a_loop_stays_in_its_stride(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    page = open_results()
    player = player_of(page)
    go(player, 50)
    player.get_by_role("button", name="Loop the stride").click()
    player.get_by_role("radio", name="A quarter of the speed").check()
    player.evaluate(
        """player => { player.seen = []; new MutationObserver(() => player.seen.push(Number(player.dataset.frame)))
          .observe(player, { attributes: true, attributeFilter: ["data-frame"] }); }"""
    )
    player.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("p => p.seen.filter((f, n, all) => f < all[n - 1]).length > 1", arg=player.element_handle())
    player.get_by_role("button", name="Pause", exact=True).click()
    seen = player.evaluate("player => player.seen")
    assert set(seen) <= set(range(45, 66)), sorted(set(seen))
    # The browser may leave a picture out while it plays.
    assert min(seen) < 49
    assert max(seen) >= 64


def test_j_plays_backwards_k_stops_l_plays(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    page = open_results()
    player = player_of(page)
    go(player, 100)
    player.locator("[data-stage]").focus()
    page.keyboard.press("j")
    page.wait_for_function("p => Number(p.dataset.frame) < 90", arg=player.element_handle())
    page.keyboard.press("k")
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_timeout(400)
    stopped = shown(player)
    page.wait_for_timeout(300)
    assert shown(player) == stopped == barcode.read(photo(player))[0]
    page.keyboard.press("l")
    page.wait_for_function("([p, from]) => Number(p.dataset.frame) > from + 5", arg=[player.element_handle(), stopped])
    page.keyboard.press("<")
    assert player.locator("video").evaluate("video => video.playbackRate") == 0.5
    page.keyboard.press("Space")
    assert player.locator("video").evaluate("video => video.paused")


def test_the_lines_zoom_with_the_picture(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    player = player_of(open_results())
    go(player, 60)
    at = np.array(barcode.place(60))
    before = barcode.read(photo(player))[1]
    player.locator("[data-stage]").evaluate(
        """(stage, [x, y]) => { const box = stage.getBoundingClientRect(), video = stage.querySelector("video");
          const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
          stage.dispatchEvent(new WheelEvent("wheel", { deltaY: -60, ctrlKey: true, bubbles: true, cancelable: true,
            clientX: box.left + (box.width - scale * video.videoWidth) / 2 + scale * x,
            clientY: box.top + (box.height - scale * video.videoHeight) / 2 + scale * y })); }""",
        at.tolist(),
    )
    shot = photo(player)
    drawn = barcode.read(shot)[1]
    # The point under the wheel stays where it is, and so does its mark; the white square around it has grown.
    assert drawn == pytest.approx(before, abs=3)
    scale = shot.shape[1] / barcode.WIDTH
    row = shot[round(scale * at[1]) - 8, max(0, round(scale * (at[0] - 60))) : round(scale * (at[0] + 60))]
    assert (row.min(axis=1) > 180).sum() / scale > 28 * 1.4


def test_nothing_of_the_clip_is_fetched_before_it_is_near_and_nothing_plays_by_itself(
    open_results: Open, check: FormCheck, coded: Path
) -> None:
    publish(check, coded)
    fetched: list[str] = []
    page = open_results(viewport={"width": 390, "height": 500})
    page.on("request", lambda request: fetched.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "copy.mp4" in url or "/landmarks/" in url]
    player = player_of(page)
    assert player.locator("video").evaluate("video => video.paused")
    expect(player).to_have_attribute("data-frame", "50")  # the first moment that shows the first finding


def test_a_finding_leads_to_its_moment_in_the_clip(open_results: Open, check: FormCheck, analysed: Path) -> None:
    publish(check, analysed)
    page = open_results()
    link = page.locator("[data-show-in]").last
    t_s = float(str(link.get_attribute("data-moment")))
    link.click()
    player = page.locator("[data-player]")
    expect(player).to_have_attribute("data-frame", str(round(t_s * 60)), timeout=20_000)
    expect(player.locator("[data-stage]")).to_be_focused()
    expect(player.locator("[data-stage]")).to_be_in_viewport()


def test_everything_has_a_name_and_fits_a_phone(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    page = open_results(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    player = player_of(page)
    controls = player.locator("button, input:not([type=hidden])")
    nameless = controls.evaluate_all(
        """all => all.filter(one => !(one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent)
          .trim()).map(one => one.outerHTML)"""
    )
    assert nameless == []
    small = controls.evaluate_all(
        """all => all.map(one => one.labels?.[0] ?? one).filter(one => { const box = one.getBoundingClientRect();
          return box.width && (box.width < 24 || box.height < 24); }).map(one => one.outerHTML)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    player.locator("[data-stage]").tap()
    expect(player.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    player.get_by_role("button", name="Pause", exact=True).tap()
    player.get_by_role("button", name="Keys and gestures").tap()
    expect(page.get_by_role("dialog", name="Keys and gestures")).to_be_visible()


def test_two_fingers_zoom_and_one_moves_the_picture(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    page = open_results(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    player = player_of(page)
    stage, video = player.locator("[data-stage]"), player.locator("video")
    box, touch = stage.bounding_box(), page.context.new_cdp_session(page)
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (x - 20, y), (x + 20, y))
    for apart in range(25, 61, 5):
        fingers("touchMove", (x - apart, y), (x + apart, y))
    fingers("touchEnd")
    place = "video => { const at = new DOMMatrix(getComputedStyle(video).transform); return [at.a, at.e]; }"
    zoom, left = video.evaluate(place)
    assert 2.5 < zoom < 3.5
    fingers("touchStart", (x, y))
    for by in range(5, 41, 5):
        fingers("touchMove", (x + by, y))
    fingers("touchEnd")
    assert video.evaluate(place) == pytest.approx([zoom, left + 40], abs=6)
    assert video.evaluate("video => video.paused")
    player.get_by_role("button", name="Show the whole picture").click()
    expect(video).to_have_css("transform", "none")


def test_without_scripts_the_browsers_own_controls_remain(open_results: Open, check: FormCheck, coded: Path) -> None:
    publish(check, coded)
    page = open_results(java_script_enabled=False)
    video = page.locator("[data-player] video")
    expect(video).to_have_attribute("controls", "")
    expect(page.locator("[data-panel]")).to_be_hidden()


def test_when_the_lines_do_not_come_the_clip_can_still_be_watched(
    open_results: Open, check: FormCheck, coded: Path
) -> None:
    report = publish(check, coded)
    page = open_results()
    page.route(f"**/reports/{report.code}/landmarks/", lambda route: route.abort())
    page.reload()
    page.locator("[data-player]").scroll_into_view_if_needed()
    expect(page.locator("[data-player] [data-failed]")).to_be_visible()
    expect(page.locator("[data-player] video")).to_have_attribute("controls", "")
