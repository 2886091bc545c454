"""The season report: counted by hand, nobody by name, no group under five, and pages that can be read."""

from datetime import date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.consents import consent_give, consent_withdraw
from runform.clubs.models import Club, Purpose, Role, Squad
from runform.clubs.services import club_create, member_add
from runform.coaching.models import Publication, Review
from runform.desk.models import Trend
from runform.desk.season.content import build_content, small_text
from runform.desk.season.facts import Changes, Coverage, Month, season_of
from tests.runform.world import make_check, make_clip, make_user

pytestmark = pytest.mark.django_db
START, END = date(2026, 1, 1), date(2026, 6, 30)
LEAN = "forward_lean_mean"


def film(athlete: User, day: date) -> FormCheck:
    check = make_check(athlete)
    check.recorded_on = day
    check.created_at = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    check.save(update_fields=["recorded_on", "created_at"])
    make_clip(check, f"{athlete} {day}".encode())
    return check


def publish(check: FormCheck, days: int) -> None:
    review = Review.objects.create(form_check=check)
    Publication.objects.create(
        review=review, number=1, published_at=check.created_at + timedelta(days=days), content={}
    )


def trend(athlete: User, value: float, way: str = "", on: str = "2026-05-01") -> None:
    changes = [{"key": LEAN, "way": way, "by": 3.0, "since": "2026-03-01"}] if way else []
    latest = {LEAN: {"value": value, "grade": "A", "status": "ok", "on": on}}
    Trend.objects.create(athlete=athlete, latest=latest, changes=changes)


@pytest.fixture
def club(db: None) -> Club:
    """Seven athletes: five juniors, one elder who agreed to nothing, one who left."""
    club = club_create(name="Here", manager=make_user("manager"))
    squad = Squad.objects.create(club=club, name="Juniors")
    for number in range(5):
        runner = make_user(f"runner{number}")
        consent_give(athlete=runner, by=runner, purposes=[Purpose.SQUAD])
        member_add(club=club, user=runner, role=Role.ATHLETE).squads.add(squad)
    elder = make_user("elder", agrees=False)
    member_add(club=club, user=elder, role=Role.ATHLETE).squads.add(Squad.objects.create(club=club, name="Elders"))
    left = member_add(club=club, user=make_user("leaver"), role=Role.ATHLETE)
    left.ended_at = timezone.now()
    left.save(update_fields=["ended_at"])
    return club


def runner(number: int) -> User:
    return User.objects.get(name=f"runner{number}")


def test_the_counts_are_those_that_one_counts_by_hand(club: Club) -> None:
    publish(film(runner(0), date(2026, 1, 10)), 2)
    publish(film(runner(0), date(2026, 6, 20)), 4)
    publish(film(runner(1), date(2026, 1, 11)), 9)
    film(runner(2), date(2025, 12, 31))  # the season before
    make_check(runner(3))  # nothing was filmed
    film(User.objects.get(name="leaver"), date(2026, 2, 1))
    found = season_of(club, START, END)
    # runner1 was last filmed in January: quiet, like the three who were not filmed.
    assert found.whole == Coverage("", 6, 5, 2, 4)
    assert found.squads == [Coverage("Elders", 1, 0, 0, 0), Coverage("Juniors", 5, 5, 2, 4)]
    assert found.months == [Month(date(2026, 1, 1), 2, 2), Month(date(2026, 6, 1), 1, 1)]
    assert (found.n_checks, found.n_reviewed, found.median_days) == (3, 3, 4.0)


def test_changes_and_pictures_need_five_who_agreed(club: Club) -> None:
    for number, way in enumerate(["nearer", "nearer", "further", "", ""]):
        trend(runner(number), 10.0 + number, way)
    found = season_of(club, START, END)
    assert found.changes == [Changes(LEAN, 5, 2, 1)]
    (picture,) = found.pictures
    assert (picture.n, picture.low, picture.median, picture.high) == (5, 11.0, 12.0, 13.0)
    assert list(found.squad_pictures) == ["Juniors"]
    consent_withdraw(athlete=runner(4), by=runner(4), purpose=Purpose.SQUAD)
    found = season_of(club, START, END)
    assert (found.counted, found.changes, found.pictures, found.squad_pictures) == (4, [], [], {})


def test_numbers_of_another_season_do_not_count(club: Club) -> None:
    for number in range(5):
        trend(runner(number), 10.0, "nearer", on="2025-05-01")
    found = season_of(club, START, END)
    assert (found.changes, found.pictures) == ([], [])


@pytest.mark.parametrize(
    ("n", "of", "said"),
    [(0, 20, "–"), (1, 20, "under 5"), (4, 20, "under 5"), (5, 20, "5"), (15, 20, "15"), (16, 20, "nearly all")],
)
def test_neither_a_few_nor_all_but_a_few_are_counted_aloud(n: int, of: int, said: str) -> None:
    assert small_text(n, of) == said


def test_the_manager_gets_a_pdf_that_names_nobody(club: Club, client: Client) -> None:
    publish(film(runner(0), date(2026, 1, 10)), 2)
    for number in range(5):
        trend(runner(number), 10.0 + number, "nearer")
    client.force_login(User.objects.get(name="manager"))
    page = f"/clubs/{club.code}/season/"
    assert page in client.get(f"/clubs/{club.code}/athletes/").content.decode()
    assert client.get(page).status_code == 200
    refused = client.get(page, {"start": END, "end": START})
    assert "Please choose a later day" in refused.content.decode()
    answer = client.get(page, {"start": START, "end": END})
    assert (answer["Content-Type"], "here-2026-01-01-2026-06-30.pdf" in answer["Content-Disposition"]) == (
        "application/pdf", True,
    )  # fmt: skip
    document = pypdfium2.PdfDocument(answer.content)
    text = "\n".join(one.get_textpage().get_text_range() for one in document)
    for words in ("Season report", "Here", "Jan 2026", "Juniors", "Forward lean", "nearly all", "Nobody is named"):
        assert words in text
    for person in User.objects.all():
        assert person.name not in text


def test_an_empty_season_says_so(club: Club) -> None:
    texts: Any = build_content(season_of(club, START, END), made="today")
    assert (texts["months"], texts["changes"], texts["pictures"], texts["squads"]) == ([], [], [], [])
    assert texts["coverage"] == [["Elders", "1", "–", "–", "–"], ["Juniors", "5", "5", "0", "5"]]


def test_the_number_of_queries_does_not_grow_with_the_club(club: Club, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        film(runner(number), date(2026, 1, 10 + number))
    with django_assert_max_num_queries(8):
        season_of(club, START, END)
