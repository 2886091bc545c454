"""What happens to machines, in the middle of an analysis: each clip gets its one report, and its original stays whole.

    make faults

Not part of `make test`, which has the kills of test_recovery and the small round of test_kills.
"""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.e2e.client import Client, running
from tests.e2e.clips import other_file, tiny_clip
from tests.e2e.queue import JOB, attempt_of, family, in_the_middle, job_code, one_report, upload
from tests.e2e.stack import Stack, gone, wait_until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder on a file system of its own, where root can make one."""
    folder = tmp_path_factory.mktemp("var")
    mount = ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    yield folder
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def stack(small_disk: Path) -> Iterator[Stack]:
    with running(small_disk, settings={"RUNFORM_RESERVE_MB": "64"}) as app:
        yield app


@pytest.fixture
def clip(request: pytest.FixtureRequest, tmp_path: Path, demo_clips: Path) -> Path:
    """A clip of this test's own that takes long enough for something to happen."""
    number = 1 + sum(map(ord, request.node.name))
    return other_file(tmp_path / f"{request.node.name}.mp4", demo_clips / "t01_rear_tape_base.mp4", number)


def test_a_worker_frozen_past_its_lease_publishes_nothing_when_it_thaws(
    athlete: Client, stack: Stack, clip: Path
) -> None:
    row = upload(athlete, stack, clip)
    in_the_middle(stack, row)
    frozen = family(stack, "clips@")
    analyser = stack.find("-m analysis")
    for process in frozen:
        process.suspend()
    other = stack.another("worker")
    try:
        assert one_report(stack, row) == 2
        for process in frozen:
            process.resume()
        wait_until(lambda: analyser and gone(analyser), 30, "the end of the frozen attempt")
        wait_until(lambda: [line for line in stack.logs("worker") if line["event"] == "job_lost"], 30, "the loss")
        assert one_report(stack, row) == 2
    finally:
        other.terminate()
        other.wait(30)


def test_a_deployment_lets_the_clip_in_hand_end_and_the_next_ones_wait(
    athlete: Client, stack: Stack, clip: Path, tmp_path: Path
) -> None:
    row = upload(athlete, stack, clip)
    after = upload(athlete, stack, tiny_clip(tmp_path / "after_the_deployment.mp4", 1))
    in_the_middle(stack, row)
    for words in (("clips@",), ("upkeep@",), ("beat",), ("uvicorn",)):
        process = stack.find(*words)
        assert process
        process.send_signal(signal.SIGTERM)
    assert one_report(stack, row) == 1
    assert one_report(stack, after) == 1
    assert stack.said("'worker' ended with exit code 0; starting it again")


def test_a_child_of_the_worker_that_is_killed_takes_its_analyser_along_and_costs_an_attempt(
    athlete: Client, stack: Stack, clip: Path
) -> None:
    row = upload(athlete, stack, clip)
    in_the_middle(stack, row)
    worker, child, *_ = family(stack, "clips@")
    analyser = stack.find("-m analysis")
    child.kill()
    wait_until(lambda: analyser and gone(analyser), 10, "the end of the analyser")
    assert one_report(stack, row) == 2
    assert worker.is_running()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_host_whose_clock_is_wrong_by_an_hour_costs_nothing(
    athlete: Client, stack: Stack, clip: Path, tmp_path: Path, hours: int
) -> None:
    """It reaps, rings and does all the work; who has the right time reaps and rings as well."""
    right = family(stack, "clips@")
    others = [stack.another(name, clock_off_h=hours) for name in ("upkeep", "clock", "worker")]
    for process in right:
        process.suspend()
    try:
        second = other_file(tmp_path / f"wrong_clock_{hours}.mp4", clip, 999 + hours)
        rows = [upload(athlete, stack, clip), upload(athlete, stack, second)]
        assert [one_report(stack, row) for row in rows] == [1, 1]
        assert {line["event"] for line in stack.logs("worker2")} >= {"job_started", "job_done"}
        assert '"status": "ok"' in athlete.get("/health").text
    finally:
        for process in right:
            process.resume()
        for process in others:
            process.terminate()
            process.wait(30)


