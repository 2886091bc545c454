import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from runform.core.broker import MAX_SOCKET_PATH_BYTES, socket_path
from runform.core.stack import guards
from runform.core.stack.processes import Service, session_members, stop
from tests.conftest import ROOT

SLEEP = "import time; time.sleep(60)"
# A program whose grandchild has left its session, as a daemon would.
WITH_STRAY = f"""
import subprocess, sys, time
child = [sys.executable, "-c", {SLEEP!r}]
for own_session in (True, False):
    print(subprocess.Popen(child, start_new_session=own_session).pid, file=open(sys.argv[1], "a"), flush=True)
time.sleep(60)
"""


def _service(code: str, folder: Path, *words: str) -> Service:
    return Service("sleeper", [sys.executable, "-c", code, *words], os.environ, ROOT, folder / "sleeper.log")


def _wait_until(what: Callable[[], bool], timeout_s: float = 10) -> None:
    deadline = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Service]:
    service = _service(SLEEP, tmp_path)
    service.start()
    yield service
    stop([service], grace_s=1)


def test_a_killed_service_is_started_again_and_waits_longer_each_time(sleeper: Service) -> None:
    sleeper.pause_s = 0.1
    for pause in (0.1, 0.2):
        assert sleeper.process
        first = sleeper.process
        first.kill()
        first.wait()
        message = sleeper.watch()
        assert message
        assert "was killed by signal 9" in message
        assert sleeper.start_at - time.monotonic() <= pause
        _wait_until(lambda: (sleeper.watch(), sleeper.process)[1] is not None)
        assert sleeper.process.pid != first.pid
        assert sleeper.pause_s == pytest.approx(2 * pause)


def test_stop_ends_children_grandchildren_and_those_who_left_the_session(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    service = _service(WITH_STRAY, tmp_path, str(pids))
    service.start()
    assert service.process
    _wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    strays = [int(pid) for pid in pids.read_text().split()]
    assert all(psutil.pid_exists(pid) for pid in strays)
    stop([service], grace_s=0.2)
    assert not [pid for pid in strays if psutil.pid_exists(pid)]
    assert session_members(service.process.pid) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_services_die_with_a_supervisor_that_is_killed_outright(tmp_path: Path) -> None:
    code = f"""
import os, time
from pathlib import Path
from runform.core.stack.processes import Service
command = [{sys.executable!r}, "-c", {SLEEP!r}]
service = Service("sleeper", command, os.environ, {str(ROOT)!r}, Path({str(tmp_path / "log")!r}))
service.start()
print(service.process.pid, flush=True)
time.sleep(60)
"""
    supervisor = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout
    child = psutil.Process(int(supervisor.stdout.readline()))
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()
    _wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_second_instance_on_the_same_folder_is_told_who_runs(tmp_path: Path) -> None:
    first = guards.take_instance_lock(tmp_path, "process 4711, http://127.0.0.1:8000")
    with pytest.raises(guards.CannotStartError, match=r"already runs.*4711"):
        guards.take_instance_lock(tmp_path, "me")
    first.close()
    guards.take_instance_lock(tmp_path, "me").close()
    assert (tmp_path / "up.lock").read_text() == "me"


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(guards.CannotStartError, match=f"Port {port} .*PORT={port + 1}"):
            guards.require_free_port("127.0.0.1", port)
    guards.require_free_port("127.0.0.1", port)


def test_a_deep_checkout_gets_a_short_socket_path_of_its_own() -> None:
    deep = [Path("/home", *[word] * 40) for word in ("abcd", "abce")]
    paths = {socket_path(path) for path in deep}
    assert len(paths) == 2
    assert all(len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES for path in paths)
    assert socket_path(Path("/srv/runform/var")) == Path("/srv/runform/var/valkey.sock")
