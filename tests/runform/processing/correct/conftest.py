"""Real reports of real clips, and a browser for the pages that put them right."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from runform.accounts.models import User
from runform.clips.models import Clip
from runform.clips.services import clip_store
from runform.clubs.models import Club, Role
from runform.clubs.services import club_create, coach_assign, member_add
from runform.processing.services import job_complete, job_submit
from runform.reports.services import COPY_NAME, output_store
from tests.analysis.test_pose import side_by_side
from tests.runform.pages import opened
from tests.runform.processing.correct import REAR, SIDE, SIZES
from tests.runform.world import claim_of, make_check, make_user


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """The pictures are decoded by the machine that runs everything else."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


def analysed(clip: Path, folder: Path) -> Path:
    """What the analyser leaves of a clip."""
    command = [sys.executable, "-m", "analysis", str(clip), "--json", str(folder / "report.json")]
    command += ["--frames", str(folder / "frames"), "--copy", str(folder / COPY_NAME)]
    # 3: refused, with the reason in the report.
    assert subprocess.run(command, check=False, capture_output=True).returncode in {0, 3}
    return folder


@pytest.fixture(scope="session")
def rear(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analysed(demo_clips / REAR, tmp_path_factory.mktemp("rear"))


@pytest.fixture(scope="session")
def side(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analysed(demo_clips / SIDE, tmp_path_factory.mktemp("side"))


@pytest.fixture(scope="session")
def two_clip(demo_clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same runner twice, beside each other."""
    return side_by_side(demo_clips / REAR, tmp_path_factory.mktemp("two") / "two.mp4", 150)


@pytest.fixture(scope="session")
def two(two_clip: Path) -> Path:
    return analysed(two_clip, two_clip.parent)


@pytest.fixture
def coach(transactional_db: None, athlete: User) -> User:
    coach = make_user("coach")
    club = club_create(name="Here", manager=coach)
    Club.objects.update(automatic_reports=True)
    member_add(club=club, user=coach, role=Role.COACH)
    member_add(club=club, user=athlete, role=Role.ATHLETE)
    coach_assign(club=club, coach=coach, athlete=athlete)
    return coach


@pytest.fixture
def keep(athlete: User, bells: Callable[[str], int]) -> Callable[[Path, Path], Clip]:
    """A clip with its report in the database and the storage."""

    def store(output: Path, source: Path) -> Clip:
        check = make_check(athlete, speed_mps=3.0)
        with source.open("rb") as stream:
            clip = clip_store(form_check=check, upload=File(stream, name=source.name), upload_token=check.code).clip
        claim = claim_of(job_submit(clip=clip, requested_by=athlete))
        kept = output_store(out_dir=output, prefix=f"reports/{clip.code}/{claim.lease}")
        assert job_complete(claim=claim, output=kept, seconds={})
        return clip

    return store


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    errors: list[str] = []
    with ExitStack() as stack:

        def open_one(user: User, path: str, size: str = "desk", **options: Any) -> Page:
            page = stack.enter_context(opened(browser, live_server.url, user, viewport=SIZES[size], **options))
            page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
            page.goto(path)
            return page

        yield open_one
    assert not errors
