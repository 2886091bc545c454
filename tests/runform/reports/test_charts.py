import json
from pathlib import Path
from typing import Any

import pytest
from plotly import graph_objects as go

from runform.reports.charts import (
    Band,
    Contact,
    compute_contacts,
    interval_bar,
    level_waveform,
    waveform_figure,
    waveform_table,
)

DATA = Path(__file__).parents[2] / "data"
SIDE, REAR = (json.loads((DATA / f"report_{view}.json").read_text()) for view in ("side", "rear"))
REPORT: dict[str, Any] = SIDE
LEAN_BAND = Band(ok=(2, 12), watch=(0, 16))


@pytest.mark.parametrize(
    ("report", "key"),
    [(report, key) for report in (SIDE, REAR) for key in report["waveforms"]],
    ids=lambda x: str(x)[:20],
)
def test_plotly_knows_every_key_of_every_figure(report: dict[str, Any], key: str) -> None:
    contacts = compute_contacts(report["gait"])
    figure = waveform_figure(report["waveforms"][key], band=LEAN_BAND, contacts=contacts)
    go.Figure(figure)  # raises on a key that Plotly does not have
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure


def test_a_key_that_plotly_does_not_have_would_be_noticed() -> None:
    figure = waveform_figure(REPORT["waveforms"]["forward_lean"], band=None, contacts=())
    figure["layout"]["xaxis"]["fixdrange"] = True
    with pytest.raises(ValueError, match="fixdrange"):
        go.Figure(figure)


def test_the_spread_is_one_sd_to_either_side_and_keeps_gaps() -> None:
    waveform = {"unit": "deg", "label": "Lean", "mean": [1.0, None, 3.0], "sd": [0.5, None, 0.25], "metrics": []}
    upper, lower, mean = waveform_figure(waveform, band=None, contacts=())["data"]
    assert upper["y"] == [1.5, None, 3.25]
    assert lower["y"] == [0.5, None, 2.75]
    assert mean["y"] == waveform["mean"]


def test_an_open_band_reaches_the_edge_of_the_picture() -> None:
    waveform = {"unit": "deg", "label": "Lean", "mean": [1.0, 2.0], "sd": [0.1, 0.1], "metrics": []}
    layout = waveform_figure(waveform, band=Band((None, 1.5), (None, 2)), contacts=())["layout"]
    (shape,) = [s for s in layout["shapes"] if s["name"] == "ok-band"]
    assert (shape["y0"], shape["y1"]) == (layout["yaxis"]["range"][0], 1.5)


def test_a_band_out_of_sight_is_not_drawn() -> None:
    waveform = {"unit": "deg", "label": "Lean", "mean": [40.0, 41.0], "sd": [0.1, 0.1], "metrics": []}
    layout = waveform_figure(waveform, band=LEAN_BAND, contacts=())["layout"]
    assert layout["shapes"] == []


def test_contacts_come_from_the_events_in_percent_of_the_stride() -> None:
    gait = {
        "stride_cuts_s": [[1.0, 2.0], [2.0, 3.0]],
        "events": {
            # The strikes as seen come a moment before the cuts.
            "right": {"foot_strike": [0.98, 1.98, 2.98], "toe_off": [1.3, 2.3], "mid_stance": [1.1, 2.1]},
            "left": {"foot_strike": [1.5, 2.5], "toe_off": [1.8, 2.8], "mid_stance": [1.6, 2.6]},
        },
    }
    assert compute_contacts(gait) == (Contact("right", 15.0, 0.0, 30.0), Contact("left", 65.0, 50.0, 80.0))


def test_without_toe_off_only_mid_stance_is_marked() -> None:
    gait = {
        "stride_cuts_s": [[0.0, 1.0]],
        "events": {"left": {"foot_strike": [0.5], "toe_off": [], "mid_stance": [0.6]}, "right": {"mid_stance": []}},
    }
    assert compute_contacts(gait) == (Contact("left", 60.0),)
    waveform = {"unit": "deg", "label": "Lean", "mean": [1.0, 2.0], "sd": [0.1, 0.1], "metrics": []}
    (mark,) = waveform_figure(waveform, band=None, contacts=compute_contacts(gait))["layout"]["shapes"]
    assert (mark["x0"] + mark["x1"]) / 2 == 60.0


def test_without_strides_no_contact_is_drawn() -> None:
    assert compute_contacts({"events": {"left": {"foot_strike": [1.0]}}}) == ()
    assert compute_contacts({}) == ()


def test_a_curve_lies_at_the_level_of_its_number() -> None:
    lean = {"unit": "deg", "mean": [8.0, None, 10.0]}
    assert level_waveform(lean, 11.5)["mean"] == [10.5, None, 12.5]
    assert level_waveform(lean, None) == lean


def test_a_position_lies_about_its_own_mean() -> None:
    assert level_waveform({"unit": "cm", "mean": [120.0, 124.0]}, None)["mean"] == [-2.0, 2.0]


def test_the_table_has_every_tenth_of_the_stride() -> None:
    rows = waveform_table(REPORT["waveforms"]["forward_lean"])
    assert [row.pct for row in rows] == list(range(0, 101, 10))
    assert rows[3].mean == REPORT["waveforms"]["forward_lean"]["mean"][30]


def test_interval_bar_lays_zones_and_interval_in_order() -> None:
    bar = interval_bar(14.0, 13.0, 15.0, LEAN_BAND)
    assert [z.status for z in bar.zones] == ["flag", "watch", "ok", "watch", "flag"]
    assert sum(z.width_pct for z in bar.zones) == pytest.approx(100, abs=0.1)
    last_watch = bar.zones[3]
    assert last_watch.x_pct < bar.low_pct < bar.value_pct < bar.high_pct < last_watch.x_pct + last_watch.width_pct


def test_interval_bar_of_a_band_open_to_one_side() -> None:
    bar = interval_bar(0.4, 0.35, 0.45, Band((None, 0.15), (None, 0.25)))
    assert [z.status for z in bar.zones] == ["ok", "watch", "flag"]


def test_a_band_that_is_open_below_shows_the_room_from_zero() -> None:
    ok, *_ = interval_bar(11.0, 9.0, 13.0, Band((None, 6.0), (None, 8.0))).zones
    assert ok.width_pct > 35
