import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from runform.accounts.models import User
from runform.clips.services import form_check_create
from runform.reports.progress import marks
from runform.reports.progress.figures import trend_figure
from runform.reports.progress.marks import Mark
from runform.reports.progress.occasions import occasions_of
from runform.reports.progress.trends import Trend, build_standing, build_trends
from runform.reports.rows import SPECS
from tests.runform.world import SIDE, make_clip, make_report

LOGIN = "allauth.account.auth_backends.AuthenticationBackend"
HEAD = "head_forward_trunk"
MDC = 3.0  # of the cadence


@pytest.fixture
def reader(client: Client, athlete: User) -> Client:
    client.force_login(athlete, backend=LOGIN)
    return client


def film(athlete: User, folder: Path, month: int, cadence: float, **facts: Any) -> None:
    content = json.loads(SIDE.read_text())
    found = next(m for m in content["measurements"] if m["id"] == "cadence")
    found |= {"value": cadence, "low": cadence - 1, "high": cadence + 1}
    content["engine"]["version"] = facts.pop("version", "1.0")
    template = folder / f"{month}.json"
    template.write_text(json.dumps(content))
    facts = {"speed_mps": 3.0, **facts}
    check = form_check_create(athlete=athlete, created_by=athlete, recorded_on=date(2026, month, 1), **facts)
    make_report(make_clip(check, f"clip {month}".encode()), folder / str(month), template)


def cadence(athlete: User) -> Trend:
    trends = build_trends(occasions_of(athlete, athlete.form_checks.all()))
    return next(trend for trend in trends if trend.spec.key == "cadence")


def test_a_step_is_judged_against_the_latest_that_it_can_be_compared_with(athlete: User, tmp_path: Path) -> None:
    film(athlete, tmp_path, 1, 160)
    film(athlete, tmp_path, 2, 180, speed_mps=4.0)
    film(athlete, tmp_path, 3, 162)
    film(athlete, tmp_path, 4, 166)
    steps = cadence(athlete).steps
    assert [step.before for step in steps] == [None, None, 0, 2]
    assert [step.start for step in steps] == [0, 1, 0, 0]
    assert [str(step.change.verdict) if step.change else None for step in steps] == [
        None,
        None,
        "no_clear_change",
        "changed",
    ]
    assert [bool(step.broken) for step in steps] == [False, True, False, False]


def test_slow_drift_is_seen_against_the_first_of_the_line(athlete: User, tmp_path: Path) -> None:
    for month, value in enumerate((160, 162, 164, 166), start=1):
        film(athlete, tmp_path, month, value)
    trend = cadence(athlete)
    assert trend.spec.mdc == MDC
    assert trend.verdict_text == "no clear change"
    assert trend.since_start is not None
    assert trend.since_start.verdict == "changed"
    assert trend.since_start_text.startswith("+6 spm")


def test_another_version_of_the_analysis_begins_a_new_line(athlete: User, tmp_path: Path) -> None:
    film(athlete, tmp_path, 1, 160)
    film(athlete, tmp_path, 2, 170, version="2.0")
    trend = cadence(athlete)
    assert [step.before for step in trend.steps] == [None, None]
    assert trend.change_text == ""
    assert trend.lines[0].broken == "another version of the analysis"


def film_both(athlete: User, folder: Path, month: int, running: float, still: float) -> None:
    """A running and a standing clip of one day; the head so far in front of the trunk."""
    content = json.loads(SIDE.read_text())
    found = next(m for m in content["measurements"] if m["id"] == HEAD)
    check = form_check_create(athlete=athlete, created_by=athlete, recorded_on=date(2026, month, 1), speed_mps=3.0)
    for activity, value in (("running", running), ("standing", still)):
        found |= {"value": value, "low": value - 0.01, "high": value + 0.01}
        content["gait"]["activity"] = activity
        template = folder / f"{month} {activity}.json"
        template.write_text(json.dumps(content))
        make_report(make_clip(check, template.name.encode()), folder / template.stem, template)


