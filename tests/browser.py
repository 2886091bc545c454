"""Find a browser for the tests; `python -m tests.browser` gets one where it can and says how where it cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "No browser for the browser tests; they will be skipped. To get one:\n"
    "  Debian or Ubuntu, as root:  apt-get install chromium fonts-liberation\n"
    "  any other system:           .venv/bin/playwright install --with-deps chromium\n"
    "  or name one:                RUNFORM_BROWSER=/path/to/chrome make test"
)


def find(playwright: Playwright) -> str | None:
    if own := os.environ.get("RUNFORM_BROWSER"):
        return own
    own_build = playwright.chromium.executable_path
    return next(
        (path for name in NAMES if (path := shutil.which(name))), own_build if Path(own_build).is_file() else None
    )


def install() -> None:
    """Debian and root: apt.  A machine without its package lists or network goes on without a browser."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    package = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
    print("Installing chromium for the browser tests (apt-get).", flush=True)
    for command in (["update", "-qq"], package):
        subprocess.run(["apt-get", *command], check=False, stdout=subprocess.DEVNULL, env=env)


def main() -> None:
    with sync_playwright() as playwright:
        if find(playwright) is None and os.geteuid() == 0 and shutil.which("apt-get"):
            install()
        if find(playwright) is None:
            print(HOW, file=sys.stderr)


if __name__ == "__main__":
    main()
