"""How long each page takes in a large club, and how many queries it asks.

    python manage.py seed              a club of 500 members and 20,000 FormChecks
    python manage.py pages [WORD]      its pages; with a word those that have it in their address

Processor time of this process is shown, which other work on the machine changes little, then the whole time, which on
PostgreSQL has the server's part in it.  Every page is opened twice and the second time counts.  What is written on
the way is taken back at the end.
"""

import gc
import logging
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.models import Club
from runform.clubs.selectors import athletes_coached_by
from runform.coaching.services.claims import review_claim
from runform.coaching.views.queue import LABELS, ORDER_LABELS
from runform.desk.club.trends import trends_refresh
from runform.desk.management.commands.seed import email_of
from runform.reports.rows import SPECS
from runform.reports.selectors import reports_of

EVERYBODYS = ("home", "progress", "notifications", "profile", "check_new", "library", "metric_list")
OF_A_METRIC = ("metric", "metric_agreement")


class Command(BaseCommand):
    help = "Time the pages of the club that `seed` made, as its manager, a coach, an athlete and an administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("word", nargs="?", default="")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, word: str, seed: int, **options: Any) -> None:
        if not User.objects.filter(email=email_of("manager", seed)).exists():
            raise CommandError(f"There is no club of seed {seed}: make it with `seed`.")
        logging.disable(logging.ERROR)
        with override_settings(ALLOWED_HOSTS=["testserver"]), transaction.atomic():
            trends_refresh(at_most=User.objects.count())
            self.stdout.write("cpu_ms  all_ms  queries  kbytes  who      page")
            for who, user, address in _pages(seed):
                if word in address:
                    self.stdout.write(_line(who, user, address))
            transaction.set_rollback(True)


def _line(who: str, user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    client.get(address)
    # Now, so that no page pays for the rubbish of those before it.
    gc.collect()
    with CaptureQueriesContext(connection) as queries:
        cpu, clock = time.process_time(), time.perf_counter()
        answer = client.get(address)
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    said = "" if answer.status_code == 200 else f"  ({answer.status_code})"
    size = len(answer.getvalue()) / 1000
    return f"{1000 * cpu:6.0f} {1000 * clock:7.0f} {len(queries):8} {size:7.0f}  {who:8} {address}{said}"


def _pages(seed: int) -> Iterator[tuple[str, User, str]]:
    """Who opens what.  The athlete is the one whom the coach saw last, and the coach has claimed that FormCheck."""
    manager, coach = _user("manager", seed), _user("coach1", seed)
    club = Club.objects.get(memberships__user=manager)
    check = FormCheck.objects.filter(athlete__in=athletes_coached_by(coach)).latest("recorded_on", "pk")
    review_claim(form_check=check, coach=coach)
    athlete = reverse("progress_of", args=[check.athlete.code])
    for who, user in (("manager", manager), ("coach", coach), ("athlete", check.athlete)):
        yield from ((who, user, address) for address in (*_own_pages(), reverse("club", args=[club.code])))
    for who, user in (("manager", manager), ("coach", coach)):
        yield from ((who, user, address) for address in _club_pages(club))
    yield from (("manager", manager, address) for address in _managers_pages(club))
    for who, user in (("coach", coach), ("athlete", check.athlete)):
        yield from ((who, user, address) for address in (athlete, *_check_pages(check)))
    yield "coach", coach, reverse("review", args=[check.code])
    inbox = [f"?stage={stage}&order={order}" for stage in LABELS for order in ORDER_LABELS]
    yield from (("coach", coach, reverse("coach") + query) for query in (*inbox, "?stage=all&page=60"))
    root = User.objects.create_superuser("root@pages.runform.test", name="Root")
    yield from (("admin", root, address) for address in _admin_pages())


def _own_pages() -> Iterator[str]:
    yield from (reverse(name) for name in EVERYBODYS)
    yield from (reverse(name, args=[key]) for name in OF_A_METRIC for key in list(SPECS)[:3])


def _club_pages(club: Club) -> Iterator[str]:
    yield from (reverse(name, args=[club.code]) for name in ("club_people", "club_people_csv", "club_squad"))
    squad = club.squads.latest("name")
    yield f"{reverse('club_people', args=[club.code])}?squad={squad.code}&state=waiting&order=last"
    yield f"{reverse('club_squad', args=[club.code])}?squad={squad.code}"


def _managers_pages(club: Club) -> Iterator[str]:
    yield from (
        reverse(name, args=[club.code]) for name in ("club_settings", "club_renewal", "club_season", "club_log")
    )
    yield f"{reverse('club_season', args=[club.code])}?start=2026-01-01&end=2026-12-31"


def _check_pages(check: FormCheck) -> Iterator[str]:
    for name in ("check", "results", "check_compare", "conversation", "review_standing"):
        yield reverse(name, args=[check.code])
    for report in reports_of(check):
        yield reverse("report_charts", args=[report.code])
        yield reverse("metric_strides", args=[report.code, next(iter(report.metrics.all())).key])
    yield reverse("progress_charts", args=[check.athlete.code])


def _admin_pages() -> Iterator[str]:
    yield reverse("admin:index")
    for model in admin.site._registry:
        yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _user(name: str, seed: int) -> User:
    return User.objects.get(email=email_of(name, seed))
