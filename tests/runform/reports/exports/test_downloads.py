import csv
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries
from trc import TRCData

from analysis.serialize import read_landmarks, write_series
from analysis.types import Landmarks
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.exports import FORMATS
from runform.reports.exports.landmarks import POINTS
from runform.reports.exports.tables import csv_parts
from runform.reports.exports.trc import marker_name, runner_axes
from runform.reports.models import Rendering, RenderKind, RenderState, Report
from tests.runform.addresses import as_shown
from tests.runform.world import DATA, REFUSED, SIDE, make_clip, make_rendering, make_report

REAR = DATA / "report_rear.json"
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def reader(client: Client, athlete: User) -> Client:
    client.force_login(athlete, backend=LOGIN)
    return client


@pytest.fixture
def side(check: FormCheck, tmp_path: Path) -> Report:
    return make_report(make_clip(check, b"side", "=side.mp4"), tmp_path / "side", SIDE)


def fetch(reader: Client, name: str, *args: Any) -> bytes:
    answer = reader.get(reverse(name, args=args))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def fetch_table(reader: Client, report: Report, key: str) -> pandas.DataFrame:
    return pandas.read_csv(io.BytesIO(fetch(reader, "report_download", report.code, key)), encoding="utf-8-sig")


def test_the_table_of_numbers_holds_every_metric_as_it_was_stored(reader: Client, side: Report) -> None:
    table = fetch_table(reader, side, "metrics").set_index("metric")
    assert list(table.index) == [m.key for m in side.metrics.all()]
    for stored in side.metrics.all():
        row = table.loc[stored.key]
        for name in ("value", "low", "high"):
            number = getattr(stored, name)
            assert pandas.isna(row[name]) if number is None else row[name] == number
        assert (row["unit"], row["grade"]) == (stored.unit, stored.grade)
        assert stored.value is not None or row["reason"] == stored.reason


def test_no_cell_of_a_table_is_taken_for_a_formula(reader: Client, side: Report) -> None:
    assert set(fetch_table(reader, side, "metrics")["clip"]) == {"'=side.mp4"}
    cells = next(
        csv.reader(
            io.StringIO(
                b"".join(
                    csv_parts(
                        ["a"],
                        [
                            [
                                "@x",
                            ]
                        ],
                    )
                )
                .decode()
                .splitlines()[1]
            )
        )
    )
    assert cells == ["'@x"]


def test_the_table_of_strides_has_each_stride_with_its_foot_contacts(reader: Client, side: Report) -> None:
    table = fetch_table(reader, side, "strides")
    assert table[["start_s", "end_s"]].to_numpy().tolist() == side.gait["stride_cuts_s"]
    assert (abs(table["right_foot_strike_s"] - table["start_s"]) < 0.05).all()
    inside = table["left_foot_strike_s"]
    assert ((inside > table["start_s"]) & (inside < table["end_s"])).all()
    assert table["steps_per_min"].median() == pytest.approx(side.metrics.get(key="cadence").value, rel=0.02)


def real_series(report: Report, **changes: Any) -> Landmarks:
    """Landmarks with a gap and with a different place for each point, in the report's own file."""
    frames, rng = 30, np.random.default_rng(4)
    xy = rng.uniform(0, 500, (frames, 33, 2))
    xy[3:5] = np.nan
    found = Landmarks(xy, rng.normal(size=(frames, 33, 3)), np.ones((frames, 33)), np.arange(frames) / 60, 720, 1280)
    write_series(Path(report.series.path), found, {"forward_lean": np.sin(found.t_s)}, found.t_s)
    return found


def test_the_curves_come_moment_by_moment_with_their_units(reader: Client, side: Report) -> None:
    found = real_series(side)
    table = fetch_table(reader, side, "series")
    assert list(table.columns) == ["t_s", "forward_lean (deg)"]
    assert np.allclose(table["forward_lean (deg)"], np.sin(found.t_s), atol=1e-4)


def test_the_points_of_the_body_open_in_pandas_and_in_numpy(reader: Client, side: Report) -> None:
    found = real_series(side)
    table = fetch_table(reader, side, "landmarks")
    assert len(table) == 30
    assert table["left_heel_x_px"][0] == pytest.approx(found.xy_px[0, 29, 0], abs=1e-3)
    assert table["right_ear_y_px"][7] == pytest.approx(found.xy_px[7, 8, 1], abs=1e-3)
    assert table["nose_x_px"].isna().sum() == 2
    content = io.BytesIO(fetch(reader, "report_download", side.code, "landmarks-npz"))
    assert np.allclose(read_landmarks(content).xy_px, found.xy_px, atol=1e-3, equal_nan=True)


