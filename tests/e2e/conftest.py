from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import browser as browsers


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.launched() as running:
        yield running
