"""An object store (S3) that is killed in the middle of an analysis, and comes back."""

from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.e2e.client import Client, running
from tests.e2e.clips import tiny_clip
from tests.e2e.queue import attempt_of, in_the_middle, one_report, upload
from tests.e2e.stack import Stack, wait_until
from tests.s3 import S3Server, s3_server, s3_settings

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, store: S3Server) -> Iterator[Stack]:
    # The last attempt comes after a pause, in which the store is to be back.
    settings = {**s3_settings(store.url), "RUNFORM_RETRY_PAUSE_SECONDS": "40"}
    with running(tmp_path_factory.mktemp("var"), settings=settings) as app:
        yield app


def test_a_store_that_is_killed_and_comes_back_costs_no_clip(
    athlete: Client, stack: Stack, store: S3Server, demo_clips: Path, tmp_path: Path
) -> None:
    begun = upload(athlete, stack, demo_clips / "t01_rear_tape_base.mp4")
    waiting = upload(athlete, stack, tiny_clip(tmp_path / "waiting.mp4", 1))
    check, late = athlete.new_check(), tiny_clip(tmp_path / "late.mp4", 2)
    in_the_middle(stack, begun)
    store.kill()
    with pytest.raises(HTTPError):
        athlete.upload(check, late)
    wait_until(lambda: attempt_of(stack, begun) == 2, 180, "an attempt in vain")
    store.start()
    assert one_report(stack, begun) <= 3
    assert one_report(stack, waiting) <= 3
    athlete.upload(check, late)
    ((row,),) = stack.rows("SELECT id FROM clips_clip WHERE original_name = ?", late.name)
    assert one_report(stack, row) == 1
    assert " 0 gone" in stack.manage("orphans")
