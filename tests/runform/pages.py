"""Pages in a real browser, as one person sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from runform.accounts.models import User

DESK = {"width": 1280, "height": 900}


def log_in(context: BrowserContext, url: str, user: User) -> None:
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@contextmanager
def opened(browser: Browser, url: str, user: User, path: str = "", **options: Any) -> Iterator[Page]:
    """A page of theirs; a script that fails, fails the test.  Without a ``path`` it is still empty."""
    errors: list[str] = []
    context = browser.new_context(base_url=url, **{"viewport": DESK, **options})
    log_in(context, url, user)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    if path:
        page.goto(path)
    yield page
    context.close()
    assert not errors, errors
