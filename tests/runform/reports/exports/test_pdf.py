import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.exports.pdf import check_pdf
from runform.reports.models import Report
from runform.reports.results import build_results, clip_report
from runform.reports.selectors import reports_of
from tests.runform.coaching.desk import make_coach
from tests.runform.coaching.reviews import DRAFT, DRILL, make_published
from tests.runform.world import DATA, REFUSED, SIDE, make_clip, make_report

REAR = DATA / "report_rear.json"
A4_POINTS = (595, 842)


def pages_of(check: FormCheck) -> tuple[pypdfium2.PdfDocument, str]:
    """The document, and all its words with single spaces."""
    reports = [clip_report(report) for report in reports_of(check)]
    now = timezone.make_aware(datetime(2026, 6, 1))
    document = pypdfium2.PdfDocument(check_pdf(check, reports, speed_unit="kmh", now=now))
    return document, " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.fixture
def side(check: FormCheck, tmp_path: Path) -> Report:
    return make_report(make_clip(check, b"side"), tmp_path / "side", SIDE)


def test_the_report_has_cover_findings_numbers_gaps_and_definitions_on_a4(check: FormCheck, side: Report) -> None:
    document, words = pages_of(check)
    assert all((round(page.get_width()), round(page.get_height())) == A4_POINTS for page in document)
    results = build_results([clip_report(side)])
    assert "athlete" in words
    assert "May 1, 2026" in words
    for finding in results.to_work_on:
        assert finding.title in words
        assert finding.tip is None or finding.tip["cue"] in words
    for row in (row for group in results.groups for row in group.rows):
        assert row.label in words
        assert f"{row.value}{row.suffix}" in words
        assert f"{row.low} to {row.high}" in words
    assert all(gap.reason.split(".")[0] in words for gap in results.missing)


def test_every_letter_is_in_the_file(check: FormCheck, side: Report) -> None:
    document, _ = pages_of(check)
    raw = pypdfium2.raw
    fonts = set()
    for page in document:
        for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            font = raw.FPDFTextObj_GetFont(piece.raw)
            fonts.add(raw.FPDFFont_GetIsEmbedded(font))
    assert fonts == {1}


@pytest.mark.parametrize("name", ["Žofia Müller-Łukasiewicz", "Ελένη Παπαδοπούλου", "Фёдор Достоевский", "x" * 100])
def test_names_of_many_languages_and_lengths_are_set(check: FormCheck, side: Report, name: str) -> None:
    User.objects.filter(pk=check.athlete_id).update(name=name)
    document, words = pages_of(FormCheck.objects.get(pk=check.pk))
    assert name.replace(" ", "") in words.replace(" ", "").replace("\ufffe", "")
    assert len(document) < 9


def test_what_people_wrote_is_text_and_never_typesetting(check: FormCheck, side: Report) -> None:
    note = '#read("/etc/passwd") *bold* $x^2$ <tag> \\ ' + "word " * 300
    FormCheck.objects.filter(pk=check.pk).update(note=note, shoes="#panic()")
    _, words = pages_of(FormCheck.objects.get(pk=check.pk))
    assert '#read("/etc/passwd") *bold* $x^2$ <tag> \\' in words
    assert "#panic()" in words


def test_without_findings_it_says_that_nothing_stands_out(check: FormCheck, tmp_path: Path) -> None:
    content: dict[str, Any] = json.loads(SIDE.read_text())
    content["findings"] = []
    template = tmp_path / "calm.json"
    template.write_text(json.dumps(content))
    make_report(make_clip(check), tmp_path / "calm", template)
    assert "Nothing stands out" in pages_of(check)[1]


def test_a_refused_clip_is_a_page_with_the_reasons(check: FormCheck, tmp_path: Path) -> None:
    report = make_report(make_clip(check), tmp_path, REFUSED)
    document, words = pages_of(check)
    reasons = [found["message"] for found in report.quality["checks"] if found["verdict"] == "fail"]
    assert reasons
    assert all(reason[:40] in words for reason in reasons)
    assert "There are no numbers" in words
    assert len(document) == 1


def test_two_clips_make_one_report(check: FormCheck, side: Report, tmp_path: Path) -> None:
    make_report(make_clip(check, b"rear"), tmp_path / "rear", REAR)
    _, words = pages_of(check)
    assert "From the side, From behind" in words
    assert words.count("Through the stride:") == 2


def test_it_is_sent_as_a_download_that_no_cache_keeps(
    client: Client, athlete: User, check: FormCheck, side: Report
) -> None:
    client.force_login(athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("check_pdf", args=[check.code]))
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    assert "runform-athlete-2026-05-01.pdf" in answer["Content-Disposition"]


def test_with_a_red_flag_the_paper_sends_to_a_professional_and_gives_no_drills(check: FormCheck, side: Report) -> None:
    FormCheck.objects.filter(pk=check.pk).update(pain="yes", pain_areas=["back", "neck"], pain_signs=["heart"])
    _, words = pages_of(FormCheck.objects.get(pk=check.pk))
    drills = [drill["name"] for found in side.findings if found["tip"] for drill in found["tip"]["drills"]]
    assert drills
    assert "see a professional first" in words
    assert [drill for drill in drills if drill in words] == []


def test_the_paper_says_what_the_coach_published_or_that_nobody_has_looked(
    check: FormCheck, side: Report, athlete: User
) -> None:
    assert "Automatic report, not reviewed by a coach." in pages_of(check)[1]
    make_published(check, make_coach(athlete))
    _, words = pages_of(check)
    assert "Automatic report" not in words
    assert "Reviewed by coach" in words
    assert words.index(DRAFT["message"]) < words.index("To work on")
    assert DRILL in words
