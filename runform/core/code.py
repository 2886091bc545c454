"""Whether this process still runs the code that lies on the disk."""

from pathlib import Path

from django.conf import settings


def newest_change_s(*folders: Path) -> float:
    return max((path.stat().st_mtime for folder in folders for path in folder.rglob("*.py")), default=0.0)


FOLDERS = (settings.BASE_DIR / "analysis", settings.BASE_DIR / "runform")
LOADED_S = newest_change_s(*FOLDERS)


def has_changed() -> bool:
    return newest_change_s(*FOLDERS) != LOADED_S
