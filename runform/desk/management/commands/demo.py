"""A club to look around in, with two FormChecks that are really analysed."""

import time
import uuid
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from runform.accounts.models import AthleteProfile, Sex, User
from runform.clips.models import Clip, FormCheck, Surface
from runform.clips.services import clip_store, form_check_create
from runform.clubs.consents import consent_give
from runform.clubs.models import Club, Purpose, Role
from runform.clubs.services import club_create, coach_assign, member_add
from runform.coaching.models import Review, State
from runform.coaching.policies import may_review
from runform.coaching.services.claims import review_claim
from runform.coaching.services.drafts import draft_propose, draft_save
from runform.coaching.services.publish import review_publish
from runform.processing.models import LIVE, Job
from runform.processing.services import job_ensure
from runform.reports.selectors import reports_of

PASSWORD = "runform-demo"
CLUB = "Riverside Runners"
# The names under which everything of the demo is found again.
SPACE = uuid.UUID("6a1c2f0e-52a5-4d0c-9d6e-3f9a7b1d4e20")
SPEED_MPS = 3.96
# How often the clips are looked after while one waits for them.
WAIT_S = 2
MESSAGE = (
    "Thank you for filming from the side and from behind: together they show most. Do the short exercises of this page "
    "twice a week; in four weeks we film again at the same speed."
)
EARLIER = ("s01_side_base.mp4", "t01_rear_tape_base.mp4")
LATER = ("s10_side_head8.mp4", "t02_rear_tape_drop6.mp4")


class Command(BaseCommand):
    help = (
        "Create the demo club, its people and two FormChecks. Harmless when they are there already; once the clips are"
        " analysed, its coach publishes a review of the earlier FormCheck."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on-a-real-site", action="store_true", help="although the passwords are known to all")
        parser.add_argument("--wait", action="store_true", help="stay until the clips are analysed, then review them")

    def handle(self, *args: Any, on_a_real_site: bool, wait: bool, **options: Any) -> None:
        if settings.HTTPS and not on_a_real_site:
            raise CommandError("This site is open to others, and everybody knows the passwords of the demo.")
        manager = _person("manager", "Mona Manager")
        coach = _person("coach", "Carl Coach")
        athlete = _person("athlete", "Alex Athlete")
        AthleteProfile.objects.get_or_create(
            user=athlete, defaults={"height_cm": 175, "sex": Sex.MALE, "birth_date": date(1994, 5, 17)}
        )
        club = Club.objects.filter(name=CLUB, memberships__user=manager).first()
        club = club or _new_club(manager)
        member_add(club=club, user=coach, role=Role.COACH)
        member_add(club=club, user=athlete, role=Role.ATHLETE)
        coach_assign(club=club, coach=coach, athlete=athlete)
        _agree(athlete)
        today = timezone.localdate()
        earlier = _form_check(athlete, today - timedelta(days=28), "Before the season.", EARLIER)
        _form_check(athlete, today - timedelta(days=1), "The head feels heavy after long days at the desk.", LATER)
        while wait and _is_measured_soon(earlier):
            time.sleep(WAIT_S)
        _review(earlier, coach)


def _person(role: str, name: str) -> User:
    email = f"{role}@demo.runform.test"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def _new_club(manager: User) -> Club:
    """It lets automatic reports through, so that the athlete has something to see before anybody publishes."""
    club = club_create(name=CLUB, manager=manager)
    club.automatic_reports = True
    club.save(update_fields=["automatic_reports"])
    return club


def _agree(athlete: User) -> None:
    """What was taken back by hand stays taken back."""
    for purpose in (Purpose.ANALYSIS, Purpose.COACH, Purpose.SQUAD):
        if not athlete.consents.filter(purpose=purpose).exists():
            consent_give(athlete=athlete, by=athlete, purposes=[purpose])


def _form_check(athlete: User, day: date, note: str, names: tuple[str, ...]) -> FormCheck:
    """What is there already is left alone, also what was removed by hand."""
    token_of = {name: uuid.uuid5(SPACE, name) for name in names}
    known = Clip.objects.filter(athlete=athlete, upload_token__in=token_of.values())
    first = known.first()
    check = first.form_check if first else _new_check(athlete, day, note)
    for name in names:
        with (settings.BASE_DIR / "demo" / name).open("rb") as stream:
            stored = clip_store(form_check=check, upload=File(stream, name=name), upload_token=token_of[name])
        job_ensure(clip=stored.clip, requested_by=athlete)
    return check


def _review(check: FormCheck, coach: User) -> None:
    """What the app proposes, with a word of the coach, published.  Not before all clips have their reports; and never
    over what somebody did by hand."""
    measured = {report.clip_id for report in reports_of(check)}
    clips = set(check.clips.filter(deleted_at=None).values_list("pk", flat=True))
    untouched = {"state": State.WAITING, "claimed_by": None, "draft_version": 0}
    begun = Review.objects.filter(form_check=check).exclude(**untouched).exists()
    if not clips or clips - measured or begun or not may_review(coach, check):
        return
    with transaction.atomic():
        review = review_claim(form_check=check, coach=coach)
        draft_propose(review=review)
        content = {**review.draft, "message": MESSAGE}
        version = draft_save(review=review, coach=coach, version=review.draft_version, content=content)
        review_publish(review=review, coach=coach, version=version)


def _is_measured_soon(check: FormCheck) -> bool:
    """Whether a clip of it waits or runs."""
    return Job.objects.filter(clip__form_check=check, clip__deleted_at=None, state__in=LIVE).exists()


def _new_check(athlete: User, day: date, note: str) -> FormCheck:
    return form_check_create(
        athlete=athlete,
        created_by=athlete,
        recorded_on=day,
        surface=Surface.TREADMILL,
        speed_mps=SPEED_MPS,
        shoes="daily trainer",
        note=note,
    )
