"""A coach who reviews a clip that says on every picture which one it is, and a browser for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.coaching.models import Review
from runform.coaching.services.claims import review_claim
from runform.reports.models import Report
from tests.runform.coaching.desk import make_coach, make_film, make_filmed_report
from tests.runform.pages import opened

Desk = Callable[..., Page]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film"))


@pytest.fixture
def report(check: FormCheck, film: Path) -> Report:
    return make_filmed_report(check, film)


@pytest.fixture
def coach(athlete: User) -> User:
    return make_coach(athlete)


@pytest.fixture
def review(check: FormCheck, coach: User, report: Report) -> Review:
    return review_claim(form_check=check, coach=coach)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, review: Review, coach: User, check: FormCheck) -> Iterator[Desk]:
    """Opens the coach's page of the review, or with ``user`` that person's results."""
    with ExitStack() as stack:

        def open_page(user: User = coach, **options: Any) -> Page:
            page = "review" if user == coach else "results"
            path = f"/checks/{check.code}/{page}/"
            return stack.enter_context(opened(browser, live_server.url, user, path, **options))

        yield open_page
