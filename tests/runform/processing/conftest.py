"""A queued job, and an analyser that does what a test wants."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runform.clips.models import FormCheck
from runform.processing.models import Job
from runform.processing.services import job_submit
from tests.runform.processing.attempts import STANDIN
from tests.runform.world import DATA, make_clip


@pytest.fixture
def job(check: FormCheck, bells: Callable[[str], int]) -> Job:
    return job_submit(clip=make_clip(check), requested_by=check.athlete)


@pytest.fixture
def analyser(settings: Any) -> Callable[..., None]:
    """Put the stand-in in the analyser's place, and change limits."""

    def use(mode: str, **limits: Any) -> None:
        settings.ANALYSER_COMMAND = [sys.executable, str(STANDIN), mode]
        settings.ANALYSER_READS = [DATA]
        settings.LIMITS = replace(settings.LIMITS, **{"heartbeat_s": 0.1, "retry_pause_s": 0, **limits})

    return use
