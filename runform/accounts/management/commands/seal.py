from typing import Any

from django.core.management.base import BaseCommand

from runform.accounts.second_step import secrets_seal


class Command(BaseCommand):
    help = (
        "Seal the secrets of all second steps under the newest secret key, and say how many need one that is not known."
        " The upkeep worker does it each hour."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = secrets_seal()
        self.stdout.write(f"{done.renewed} sealed under the newest key")
        if done.unreadable:
            self.stderr.write(
                f"{done.unreadable} are of a secret key that is not known here: name it in RUNFORM_OLD_SECRET_KEYS"
            )
            raise SystemExit(1)
