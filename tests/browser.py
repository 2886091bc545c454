"""Find a browser for the tests; `python -m tests.browser` gets one where it can and says how where it cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "No browser for the browser tests; they will be skipped. To get one:\n"
    "  Debian or Ubuntu, as root:  apt-get install chromium fonts-liberation\n"
    "  any other system:           .venv/bin/playwright install --with-deps chromium\n"
    "  or name one:                RUNFORM_BROWSER=/path/to/chrome make test"
)


def find() -> str | None:
    if own := os.environ.get("RUNFORM_BROWSER"):
        return own
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> None:
    """Debian and root: apt.  A machine without its package lists or network goes on without a browser."""
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    print("Installing chromium for the browser tests (apt-get).", flush=True)
    for command in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
    ):
        subprocess.run(["apt-get", *command], check=False, **quiet)  # type: ignore[call-overload]


if __name__ == "__main__":
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install()
    if find() is None:
        print(HOW, file=sys.stderr)
