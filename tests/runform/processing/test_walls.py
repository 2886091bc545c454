"""What a decoder that a hostile film has taken over finds: nothing, and nobody to talk to."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runform.processing.models import Job
from tests.runform.processing.attempts import run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not Path("/sys/kernel/security").exists() or sys.platform != "linux", reason="walls are built on Linux only"
    ),
]


def test_the_analyser_reaches_its_own_work_and_nothing_else(job: Job, analyser: Callable[..., None]) -> None:
    Path(job.clip.file.path).with_name("secret").write_text("another person's clip")
    analyser("pry")
    found = json.loads(run(job).error_detail.splitlines()[-1])
    assert found.pop("own work") == "open"
    assert found == dict.fromkeys(found, "PermissionError")
    assert len(found) == 9
