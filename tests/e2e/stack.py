"""The whole app as `make up` runs it, on a free port and a folder of its own, seen from the outside."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg

from tests.conftest import ROOT
from tests.s3 import BUCKET, client_of

PASSWORD = "runform-demo"
# Seconds instead of minutes, so that a lost job is found while a test waits.
QUICK = {
    "RUNFORM_LEASE_SECONDS": "15",
    "RUNFORM_REAP_SECONDS": "2",
    "RUNFORM_QUEUED_TOO_LONG_SECONDS": "4",
    "RUNFORM_RETRY_PAUSE_SECONDS": "8",
}

# Runs a module, as python -m does: the hours by which its clock is off, then its name.
WITH_ANOTHER_CLOCK = """
import runpy, sys
from datetime import UTC, datetime, timedelta
import time_machine
time_machine.travel(datetime.now(UTC) + timedelta(hours=float(sys.argv.pop(1)))).start()
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: Callable[[], Any], timeout_s: float, why: str = "") -> Any:
    """Return the first true result of ``what``."""
    deadline = time.monotonic() + timeout_s
    while not (result := what()):
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s in vain: {why or what}"
        time.sleep(0.1)
    return result


def gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class Stack:
    """``settings`` are further variables; the words go to `manage.py up`."""

    def __init__(self, var_dir: Path, *words: str, settings: Mapping[str, str] | None = None) -> None:
        self.var_dir = var_dir
        kept = {key: value for key, value in os.environ.items() if not key.startswith("RUNFORM_")}
        if "RUNFORM_POSE_MODEL" in os.environ:
            kept["RUNFORM_POSE_MODEL"] = os.environ["RUNFORM_POSE_MODEL"]
        self.env = {**kept, **QUICK, "RUNFORM_VAR_DIR": str(var_dir), **(settings or {})}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.words = words
        self.output: list[str] = []
        self.seen: set[psutil.Process] = set()

    def start(self, timeout_s: float = 120) -> "Stack":
        self.output.clear()
        self.up = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "up", "--port", str(self.port), *self.words],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=[self.up.stdout], daemon=True).start()
        wait_until(lambda: self.said("RunForm is running") or self.up.poll() is not None, timeout_s, "start")
        assert self.up.poll() is None, self.text
        return self

    def _read(self, said: IO[str]) -> None:
        for line in said:
            self.output.append(line)

    @property
    def text(self) -> str:
        return "".join(self.output)

    def said(self, pattern: str) -> re.Match[str] | None:
        return re.search(pattern, self.text)

    def processes(self) -> list[psutil.Process]:
        """Everything that `up` started, and what those started."""
        found = psutil.Process(self.up.pid).children(recursive=True)
        self.seen.update(found)
        return found

    def find(self, *words: str) -> psutil.Process | None:
        """The eldest process whose command holds all the words."""
        for process in sorted(self.processes(), key=lambda one: (one.create_time(), one.pid)):
            try:
                command = " ".join(process.cmdline())
            except psutil.Error:
                continue
            if all(word in command for word in words):
                return process
        return None

    def another(self, name: str, *, clock_off_h: float = 0) -> psutil.Process:
        """A second process of a kind that runs already (worker, upkeep, clock), as from another host."""
        first = self.find({"worker": "clips@", "upkeep": "upkeep@", "clock": "beat"}[name])
        assert first
        command = [word.replace("@%h", "2@%h") for word in first.cmdline()]
        if clock_off_h:
            command[1:2] = ["-c", WITH_ANOTHER_CLOCK, str(clock_off_h)]
        with (self.var_dir / "logs" / f"{name}2.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)
        self.seen.add(psutil.Process(process.pid))
        return psutil.Process(process.pid)

    def logs(self, name: str) -> list[dict[str, Any]]:
        """What a process of the stack said, as far as it is in order."""
        lines = (self.var_dir / "logs" / f"{name}.log").read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        if url := self.env.get("RUNFORM_DATABASE_URL"):
            with psycopg.connect(url) as server:
                return server.execute(query.replace("?", "%s"), values).fetchall()
        with closing(sqlite3.connect(f"file:{self.var_dir / 'db.sqlite3'}?mode=ro", uri=True, timeout=20)) as database:
            return database.execute(query, values).fetchall()

    def stored(self, name: str) -> bytes:
        """A file as the storage has it."""
        if url := self.env.get("RUNFORM_S3_ENDPOINT_URL"):
            content: bytes = client_of(url).get_object(Bucket=BUCKET, Key=name)["Body"].read()
            return content
        return (self.var_dir / "media" / name).read_bytes()

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True, text=True).stdout

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.processes()
        self.up.send_signal(number)
        return self.up.wait(timeout=30)

    def close(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.up.poll() is None:
            self.stop()
        for process in self.left():
            for child in process.children(recursive=True):
                child.kill()
            process.kill()

    def left(self) -> list[psutil.Process]:
        """Processes seen before that still live."""
        return [one for one in self.seen if not gone(one)]
