"""A backup is worth what a restore gives back."""

import gzip
import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis import ANALYSIS_VERSION
from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.coaching.models import Notification, Occasion
from runform.coaching.services.notices import mails_sweep, unmailed
from runform.core.trees import file_names
from runform.desk.backup import tables
from runform.desk.backup.services import MANIFEST, backups
from runform.processing.models import Job, State
from runform.processing.services import jobs_reap
from tests.runform.world import World, make_check, make_clip, make_user

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def rows(backup: Path) -> dict[str, list[Any]]:
    """Every row of every table, as a backup has it."""
    found: dict[str, list[Any]] = {}
    with gzip.open(backup / "database.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            said = json.loads(line)
            if isinstance(said, dict):
                table = found.setdefault(said["table"], [])
            else:
                table.append(said)
    return found


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def elsewhere(var_dir: Path, *command: object) -> subprocess.CompletedProcess[str]:
    """Another system: its own folder, its own database, nothing in it yet."""
    env = {name: value for name, value in os.environ.items() if name != "RUNFORM_DATABASE_URL"}
    arguments = [sys.executable, "manage.py", *map(str, command)]
    env["RUNFORM_VAR_DIR"] = str(var_dir)
    return subprocess.run(arguments, env=env, cwd=ROOT, capture_output=True, text=True)


def test_every_row_and_every_file_comes_back_in_an_empty_system(world: World, tmp_path: Path) -> None:
    """From SQLite or PostgreSQL into a new SQLite, by the commands, and compared by a backup of the copy."""
    Notification.objects.update(mailed_at=timezone.now())
    Job.objects.filter(state=State.RUNNING).update(attempt=0, lease_expires_at=timezone.now())
    first, second, copy = tmp_path / "first", tmp_path / "second", tmp_path / "copy"
    call_command("backup", first)
    done = elsewhere(copy, "restore", first)
    assert done.returncode == 0, done.stderr
    assert elsewhere(copy, "backup", second).returncode == 0
    was, became = rows(backups(first)[0]), rows(backups(second)[0])
    assert len(was["clips.clip"]) == Clip.objects.count() > 1
    assert len(was["reports.metricresult"]) > 10
    assert set(was) == set(became)
    # Leases of what was running end with the restore.
    for table in sorted(was):
        if table != "processing.job":
            assert was[table] == became[table], table
    assert len(was["processing.job"]) == len(became["processing.job"])
    media = content(tmp_path / "media")
    assert all(content(one / "media") == media for one in (first, copy, second))
    again = elsewhere(copy, "restore", first)
    assert again.returncode == 1
    assert "--over" in again.stderr


def test_it_comes_back_where_it_was_and_life_goes_on(world: World, tmp_path: Path) -> None:
    """On this database engine: numbers for new rows go on after those that came back."""
    folder = tmp_path / "kept"
    names, people = set(file_names()), set(User.objects.values_list("email", flat=True))
    call_command("backup", folder)
    make_user("late")
    Clip.objects.all().delete()
    with pytest.raises(CommandError, match="--over"):
        call_command("restore", folder)
    assert User.objects.filter(email="late@example.org").exists()
    lost = next(iter(names))
    default_storage.delete(lost)
    call_command("restore", folder, "--over")
    assert set(User.objects.values_list("email", flat=True)) == people
    assert default_storage.exists(lost)
    assert Clip.objects.filter(pk=world.clip.pk).exists()
    newer = make_clip(make_check(User.objects.get(pk=world.athlete.pk)), b"after the restore")
    assert newer.pk not in {world.clip.pk, world.idle_clip.pk}
    client = Client()
    assert client.login(username="athlete@example.org", password="a long enough word")
    assert client.get(f"/checks/{world.check.code}/").status_code == 200


def test_nobody_is_told_twice_nothing_done_is_done_again_and_what_ran_runs_again(
    world: World, tmp_path: Path, mailoutbox: list[Any]
) -> None:
    mailoutbox.clear()
    Notification.objects.create(user=world.athlete, occasion=Occasion.values[0], review=world.review, event="once")
    done = set(Job.objects.filter(state=State.DONE).values_list("code", flat=True))
    lease = {"state": State.RUNNING, "attempt": 3, "lease": world.live_job.code, "lease_expires_at": timezone.now()}
    Job.objects.filter(pk=world.live_job.pk).update(**lease)
    assert unmailed().exists()
    call_command("backup", tmp_path / "kept")
    call_command("restore", tmp_path / "kept", "--over")
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        jobs_reap()
        mails_sweep()
    assert set(Job.objects.filter(state=State.DONE).values_list("code", flat=True)) == done != set()
    assert Job.objects.get(pk=world.live_job.pk).state == State.QUEUED
    assert mailoutbox == []
    assert Notification.objects.filter(event="once", read_at=None).exists()


def test_a_second_backup_reads_only_what_is_new_and_old_ones_go(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    call_command("backup", folder)
    n_files = len(content(folder / "media"))
    first = {path: path.stat().st_mtime_ns for path in (folder / "media").rglob("*") if path.is_file()}
    name = default_storage.save("clips/one/more.mp4", ContentFile(b"more"))
    gone = str(world.idle_clip.file.name)
    default_storage.delete(gone)
    call_command("backup", folder)
    assert len(content(folder / "media")) == n_files + 1, "the first backup needs what is gone"
    assert all(path.stat().st_mtime_ns == at for path, at in first.items())
    call_command("backup", folder, "--keep", "1")
    kept = json.loads((backups(folder)[0] / MANIFEST).read_text())["files"]
    assert len(backups(folder)) == 1
    assert name in kept
    assert gone not in kept
    assert set(content(folder / "media")) == set(kept)
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["other bytes", "cut off", "gone", "of a newer version", "no backup"])
def test_a_damaged_backup_is_refused_before_anything_is_lost(world: World, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "kept"
    call_command("backup", folder)
    name = str(world.clip.file.name)
    kept, manifest = folder / "media" / name, backups(folder)[0] / MANIFEST
    if damage == "other bytes":
        kept.write_bytes(bytes(len(kept.read_bytes())))
        default_storage.delete(name)
    elif damage == "cut off":
        kept.write_bytes(b"")
    elif damage == "gone":
        kept.unlink()
    elif damage == "of a newer version":
        facts = json.loads(manifest.read_text())
        facts["migrations"][0][1] = "9999_from_the_future"
        manifest.write_text(json.dumps(facts))
    else:
        manifest.unlink()
    n_rows = User.objects.count()
    with pytest.raises(CommandError):
        call_command("restore", folder, "--over")
    assert User.objects.count() == n_rows > 5


def test_a_backup_shows_one_moment_while_others_write(world: World) -> None:
    """Rows that are written meanwhile are either all in it or not at all; and nobody waits for it."""
    written = threading.Event()

    def write() -> None:
        with transaction.atomic():
            FormCheck.objects.filter(pk=world.check.pk).update(note="meanwhile")
        connection.close()
        written.set()

    with tables.one_moment():
        assert FormCheck.objects.get(pk=world.check.pk).note != "meanwhile"
        thread = threading.Thread(target=write)
        thread.start()
        assert written.wait(15)
        assert FormCheck.objects.get(pk=world.check.pk).note != "meanwhile"
    thread.join()
    assert FormCheck.objects.get(pk=world.check.pk).note == "meanwhile"


OLD = """
import gzip, json, sys
from pathlib import Path
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from runform.desk.backup import tables
executor = MigrationExecutor(connection)
graph = executor.loader.graph
newest = graph.leaf_nodes("desk")[0]
before = next(node.key for node in graph.node_map[newest].parents if node.key[0] == "desk")
targets = [*(node for node in graph.leaf_nodes() if node[0] != "desk"), before]
executor.migrate(targets)
then = executor.loader.project_state(targets).apps
then.get_model("accounts.User").objects.create(email="early@example.org", name="Early")
folder = Path(FOLDER) / "20200101T000000Z"
folder.mkdir(parents=True)
with gzip.open(folder / "database.jsonl.gz", "wt") as target:
    rows = tables.dump(then, target)
(folder / "manifest.json").write_text(json.dumps({"migrations": targets, "rows": rows, "files": {}}))
"""

NOW = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from runform.accounts.models import User
executor = MigrationExecutor(connection)
print(User.objects.get().name, executor.migration_plan(executor.loader.graph.leaf_nodes()))
"""


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """Its tables are made as they were then, filled, and migrated as an update would have done."""
    kept, new = tmp_path / "kept", tmp_path / "new"
    made = elsewhere(tmp_path / "old", "shell", "--no-imports", "-c", OLD.replace("FOLDER", repr(str(kept))))
    assert made.returncode == 0, made.stderr
    done = elsewhere(new, "restore", kept)
    assert done.returncode == 0, done.stderr
    asked = elsewhere(new, "shell", "--no-imports", "-c", NOW)
    assert (asked.stdout.strip(), asked.stderr) == ("Early []", "")


@pytest.mark.parametrize("page", ["results", "check_pdf", "check_zip", "check", "check_compare"])
def test_a_report_of_an_earlier_version_still_opens(world: World, client: Client, page: str) -> None:
    """What version 0.1.0 wrote is read by all later ones."""
    assert world.report.analysis_version == "0.1.0" != ANALYSIS_VERSION
    client.force_login(world.athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse(page, args=[world.check.code]), follow=True)
    assert answer.status_code == 200
    assert b"".join(answer) if answer.streaming else answer.content
