"""The copy that any browser plays, made while the clip is analysed."""

import os
import sys
import threading
import time
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from av.video.frame import VideoFrame

from analysis.export import Film, Progress, copy_film, copy_rest, stored_upright
from analysis.video import Clip, open_clip
from analysis.video.container import LARGE_PIXELS

# The analysis goes before its copy, ten to one.  Not more: a thread that gets only what nobody else wants may wait for
# minutes on a busy machine, with the interpreter's lock in hand or the clip not even opened, and all others with it.
NICER = 10
# For so long the copying thread is waited for once nothing else is to be done; then the rest is made without it.
PATIENCE_S = 2.0


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The copying thread shall leave the rest."""


class Copying(AbstractContextManager["Copying"]):
    """`write_copy` in the background: ``with Copying(clip, out) as copying: ...; copying.finish(tell)``.

    Of clips beyond Full HD it takes the pictures that the analysis decodes anyway, by `take`: a second decoder would
    need as much time and memory again.  Whatever is missing in the end is copied by `finish`.
    Leaving before it is finished stops it and takes the half copy away.
    """

    def __init__(self, path: Path, out: Path) -> None:
        self._path, self._out = path, out
        self._stop, self._ready = threading.Event(), threading.Event()
        self._clip: Clip | None = None
        self._film: Film | None = None
        self._open = ExitStack()
        self._done = (0, 1)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="copy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        with suppress(Stopped):
            self._open.__exit__(Stopped, Stopped(), None)

    def take(self, index: int, stored: VideoFrame) -> None:
        """A picture of the clip, as stored, that somebody else has decoded; used if it is the next one."""
        self._ready.wait()
        if self._clip is None or self._film is None or not _is_large(self._clip) or index != self._film.written:
            return
        self._film.write(stored_upright(stored, self._film.size, self._clip))

    def finish(self, on_progress: Progress) -> None:
        """Wait for the copy, or make the rest of it; what went wrong with it is raised here."""
        until = time.monotonic() + PATIENCE_S
        while self._thread.is_alive():
            if time.monotonic() >= until:
                self._stop.set()
            on_progress(*self._done)
            self._thread.join(0.2)
        if self._error is not None:
            raise self._error
        if self._clip is not None and self._film is not None:
            copy_rest(self._clip, self._film, on_progress)
            on_progress(self._film.written, len(self._clip.pts))
        self._open.close()

    def _work(self) -> None:
        try:
            self._clip = open_clip(self._path)
            self._film = self._open.enter_context(copy_film(self._clip, self._out))
            self._ready.set()
            if not _is_large(self._clip):
                _go_behind()
                copy_rest(self._clip, self._film, self._note)
        except Stopped:
            pass
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()

    def _note(self, done: int, total: int) -> None:
        self._done = (done, total)
        if self._stop.is_set():
            raise Stopped


def _go_behind() -> None:
    """Let the other threads go first, where a thread has a priority of its own."""
    if sys.platform == "linux":
        with suppress(OSError):  # a container may forbid it: then the copy costs the analysis some time
            os.nice(NICER)


def _is_large(clip: Clip) -> bool:
    return clip.facts.width_px * clip.facts.height_px > LARGE_PIXELS
