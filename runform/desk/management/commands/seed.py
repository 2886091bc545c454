"""A large club for trying out pages: many members, many FormChecks with small reports, the same each time.

Rows only, in bulk, with no files behind them: nothing here was ever filmed.
"""

import random
import uuid
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from analysis import ANALYSIS_VERSION
from analysis.metrics import METRICS
from analysis.metrics.spec import Grade, Measured, MetricSpec, place
from analysis.types import Profile, ViewName
from runform.accounts.models import AthleteProfile, Sex, User
from runform.clips.models import Clip, FormCheck
from runform.clubs.models import Club, CoachAssignment, ConsentRecord, Membership, Purpose, Role, Squad
from runform.desk.management.seeded_reviews import Seeder
from runform.reports.models import MetricResult, Report

PASSWORD = "runform-demo"
BATCH = 1000
COACHES, SQUADS, WEEKS = 8, 12, 150
WITHOUT_SQUAD_CONSENT = 0.15


class Command(BaseCommand):
    help = "Create a large club of invented members and FormChecks, for page times. Deterministic; not for a real site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, default=500)
        parser.add_argument("--checks", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, default=None, help="the last day; today if left out")

    def handle(self, *args: Any, members: int, checks: int, seed: int, until: date | None, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError("This site is open to others (hosts are named): no invented people here.")
        if User.objects.filter(email=email_of("manager", seed)).exists():
            raise CommandError(f"The club of seed {seed} is there already.")
        chance, last = random.Random(seed), until or timezone.localdate()
        with transaction.atomic():
            athletes, coaches = _club(chance, members, seed)
            _history(chance, athletes, coaches, checks, last)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the first pages are planned for empty tables
        self.stdout.write(f"{email_of('manager', seed)}, {email_of('coach1', seed)} ...: password {PASSWORD}")


def _club(chance: random.Random, members: int, seed: int) -> tuple[list[User], list[User]]:
    """Athletes and coaches; the coaches take turns."""
    club = Club.objects.create(code=_code(chance), name=f"Seeded Striders {seed}", automatic_reports=True)
    names = ["manager", *(f"coach{n}" for n in range(1, COACHES + 1)), *(f"athlete{n}" for n in range(1, members + 1))]
    password = make_password(PASSWORD)
    people = _add(
        User(code=_code(chance), email=email_of(name, seed), name=_name(name), password=password) for name in names
    )
    _add(EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people)
    manager, coaches, athletes = people[0], people[1 : COACHES + 1], people[COACHES + 1 :]
    _add(_profiles(chance, athletes))
    roles = [
        (manager, Role.MANAGER),
        *((one, Role.COACH) for one in coaches),
        *((one, Role.ATHLETE) for one in athletes),
    ]
    rows = _add(Membership(code=_code(chance), club=club, user=user, role=role) for user, role in roles)
    squads = _add(Squad(code=_code(chance), club=club, name=f"Squad {n:02d}") for n in range(1, SQUADS + 1))
    through = Membership.squads.through
    _add(through(membership=row, squad=squads[n % SQUADS]) for n, row in enumerate(rows[COACHES + 1 :]))
    _add(
        CoachAssignment(code=_code(chance), club=club, coach=coaches[n % COACHES], athlete=athlete)
        for n, athlete in enumerate(athletes)
    )
    _add(_consents(chance, athletes))
    return athletes, coaches


def _profiles(chance: random.Random, athletes: list[User]) -> Iterator[AthleteProfile]:
    for athlete in athletes:
        sex = chance.choice([Sex.FEMALE, Sex.MALE])
        born = date(chance.randint(1960, 2004), chance.randint(1, 12), chance.randint(1, 28))
        yield AthleteProfile(user=athlete, sex=sex, birth_date=born, height_cm=chance.randint(155, 195))


def _consents(chance: random.Random, athletes: list[User]) -> Iterator[ConsentRecord]:
    for athlete in athletes:
        purposes = [Purpose.ANALYSIS, Purpose.COACH]
        if chance.random() > WITHOUT_SQUAD_CONSENT:
            purposes.append(Purpose.SQUAD)
        for purpose in purposes:
            yield ConsentRecord(athlete=athlete, purpose=purpose, given=True, given_by=athlete)


def _history(chance: random.Random, athletes: list[User], coaches: list[User], n: int, last: date) -> None:
    """FormChecks spread over three years, most of them reviewed; some athletes film often, some have not for long."""
    seeder = Seeder(chance, last, _code, _add)
    _add(seeder.templates(coaches))
    coach_of = {athlete.pk: coaches[number % COACHES] for number, athlete in enumerate(athletes)}
    specs = [spec for spec in METRICS if spec.band_for(Profile())]
    weights = [chance.paretovariate(1.2) for _ in athletes]
    own = {athlete.pk: {spec.key: chance.gauss(0, 1) for spec in specs} for athlete in athletes}
    whose = chance.choices(athletes, weights, k=n)
    for start in range(0, n, BATCH):
        some = whose[start : start + BATCH]
        checks = _add(_check(chance, athlete, last, seeder) for athlete in some)
        clips = _add(_clip(chance, check) for check in checks)
        reports = _add(_report(chance, clip) for clip in clips)
        results = [
            list(_metrics(chance, report, specs, _now(own[check.athlete_id], check, last)))
            for report, check in zip(reports, checks, strict=True)
        ]
        _add(row for rows in results for row in rows)
        found = zip(checks, results, strict=True)
        seeder.reviews((check, coach_of[check.athlete_id], rows) for check, rows in found)


def _now(own: dict[str, float], check: FormCheck, last: date) -> dict[str, float]:
    """Half of the athletes work on what is furthest off, and four fifths of it are gone after three years."""
    cued = max(own, key=lambda key: abs(own[key]))
    if check.athlete.code.int % 2:
        return own
    share = 1 - (last - check.recorded_on) / timedelta(weeks=WEEKS)
    return {**own, cued: own[cued] * (1 - 0.8 * share)}


def _check(chance: random.Random, athlete: User, last: date, seeder: Seeder) -> FormCheck:
    day = last - timedelta(days=int(7 * WEEKS * chance.betavariate(1, 1.6)))
    at = datetime.combine(day, time(12), timezone.get_default_timezone())
    speed_mps = round(chance.choice([2.8, 3.3, 3.3, 3.9]) * chance.uniform(0.97, 1.03), 2)
    return FormCheck(
        code=_code(chance),
        athlete=athlete,
        created_by=athlete,
        created_at=at,
        recorded_on=day,
        speed_mps=speed_mps,
        published_at=seeder.published_at(day),
    )


def _clip(chance: random.Random, check: FormCheck) -> Clip:
    return Clip(
        code=_code(chance),
        form_check=check,
        athlete=check.athlete,
        created_at=check.created_at,
        original_name="seeded.mp4",
        size_bytes=1,
        sha256=f"{chance.getrandbits(256):064x}",
        upload_token=_code(chance),
        view=chance.choice(["side", "rear"]),
    )


def _report(chance: random.Random, clip: Clip) -> Report:
    return Report(
        code=_code(chance),
        clip=clip,
        job_code=_code(chance),
        created_at=clip.created_at,
        analysis_version=ANALYSIS_VERSION,
        verdict="ok",
        view=clip.view,
        activity="running",
        quality={"verdict": "ok", "checks": []},
    )


def _metrics(
    chance: random.Random, report: Report, specs: list[MetricSpec], own: dict[str, float]
) -> Iterator[MetricResult]:
    """Around the middle of the band: the athlete's own deviation, and noise of the size that the metric says it has."""
    for order, spec in enumerate(specs):
        band = spec.band_for(Profile())
        grade = spec.grades[ViewName(report.view)]
        if band is None or grade is Grade.X:
            continue
        low, high = (edge if edge is not None else 0.0 for edge in band.ok)
        middle, width = (low + high) / 2, abs(high - low) / 2 or 1.0
        error = (spec.mdc or width) / 2.77
        value = middle + 0.7 * width * own[spec.key] + chance.gauss(0, error)
        measured = Measured(value, value - 1.96 * error, value + 1.96 * error, strides=12)
        yield MetricResult(
            report=report,
            order=order,
            key=spec.key,
            value=round(value, 3),
            low=round(measured.low, 3),
            high=round(measured.high, 3),
            unit=spec.unit,
            grade="measured" if grade is Grade.A else "caveated",
            view_grade=grade.value,
            status=place(measured, band, grade).value,
            strides=12,
            view=report.view,
            band={"ok": list(band.ok), "watch": list(band.watch)},
        )


def _add(rows: Iterable[Any]) -> list[Any]:
    rows, made = iter(rows), []
    while batch := list(islice(rows, BATCH)):
        model: type[Model] = type(batch[0])
        made += model._base_manager.bulk_create(batch)
    return made


def _code(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def email_of(name: str, seed: int) -> str:
    return f"{name}@seed{seed}.runform.test"


def _name(name: str) -> str:
    word = name.rstrip("0123456789")
    return f"{word.capitalize()} {name.removeprefix(word)}".strip()
