from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from runform.desk.backup.files import DamagedError
from runform.desk.backup.services import BackupError, restore


class Command(BaseCommand):
    help = "Bring a backup back into an empty system. Stop web, workers and clock first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--name", default="", help="which backup; without it the newest")
        parser.add_argument("--over", action="store_true", help="although there is data: it is deleted")

    def handle(self, *args: Any, folder: Path, name: str, over: bool, **options: Any) -> None:
        try:
            done = restore(folder=folder, name=name, over=over)
        except (BackupError, DamagedError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.name}: {done.n_rows} rows and {done.n_files} files are back, {done.n_new} copied")
        if done.n_unreadable:
            self.stderr.write(
                f"{done.n_unreadable} second steps (apps and recovery codes) are of another secret key. Name it in"
                " RUNFORM_OLD_SECRET_KEYS and run `manage.py seal`; until then these people need a passkey."
            )