def test_a_reader_of_marker_files_finds_every_point_where_it_was(reader: Client, side: Report, tmp_path: Path) -> None:
    found = real_series(side)
    path = tmp_path / "landmarks.trc"
    path.write_bytes(fetch(reader, "report_download", side.code, "trc"))
    data = TRCData()
    data.load(str(path))
    assert (data["NumFrames"], data["NumMarkers"], data["Units"]) == (30, 33, "m")
    assert data["DataRate"] == pytest.approx(60, abs=0.01)
    assert data["Markers"] == [marker_name(point) for point in POINTS]
    # The runner faces right: forwards is the picture's right.
    x, y, z = data["RHeel"][10]
    scale = side.gait["scale_px_per_m"]
    assert (x, y) == pytest.approx((found.xy_px[10, 30] / scale).tolist(), abs=1e-4)
    assert z == pytest.approx(-found.world_m[10, 30, 2], abs=1e-4)


@pytest.mark.parametrize(
    ("view", "facing", "forwards", "right"),
    [
        ("side", "right", "x", "towards"),
        ("side", "left", "-x", "away"),
        ("rear", "", "away", "x"),
        ("front", "", "towards", "-x"),
    ],
)
def test_markers_lie_in_the_runners_own_axes(view: str, facing: str, forwards: str, right: str) -> None:
    """One point 1 m to the right in the picture, 2 m up and 3 m further away."""
    place = np.array([1.0, 2.0, 3.0])
    found = Landmarks(np.zeros((1, 33, 2)), np.tile(place, (1, 33, 1)), np.ones((1, 33)), np.zeros(1), 10, 10)
    meant = {"x": 1.0, "-x": -1.0, "away": 3.0, "towards": -3.0}
    axes = runner_axes(found, Report(view=view, facing=facing, gait={}))
    assert axes[0, 0].tolist() == [meant[forwards], 2.0, meant[right]]


def test_the_analysis_comes_as_it_was_written(reader: Client, side: Report) -> None:
    assert json.loads(fetch(reader, "report_download", side.code, "json")) == json.loads(SIDE.read_text())


def test_a_picture_comes_as_png(reader: Client, side: Report) -> None:
    with Image.open(io.BytesIO(fetch(reader, "report_frame_png", side.code, 1))) as picture:
        assert picture.format == "PNG"
    assert reader.get(reverse("report_frame_png", args=[side.code, 99])).status_code == 404


def test_the_zip_holds_everything_of_every_clip(reader: Client, check: FormCheck, side: Report, tmp_path: Path) -> None:
    make_report(make_clip(check, b"rear", "rear.mp4"), tmp_path / "rear", REAR)
    content = fetch(reader, "check_zip", check.code)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for folder, report in (("1-side-side", SIDE), ("2-rear-rear", REAR)):
            assert {f"{folder}/{one.filename}" for one in FORMATS} <= set(names)
            pictures = [name for name in names if name.startswith(f"{folder}/pictures/")]
            assert len(pictures) == len(json.loads(report.read_text())["frames"])
        table = pandas.read_csv(archive.open("metrics.csv"), encoding="utf-8-sig")
        assert set(table["view"]) == {"side", "rear"}
        (tmp_path / "clip.mp4").write_bytes(archive.read("1-side-side/clip.mp4"))
    asked = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", tmp_path / "clip.mp4"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == "h264"


def test_the_zip_holds_the_report_and_the_film_once_it_is_drawn(reader: Client, check: FormCheck, side: Report) -> None:
    def names() -> set[str]:
        return set(zipfile.ZipFile(io.BytesIO(fetch(reader, "check_zip", check.code))).namelist())

    assert "report.pdf" in names()
    assert "1-side-side/skeleton.mp4" not in names()
    make_rendering(side, RenderKind.OVERLAY)
    assert "1-side-side/skeleton.mp4" in names()


