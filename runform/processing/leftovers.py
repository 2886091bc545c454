"""What killed workers and broken-off uploads leave on the disk."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def sweep() -> None:
    """Clear away working folders and half uploads that nobody has touched for longer than any attempt lasts.

    Originals and published files are elsewhere and are never touched; `manage.py orphans` reports on those.
    """
    before_s = time.time() - 2 * settings.LIMITS.wall_s
    for folder in (Path(settings.WORK_DIR), Path(settings.FILE_UPLOAD_TEMP_DIR)):
        for path in folder.glob("*"):
            # Whoever owns it may be clearing it away at this very moment.
            with suppress(FileNotFoundError):
                if path.lstat().st_mtime < before_s:
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()
