"""WCAG 2.2 AA by axe over the main pages: phone and desk, light and dark."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from runform.accounts.models import User
from tests.runform.world import World

LOOKS: tuple[tuple[int, int, Literal["light", "dark"]], ...] = (
    (390, 844, "light"),
    (390, 844, "dark"),
    (1280, 900, "dark"),
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


# Whom a page is opened as, its name, what it is about.
PAGES: tuple[tuple[str, str, Args], ...] = (
    ("", "home", nothing),
    ("", "account_login", nothing),
    ("", "account_signup", nothing),
    ("", "account_reset_password", nothing),
    ("", "film", nothing),
    ("", "metric_list", nothing),
    ("", "metric", lambda w: ["forward_lean_mean"]),
    ("athlete", "home", nothing),
    ("athlete", "check_new", nothing),
    ("athlete", "check", lambda w: [w.check.code]),
    ("athlete", "results", lambda w: [w.check.code]),
    ("athlete", "plan", lambda w: [w.plan.code]),
    ("athlete", "profile", nothing),
    ("athlete", "mfa_index", nothing),
    ("coach", "coach", nothing),
    ("coach", "results", lambda w: [w.check.code]),
    ("coach", "review", lambda w: [w.check.code]),
    ("coach", "club", lambda w: [w.club.code]),
    ("manager", "club", lambda w: [w.club.code]),
)


def log_in(context: BrowserContext, url: str, person: User) -> None:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


def troubles(page: Page, rules: dict[str, Any]) -> list[str]:
    answer = Axe().run(page, options=rules).response
    assert answer["passes"]
    nodes = [(one["id"], node) for one in answer["violations"] for node in one["nodes"][:3]]
    return [f"{rule}: {node['html'][:160]} {node['any'][:1]}" for rule, node in nodes]


@pytest.mark.parametrize(("person", "name", "args"), PAGES, ids=[f"{person}-{name}" for person, name, _ in PAGES])
def test_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, world: World, person: str, name: str, args: Args
) -> None:
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    if person:
        log_in(context, live_server.url, getattr(world, person))
    page, found = context.new_page(), []
    page.goto(reverse(name, args=args(world)))
    # What is folded is a part of the page, too.
    page.evaluate(UNFOLD, MENUS)
    page.wait_for_load_state("networkidle")
    for number, (width, height, scheme) in enumerate(LOOKS):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        found += [f"{name}, {width} px, {scheme}: {trouble}" for trouble in troubles(page, SEEN if number else RULES)]
    context.close()
    assert found == []
