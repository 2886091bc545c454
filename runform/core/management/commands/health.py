"""Ask a running web server whether all is well; exit code 1 when it is not.  For containers."""

import json
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Ask /health of a running web server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000/health")
        parser.add_argument("--only", help="one fact that must be true, as reaper_runs, instead of all")

    def handle(self, *args: Any, url: str, only: str | None, **options: Any) -> None:
        host = settings.ALLOWED_HOSTS[0].lstrip(".")
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=8) as response:
                facts = json.load(response)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise CommandError(f"{url} answers {error.code}") from None
            facts = json.load(error)
        except OSError as error:
            raise CommandError(f"{url} does not answer: {error}") from None
        self.stdout.write(json.dumps(facts))
        if not (facts.get(only) if only else facts["status"] == "ok"):
            raise CommandError("not well")