def test_the_film_is_ordered_waited_for_and_downloaded(reader: Client, check: FormCheck, side: Report) -> None:
    state, film = (reverse(name, args=[side.code]) for name in ("report_film", "report_overlay"))
    assert "Draw the film" in reader.get(state).content.decode()
    assert reader.get(as_shown(reader, film)).status_code == 404
    assert "waits for its turn" in reader.post(state, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in reader.get(state).content.decode()
    assert reader.get(as_shown(reader, film)).status_code == 404
    make_rendering(side, RenderKind.OVERLAY)
    assert "every 2s" not in reader.get(state).content.decode()
    assert b"".join(reader.get(as_shown(reader, film)).streaming_content)[4:8] == b"ftyp"


def test_a_film_that_failed_can_be_asked_for_again(reader: Client, check: FormCheck, side: Report) -> None:
    reader.post(reverse("report_film", args=[side.code]))
    Rendering.objects.update(state=RenderState.FAILED)
    assert "Try again" in reader.get(reverse("check_take", args=[check.code])).content.decode()
    reader.post(reverse("report_film", args=[side.code]))
    assert Rendering.objects.get().state == RenderState.QUEUED


def test_the_page_of_downloads_leads_to_every_file(reader: Client, check: FormCheck, side: Report) -> None:
    page = reader.get(reverse("check_take", args=[check.code])).content.decode()
    for address in re.findall(r'<a href="([^"]+)" download', page):
        assert reader.get(address).status_code == 200, address
    assert page.count(" download>") >= 2 + len(FORMATS) + side.frames.count()


def test_a_refused_clip_gives_what_there_is(reader: Client, check: FormCheck, tmp_path: Path) -> None:
    report = make_report(make_clip(check), tmp_path, REFUSED)
    assert json.loads(fetch(reader, "report_download", report.code, "json"))["quality"]["verdict"] == "refused"
    assert reader.get(reverse("report_download", args=[report.code, "strides"])).status_code == 404
    with zipfile.ZipFile(io.BytesIO(fetch(reader, "check_zip", check.code))) as archive:
        assert any(name.endswith("report.json") for name in archive.namelist())


def test_with_a_red_flag_no_file_gives_what_the_page_holds_back(reader: Client, check: FormCheck, side: Report) -> None:
    tips = [found["tip"] for found in side.findings if found["tip"]]
    held = [tip["cue"] for tip in tips] + [drill["name"] for tip in tips for drill in tip["drills"]]
    FormCheck.objects.filter(pk=check.pk).update(pain="yes", pain_areas=["back", "neck"], pain_signs=["heart"])
    content = json.loads(fetch(reader, "report_download", side.code, "json"))
    assert [finding["tip"]["drills"] for finding in content["findings"] if finding["tip"]] == [[] for _ in tips]
    with zipfile.ZipFile(io.BytesIO(fetch(reader, "check_zip", check.code))) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.endswith((".json", ".csv", ".txt"))]
    assert held
    assert [words for words in held for text in texts if words in text or json.dumps(words)[1:-1] in text] == []


def test_without_a_red_flag_the_analysis_is_given_byte_for_byte(reader: Client, check: FormCheck, side: Report) -> None:
    FormCheck.objects.filter(pk=check.pk).update(pain="yes", pain_areas=["neck"], pain_level=1)
    assert fetch(reader, "report_download", side.code, "json") == side.raw.read()


def test_without_a_report_there_is_nothing_to_take_away(reader: Client, check: FormCheck) -> None:
    assert reader.get(reverse("check_zip", args=[check.code])).status_code == 404


def test_a_format_that_does_not_exist_is_not_found(reader: Client, side: Report) -> None:
    assert reader.get(reverse("report_download", args=[side.code, "docx"])).status_code == 404


def test_the_zip_asks_the_database_as_little_as_the_page(
    reader: Client, check: FormCheck, side: Report, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(15):
        fetch(reader, "check_zip", check.code)


@pytest.mark.django_db(transaction=True)
def test_under_asgi_the_zip_is_sent_part_by_part(athlete: User, check: FormCheck, tmp_path: Path) -> None:
    make_report(make_clip(check), tmp_path, SIDE)
    client = AsyncClient()
    client.force_login(athlete, backend=LOGIN)

    async def fetch_parts() -> list[bytes]:
        answer = await client.get(reverse("check_zip", args=[check.code]))
        return [part async for part in answer.streaming_content]

    parts = async_to_sync(fetch_parts)()
    assert len(parts) > 10
    assert zipfile.ZipFile(io.BytesIO(b"".join(parts))).testzip() is None
