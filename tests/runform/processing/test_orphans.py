from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from tests.runform.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_nothing_is_amiss_after_ordinary_work(own_folder: None, world: World, capsys: Any) -> None:
    call_command("orphans")
    assert " 0 gone, 0 without a row" in capsys.readouterr().out


def test_what_is_amiss_is_named(own_folder: None, world: World, capsys: Any) -> None:
    default_storage.save("clips/x/y/original.mp4", ContentFile(b"left behind"))
    default_storage.delete(str(world.report.raw.name))
    default_storage.delete(str(world.report.review_copy.name))
    with time_machine.travel(timezone.now() + timedelta(hours=2)), pytest.raises(SystemExit):
        call_command("orphans")
    told = capsys.readouterr().out
    assert "no row knows: clips/x/y/original.mp4" in told
    assert f"file is gone: {world.report.raw.name}" in told
    assert f"file is gone: {world.report.review_copy.name}" in told
    assert default_storage.exists("clips/x/y/original.mp4")
