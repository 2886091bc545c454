from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from playwright.sync_api import Browser

from tests import browser as browsers

# A busy machine is slow and not wrong.
hypothesis.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("patient")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def _folder(path: Path) -> Path:
    if not path.is_dir():
        pytest.skip(f"needs the shared clips in {path.relative_to(ROOT.parent)} beside the project")
    return path


@pytest.fixture(scope="session")
def demo_clips() -> Path:
    """The rendered clips that come with the project."""
    return ROOT / "demo"


@pytest.fixture(scope="session")
def shared_clips() -> Path:
    """Real clips; they are not part of the project."""
    return _folder(SHARED / "clips")


@pytest.fixture(scope="session")
def truth_clips() -> Path:
    """Rendered clips with their known motion; they are not part of the project."""
    return _folder(SHARED / "truth" / "clips")


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """A real queue server on the socket that the settings name; its URL."""
    from django.conf import settings

    from runform.core.broker import socket_path
    from runform.core.stack import processes, services

    service = services.valkey(settings.VAR_DIR, ROOT, processes.log_folder(settings.VAR_DIR))
    service.start()
    services.wait_for_valkey(service, socket_path(settings.VAR_DIR))
    yield f"redis+socket://{socket_path(settings.VAR_DIR)}"
    processes.stop([service], grace_s=2)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.launched() as running:
        yield running


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens a browser, or reads a database, can be picked and left out by its marker."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker("browser")
        if fixtures & {"db", "transactional_db", "live_server"} or item.get_closest_marker("django_db"):
            item.add_marker("database")
