"""Find a browser for the tests; `python -m tests.browser` gets one where it can and says how where it cannot."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Playwright's own program needs libatomic; the pages need a typeface.
PACKAGES = ("chromium", "fonts-liberation", "libatomic1")
HOW = (
    "No browser for the browser tests; they are skipped. To get one:\n"
    f"  Debian or Ubuntu, as root:  apt-get install {' '.join(PACKAGES)}\n"
    "  any other system:           .venv/bin/playwright install --with-deps chromium\n"
    "  or name one:                RUNFORM_BROWSER=/path/to/chrome make test"
)


def find() -> str | None:
    """Path of a browser that the tests can drive."""
    if sys.platform == "linux" and ctypes.util.find_library("atomic") is None:
        return None
    if own := os.environ.get("RUNFORM_BROWSER"):
        return own
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _downloaded()


@contextmanager
def launched(*more: str) -> Iterator[Browser]:
    """A running browser, with ``more`` of its options; the test is skipped where there is none."""
    path = find()
    if path is None:
        pytest.skip(HOW)
    # Playwright keeps an event loop in this thread; the database is used outside of it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
        running = playwright.chromium.launch(executable_path=path, args=[*arguments, *more])
        yield running
        running.close()


def _downloaded() -> str | None:
    """A build that `playwright install` has fetched."""
    cache = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"
    builds = sorted(cache.glob("chromium-*/chrome-*/**/[cC]hrom*"))
    return next((str(path) for path in builds if path.is_file() and os.access(path, os.X_OK)), None)


def install() -> None:
    """Debian and root: apt.  A machine without its package lists or network goes on without a browser."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing chromium for the browser tests (apt-get).", flush=True)
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", *command], check=False, stdout=subprocess.DEVNULL, env=env)


if __name__ == "__main__":
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install()
    if find() is None:
        print(HOW, file=sys.stderr)
