"""Keep everything, and bring it back.

A folder of backups holds the media once, and for each backup a folder with the database and the list of its files.
"""

import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from analysis import ANALYSIS_VERSION
from runform.accounts.second_step import secrets_seal
from runform.coaching.models import Notification
from runform.desk.backup import files, tables
from runform.processing.models import Job, State

DATABASE, MANIFEST = "database.jsonl.gz", "manifest.json"


class BackupError(Exception):
    """The text is for the person at the terminal."""


@dataclass(frozen=True)
class Made:
    name: str
    n_rows: int
    n_files: int
    n_new: int
    # Second steps that need another secret key than is known here.
    n_unreadable: int = 0


def backup_make(*, folder: Path, keep: int | None = None) -> Made:
    """Database first, as it stands at one moment; then the files, which by then are all there."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    if executor.migration_plan(leaves):
        raise BackupError("The database is not up to date: run `manage.py migrate` first.")
    name = timezone.now().strftime("%Y%m%dT%H%M%S%fZ")
    partial = folder / f".{name}"
    partial.mkdir(parents=True, mode=0o700)
    with tables.one_moment(), gzip.open(partial / DATABASE, "wt", encoding="utf-8") as target:
        n_rows = tables.dump(apps, target)
    earlier: files.Files = {}
    for other in backups(folder):
        earlier |= _manifest(other)["files"]
    copied = files.copy_out(folder, earlier)
    facts = {"analysis_version": ANALYSIS_VERSION, "migrations": leaves, "rows": n_rows, "files": copied.files}
    (partial / MANIFEST).write_text(json.dumps(facts, indent=1))
    # Whole from here on.
    partial.rename(folder / name)
    if keep:
        _forget(folder, keep)
    return Made(name, sum(n_rows.values()), len(copied.files), copied.n_new)


def backups(folder: Path) -> list[Path]:
    """Oldest first."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))


def restore(*, folder: Path, name: str = "", over: bool = False) -> Made:
    """Files first: when one of them is damaged the database has not been touched."""
    found = [path for path in backups(folder) if name in {"", path.name}]
    if not found:
        raise BackupError(f"There is no backup {name or 'at all'} in {folder}.")
    source, facts = found[-1], _manifest(found[-1])
    targets = [tuple(target) for target in facts["migrations"]]
    executor = MigrationExecutor(connection)
    if not set(targets) <= set(executor.loader.graph.nodes):
        raise BackupError("This backup was made by a newer version: install that one, then restore.")
    if not over and tables.has_data(apps):
        raise BackupError("There is data in this database. It would be lost: say --over if that is meant.")
    if lost := files.missing(folder, facts["files"]):
        raise BackupError(f"{len(lost)} files of the backup are not there or not whole, the first: {lost[0]}")
    n_new = files.copy_in(folder, facts["files"])
    _empty()
    executor.migrate(targets)
    _empty()
    then = executor.loader.project_state(targets).apps
    with gzip.open(source / DATABASE, "rt", encoding="utf-8") as lines:
        tables.load(then, lines)
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0)
    _settle()
    return Made(source.name, sum(facts["rows"].values()), len(facts["files"]), n_new, secrets_seal().unreadable)


def _empty() -> None:
    if connection.introspection.table_names():
        call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)


def _settle() -> None:
    """Nobody is told twice; and what was being analysed is analysed again, with all its tries."""
    Notification.objects.filter(mailed_at=None).update(mailed_at=timezone.now())
    Job.objects.filter(state=State.RUNNING).update(attempt=0, lease_expires_at=timezone.now())


def _forget(folder: Path, keep: int) -> None:
    for path in backups(folder)[:-keep]:
        shutil.rmtree(path)
    files.forget(folder, {name for path in backups(folder) for name in _manifest(path)["files"]})


def _manifest(source: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((source / MANIFEST).read_text())
    return facts
