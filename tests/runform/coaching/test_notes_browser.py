"""Drawing and speaking on a clip in a real browser, and what the athlete sees of it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from runform.accounts.models import User
from runform.coaching.models import Comment, FrameNote, Review, Subject, VoiceNote
from runform.coaching.services.publish import publish_remarks
from runform.reports.models import Report
from tests import browser as browsers
from tests.runform.coaching.desk import (
    PHONE,
    drag,
    go,
    on_screen,
    on_stage,
    player_of,
)

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
Desk = Callable[..., Page]


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A drawing is saved, then the list is fetched: on a busy machine that takes its time."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.launched(*MICROPHONE) as running:
        yield running


def start_drawing(player: Locator, tool: str) -> None:
    opener = player.get_by_role("button", name="Draw on this picture")
    expect(opener.or_(player.get_by_role("group", name="Tool"))).to_be_visible()
    if opener.is_visible():
        opener.click()
    player.get_by_role("button", name=tool, exact=True).click()


def is_saved(player: Locator, words: str) -> None:
    """The list, which the server writes anew after each save, says it."""
    expect(player.locator("[data-note=drawing] .notes__text")).to_have_text(words)
    expect(player.locator("[data-save-state]")).to_have_text("Saved")


def shapes() -> list[dict[str, Any]]:
    return list(FrameNote.objects.get(deleted_at=None).drawing["shapes"])


def ends_on_stage(line: Locator) -> list[tuple[float, float]]:
    """Where a drawn line begins and where its path ends, as the browser has it."""
    ends = line.locator(".ink__line").evaluate(
        "path => [0, path.getTotalLength()].map(at => path.getPointAtLength(at)).map(({ x, y }) => [x, y])"
    )
    return [tuple(end) for end in ends]


def test_a_line_drawn_at_zoom_two_lies_at_the_same_place_after_reload_at_zoom_one(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    for _ in range(2):
        player.get_by_role("button", name="Zoom in").click()
    start_drawing(player, "Line")
    start, end = (280.0, 150.0), (390.0, 230.0)
    drag(page, player, start, end)
    is_saved(player, "one line")
    for kept, meant in zip(shapes()[0]["points"], (start, end), strict=True):
        assert kept == pytest.approx(meant, abs=1.0)
    assert FrameNote.objects.get().frame_index == 60
    for viewport in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.reload()
        player = player_of(page)
        go(player, 60)
        expect(player.locator("[data-ink=line]")).to_be_visible()
        for drawn, meant in zip(ends_on_stage(player.locator("[data-ink=line]")), (start, end), strict=True):
            assert drawn == pytest.approx(on_stage(player, meant), abs=1.5)
        expect(player.locator("video")).to_have_css("transform", "none")


def test_a_drawing_belongs_to_its_picture_and_follows_the_zoom(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    start_drawing(player, "Arrow")
    drag(page, player, (200, 120), (400, 220))
    is_saved(player, "one arrow")
    go(player, 61)
    expect(player.locator("[data-ink]")).to_have_count(0)
    player.get_by_role("button", name="Done").click()
    # To look at, its neighbours show it faintly, and those far away do not.
    expect(player.locator(".sheet--near [data-ink=arrow]")).to_have_count(1)
    go(player, 90)
    expect(player.locator("[data-ink]")).to_have_count(0)
    player.get_by_role("button", name="Drawing at").click()
    expect(player).to_have_attribute("data-frame", "60")
    expect(player.locator(".sheet:not(.sheet--near) [data-ink=arrow]")).to_have_count(1)
    player.get_by_role("button", name="Zoom in").click()
    drawn = ends_on_stage(player.locator("[data-ink=arrow]"))[0]
    assert drawn == pytest.approx(on_stage(player, (200, 120)), abs=1.5)


def test_an_angle_says_its_value_as_drawn(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    start_drawing(player, "Angle")
    drag(page, player, (300, 100), (300, 300))
    page.mouse.move(*on_screen(player, (450, 250)))
    page.mouse.click(*on_screen(player, (500, 300)))
    expect(player.locator("[data-ink=angle] text")).to_have_text("90° drawn")
    is_saved(player, "drawn angle 90°")


def test_undo_redo_move_and_delete(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    start_drawing(player, "Circle")
    drag(page, player, (300, 200), (340, 200))
    player.get_by_role("button", name="Line by hand").click()
    drag(page, player, (100, 100), (180, 140))
    is_saved(player, "one circle, one line by hand")
    page.keyboard.press("Control+z")
    is_saved(player, "one circle")
    page.keyboard.press("Control+y")
    is_saved(player, "one circle, one line by hand")
    player.get_by_role("button", name="Choose and move").click()
    drag(page, player, (140, 120), (160, 150))
    is_saved(player, "one circle, one line by hand")
    expect(player.locator(".is-chosen[data-ink=path]")).to_be_visible()
    moved = shapes()[1]["points"]
    assert moved[0] == pytest.approx([120, 130], abs=2)
    assert moved[-1] == pytest.approx([200, 170], abs=2)
    page.keyboard.press("Delete")
    is_saved(player, "one circle")
    player.get_by_role("button", name="Undo").click()
    is_saved(player, "one circle, one line by hand")
    player.get_by_role("button", name="Delete this drawing").click()
    expect(player.locator("[data-note=drawing]")).to_have_count(0)
    player.get_by_role("button", name="Undo").click()
    is_saved(player, "one circle, one line by hand")


def test_words_on_the_picture_are_written_and_changed(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    start_drawing(player, "Text")
    page.mouse.click(*on_screen(player, (200, 150)))
    # Typed at once: not a letter of it is a key of the player.
    page.keyboard.type("Hips <b>level</b> k")
    page.keyboard.press("Enter")
    is_saved(player, "text: “Hips <b>level</b> k”")
    page.mouse.click(*on_screen(player, (201, 151)))
    page.get_by_role("textbox", name="Text on the picture").fill("Hips level")
    page.keyboard.press("Enter")
    is_saved(player, "text: “Hips level”")
    page.mouse.click(*on_screen(player, (500, 300)))
    page.get_by_role("textbox", name="Text on the picture").fill("never mind")
    page.keyboard.press("Escape")
    expect(player.locator("[data-ink=text]")).to_have_count(1)


def test_the_keyboard_alone_draws_moves_and_deletes(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    expect(player.get_by_role("button", name="Draw on this picture")).to_be_visible()
    player.locator("[data-stage]").focus()
    page.keyboard.press("d")
    expect(player.get_by_role("button", name="Line", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    is_saved(player, "one line")
    (x0, y0), (x1, y1) = shapes()[0]["points"]
    assert (x1 - x0 > 15, y0) == (True, y1)
    expect(player).to_have_attribute("data-frame", "60")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(player.locator(".is-chosen[data-ink=line]")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(player.locator("[data-save-state]")).to_have_text("Saved")
    assert shapes()[0]["points"][0][1] > y0
    page.keyboard.press("Delete")
    expect(player.locator("[data-note=drawing]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(player.get_by_role("button", name="Draw on this picture")).to_be_focused()
    page.keyboard.press(".")
    expect(player).to_have_attribute("data-frame", "61")


def test_one_finger_draws_and_two_move_the_picture(desk: Desk) -> None:
    page = desk(viewport=PHONE, has_touch=True, is_mobile=True)
    player = player_of(page)
    go(player, 60)
    start_drawing(player, "Arrow")
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    start, end = on_screen(player, (200, 150)), on_screen(player, (400, 250))
    fingers("touchStart", start)
    for share in (0.3, 0.6, 1.0):
        fingers("touchMove", (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
    fingers("touchEnd")
    is_saved(player, "one arrow")
    assert shapes()[0]["points"][1] == pytest.approx([400, 250], abs=2)
    x, y = on_screen(player, (320, 180))
    fingers("touchStart", (x - 20, y), (x + 20, y))
    for apart in range(25, 61, 5):
        fingers("touchMove", (x - apart, y), (x + apart, y))
    fingers("touchEnd")
    zoomed = "video => new DOMMatrix(getComputedStyle(video).transform).a > 2"
    page.wait_for_function(zoomed, arg=player.locator("video").element_handle())
    expect(player.locator("[data-ink]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_without_a_connection_a_drawing_waits_and_is_saved_later(desk: Desk) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    start_drawing(player, "Line")
    page.route("**/drawings/**", lambda route: route.abort())
    drag(page, player, (200, 100), (300, 200))
    expect(player.locator("[data-save-state]")).to_contain_text("Not saved yet")
    assert not FrameNote.objects.exists()
    page.unroute("**/drawings/**")
    is_saved(player, "one line")


def test_marks_on_the_bar_lead_to_notes_and_m_goes_from_one_to_the_next(
    desk: Desk, review: Review, coach: User, report: Report
) -> None:
    place: dict[str, Any] = {"review": review, "author": coach, "report": report}
    Comment.objects.create(**place, subject=Subject.MOMENT, t_s=0.9, frame_index=30, text="Look.")
    drawing = {
        "version": 1,
        "size": [640, 360],
        "shapes": [{"kind": "line", "colour": "cyan", "points": [[9, 9], [90, 90]]}],
    }
    FrameNote.objects.create(**place, t_s=2.5, frame_index=80, drawing=drawing)
    page = desk()
    player = player_of(page)
    expect(player.locator("[data-mark]")).to_have_count(2)
    icons = player.locator("[data-mark] use").evaluate_all(
        "all => all.map(one => one.getAttribute('href').split('#')[1])"
    )
    assert icons == ["comment", "drawing"]
    player.locator("[data-mark=drawing]").click()
    expect(player).to_have_attribute("data-frame", "80")
    player.locator("[data-stage]").focus()
    page.keyboard.press("Shift+M")
    expect(player).to_have_attribute("data-frame", "30")
    expect(player.get_by_role("button", name="Comment at")).to_have_attribute("aria-current", "true")
    page.keyboard.press("m")
    expect(player).to_have_attribute("data-frame", "80")


def test_the_athlete_sees_what_is_published_and_has_no_tools(
    desk: Desk, review: Review, coach: User, athlete: User, report: Report
) -> None:
    drawing = {
        "version": 1,
        "size": [640, 360],
        "shapes": [{"kind": "line", "colour": "cyan", "points": [[9, 9], [90, 90]]}],
    }
    FrameNote.objects.create(review=review, author=coach, report=report, t_s=2.5, frame_index=80, drawing=drawing)
    page = desk(athlete)
    player = player_of(page)
    expect(player.locator("[data-notes][data-opened]")).to_have_count(1)
    expect(player.locator("[data-note]")).to_have_count(0)
    publish_remarks(review, timezone.now())
    page.reload()
    player = player_of(page)
    player.get_by_role("button", name="Drawing at").click()
    expect(player.locator("[data-ink=line]")).to_be_visible()
    expect(player.locator("[data-note] .notes__text")).to_have_text("one line")
    expect(player.locator("[data-draw], [data-voice], [data-wipe]")).to_have_count(0)
    player.locator("[data-stage]").focus()
    page.keyboard.press("d")
    expect(player.get_by_role("button", name="Done")).to_have_count(0)


def record(player: Locator, page: Page) -> None:
    player.get_by_text("Add a voice note").click()
    player.get_by_role("button", name="Record", exact=True).click()
    expect(player.locator("[data-said]")).to_have_text("Recording")
    # The browser's own test tone beeps: the meter moves.
    page.wait_for_function("() => document.querySelector('[data-level]').value > 0.3")
    page.wait_for_function(
        "() => Number(document.querySelector('[data-time]').textContent.match(/^0:(\\d+)/)?.[1]) >= 2"
    )
    player.get_by_role("button", name="Stop").click()
    expect(player.locator("[data-said]")).to_contain_text("Recorded")


def test_a_voice_note_is_recorded_heard_written_down_saved_played_and_deleted(
    desk: Desk, review: Review, athlete: User
) -> None:
    page = desk()
    player = player_of(page)
    go(player, 60)
    record(player, page)
    playback = player.locator("[data-playback]")
    expect(playback).to_be_visible()
    expect(playback).to_have_attribute("src", re.compile("^blob:"))
    player.get_by_role("button", name="Save the voice note").click()
    expect(player.locator("[data-said]")).to_contain_text("write down")
    assert not VoiceNote.objects.exists()
    player.get_by_label("The same in writing").fill("Keep the hips level.")
    player.get_by_role("button", name="Save the voice note").click()
    expect(player.locator("[data-note=voice] .notes__text")).to_have_text("Keep the hips level.")
    note = VoiceNote.objects.get()
    assert (note.content_type, note.frame_index) == ("audio/webm", 60)
    assert note.seconds > 1.9
    player.get_by_text("Change the words").click()
    player.locator("[data-rewrite] textarea").fill("Keep the hips level, softly.")
    player.get_by_role("button", name="Save the words").click()
    expect(player.locator("[data-note=voice] .notes__text")).to_have_text("Keep the hips level, softly.")
    publish_remarks(review, timezone.now())
    heard = desk(athlete)
    theirs = player_of(heard)
    sound = theirs.locator("[data-note=voice] audio")
    expect(sound).to_be_visible()
    assert (
        sound.evaluate("sound => new Promise(done => { sound.oncanplay = () => done(sound.error); sound.load(); })")
        is None
    )
    page.on("dialog", lambda dialog: dialog.accept())
    player.get_by_role("button", name="Delete this voice note").click()
    expect(player.locator("[data-note=voice]")).to_have_count(0)


def test_a_recording_ends_at_the_limit_and_can_be_thrown_away(desk: Desk, settings: Any) -> None:
    settings.LIMITS = settings.LIMITS.__class__(voice_s=1)
    page = desk()
    player = player_of(page)
    player.get_by_text("Add a voice note").click()
    player.get_by_role("button", name="Record", exact=True).click()
    expect(player.locator("[data-said]")).to_contain_text("longest")
    player.get_by_role("button", name="Throw it away").click()
    expect(player.locator("[data-playback]")).to_be_hidden()
    expect(player.get_by_role("button", name="Record", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("NotAllowedError", "does not let this page"),
        ("NotFoundError", "No microphone"),
        ("AbortError", "cannot be used"),
    ],
)
def test_without_a_microphone_the_page_says_why(desk: Desk, error: str, says: str) -> None:
    page = desk()
    player = player_of(page)
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)); }", error
    )
    player.get_by_text("Add a voice note").click()
    player.get_by_role("button", name="Record", exact=True).click()
    expect(player.locator("[data-said]")).to_contain_text(says)
    expect(player.get_by_role("button", name="Record", exact=True)).to_be_visible()


def test_only_the_page_of_a_review_may_ask_for_the_microphone(desk: Desk, athlete: User) -> None:
    asks = "() => document.featurePolicy.allowsFeature('microphone')"
    assert desk().evaluate(asks) is True
    assert desk(athlete).evaluate(asks) is False


def test_every_control_has_a_name_and_is_large_enough(desk: Desk) -> None:
    page = desk(viewport=PHONE, has_touch=True, is_mobile=True)
    player = player_of(page)
    start_drawing(player, "Line")
    player.get_by_text("Add a voice note").click()
    controls = player.locator("[data-draw], [data-notes]").locator("button:visible, summary:visible, textarea:visible")
    odd = controls.evaluate_all(
        """all => all.filter(one => { const box = one.getBoundingClientRect(); return box.height < 32 || box.width < 32
          || !(one.getAttribute("aria-label") || one.textContent || one.labels?.[0]?.textContent).trim(); })
          .map(one => one.outerHTML)"""
    )
    assert odd == []
    assert json.loads(page.evaluate("JSON.stringify(document.documentElement.scrollWidth)")) == PHONE["width"]
