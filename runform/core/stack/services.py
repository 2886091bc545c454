"""The programs of the stack: Valkey, web server, Celery worker, Celery beat."""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import redis

from runform.core.broker import make_socket_folder, server_program, socket_path
from runform.core.stack.guards import CannotStartError
from runform.core.stack.processes import Service


def valkey(var_dir: Path, cwd: Path, log_dir: Path) -> Service:
    """Nothing is persisted: the database is the truth, and the reaper rings again for whatever waits."""
    socket = socket_path(var_dir)
    make_socket_folder(socket, var_dir)
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(var_dir),
        "--logfile": str(log_dir / "queue.log"),
        "--save": "",
        "--appendonly": "no",
    }
    command = [str(server_program()), *(word for pair in options.items() for word in pair)]
    return Service("queue", command, os.environ, cwd, log_dir / "queue.log")


def app_services(host: str, port: int, cwd: Path, log_dir: Path) -> list[Service]:
    """Web and workers.  Clips are analysed one at a time; upkeep has a worker of its own and never waits for one."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "runform.celery", "--quiet"]
    web = [*python, "uvicorn", "runform.asgi:application", "--host", host, "--port", str(port)]
    web += ["--no-access-log", "--log-level", "warning", "--lifespan", "off", "--timeout-graceful-shutdown", "3"]
    worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--prefetch-multiplier", "1"]
    clips = [*worker, "--queues", "clips", "--hostname", "clips@%h", "--pool", "prefork", "--concurrency", "1"]
    upkeep = [*worker, "--queues", "upkeep,webhooks", "--hostname", "upkeep@%h", "--pool", "solo", "--purge"]
    # The plain scheduler keeps no file, so there is none to be broken by a kill.
    clock = [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="]
    commands = {"web": web, "worker": clips, "upkeep": upkeep, "clock": clock}
    return [Service(name, command, os.environ, cwd, log_dir / f"{name}.log") for name, command in commands.items()]


def demo_review(cwd: Path, log_dir: Path) -> Service:
    """Ends by itself when the demo's coach has published."""
    return Service("demo", [sys.executable, "manage.py", "demo", "--wait"], os.environ, cwd, log_dir / "demo.log")


def wait_for_valkey(service: Service, socket: Path, timeout_s: float = 20) -> None:
    client = redis.Redis(unix_socket_path=str(socket))
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if service.process is None or service.process.poll() is not None:
            break
        try:
            client.ping()
            return
        except redis.RedisError:
            time.sleep(0.05)
    raise CannotStartError(f"The queue server did not start; {service.log} says why.")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
