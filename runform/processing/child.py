"""The analyser as a child process: started with limits, listened to, ended with all its kin."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from runform.core.limits import Limits

SANDBOX = Path(__file__).with_name("sandbox.py")
STDERR_NAME = "stderr.txt"
LINE_BYTES = 64 * 1024
GRACE_S = 2.0


@dataclass(frozen=True)
class Progress:
    stage: str = ""
    done: int = 0
    total: int = 0


class LostJobError(Exception):
    """The heartbeat was refused: the job is no longer ours."""


class OverLimitError(Exception):
    """The child was ended for what it took.  ``code``: too_heavy or too_long."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class SilentError(Exception):
    """The child said nothing for too long; it hangs."""


class Child:
    """``with Child(...) as child: status = child.watch(beat)``.  Leaving it ends the whole process group."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        limits: Limits,
        readable: Sequence[Path] = (),
    ) -> None:
        self.command, self.cwd, self.env, self.limits, self.readable = command, cwd, env, limits, readable
        self.progress = Progress()

    def __enter__(self) -> Self:
        limits = (self.limits.cpu_s, self.limits.output_bytes, self.limits.memory_bytes)
        sandbox = [sys.executable, "-I", SANDBOX, os.getpid(), *limits, os.pathsep.join(map(str, self.readable))]
        # Kept open: what lies under its name later is the child's to choose, and need not be what it said.
        self.stderr = (self.cwd / STDERR_NAME).open("w+b")
        self.process = subprocess.Popen(
            [*map(str, sandbox), *self.command],
            cwd=self.cwd,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            start_new_session=True,
        )
        self.started_s = self.heard_s = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.stderr.close()
        if self.process.stdout:
            self.process.stdout.close()

    def watch(self, beat: Callable[[Progress], bool]) -> int:
        """Listen until it ends and return its exit status.  ``beat`` is called about once a second all the while,
        also when the child is silent; if it returns False the job is lost."""
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        buffer, beaten_s, open_ = b"", -float("inf"), True
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while open_ or self.process.poll() is None:
                if open_ and selector.select(timeout=0.2):
                    chunk = self.process.stdout.read(LINE_BYTES)
                    open_ = chunk != b""
                    buffer = self._listen(buffer + (chunk or b""))
                elif not open_:
                    time.sleep(0.05)
                if time.monotonic() - beaten_s >= self.limits.heartbeat_s:
                    beaten_s = time.monotonic()
                    if not beat(self.progress):
                        raise LostJobError
                    self._check_limits()
        return self.process.wait(GRACE_S)

    def stderr_tail(self, n_bytes: int = 4000) -> str:
        self.stderr.seek(max(0, self.stderr.seek(0, os.SEEK_END) - n_bytes))
        return self.stderr.read(n_bytes).decode(errors="replace").strip()

    def _listen(self, buffer: bytes) -> bytes:
        *lines, rest = buffer.split(b"\n")
        for line in lines:
            try:
                said = json.loads(line)
                self.progress = Progress(str(said["stage"])[:20], _count(said["done"]), _count(said["total"]))
                self.heard_s = time.monotonic()
            except (ValueError, KeyError, TypeError):
                continue  # a library's chatter on stdout is no progress
        return rest[-LINE_BYTES:]

    def _check_limits(self) -> None:
        now = time.monotonic()
        if now - self.started_s > self.limits.wall_s:
            raise OverLimitError("too_long", f"more than {self.limits.wall_s} s")
        if now - self.heard_s > self.limits.silent_s:
            raise SilentError(f"silent for {self.limits.silent_s} s in {self.progress.stage or 'the beginning'}")
        try:
            rss_bytes = psutil.Process(self.process.pid).memory_info().rss
        except psutil.Error:
            return
        if rss_bytes > self.limits.memory_bytes:
            raise OverLimitError("too_heavy", f"{rss_bytes // 2**20} MB of memory")


def _count(number: object) -> int:
    """A count that fits its column, whatever the child says."""
    return max(0, min(int(number), 2**31 - 1)) if isinstance(number, int | float) else 0
