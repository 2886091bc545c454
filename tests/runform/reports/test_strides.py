"""Single strides: each metric from stride to stride, and left against right with its guard against noise."""

from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.types import Floats
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.detail import metric_detail, time_chart
from runform.reports.models import MetricResult, Report
from runform.reports.rows import SPECS
from runform.reports.strides import Told, compare_pair, compare_sides, read_strides, stride_values
from tests.runform.reports.series import keep_series
from tests.runform.world import DATA, SIDE, make_clip, make_report

REAR = DATA / "report_rear.json"


@pytest.fixture
def side(check: FormCheck, tmp_path: Path) -> Report:
    return keep_series(make_report(make_clip(check, b"side"), tmp_path / "side", SIDE), tmp_path)


@pytest.fixture
def rear(check: FormCheck, tmp_path: Path) -> Report:
    return make_report(make_clip(check, b"rear"), tmp_path / "rear", REAR)


@pytest.fixture
def reader(client: Client, athlete: User) -> Client:
    client.force_login(athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def metrics_of(report: Report) -> dict[str, MetricResult]:
    return {metric.key: metric for metric in report.metrics.all()}


def test_the_mean_of_the_strides_is_the_number_itself(side: Report) -> None:
    strides, metrics = read_strides(side), metrics_of(side)
    assert strides is not None
    shown = []
    for key in ("forward_lean_mean", "forward_lean_rom", "head_pitch_mean", "overstride", "cadence"):
        value = metrics[key].value
        assert value is not None
        values = stride_values(SPECS[key], value, strides)
        assert len(values) == len(side.gait["stride_cuts_s"])
        shown.append((fmean(one.value for one in values), value))
    assert all(mean == pytest.approx(value) for mean, value in shown)


def test_a_stride_that_leans_further_stands_out_by_as_much(side: Report, tmp_path: Path) -> None:
    def lean(name: str, number: int, curve: Floats) -> Floats:
        return curve + 3.0 if (name, number) == ("forward_lean", 4) else curve

    strides = read_strides(keep_series(side, tmp_path, lean))
    assert strides is not None
    values = [one.value for one in stride_values(SPECS["forward_lean_mean"], 10.0, strides)]
    assert values.index(max(values)) == 4
    assert max(values) - values[0] == pytest.approx(3.0, abs=0.15)


def swing(extra: float, noise: float = 0.0) -> object:
    """A shoulder line that dips ``extra`` degrees further to the right than to the left."""
    chance = np.random.default_rng(1)

    def change(name: str, number: int, curve: Floats) -> Floats:
        phase = np.linspace(0, 2 * np.pi, 101)
        return 4 * np.sin(phase) + extra / 2 * np.cos(2 * phase - np.pi) + noise * chance.normal()

    return change


@pytest.mark.parametrize(("extra", "told"), [(0.0, Told.ERROR), (26.0, Told.YES)])
def test_left_and_right_are_told_apart_only_beyond_the_error(
    rear: Report, tmp_path: Path, extra: float, told: Told
) -> None:
    strides = read_strides(keep_series(rear, tmp_path, swing(extra)))  # type: ignore[arg-type]
    assert strides is not None
    found = compare_sides(metrics_of(rear)["shoulder_tilt_rom"], SPECS["shoulder_tilt_rom"], strides)
    assert found is not None
    assert found.told is told
    assert found.error >= 0.5


def test_a_hint_is_never_told(rear: Report, tmp_path: Path) -> None:
    rear.metrics.filter(key="shoulder_tilt_rom").update(view_grade="C")
    strides = read_strides(keep_series(rear, tmp_path, swing(26.0)))  # type: ignore[arg-type]
    assert strides is not None
    found = compare_sides(rear.metrics.get(key="shoulder_tilt_rom"), SPECS["shoulder_tilt_rom"], strides)
    assert found is not None
    assert found.told is Told.HINT


def test_from_the_side_left_and_right_are_not_compared(side: Report) -> None:
    strides = read_strides(side)
    assert strides is not None
    found = compare_sides(metrics_of(side)["vertical_oscillation"], SPECS["vertical_oscillation"], strides)
    assert found is not None
    assert found.told is Told.VIEW


@pytest.mark.parametrize(("left", "right", "told"), [(230, 250, Told.ERROR), (200, 290, Told.YES)])
def test_a_pair_carries_the_errors_of_both(left: float, right: float, told: Told) -> None:
    def result(value: float) -> MetricResult:
        return MetricResult(value=value, low=value - 25, high=value + 25, view_grade="A", view="side")

    found = compare_pair(result(left), result(right), SPECS["contact_time_left"])
    assert found is not None
    assert found.error == pytest.approx(35.36, abs=0.01)
    assert (found.difference, found.told) == (right - left, told)


def test_a_metric_opens_to_its_curve_its_strides_and_its_sides(reader: Client, side: Report) -> None:
    page = reader.get(reverse("metric_strides", args=[side.code, "forward_lean_rom"])).content.decode()
    assert page.count("data-figure") == 3
    assert page.count('type="application/json"') == 3
    assert page.count("As a table") == 3
    assert page.count('<th scope="row">12</th>') == 1


def test_a_metric_without_strides_says_so(reader: Client, side: Report) -> None:
    page = reader.get(reverse("metric_strides", args=[side.code, "stride_regularity"])).content.decode()
    assert "no curve or single stride to show" in page


def test_what_was_not_measured_has_no_strides(reader: Client, side: Report) -> None:
    assert reader.get(reverse("metric_strides", args=[side.code, "lateral_lean_mean"])).status_code == 404


def test_the_time_chart_lies_at_the_level_of_the_number(side: Report) -> None:
    metrics = list(side.metrics.all())
    chart = time_chart(side, metrics, "forward_lean")
    assert chart is not None
    assert len(chart.table) == len(side.gait["stride_cuts_s"])
    assert fmean(row.mean for row in chart.table) == pytest.approx(metrics_of(side)["forward_lean_mean"].value, abs=0.1)
    assert chart.figure["data"][0]["x"][-1] <= 60


def test_an_unknown_curve_shows_the_first(reader: Client, side: Report) -> None:
    page = reader.get(reverse("report_time", args=[side.code]), {"series": "nonsense"}).content.decode()
    assert '<option value="forward_lean" selected>' in page


def test_a_report_that_kept_no_series_says_so(reader: Client, side: Report) -> None:
    Report.objects.update(series="")
    assert "kept no curves" in reader.get(reverse("report_time", args=[side.code])).content.decode()
    side.refresh_from_db()
    detail = metric_detail(side, list(side.metrics.all()), "forward_lean_mean")
    assert detail is not None
    assert detail.curve is not None
    assert detail.strides is None


def test_a_metric_opens_with_few_queries(
    reader: Client, side: Report, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        reader.get(reverse("metric_strides", args=[side.code, "forward_lean_rom"]))
