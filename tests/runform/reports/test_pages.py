import gzip
import html
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.metrics import METRICS
from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck, Kind
from runform.reports.curves import build_figures
from runform.reports.models import MetricResult, Report
from runform.reports.results import build_results, clip_report
from runform.reports.rows import number_text
from runform.reports.scores import ScoreCard
from tests.runform.addresses import as_shown
from tests.runform.world import DATA, REFUSED, SIDE, make_clip, make_film, make_report

REAR = DATA / "report_rear.json"


@pytest.fixture
def reader(client: Client, athlete: User) -> Client:
    client.force_login(athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def side(check: FormCheck, tmp_path: Path) -> Report:
    return make_report(make_clip(check, b"side", "side.mp4"), tmp_path / "side", SIDE)


@pytest.fixture
def rear(check: FormCheck, tmp_path: Path) -> Report:
    return make_report(make_clip(check, b"rear", "rear.mp4"), tmp_path / "rear", REAR)


def page_of(reader: Client, check: FormCheck) -> str:
    answer = reader.get(reverse("results", args=[check.code]))
    assert answer.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


def test_a_finding_shows_sentence_number_interval_cue_drill_and_source(
    reader: Client, check: FormCheck, rear: Report
) -> None:
    finding = json.loads(REAR.read_text())["findings"][0]
    result = rear.metrics.get(key=finding["measurement"])
    page = page_of(reader, check)
    assert finding["title"] in page
    assert f"<strong>{number_text(result.value, 1)}°</strong>" in page
    assert f"between {number_text(result.low, 1)} and {number_text(result.high, 1)}" in page
    assert finding["tip"]["cue"] in page
    assert all(drill["dose"] in page for drill in finding["tip"]["drills"])
    assert finding["tip"]["source"] in page


def test_the_picture_of_a_finding_is_one_that_was_drawn_for_its_metric(side: Report, rear: Report) -> None:
    for report in (clip_report(side), clip_report(rear)):
        for finding in build_results([report]).to_work_on:
            assert finding.frame is not None
            assert finding.row.key in finding.frame.measurements


def test_two_clips_make_one_summary_with_each_metric_once(side: Report, rear: Report) -> None:
    results = build_results([clip_report(side), clip_report(rear)])
    shown = [row.key for part in (*results.groups, *results.missing) for row in part.rows]
    shown += [card.spec.key for card in results.scores]
    assert sorted(shown) == sorted({m.key for m in (*side.metrics.all(), *rear.metrics.all())})
    by_key = {row.key: row.result for group in results.groups for row in group.rows}
    assert by_key["forward_lean_mean"].report == side
    assert by_key["lateral_lean_mean"].report == rear
    assert {f.row.result.report_id for f in results.to_work_on} == {side.pk, rear.pk}


def test_the_composite_scores_come_from_all_clips_together_and_say_what_is_missing(side: Report, rear: Report) -> None:
    def card(*reports: Report) -> ScoreCard:
        return build_results([clip_report(report) for report in reports]).scores[0]

    together = card(side, rear)
    assert together.spec.key == "torso_stability"
    assert 0 <= together.low_pct <= together.value_pct <= together.low_pct + together.width_pct <= 100
    views = {part.spec.key: part.view_label for part in together.went_in}
    assert (views["forward_lean_mean"], views["lateral_lean_mean"]) == ("From the side", "From behind")
    assert together.covered > max(card(side).covered, card(rear).covered)
    named = [part.spec.key for part in (*together.went_in, *together.missing)]
    assert sorted(named) == sorted(part.key for part in together.spec.parts)


def test_a_score_that_the_view_covers_too_little_is_refused_with_the_reason(
    reader: Client, check: FormCheck, rear: Report
) -> None:
    head = build_results([clip_report(rear)]).scores[1]
    assert head.value == ""
    assert "of 100 points of it; 45 are needed. Film from the side" in page_of(reader, check)


@pytest.fixture
def standing(check: FormCheck, tmp_path: Path) -> Report:
    """A clip of the same person standing still, the head 0.09 further back."""
    content = json.loads(SIDE.read_text())
    content["gait"]["activity"] = "standing"
    content["findings"] = []
    for item in content["measurements"]:
        if item["id"] not in ("forward_lean_mean", "head_forward", "head_forward_trunk"):
            item |= {"value": None, "low": None, "high": None, "grade": "not_measured", "reason": "posture only"}
        elif item["id"] == "head_forward_trunk":
            item |= {name: item[name] - 0.09 for name in ("value", "low", "high")}
    template = tmp_path / "standing.json"
    template.write_text(json.dumps(content))
    clip = make_clip(check, b"standing", "standing.mp4")
    Clip.objects.filter(pk=clip.pk).update(kind=Kind.STANDING)
    clip.refresh_from_db()
    return make_report(clip, tmp_path / "standing", template)


def test_running_is_shown_against_the_standing_clip_under_head(
    reader: Client, check: FormCheck, side: Report, standing: Report
) -> None:
    results = build_results([clip_report(report) for report in (standing, side)])
    (head,) = [group for group in results.groups if group.standing]
    (line,) = head.standing
    assert head.label == "Head"
    assert line.value == "+0.09"
    assert (line.running.report, line.standing.report) == (side, standing)
    assert all(row.result.report == side for group in results.groups for row in group.rows)
    page = page_of(reader, check)
    assert "Head in front of the trunk line: running against standing" in page
    assert "five-second standing clip" not in page


def test_without_a_standing_clip_one_sentence_says_that_it_would_help(
    reader: Client, check: FormCheck, side: Report
) -> None:
    assert page_of(reader, check).count("five-second standing clip") == 1


def test_a_standing_clip_that_does_not_show_the_head_is_not_asked_for_again(
    reader: Client, check: FormCheck, side: Report, standing: Report
) -> None:
    standing.metrics.filter(key="head_forward_trunk").update(value=None)
    page = page_of(reader, check)
    assert "running against standing" not in page
    assert "nothing to compare it with" in page


def test_a_number_names_the_clip_it_comes_from_and_its_note(
    reader: Client, check: FormCheck, side: Report, rear: Report
) -> None:
    noted = MetricResult.objects.filter(report=rear, key="lateral_lean_mean")
    noted.update(note="From 4 strides only.")
    page = page_of(reader, check)
    lean = page.split('id="m-lateral_lean_mean"')[1].split("</details>")[0]
    assert f'<a href="#clip-{rear.code}">rear.mp4</a>' in lean
    assert "From 4 strides only." in lean


def test_what_one_clip_cannot_show_stands_with_its_reason_and_once_per_reason(
    reader: Client, check: FormCheck, side: Report
) -> None:
    page = page_of(reader, check)
    scores = [spec.key for spec in METRICS if spec.parts]  # they are made anew of all clips together
    absent = MetricResult.objects.filter(report=side, value=None).exclude(key__in=scores)
    assert absent.exists()
    for result in absent:
        assert reverse("metric", args=[result.key]) in page
        assert page.count(result.reason) == 1


def test_a_second_clip_costs_no_further_query(
    reader: Client, check: FormCheck, side: Report, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as alone:
        page_of(reader, check)
    make_report(make_clip(check, b"rear", "rear.mp4"), tmp_path / "rear", REAR)
    with django_assert_num_queries(len(alone)):
        page_of(reader, check)


def test_the_clip_can_be_watched_where_it_was_analysed(reader: Client, check: FormCheck, side: Report) -> None:
    url = reverse("report_copy", args=[side.code])
    film = re.findall(r"<video[^>]*>", page_of(reader, check))
    assert len(film) == 1
    assert f'src="{as_shown(reader, url)}"' in film[0]
    assert f'poster="{reverse("report_frame", args=[side.code, 1])}?until=' in film[0]
    assert 'preload="none"' in film[0]
    answer = reader.get(as_shown(reader, url), headers={"range": "bytes=1-2"})
    assert (answer.status_code, answer["Content-Type"], answer.getvalue()) == (206, "video/mp4", make_film()[1:3])
    Report.objects.update(review_copy="")
    assert "<video" not in page_of(reader, check)
    assert reader.get(url).status_code == 404


def test_a_refused_clip_says_what_to_do_and_gives_no_number(reader: Client, check: FormCheck, tmp_path: Path) -> None:
    make_report(make_clip(check, b"short", "IMG_1.MOV"), tmp_path, REFUSED)
    failed = next(c for c in json.loads(REFUSED.read_text())["quality"]["checks"] if c["verdict"] == "fail")
    page = page_of(reader, check)
    assert "IMG_1.MOV” could not be measured" in page
    assert failed["message"] in page
    assert 'id="metrics"' not in page
    assert "data-figure" not in page


def test_beside_a_refused_and_a_waiting_clip_the_measured_one_still_stands(
    reader: Client, check: FormCheck, side: Report, tmp_path: Path
) -> None:
    make_report(make_clip(check, b"short", "IMG_1.MOV"), tmp_path / "r", REFUSED)
    make_clip(check, b"waiting", "late.mp4")
    page = page_of(reader, check)
    assert "could not be measured" in page
    assert "One clip has no report yet" in page
    assert 'id="m-forward_lean_mean"' in page


def test_a_check_without_clips_invites_to_add_one(reader: Client, check: FormCheck) -> None:
    assert "Nothing to show yet" in page_of(reader, check)


def test_the_first_view_is_small_and_calls_nothing_from_elsewhere(
    reader: Client, check: FormCheck, side: Report, rear: Report
) -> None:
    page = page_of(reader, check)
    assert len(gzip.compress(page.encode())) < 30_000
    assert "<script>" not in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert '"mean":' not in page  # curves come with the charts


def test_the_first_view_without_pictures_and_charts_weighs_little(
    reader: Client, check: FormCheck, side: Report, rear: Report
) -> None:
    page = page_of(reader, check)
    names = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page))
    assert names
    files = [Path(str(finders.find(name))).read_bytes() for name in names]
    sizes = [len(data) if data[:4] == b"wOF2" else len(gzip.compress(data)) for data in files]
    assert sum(sizes) + len(gzip.compress(page.encode())) < 130_000


