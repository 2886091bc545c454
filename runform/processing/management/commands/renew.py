"""Analyses clips of earlier versions again: python manage.py renew [--club CODE] [--dry-run]"""

from argparse import ArgumentParser
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from analysis import ANALYSIS_VERSION
from runform.clubs.models import Club
from runform.processing.models import Renewal
from runform.processing.renewal import services
from runform.processing.renewal.selectors import reports_outdated, standing_of


class Command(BaseCommand):
    help = (
        "Order that every clip whose report is of an earlier version is analysed again, a few at a time, when nobody"
        " waits. Run again, it says how far it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--club", type=UUID, help="the code of a club; all athletes if left out")
        parser.add_argument("--dry-run", action="store_true", help="only count the clips")
        parser.add_argument("--stop", action="store_true", help="end the one that is under way")

    def handle(self, *args: Any, club: UUID | None, dry_run: bool, stop: bool, **options: Any) -> None:
        of = self._club(club)
        open_one = Renewal.objects.filter(club=of, ended_at=None).first()
        if stop and open_one:
            services.renewal_stop(renewal=open_one)
        if dry_run:
            self._count(of)
        elif not (stop or open_one):
            try:
                open_one = services.renewal_start(club=of, by=None)
            except services.RenewalError as error:
                raise CommandError(str(error)) from error
        if open_one:
            said = standing_of(open_one)
            self.stdout.write(
                f"to version {open_one.version}: {said.done} of {said.total} done, {said.failed} failed,"
                f" {said.left_out} left out"
            )

    def _count(self, club: Club | None) -> None:
        found = Counter(reports_outdated(club).order_by().values_list("analysis_version", flat=True))
        self.stdout.write(f"{found.total()} clips are of another version than {ANALYSIS_VERSION}")
        for version, count in sorted(found.items()):
            self.stdout.write(f"  {version or 'unknown'}: {count}")

    def _club(self, code: UUID | None) -> Club | None:
        if code is None:
            return None
        found = Club.objects.filter(code=code).first()
        if not found:
            raise CommandError(f"There is no club {code}.")
        return found