def test_two_reapers_and_two_clocks_bring_a_lost_job_back_once(athlete: Client, stack: Stack, clip: Path) -> None:
    others = [stack.another("upkeep"), stack.another("clock"), stack.another("worker")]
    try:
        row = upload(athlete, stack, clip)
        in_the_middle(stack, row)
        analyser = stack.find("-m analysis") or next(
            child for child in others[2].children(recursive=True) if "analysis" in " ".join(child.cmdline())
        )
        analyser.kill()
        assert one_report(stack, row) == 2
    finally:
        for process in others:
            process.terminate()
            process.wait(30)


def test_a_storage_that_is_away_for_a_while_costs_no_clip(
    athlete: Client, stack: Stack, clip: Path, tmp_path: Path
) -> None:
    begun = upload(athlete, stack, clip)
    waiting = upload(athlete, stack, tiny_clip(tmp_path / "while_the_storage_was_away.mp4", 2))
    in_the_middle(stack, begun)
    media = stack.var_dir / "media"
    media.rename(media.with_name("away"))
    media.write_text("not a folder")
    try:
        wait_until(lambda: '"storage": false' in _health(athlete), 30, "the alarm")
        wait_until(lambda: attempt_of(stack, waiting) == 2, 120, "two attempts in vain")
    finally:
        media.unlink()
        media.with_name("away").rename(media)
    assert one_report(stack, begun) <= 3
    assert one_report(stack, waiting) <= 3


def test_a_full_disk_refuses_clips_kindly_and_loses_none(
    athlete: Client, stack: Stack, clip: Path, tmp_path: Path
) -> None:
    if not os.path.ismount(stack.var_dir):
        pytest.skip("needs root, to make a small disk")
    row, check = upload(athlete, stack, clip), athlete.new_check()
    in_the_middle(stack, row)
    ballast = stack.var_dir / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(64 * 1024)):
            pass
    assert shutil.disk_usage(stack.var_dir).free < 64 * 1024
    late = tiny_clip(tmp_path / "too_late.mp4", 3)
    assert "no room for more clips" in athlete.upload(check, late).text
    wait_until(lambda: not stack.find("-m analysis"), 120, "the end of the attempt")
    ballast.unlink()
    assert one_report(stack, row) <= 3
    assert "no room" not in athlete.upload(check, late).text
    assert one_report(stack, upload(athlete, stack, tiny_clip(tmp_path / "again.mp4", 4))) == 1


def test_a_clip_that_kills_its_analyser_is_given_up_and_holds_up_nobody(
    athlete: Client, stack: Stack, clip: Path, tmp_path: Path
) -> None:
    poison = upload(athlete, stack, clip)
    others = [upload(athlete, stack, tiny_clip(tmp_path / f"beside_{n}.mp4", 10 + n)) for n in range(2)]
    ((file,),) = stack.rows("SELECT file FROM clips_clip WHERE id = ?", poison)
    ended = threading.Event()

    def kill_it() -> None:
        while not ended.wait(0.2):
            with suppress(psutil.NoSuchProcess):
                if analyser := stack.find("-m analysis", file):
                    analyser.kill()

    killer = threading.Thread(target=kill_it)
    killer.start()
    try:
        assert [one_report(stack, row) for row in others] == [1, 1]
        wait_until(lambda: stack.rows(JOB, poison)[0][0] == "failed", 120, "the end")
    finally:
        ended.set()
        killer.join()
    ((_, attempts, code, text),) = stack.rows(JOB, poison)
    assert (attempts, code) == (3, "gave_up")
    assert job_code(stack, poison)[:8] in text
    assert "our fault, not yours" in text


def test_nothing_of_all_this_is_left_over(athlete: Client, stack: Stack) -> None:
    live = "SELECT count(*) FROM processing_job WHERE state IN ('queued', 'running')"
    wait_until(lambda: stack.rows(live) == [(0,)], 120, "the end of all jobs")
    double = "SELECT clip_id FROM reports_report GROUP BY clip_id HAVING count(*) > 1"
    assert stack.rows(double) == []
    assert " 0 gone, 0 without a row" in stack.manage("orphans")
    wait_until(lambda: '"status": "ok"' in _health(athlete), 30, "health")


def _health(athlete: Client) -> str:
    try:
        return athlete.get("/health").text
    except OSError as error:  # an answer of 503 is one
        return error.read().decode() if hasattr(error, "read") else ""
