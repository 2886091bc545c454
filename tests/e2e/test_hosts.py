"""Several hosts that share only database, Redis and storage: how much more they do, and what a pulled cable costs."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.client import CREATE_ATHLETES
from tests.e2e.clips import other_file, tiny_clip
from tests.e2e.hosts import Network, network
from tests.e2e.stack import wait_until

pytestmark = pytest.mark.faults

SUBMIT = """
import uuid
from datetime import date
from pathlib import Path
from django.core.files.base import File
from runform.accounts.models import User
from runform.clips.services import clip_store, form_check_create
from runform.processing.services import job_ensure
athlete = User.objects.get(email="runner@example.org")
for path in map(Path, {paths}):
    check = form_check_create(athlete=athlete, created_by=athlete, recorded_on=date(2026, 5, 1))
    with path.open("rb") as file:
        clip = clip_store(form_check=check, upload=File(file, name=path.name), upload_token=uuid.uuid4()).clip
    job_ensure(clip=clip, requested_by=athlete)
"""
LIVE = "SELECT count(*) FROM processing_job WHERE state IN ('queued', 'running')"
OF = "SELECT state, attempt, host FROM processing_job JOIN clips_clip c ON c.id = clip_id WHERE original_name = %s"
ROUND = """
SELECT extract(epoch FROM max(finished_at) - min(started_at)), count(DISTINCT host), count(*)
FROM processing_job JOIN clips_clip c ON c.id = clip_id WHERE original_name LIKE %s AND state = 'done'
"""
CLIPS_OF_A_ROUND = 12


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """With a host that takes uploads and reaps, as a web server's would."""
    folder = tmp_path_factory.mktemp("net")
    with network(folder) as made, made.host("web") as web:
        web.manage("migrate", "--verbosity", "0")
        web.manage("shell", "-c", CREATE_ATHLETES.format(names=["runner"]))
        web.start("upkeep", "clock")
        made.web = web
        yield made


def submit(net: Network, *paths: Path) -> None:
    net.web.manage("shell", "-c", SUBMIT.format(paths=[str(path) for path in paths]))


@pytest.mark.parametrize("n", [1, 2, 4])
def test_more_hosts_do_the_same_work_together(net: Network, tmp_path: Path, n: int) -> None:
    names = [f"round{n}_{number}.mp4" for number in range(CLIPS_OF_A_ROUND)]
    submit(net, *(tiny_clip(tmp_path / name, 100 * n + number) for number, name in enumerate(names)))
    with ExitStack() as stack:
        for number in range(n):
            stack.enter_context(net.host(f"w{n}{number}")).start("worker")
        wait_until(lambda: net.rows(LIVE) == [(0,)], 400, "the end of the round")
    ((lasted_s, hosts, done),) = net.rows(ROUND, f"round{n}_%")
    per_hour = 3600 * done / float(lasted_s)
    print(f"\n{n} hosts: {done} clips in {lasted_s:.0f} s, {per_hour:.0f} an hour; load {os.getloadavg()[0]:.1f}")
    assert done == CLIPS_OF_A_ROUND
    assert hosts == n


def test_a_host_that_is_cut_off_loses_its_clip_to_another_and_works_again_when_it_is_back(
    net: Network, tmp_path: Path, demo_clips: Path
) -> None:
    running = other_file(tmp_path / "cut_off.mp4", demo_clips / "t01_rear_tape_base.mp4", 77)
    with net.host("one") as one, net.host("two") as two:
        one.start("worker")
        submit(net, running)
        wait_until(lambda: net.rows(OF, running.name)[0][2] == one.name and one.analyser(), 60, "the first host")
        one.pull_the_cable()
        lost = one.analyser()
        two.start("worker")
        submit(net, tiny_clip(tmp_path / "meanwhile.mp4", 501))
        wait_until(lambda: net.rows(OF, running.name)[0][0] == "done", 180, "the second host")
        assert net.rows(OF, running.name) == [("done", 2, two.name)]
        wait_until(lambda: net.rows(LIVE) == [(0,)], 60, "the other clip")
        two.stop()
        one.plug_it_in()
        wait_until(lambda: lost is None or not lost.is_running(), 120, "the end of the lost attempt")
        submit(net, tiny_clip(tmp_path / "back.mp4", 502))
        wait_until(lambda: net.rows(OF, "back.mp4")[0][0] == "done", 180, "the host that is back")
        assert net.rows(OF, "back.mp4")[0][2] == one.name
        log = [json.loads(line) for line in (one.var_dir / "worker.log").read_text().splitlines() if line[:1] == "{"]
        assert "job_done" in {line["event"] for line in log}
    reports = "SELECT count(*), count(DISTINCT clip_id) FROM reports_report"
    assert len(set(net.rows(reports)[0])) == 1
