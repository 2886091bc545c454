"""How long each stage of an analysis takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Seconds per stage; a stage within another one is not counted to the outer one, too."""

    seconds: dict[str, float] = field(default_factory=dict)
    _inside: float = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time spent inside to this stage."""
        start, before = time.perf_counter(), self._inside
        self._inside = 0.0
        try:
            yield
        finally:
            whole = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + whole - self._inside
            self._inside = before + whole
