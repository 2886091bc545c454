"""Where built models are kept."""

import os
from pathlib import Path


def cache_dir() -> Path:
    """Folder for built models: ``RUNFORM_CACHE_DIR``, else the user's cache folder."""
    if own := os.environ.get("RUNFORM_CACHE_DIR"):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "runform"
