"""What dies in the middle of an analysis must not cost a report, nor make two."""

import json
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT
from tests.e2e.client import Client, running
from tests.e2e.queue import in_the_middle, one_report, upload
from tests.e2e.stack import Stack, gone, wait_until


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("var")) as app:
        yield app


def _kill(process: psutil.Process | None) -> None:
    assert process
    process.kill()


def test_a_worker_killed_in_the_middle_costs_an_attempt_and_no_report(
    athlete: Client, stack: Stack, demo_clips: Path
) -> None:
    clip = upload(athlete, stack, demo_clips / "s01_side_base.mp4")
    in_the_middle(stack, clip)
    worker, analyser = stack.find("worker", "clips@"), stack.find("-m analysis")
    assert worker
    assert analyser
    child = worker.children()[0]
    worker.kill()
    wait_until(lambda: gone(child) and gone(analyser), 10, "the end of the orphans")
    assert one_report(stack, clip) == 2
    assert stack.said("'worker' was killed by signal 9; starting it again")


def test_an_analyser_killed_in_the_middle_costs_an_attempt_and_no_report(
    athlete: Client, stack: Stack, demo_clips: Path
) -> None:
    clip = upload(athlete, stack, demo_clips / "t02_rear_tape_drop6.mp4")
    in_the_middle(stack, clip)
    _kill(stack.find("-m analysis"))
    assert one_report(stack, clip) == 2


def test_a_queue_server_killed_with_all_its_messages_costs_nothing(
    athlete: Client, stack: Stack, demo_clips: Path
) -> None:
    begun = upload(athlete, stack, demo_clips / "s10_side_head8.mp4")
    waiting = upload(athlete, stack, demo_clips / "t01_rear_tape_base.mp4")
    in_the_middle(stack, begun)
    _kill(stack.find("valkey-server"))
    (stack.var_dir / "valkey.sock").unlink()
    assert one_report(stack, begun) == 1
    assert one_report(stack, waiting) == 1


def test_a_worker_older_than_the_code_starts_anew_and_no_attempt_is_lost(
    athlete: Client, stack: Stack, demo_clips: Path, tmp_path: Path
) -> None:
    (ROOT / "runform" / "__init__.py").touch()
    clip = tmp_path / "after_the_update.mp4"
    clip.write_bytes((demo_clips / "t01_rear_tape_base.mp4").read_bytes() + b"\x00\x00\x00\x08free")
    assert one_report(stack, upload(athlete, stack, clip)) == 1
    assert stack.said("'worker' ended with exit code 0; starting it again")


def test_what_is_put_right_becomes_a_second_version_in_seconds(
    athlete: Client, stack: Stack, demo_clips: Path, tmp_path: Path
) -> None:
    path = tmp_path / "put_right.mp4"
    path.write_bytes((demo_clips / "t01_rear_tape_base.mp4").read_bytes() + 2 * b"\x00\x00\x00\x08free")
    clip = upload(athlete, stack, path)
    assert one_report(stack, clip) == 1
    ((code,),) = stack.rows("SELECT code FROM clips_clip WHERE id = ?", clip)
    page = f"/clips/{uuid.UUID(code)}"
    assert athlete.post(f"{page}/correct/", f"{page}/corrections/", kind="speed", speed="18").path.endswith("/results/")
    done = "SELECT seconds FROM processing_job WHERE clip_id = ? AND kind = 'recompute' AND state = 'done'"
    wait_until(lambda: bool(stack.rows(done, clip)), 60, "the second version")
    assert json.loads(stack.rows(done, clip)[0][0])["pose"] < 0.5
    assert stack.rows("SELECT count(*) FROM reports_report WHERE clip_id = ?", clip) == [(2,)]
    assert "Put right by" in athlete.get(f"{page}/versions/").text


def test_stop_takes_every_process_down_and_a_second_start_has_lost_nothing(athlete: Client, stack: Stack) -> None:
    reports = stack.rows("SELECT count(*) FROM reports_report")
    assert stack.stop(signal.SIGTERM) == 0
    assert stack.left() == []
    stack.start(timeout_s=20)
    assert stack.rows("SELECT count(*) FROM reports_report") == reports
    assert athlete.get("/").path == "/"
    assert stack.stop(signal.SIGKILL) == -signal.SIGKILL
    wait_until(lambda: not stack.left(), 10, "the end of what a killed supervisor leaves")
    stack.start(timeout_s=20)
