"""Before a byte moves: what the page says of a chosen clip, in a real browser with clips made for the purpose."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from analysis.gates.clip import FPS_FEET, FPS_MIN
from runform.clips.models import Clip, FormCheck
from runform.processing.promise import promises
from tests.runform.pages import opened
from tests.runform.world import make_upload

PHONE = {"width": 390, "height": 844}
LOOKED_MS = 20_000


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, check: FormCheck) -> Iterator[Page]:
    with opened(browser, live_server.url, check.athlete, check.get_absolute_url(), viewport=PHONE) as page:
        yield page


Film = Callable[..., Path]


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """Make a clip whose pictures all differ; a picture that depends on no other once a second."""

    def make(
        name: str = "run.mp4",
        *,
        fps: int = 60,
        seconds: int = 6,
        width: int = 360,
        height: int = 640,
        codec: str = "libx264",
    ) -> Path:
        path = tmp_path / name
        noise = np.random.default_rng(1).integers(0, 255, (height // 4, width // 4), np.uint8)
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=fps, options={"g": str(fps), "bf": "0", "preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            for number in range(fps * seconds):
                grey = np.kron(np.roll(noise, number, 1), np.ones((4, 4), np.uint8))
                picture = np.repeat(grey[..., None], 3, 2)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
            container.mux(stream.encode())
        return path

    return make


def choose(page: Page, *paths: Path) -> Locator:
    page.set_input_files("#upload-file", [str(path) for path in paths])
    draft = page.locator(".draft").last
    expect(draft.locator("[data-notes] li").first).to_be_visible(timeout=LOOKED_MS)
    return draft


def test_before_anything_is_chosen_the_page_says_what_each_view_gives(page: Page) -> None:
    for promise in promises():
        row = page.locator(".promise li", has_text=str(promise.label))
        row.locator("summary").click()
        for one in promise.well:
            expect(row).to_contain_text(one.label)


def test_a_good_clip_is_called_so_and_its_view_says_what_it_gives(page: Page, film: Film) -> None:
    draft = choose(page, film(height=720))
    expect(draft.locator("[data-facts]")).to_have_text("6 s · 360 × 720 · 60 pictures a second")
    expect(draft.locator("[data-notes]")).to_have_text("Length, size and frame rate are fine.")
    expect(draft.locator("[data-gives-title]")).to_contain_text("Say from where it was filmed")
    draft.locator("[data-field=view]").select_option("side")
    side = next(one for one in promises() if one.view == "side")
    n = len(side.metrics)
    expect(draft.locator("[data-gives-title]")).to_have_text(f"{n} of {n} numbers")
    expect(draft.locator("[data-gives-list]")).to_contain_text("Measured well")
    draft.locator("[data-field=kind]").select_option("standing")
    standing = next(one for one in promises() if one.view == "standing")
    expect(draft.locator("[data-gives-title]")).to_have_text(
        f"{len(standing.metrics)} of {len(standing.metrics)} numbers"
    )


@pytest.mark.parametrize(
    ("fps", "said", "level"),
    [
        (round(FPS_MIN) - 8, "too few to follow a runner", "bad"),
        (round(FPS_FEET) - 20, "the times of the feet need 60 or more", "watch"),
    ],
)
def test_too_few_pictures_a_second_are_told_with_what_they_cost(
    page: Page, film: Film, fps: int, said: str, level: str
) -> None:
    draft = choose(page, film(fps=fps))
    expect(draft.locator(f".draft__note--{level}")).to_contain_text(said)
    draft.locator("[data-field=view]").select_option("side")
    side = next(one for one in promises() if one.view == "side")
    lost = [one.label for one in side.metrics if one.timed]
    expect(draft.locator("[data-gives-title]")).to_have_text(
        f"{len(side.metrics) - len(lost)} of {len(side.metrics)} numbers"
    )
    row = draft.locator("[data-gives-list] li", has_text="Not at")
    for label in lost:
        expect(row).to_contain_text(label)


def test_a_clip_that_is_too_short_says_how_long_is_long_enough(page: Page, film: Film) -> None:
    draft = choose(page, film(seconds=2))
    expect(draft.locator(".draft__note--bad")).to_contain_text("at least 3 are needed")


def test_a_kind_that_the_browser_cannot_show_is_no_mistake_of_the_runner(page: Page, film: Film) -> None:
    draft = choose(page, film("phone.mov", codec="libx265", seconds=3))
    expect(draft.locator("[data-notes]")).to_contain_text(
        "cannot show this kind of video (HEVC / H.265). Nothing is wrong"
    )
    expect(draft.locator("[data-facts]")).to_contain_text("60 pictures a second")
    expect(draft.locator("[data-film]")).to_be_hidden()
    expect(page.locator("#upload [type=submit]")).to_be_enabled()


def test_what_is_no_film_may_be_sent_all_the_same_and_what_is_too_large_may_not(
    page: Page, tmp_path: Path, film: Film
) -> None:
    (tmp_path / "odd.mkv").write_bytes(b"who knows")
    draft = choose(page, tmp_path / "odd.mkv")
    expect(draft.locator("[data-notes]")).to_contain_text("You can send it all the same")
    (tmp_path / "empty.mp4").write_bytes(b"")
    page.set_input_files("#upload-file", str(tmp_path / "empty.mp4"))
    expect(page.locator(".draft").last.locator("[data-error]")).to_have_text("This file is empty.")


def test_a_part_is_chosen_and_only_that_part_is_sent_without_loss(
    page: Page, film: Film, check: FormCheck, tmp_path: Path
) -> None:
    whole = film(fps=30, seconds=8)
    draft = choose(page, whole)
    for name, seconds in (("from", 3.4), ("to", 6.0)):
        draft.locator(f"[data-{name}]").fill(str(seconds))
    expect(draft.locator("[data-stretch]")).to_contain_text("Only 3.4 s to 6 s is analysed (2.6 s).")
    expect(draft.locator("[data-stretch]")).to_contain_text("Only this part is sent")
    page.check("[name=shows][value=self]")
    page.click("#upload [type=submit]")
    expect(page.locator("[data-clip]")).to_contain_text("run.mp4", timeout=LOOKED_MS)
    clip = Clip.objects.get()
    # From the key frame at 3 s on, picture for picture.
    assert (clip.from_s, clip.to_s) == (pytest.approx(0.4, abs=0.01), pytest.approx(3.0, abs=0.01))
    with clip.file.open("rb") as stored, av.open(stored) as cut, av.open(str(whole)) as full:
        sent = [frame.to_ndarray(format="gray") for frame in cut.decode(video=0)]
        kept = [frame.to_ndarray(format="gray") for frame in full.decode(video=0)][90:]
    assert len(sent) in {90, 91}
    assert all(np.array_equal(one, other) for one, other in zip(sent, kept, strict=False))


def test_what_is_on_its_way_is_offered_and_can_be_discarded(page: Page, check: FormCheck) -> None:
    make_upload(check)
    page.reload()
    expect(page.locator(".unfinished li")).to_contain_text("new.mp4")
    page.click("[data-discard]")
    expect(page.locator(".unfinished li")).to_have_count(0)


def test_two_go_up_at_once_and_the_third_waits(page: Page, film: Film) -> None:
    paths = [film(f"{n}.mp4", seconds=3, fps=30 + n) for n in range(3)]
    choose(page, *paths)
    page.check("[name=shows][value=self]")
    page.route(re.compile(r"/uploads/$"), lambda route: None)  # never answered
    page.click("#upload [type=submit]")
    expect(page.locator("[data-status]", has_text="Uploading 0 %")).to_have_count(2, timeout=LOOKED_MS)
    expect(page.locator("[data-status]", has_text="Waiting for its turn")).to_have_count(1)
    page.locator(".draft [data-cancel]").first.click()
    expect(page.locator("[data-status]", has_text="Uploading 0 %")).to_have_count(2)
    expect(page.locator(".draft")).to_have_count(2)
