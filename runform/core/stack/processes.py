"""Start one process of the stack, start it again when it dies, and end it with everything it started."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from runform.core.lifeline import die_with_parent

LONGEST_PAUSE_S = 30.0
HEALTHY_AFTER_S = 60.0
LOG_BYTES = 10 * 1024 * 1024


@dataclass
class Service:
    """A long-running program.

    It gets a session of its own, so Ctrl-C in the terminal reaches only us.  What it says on stderr goes to
    its log; stdout stays the terminal's, for the e-mails that are printed there.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_s: float = field(default=1.0)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.started_at, self.start_at = time.monotonic(), 0.0

    def watch(self) -> str | None:
        """Start the program again when its pause is over; return a line for the reader when it has just died."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self.start()
            return None
        if (status := self.process.poll()) is None:
            return None
        end_all(session_members(self.process.pid), grace_s=0)
        self.process = None
        if time.monotonic() - self.started_at > HEALTHY_AFTER_S:
            self.pause_s = 1.0
        pause, self.pause_s = self.pause_s, min(self.pause_s * 2, LONGEST_PAUSE_S)
        self.start_at = time.monotonic() + pause
        how = f"was killed by signal {-status}" if status < 0 else f"ended with exit code {status}"
        return f"The process '{self.name}' {how}; starting it again in {pause:.0f} s. Its log: {self.log}"


def log_folder(var_dir: Path) -> Path:
    """The folder of the logs; a log that has grown large makes room, its old half stays beside it."""
    folder = var_dir / "logs"
    folder.mkdir(exist_ok=True)
    for log in folder.glob("*.log"):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.old"))
    return folder


def session_members(session: int) -> list[psutil.Process]:
    """The processes of a session, those whose parent has died included."""
    members = []
    for pid in psutil.pids():
        try:
            if os.getsid(pid) == session:
                members.append(psutil.Process(pid))
        except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            continue
    return members


def stop(services: Sequence[Service], *, grace_s: float) -> None:
    """Ask the services to end, wait, then kill what is left of them: children, grandchildren and strays."""
    running = [service.process for service in services if service.process is not None]
    trees = [member for process in running for member in _tree(process.pid)]
    for process in running:
        process.terminate()
    end_all([*trees], grace_s=grace_s)
    end_all([member for process in running for member in session_members(process.pid)], grace_s=0)
    for process in running:
        process.wait()


def _tree(pid: int) -> list[psutil.Process]:
    """A process, its descendants, and the members of its session."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True), *session_members(pid)]
    except psutil.NoSuchProcess:
        return []


def end_all(processes: Sequence[psutil.Process], *, grace_s: float) -> None:
    """Wait for processes to end by themselves, then kill those that did not."""
    _, alive = psutil.wait_procs(list(set(processes)), timeout=grace_s)
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=5)