def test_what_left_and_right_ask_for_alike_is_said_once(reader: Client, check: FormCheck, rear: Report) -> None:
    cues = [finding["tip"]["cue"] for finding in rear.findings if finding["tip"]]
    assert len(cues) > len(set(cues))
    page = page_of(reader, check)
    assert [page.count(cue) for cue in set(cues)] == [1] * len(set(cues))


def test_the_figures_of_a_report_are_served_one_per_waveform(reader: Client, side: Report) -> None:
    answer = reader.get(reverse("report_charts", args=[side.code]))
    assert set(answer.json()) == set(side.waveforms)


def test_curve_and_number_agree_in_level(side: Report) -> None:
    figure = build_figures(side)["forward_lean"]
    curve = next(trace["y"] for trace in figure["data"] if trace["meta"] == "mean")
    assert sum(curve) / len(curve) == pytest.approx(side.metrics.get(key="forward_lean_mean").value, abs=0.01)


@pytest.mark.parametrize("key", [spec.key for spec in METRICS])
def test_every_metric_has_a_page_with_its_definition_and_error(client: Client, db: None, key: str) -> None:
    spec = next(spec for spec in METRICS if spec.key == key)
    answer = client.get(reverse("metric", args=[key]))
    for text in (spec.label, spec.question, spec.definition, spec.errors):
        assert text in html.unescape(answer.content.decode())


def test_an_unknown_metric_is_not_found(client: Client, db: None) -> None:
    assert client.get("/metrics/energy-leak/").status_code == 404


def test_the_capture_guide_has_an_anchor_for_every_view(client: Client, db: None) -> None:
    page = client.get(reverse("film")).content.decode()
    for anchor in ("side", "rear", "front", "standing", "tape"):
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize(("number", "text"), [(-0.04, "0.0"), (-1.25, "−1.2"), (None, ""), (11.92, "11.9")])
def test_numbers_read_well(number: float | None, text: str) -> None:
    assert number_text(number, 1) == text
