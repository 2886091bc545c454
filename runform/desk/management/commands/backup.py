import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from runform.desk.backup.services import BackupError, backup_make


class Command(BaseCommand):
    help = "Keep database and media in a folder, while the app runs. Files that the folder has are not read again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, help="how many backups stay; older ones go, and files only they had")

    def handle(self, *args: Any, folder: Path, keep: int | None, **options: Any) -> None:
        # People's videos and data: nobody else reads them.
        os.umask(0o077)
        try:
            made = backup_make(folder=folder, keep=keep)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.name}: {made.n_rows} rows, {made.n_files} files, {made.n_new} of them new")
