"""The pages of the metrics: each made from its spec and the error that was measured."""

import html
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from analysis.accuracy import load_accuracy
from analysis.metrics import METRICS
from analysis.metrics.spec import Grade, MetricSpec, NotMeasured
from analysis.types import ViewName
from runform.reports.figures import DRAWINGS
from runform.reports.guide import NOT_YET, metric_page, views_give
from runform.reports.rows import SPECS, number_text


@pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.key)
def test_every_metric_has_a_drawing_that_is_sound(spec: MetricSpec) -> None:
    drawing = DRAWINGS[spec.key]
    svg = re.sub(r"\{#.*?#\}", "", render_to_string(drawing.template, {"figure": drawing.told})).strip()
    classes = {node.get("class") for node in ElementTree.fromstring(svg).iter() if node.get("class")}
    assert classes & {"fig-measure", "fig-arrow"}


def metric_text(client: Client, key: str) -> str:
    page = html.unescape(client.get(reverse("metric", args=[key])).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_the_error_on_a_metrics_page_is_the_one_that_was_measured(client: Client, db: None) -> None:
    found = load_accuracy().metrics["lateral_lean_mean"]["rear"]
    page = metric_text(client, "lateral_lean_mean")
    assert f"{found.given} of {found.clips} {number_text(found.mean_error, 2)}°" in page
    assert f"{number_text(found.largest_error, 2)}°" in page
    # Nobody's pelvis was marked in a clip from the front with known truth.
    assert "From the front: not yet checked against known motion." in metric_text(client, "pelvic_drop_left")


def test_a_metrics_page_tells_how_often_its_range_held_the_truth_in_how_many_clips_and_bodies(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = load_accuracy()
    views = dict(record.metrics["lateral_lean_mean"])
    page = metric_text(client, "lateral_lean_mean")
    assert f"Measured on {record.clips} rendered clips of {record.bodies} bodies" in page
    assert all(f"{found.inside} of {found.given}" in page for found in views.values())
    assert "fewer than 9 of 10" not in page
    missed = views | {"rear": replace(views["rear"], inside=views["rear"].given // 2)}
    worse = replace(record, metrics={**record.metrics, "lateral_lean_mean": missed})
    monkeypatch.setattr("runform.reports.guide.load_accuracy", lambda: worse)
    said = metric_text(client, "lateral_lean_mean")
    assert "From behind: the range held the truth in fewer than 9 of 10 clips" in said


def test_where_nothing_was_measured_the_page_says_so(client: Client, db: None) -> None:
    assert "The regular check against known motion does not include it yet" in metric_text(client, "step_width")
    assert "No clip gives this number yet" in metric_text(client, "hip_facing")
    assert "It has no error of its own" in metric_text(client, "torso_stability")


def test_what_no_clip_gives_yet_is_promised_by_no_view() -> None:
    nothing: Any = None
    for key in NOT_YET:
        compute = SPECS[key].compute
        assert compute is not None
        assert isinstance(compute(nothing), NotMeasured)
    assert not [spec.key for view in views_give(METRICS) for spec in (*view.well, *view.more) if spec.key in NOT_YET]
    for spec in METRICS:
        if spec.compute is not None and spec.key not in NOT_YET:
            with pytest.raises(AttributeError):
                spec.compute(nothing)


@pytest.mark.parametrize(
    ("key", "zones"),
    [
        ("forward_lean_mean", ("2.0 to 12.0°", "0.0 to 2.0° or 12.0 to 16.0°", "below 0.0° or above 16.0°")),
        ("forward_lean_rom", ("up to 14.0°", "never", "above 14.0°")),
        ("knee_flexion_contact", ("from 10°", "below 10°", "never")),
        ("thorax_rotation_rom", ("10.0 to 36.0°", "below 10.0° or 36.0 to 45.0°", "above 45.0°")),
    ],
)
def test_a_band_stands_in_words_with_all_its_borders(key: str, zones: tuple[str, str, str]) -> None:
    band = metric_page(SPECS[key]).bands[0]
    assert (band.ok, band.watch, band.flag) == zones


def test_borders_that_move_with_the_speed_stand_for_three_speeds_in_the_readers_unit(client: Client, db: None) -> None:
    page = metric_text(client, "overstride")
    assert [band.ok for band in metric_page(SPECS["overstride"]).bands] == ["up to 0.13", "up to 0.20", "up to 0.27"]
    assert "at 7.9 km/h" in page


def test_the_page_of_head_forward_names_the_border_against_standing(client: Client, db: None) -> None:
    assert "more than in your own standing clip up to 0.05 0.05 to 0.08 above 0.08" in metric_text(
        client, "head_forward_trunk"
    )


def test_the_list_says_what_each_view_gives(client: Client, db: None) -> None:
    page = client.get(reverse("metric_list")).content.decode()
    side = page.split('class="view-gives"')[1]
    assert "From the side" in side
    well = [spec for spec in METRICS if spec.grades[ViewName.SIDE] is Grade.A]
    assert f"{len(well)} metrics are measured well" in side
    assert all(reverse("metric", args=[spec.key]) in side for spec in well)
