"""Nothing reaches an athlete before a coach publishes, unless the club lets automatic reports through."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from runform.clips.models import FormCheck
from runform.clubs.models import Club, CoachAssignment
from runform.clubs.services import assignment_end
from runform.coaching.services.claims import review_claim
from runform.coaching.services.publish import review_publish
from runform.reports.models import Report
from runform.reports.selectors import reports_visible_to
from tests.runform.addresses import as_shown
from tests.runform.coaching.reviews import make_published
from tests.runform.world import REFUSED, World, make_check, make_clip, make_report

OF_A_REPORT = ["report_charts", "report_landmarks", "report_copy", "report_time", "report_version"]
OF_A_FRAME = ["report_frame", "report_frame_png"]
DOWNLOADS = ["check_pdf", "check_zip"]


@pytest.fixture
def waiting(world: World, tmp_path: Path) -> Report:
    """A report that no coach has looked at, in a club that wants a look first."""
    Club.objects.update(automatic_reports=False)
    return make_report(make_clip(make_check(world.athlete), b"another day"), tmp_path)


def seen_by(client: Client, report: Report) -> dict[str, int]:
    paths = {name: reverse(name, args=[report.code]) for name in OF_A_REPORT}
    paths |= {name: reverse(name, args=[report.code, 1]) for name in OF_A_FRAME}
    paths |= {"metrics": reverse("report_download", args=[report.code, "metrics"])}
    paths |= {"strides": reverse("metric_strides", args=[report.code, "cadence"])}
    return {name: client.get(as_shown(client, path)).status_code for name, path in paths.items()}


def test_an_athlete_with_a_coach_sees_nothing_of_the_report_but_where_it_stands(
    world: World, waiting: Report, client: Client
) -> None:
    client.force_login(world.athlete)
    check = waiting.clip.form_check
    assert set(seen_by(client, waiting).values()) == {404}
    assert waiting not in reports_visible_to(world.athlete)
    page = client.get(reverse("results", args=[check.code])).content.decode()
    assert "Your coach looks at it first." in page
    assert str(waiting.code) not in page
    assert "data-finding" not in page
    standing = client.get(reverse("review_standing", args=[check.code])).content.decode()
    assert "Your coach will look at it, by " in standing
    assert "Your clips are measured." in standing
    home = client.get("/").content.decode()
    assert "See where it stands" in home


def test_no_download_of_the_whole_formcheck_holds_it_either(world: World, waiting: Report, client: Client) -> None:
    client.force_login(world.athlete)
    for name in DOWNLOADS:
        answer = client.get(reverse(name, args=[waiting.clip.form_check.code]))
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code in {302, 404} or str(waiting.code).encode() not in content, name


def test_the_coach_sees_it_all(world: World, waiting: Report, client: Client) -> None:
    client.force_login(world.coach)
    assert set(seen_by(client, waiting).values()) <= {200, 204}


def test_published_is_published(world: World, waiting: Report, client: Client) -> None:
    make_published(waiting.clip.form_check, world.coach)
    client.force_login(world.athlete)
    assert set(seen_by(client, waiting).values()) <= {200, 204}
    page = client.get(reverse("review_standing", args=[waiting.clip.form_check.code])).content.decode()
    assert "A good run. One thing for now." in page
    assert "Look ahead." in page


def test_after_publishing_a_corrected_report_is_open_and_a_further_clip_waits(
    world: World, waiting: Report, tmp_path: Path
) -> None:
    check = waiting.clip.form_check
    make_published(check, world.coach)
    corrected = make_report(waiting.clip, tmp_path)
    further = make_report(make_clip(FormCheck.objects.get(pk=check.pk), b"one more"), tmp_path)
    seen = set(reports_visible_to(world.athlete).filter(clip__form_check=check))
    assert seen == {waiting, corrected}
    review = review_claim(form_check=check, coach=world.coach)
    review_publish(review=review, coach=world.coach, version=review.draft_version)
    assert further in reports_visible_to(world.athlete)


def test_a_clip_that_cannot_be_used_says_so_at_once(world: World, waiting: Report, tmp_path: Path) -> None:
    refused = make_report(make_clip(waiting.clip.form_check, b"in the dark"), tmp_path, REFUSED)
    assert refused in reports_visible_to(world.athlete)


def test_an_athlete_without_a_coach_sees_the_automatic_report_marked_as_such(
    world: World, waiting: Report, client: Client
) -> None:
    for assignment in CoachAssignment.objects.filter(athlete=world.athlete):
        assignment_end(assignment=assignment)
    client.force_login(world.athlete)
    assert set(seen_by(client, waiting).values()) <= {200, 204}
    page = client.get(reverse("results", args=[waiting.clip.form_check.code])).content.decode()
    assert "Automatic report, not reviewed by a coach." in page


def test_what_was_filmed_before_there_was_a_coach_stays_open(world: World, waiting: Report) -> None:
    CoachAssignment.objects.filter(athlete=world.athlete).update(created_at=waiting.created_at)
    assert waiting in reports_visible_to(world.athlete)


def test_a_club_may_let_automatic_reports_through(world: World, waiting: Report, client: Client) -> None:
    Club.objects.update(automatic_reports=True)
    client.force_login(world.athlete)
    assert set(seen_by(client, waiting).values()) <= {200, 204}
    standing = client.get(reverse("review_standing", args=[waiting.clip.form_check.code])).content.decode()
    assert "What stands here is automatic; no coach has reviewed it yet." in standing