def test_running_is_followed_against_ones_own_standing_posture(athlete: User, tmp_path: Path, reader: Client) -> None:
    """By hand: the head is 0.02, then 0.12 further in front; the noise of two clips is √2 times that of one."""
    film_both(athlete, tmp_path, 1, 0.10, 0.08)
    film_both(athlete, tmp_path, 2, 0.22, 0.10)
    (trend,) = build_standing(occasions_of(athlete, athlete.form_checks.all()))
    assert [step.point.value for step in trend.steps] == pytest.approx([0.02, 0.12])
    last = trend.latest.point
    assert (last.low, last.high) == pytest.approx((0.12 - 0.02**0.5 / 10, 0.12 + 0.02**0.5 / 10))
    assert trend.spec.mdc == round(2**0.5 * SPECS[HEAD].mdc, 2)
    change = trend.latest.change
    assert change is not None
    assert (change.verdict, change.way) == ("changed", "further")
    page = reader.get("/progress/").content.decode()
    assert "Against your own standing posture" in page
    figures = reader.get(f"/progress/{athlete.code}/charts.json").json()
    assert {HEAD, f"{HEAD}-standing"} <= set(figures)
    assert f'data-figure="{HEAD}-standing"' in page


def test_the_figure_joins_only_what_can_be_compared(athlete: User, tmp_path: Path) -> None:
    film(athlete, tmp_path, 1, 160)
    film(athlete, tmp_path, 2, 180, speed_mps=4.0)
    film(athlete, tmp_path, 3, 165)
    figure = trend_figure(cadence(athlete), [Mark(date(2026, 2, 10), "Cue", "Quicker", "cadence")])
    joins, points, noted = figure["data"]
    assert list(zip(joins["x"], joins["y"], strict=True)) == [("2026-01-01", 160), ("2026-03-01", 165), (None, None)]
    assert points["marker"]["symbol"] == ["circle", "circle-open", "circle"]
    assert points["error_y"]["array"] == [1, 1, 1]
    assert noted["text"] == ["Cue: Quicker"]
    shapes = {shape["name"]: shape for shape in figure["layout"]["shapes"]}
    band = shapes["mdc-band"]
    assert (band["x0"], band["x1"], band["y0"], band["y1"]) == ("2026-01-01", "2026-03-01", 160 - MDC, 160 + MDC)
    assert "break" in shapes
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 157
    assert high > 181


def test_a_mark_about_another_metric_is_not_on_this_chart(athlete: User, tmp_path: Path) -> None:
    film(athlete, tmp_path, 1, 160)
    film(athlete, tmp_path, 2, 161)
    about = [Mark(date(2026, 2, 10), "Cue", "", "head_bob"), Mark(date(2026, 2, 11), "Review", "")]
    assert trend_figure(cadence(athlete), about)["data"][2]["text"] == ["Review"]


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_sources", [])
    marks.register(lambda viewer, athlete: [Mark(date(2026, 1, 20), "Cue", f"for {athlete}", "cadence", "/there/")])


def test_apps_above_put_their_marks_on_the_page(reader: Client, athlete: User, source: None) -> None:
    text = reader.get(reverse("progress")).content.decode()
    assert '<a href="/there/">Cue</a>: for athlete' in text


def test_the_page_says_what_changed_and_draws_it(reader: Client, athlete: User, tmp_path: Path) -> None:
    film(athlete, tmp_path, 1, 160)
    film(athlete, tmp_path, 2, 170)
    text = reader.get(reverse("progress")).content.decode()
    assert "+10 spm" in text
    assert "since Jan. 1, 2026" in text
    # What changed stands before what did not.
    assert text.index('id="t-cadence"') < text.index('id="t-forward_lean_mean"')
    figures = reader.get(reverse("progress_charts", args=[athlete.code])).json()
    assert set(figures) == {part.split('"')[0] for part in text.split('data-figure="')[1:]}


def test_one_formcheck_and_none_have_their_own_words(reader: Client, athlete: User, tmp_path: Path) -> None:
    assert "Nothing measured yet" in reader.get(reverse("progress")).content.decode()
    film(athlete, tmp_path, 1, 160)
    assert "One FormCheck so far" in reader.get(reverse("progress")).content.decode()


def test_many_formchecks_cost_no_more_queries(
    reader: Client, athlete: User, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for month in range(1, 7):
        film(athlete, tmp_path, month, 160 + month)
    with django_assert_max_num_queries(14):
        assert reader.get(reverse("progress")).status_code == 200
