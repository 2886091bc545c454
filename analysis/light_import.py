"""Import MediaPipe without what it brings along for plots and microphones: half of its import time, never used here."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module until something of it is asked for; then that one is imported."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def without_plots_and_sound() -> Iterator[None]:
    """Within, matplotlib is imported only when it is used, and sounddevice counts as not installed."""
    package, pyplot = _Later("matplotlib"), _Later("matplotlib.pyplot")
    vars(package)["pyplot"] = pyplot
    # None is the import system's own sign for "not to be had"; MediaPipe asks for it with care.
    stand_ins: dict[str, Any] = {"matplotlib": package, "matplotlib.pyplot": pyplot, "sounddevice": None}
    put = {name: stand_in for name, stand_in in stand_ins.items() if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            sys.modules.pop(name, None)
