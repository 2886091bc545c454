"""The file that the player reads: right picture, right place, small."""

import gzip
import io
import json
import struct
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from analysis.serialize import write_series
from analysis.types import Landmarks
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.models import Report
from runform.reports.player import POINTS, NoFilmError, film_ticks, pack_landmarks
from tests.runform.world import make_clip, make_report

NOSE = POINTS.index(0)


def film_of(t_s: np.ndarray) -> bytes:
    """An MP4 whose pictures begin at these moments."""
    content = io.BytesIO()
    with av.open(content, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=30, options={"bf": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        for number, t in enumerate(t_s):
            picture = av.VideoFrame.from_ndarray(np.full((32, 32, 3), number % 250, np.uint8))
            picture.pts, picture.time_base = round(float(t) * 90_000), Fraction(1, 90_000)
            film.mux(stream.encode(picture))
        film.mux(stream.encode(None))
    return content.getvalue()


def walk(t_s: np.ndarray) -> Landmarks:
    """Every point moves 100 px a second to the right; it starts at (100, 300), y up."""
    xy_px = np.empty((len(t_s), 33, 2))
    xy_px[..., 0], xy_px[..., 1] = 100 + 100 * t_s[:, None], 300
    return Landmarks(xy_px, np.zeros((len(t_s), 33, 3)), np.full((len(t_s), 33), 0.9), t_s, 1280, 720)


def give(
    report: Report, film: bytes, landmarks: Landmarks, tmp_path: Any, gait: dict[str, Any] | None = None
) -> Report:
    write_series(tmp_path / "s.npz", landmarks, {}, np.empty(0))
    report.series.save("s.npz", ContentFile((tmp_path / "s.npz").read_bytes()), save=False)
    report.review_copy.save("c.mp4", ContentFile(film), save=False)
    report.gait = gait or {}
    return report


def unpack(packed: bytes) -> tuple[dict[str, Any], np.ndarray, np.ndarray, np.ndarray]:
    """Head, ticks, xy [rows, points, 2] in pixels with y down, visibility [rows, points]."""
    content = gzip.decompress(packed)
    length = struct.unpack_from("<I", content)[0]
    head, at = json.loads(content[4 : 4 + length]), 4 + length
    rows, points = head["rows"], len(head["points"])
    ticks = np.frombuffer(content, "<u4", head["frames"], at)
    steps = np.frombuffer(content, "<i2", 2 * rows * points, at + ticks.nbytes).reshape(points, 2, rows)
    seen = np.frombuffer(content, "u1", rows * points, at + ticks.nbytes + steps.nbytes).reshape(points, rows)
    assert at + ticks.nbytes + steps.nbytes + seen.nbytes == len(content)
    xy = np.cumsum(steps, axis=2, dtype=np.int16).transpose(2, 0, 1) * (max(head["size"]) / head["units"])
    return head, ticks, xy, seen.T / 255


@pytest.fixture
def report(check: FormCheck, tmp_path: Any) -> Report:
    return make_report(make_clip(check), tmp_path / "out")


def test_the_pictures_of_a_film_are_read_with_their_own_durations() -> None:
    t_s = np.array([0.0, 0.033, 0.05, 0.1, 0.117])
    ticks, per_s = film_ticks(io.BytesIO(film_of(t_s)))
    assert np.cumsum(ticks)[:-1] / per_s == pytest.approx(t_s[1:], abs=1e-4)


@pytest.mark.parametrize("content", [b"", b"film", b"\0\0\0\x08moov", b"\0\0\0\x10moov\0\0\0\x08trak"])
def test_what_is_no_film_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NoFilmError):
        film_ticks(io.BytesIO(content))


def test_each_picture_of_the_stretch_has_the_landmarks_of_its_own_moment(report: Report, tmp_path: Any) -> None:
    # A variable frame rate, and a stretch that begins and ends inside the clip.
    t_s = np.r_[0.0, np.cumsum(np.random.default_rng(1).choice([0.0167, 0.0333, 0.021], 89))]
    give(report, film_of(t_s), walk(t_s[20:70]), tmp_path)
    head, ticks, xy, seen = unpack(pack_landmarks(report))
    assert (head["frames"], head["first"], head["rows"]) == (90, 20, 50)
    assert (np.cumsum(ticks) - ticks) / head["per_s"] == pytest.approx(t_s, abs=1e-4)
    assert xy[:, NOSE, 0] == pytest.approx(100 + 100 * t_s[20:70], abs=0.05)
    assert xy[:, NOSE, 1] == pytest.approx(720 - 300, abs=0.05)
    assert seen == pytest.approx(0.9, abs=0.005)


def test_a_picture_between_two_that_were_read_is_unsure_and_one_in_a_gap_is_empty(
    report: Report, tmp_path: Any
) -> None:
    t_s = np.arange(60) / 60
    read = np.r_[0:10, 11:30, 40:60]
    give(report, film_of(t_s), walk(t_s[read]), tmp_path)
    _, _, xy, seen = unpack(pack_landmarks(report))
    assert xy[10, NOSE, 0] == pytest.approx(100 + 100 / 6, abs=0.1)
    assert 0.35 < seen[10, NOSE] < 0.5
    assert (seen[30:40] == 0).all()
    assert (seen[[9, 11, 29, 40], NOSE] > 0.85).all()


def test_what_was_not_found_is_not_seen(report: Report, tmp_path: Any) -> None:
    landmarks = walk(np.arange(30) / 30)
    landmarks.xy_px[5:9, 0] = np.nan
    give(report, film_of(np.arange(30) / 30), landmarks, tmp_path)
    _, _, xy, seen = unpack(pack_landmarks(report))
    assert (seen[5:9, NOSE] == 0).all()
    assert seen[9, NOSE] > 0.85
    assert xy[9, NOSE, 0] == pytest.approx(130, abs=0.1)


def test_events_and_strides_are_pictures(report: Report, tmp_path: Any) -> None:
    t_s = np.arange(60) / 30
    gait = {
        "events": {"left": {"foot_strike": [0.51], "toe_off": [0.7]}, "right": {"foot_strike": [0.166, 9.0]}},
        "stride_cuts_s": [[0.166, 0.9], [0.9, 1.63], [1.63, 9.0]],
    }
    head, *_ = unpack(pack_landmarks(give(report, film_of(t_s), walk(t_s), tmp_path, gait)))
    assert head["events"] == [[5, "foot_strike", "right"], [15, "foot_strike", "left"], [21, "toe_off", "left"]]
    assert head["strides"] == [[5, 26], [27, 48]]


def test_twenty_seconds_at_sixty_pictures_a_second_stay_small(report: Report, tmp_path: Any) -> None:
    t_s, noise = np.arange(1200) / 60, np.random.default_rng(2)
    landmarks = walk(t_s)
    landmarks.xy_px[:] += 150 * np.sin(17 * t_s)[:, None, None] + noise.normal(0, 2, landmarks.xy_px.shape)
    landmarks.visibility[:] = noise.uniform(0.5, 1, landmarks.visibility.shape)
    packed = pack_landmarks(give(report, film_of(t_s), landmarks, tmp_path))
    assert len(packed) < 120_000


def test_the_file_is_served_to_who_may_see_the_clip_and_kept_by_the_browser(
    client: Client, athlete: User, report: Report
) -> None:
    client.force_login(athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("report_landmarks", args=[report.code])
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Encoding"], answer["Cache-Control"]) == (
        200,
        "gzip",
        "private, no-cache",
    )
    assert unpack(answer.content)[0]["frames"] == 12
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 304
    Report.objects.update(review_copy="")
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 404


def test_a_copy_that_is_no_film_gives_no_file(client: Client, athlete: User, report: Report) -> None:
    report.review_copy.save("c.mp4", ContentFile(b"film"))
    client.force_login(athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("report_landmarks", args=[report.code])).status_code == 404
