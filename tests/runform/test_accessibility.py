"""WCAG 2.2 AA by axe over the main pages: phone and desk, light and dark."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.runform.pages import log_in
from tests.runform.world import World

# The first look is for everything; what a look changes is asked again: of most pages in one other look, of some in all.
Looks = tuple[tuple[int, int, Literal["light", "dark"]], ...]
LOOKS: Looks = (
    (390, 844, "light"),
    (1280, 900, "dark"),
    (390, 844, "dark"),
    (1280, 900, "light"),
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What depends on the look; all else is the same page.
SEEN = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
# They lie over the page while they are open.
MENUS = ".upload-for, .take-menu"
UNFOLD = "menus => document.querySelectorAll(`main details:not(${menus})`).forEach(one => { one.open = true; })"
Args = Callable[[World], list[Any]]


def nothing(world: World) -> list[Any]:
    return []


# By whom it is opened: the page's name, what it is about.
Pages = tuple[tuple[str, Args], ...]
PAGES: dict[str, Pages] = {
    "": (
        ("account_login", nothing),
        ("account_signup", nothing),
        ("account_reset_password", nothing),
        ("film", nothing),
        ("metric_list", nothing),
        ("metric", lambda w: ["forward_lean_mean"]),
        ("shared", lambda w: [w.share_secret]),
        ("receipt", lambda w: [w.receipt.code]),
    ),
    "athlete": (
        ("home", nothing),
        ("check_new", nothing),
        ("check", lambda w: [w.check.code]),
        ("check_edit", lambda w: [w.check.code]),
        ("check_compare", lambda w: [w.second_report.clip.form_check.code]),
        ("check_take", lambda w: [w.check.code]),
        ("check_share", lambda w: [w.check.code]),
        ("progress", nothing),
        ("plan", lambda w: [w.plan.code]),
        ("clip_correct", lambda w: [w.clip.code]),
        ("clip_mark", lambda w: [w.clip.code]),
        ("report_version", lambda w: [w.report.code]),
        ("profile", nothing),
        ("mfa_index", nothing),
        ("account_reauthenticate", nothing),
        ("consent", lambda w: [w.athlete.code]),
        ("person_data", lambda w: [w.athlete.code]),
        ("person_log", lambda w: [w.athlete.code]),
        ("tokens", nothing),
        ("webhook", lambda w: [w.webhook.code]),
        ("notifications", nothing),
    ),
    "coach": (
        ("coach", nothing),
        ("review", lambda w: [w.check.code]),
        ("library", nothing),
        ("clip_hand_over", lambda w: [w.clip.code]),
        ("club", lambda w: [w.club.code]),
        ("club_people", lambda w: [w.club.code]),
        ("club_squad", lambda w: [w.club.code]),
    ),
    "manager": (
        ("club", lambda w: [w.club.code]),
        ("club_new", nothing),
        ("club_settings", lambda w: [w.club.code]),
        ("club_status", lambda w: [w.club.code]),
        ("squad_change", lambda w: [w.club.code, w.squad.code]),
        ("club_log", lambda w: [w.club.code]),
        ("club_status", lambda w: [w.club.code]),
        ("club_renewal", lambda w: [w.club.code]),
    ),
    "welfare": (("club_conversations", lambda w: [w.club.code]),),
}
VISITS: tuple[tuple[str, Pages, Looks], ...] = (
    ("", (("home", nothing),), LOOKS),
    ("athlete", (("results", lambda w: [w.check.code]),), LOOKS),
    *((person, pages, LOOKS[:2]) for person, pages in PAGES.items()),
)


def troubles(page: Page, rules: dict[str, Any]) -> list[str]:
    answer = Axe().run(page, options=rules).response
    assert answer["passes"]
    nodes = [(one["id"], node) for one in answer["violations"] for node in one["nodes"][:3]]
    return [f"{rule}: {node['html'][:160]} {node['any'][:1]}" for rule, node in nodes]


def look_at(page: Page, address: str, looks: Looks) -> Iterator[str]:
    width, height, scheme = looks[0]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    # What is folded is a part of the page, too.
    page.evaluate(UNFOLD, MENUS)
    page.wait_for_load_state("networkidle")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"{address}: wider than a phone"
    for number, (width, height, scheme) in enumerate(looks):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        for trouble in troubles(page, SEEN if number else RULES):
            yield f"{address}, {width} px, {scheme}: {trouble}"


@pytest.mark.parametrize(
    ("person", "pages", "looks"), VISITS, ids=[f"{person or 'anybody'}-{len(looks)}" for person, _, looks in VISITS]
)
def test_axe_finds_nothing_and_nothing_is_too_wide(
    browser: Browser, live_server: LiveServer, world: World, person: str, pages: Pages, looks: Looks
) -> None:
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    if person:
        log_in(context, live_server.url, getattr(world, person))
    page = context.new_page()
    found = [trouble for name, args in pages for trouble in look_at(page, reverse(name, args=args(world)), looks)]
    context.close()
    assert found == []
