import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from plotly import graph_objects as go
from pytest_django import DjangoAssertNumQueries

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clips.services import form_check_create
from runform.reports.compare.curves import build_pairs
from runform.reports.compare.rows import Comparison, build_comparison
from runform.reports.models import Report
from runform.reports.progress.occasions import occasions_of
from tests.runform.world import DATA, REFUSED, SIDE, make_check, make_clip, make_report, make_user

REAR = DATA / "report_rear.json"
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def reader(client: Client, athlete: User) -> Client:
    client.force_login(athlete, backend=LOGIN)
    return client


def occasion(athlete: User, folder: Path, day: int, template: Path = SIDE, **facts: Any) -> tuple[FormCheck, Report]:
    facts = {"speed_mps": 3.0, **facts}
    check = form_check_create(athlete=athlete, created_by=athlete, recorded_on=date(2026, 5, day), **facts)
    return check, make_report(make_clip(check, f"clip {day}".encode()), folder / str(day), template)


def shifted(folder: Path, key: str, by: float) -> Path:
    """The report from the side with one number moved."""
    content = json.loads(SIDE.read_text())
    found = next(m for m in content["measurements"] if m["id"] == key)
    for name in ("value", "low", "high"):
        found[name] += by
    path = folder / f"{key}.json"
    path.write_text(json.dumps(content))
    return path


def comparison(athlete: User, *checks: FormCheck) -> Comparison:
    before, after = occasions_of(athlete, checks)
    return build_comparison(before, after)


def test_a_number_has_changed_only_beyond_its_smallest_detectable_change(athlete: User, tmp_path: Path) -> None:
    first, _ = occasion(athlete, tmp_path, 1)
    second, _ = occasion(athlete, tmp_path, 2, shifted(tmp_path, "cadence", 20.0))
    rows = {row.spec.key: row for row in comparison(athlete, first, second).rows}
    assert rows["cadence"].verdict_text == "changed"
    assert rows["cadence"].difference_text == "+20 spm"
    assert {row.verdict_text for key, row in rows.items() if key != "cadence"} <= {"no clear change", "a hint only"}


def test_what_was_run_at_another_speed_is_not_subtracted(athlete: User, tmp_path: Path) -> None:
    first, _ = occasion(athlete, tmp_path, 1)
    second, _ = occasion(athlete, tmp_path, 2, speed_mps=3.5)
    found = comparison(athlete, first, second)
    assert found.n_comparable == 0
    assert {row.difference_text for row in found.rows} == {""}
    assert {row.more_text for row in found.rows} == {"speeds more than 5 % apart"}


def test_two_views_share_no_numbers_but_those_that_both_see(athlete: User, tmp_path: Path) -> None:
    first, _ = occasion(athlete, tmp_path, 1)
    second, _ = occasion(athlete, tmp_path, 2, REAR)
    found = comparison(athlete, first, second)
    assert {row.more_text for row in found.rows if row.spec.key == "cadence"} == {"filmed from another side"}
    assert {"lateral_lean_mean"} <= {spec.key for spec in found.only_after}


def test_a_clip_from_the_same_side_is_compared_though_another_one_measures_better(
    athlete: User, tmp_path: Path
) -> None:
    first, _ = occasion(athlete, tmp_path, 1)
    make_report(make_clip(first, b"rear of the first"), tmp_path / "rear", REAR)
    for second in (occasion(athlete, tmp_path, 2)[0], occasion(athlete, tmp_path, 3, REAR)[0]):
        found = comparison(athlete, first, second)
        assert found.n_comparable == sum(row.before.view != "all" for row in found.rows)


def page(reader: Client, check: FormCheck, **asked: str) -> str:
    answer = reader.get(reverse("check_compare", args=[check.code]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_sets_a_formcheck_beside_the_one_before_it(reader: Client, athlete: User, tmp_path: Path) -> None:
    _, first = occasion(athlete, tmp_path, 1)
    check, second = occasion(athlete, tmp_path, 2)
    text = page(reader, check)
    before, after = (text.index(reverse("report_landmarks", args=[report.code])) for report in (first, second))
    assert before < after
    assert "No number changed by more than its noise." in text


def test_before_is_the_earlier_one_whichever_is_opened(reader: Client, athlete: User, tmp_path: Path) -> None:
    check, first = occasion(athlete, tmp_path, 1)
    later, second = occasion(athlete, tmp_path, 2)
    text = page(reader, check, **{"with": str(later.code)})
    before, after = (text.index(reverse("report_landmarks", args=[report.code])) for report in (first, second))
    assert before < after


def test_two_views_of_one_formcheck_stand_side_by_side(reader: Client, athlete: User, tmp_path: Path) -> None:
    check, side = occasion(athlete, tmp_path, 1)
    rear = make_report(make_clip(check, b"rear"), tmp_path / "rear", REAR)
    text = page(reader, check, **{"with": str(check.code)})
    assert all(reverse("report_landmarks", args=[report.code]) in text for report in (side, rear))
    assert "No number changed" not in text
    assert 'data-show="ghost"' not in text


def test_the_curves_of_one_view_lie_over_each_other(reader: Client, athlete: User, tmp_path: Path) -> None:
    _, first = occasion(athlete, tmp_path, 1)
    check, second = occasion(athlete, tmp_path, 2)
    assert "Curves over each other" in page(reader, check)
    pairs = {pair.label: pair for pair in build_pairs(first, second)}
    assert set(pairs) == {curve["label"] for curve in first.waveforms.values()}
    lean = pairs[first.waveforms["forward_lean"]["label"]]
    go.Figure(lean.figure)  # raises on a key that Plotly does not have
    drawn = {trace["meta"]: trace["y"] for trace in lean.figure["data"]}
    assert drawn["before"] == drawn["mean"]
    low, high = lean.figure["layout"]["yaxis"]["range"]
    assert low < min(drawn["mean"]) < max(drawn["mean"]) < high
    assert [row.pct for row in lean.table] == list(range(0, 101, 10))
    assert lean.table[3].before == drawn["mean"][30]


def test_curves_of_two_views_are_not_laid_over_each_other(athlete: User, tmp_path: Path) -> None:
    _, side = occasion(athlete, tmp_path, 1)
    rear = make_report(make_clip(make_check(athlete), b"rear"), tmp_path / "rear", REAR)
    assert build_pairs(side, rear) == build_pairs(side, side) == build_pairs(None, side) == ()


def test_another_athletes_formcheck_is_not_found(reader: Client, athlete: User, tmp_path: Path) -> None:
    check, _ = occasion(athlete, tmp_path, 1)
    foreign, _ = occasion(make_user("other"), tmp_path, 2)
    asked = {"with": str(foreign.code)}
    assert reader.get(reverse("check_compare", args=[check.code]), asked).status_code == 404
    assert reader.get(reverse("check_compare", args=[foreign.code])).status_code == 404


@pytest.mark.parametrize("template", [None, REFUSED])
def test_without_numbers_the_page_says_so(
    reader: Client, check: FormCheck, tmp_path: Path, template: Path | None
) -> None:
    if template:
        make_report(make_clip(check), tmp_path, template)
    assert "Nothing to compare yet" in page(reader, check)


def test_a_single_clip_is_not_compared_with_itself(reader: Client, athlete: User, tmp_path: Path) -> None:
    check, _ = occasion(athlete, tmp_path, 1)
    assert "There is one clip with numbers so far" in page(reader, check)


def test_many_formchecks_cost_no_more_queries(
    reader: Client, athlete: User, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, 7):
        check, _ = occasion(athlete, tmp_path, day)
    with django_assert_max_num_queries(15):
        page(reader, check)
