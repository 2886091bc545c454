"""The house as seen from outside (Prometheus, Sentry) and by a club's manager."""

import gzip
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from runform.clubs.models import Role
from runform.clubs.services import member_add
from runform.processing.models import Job, Lane, Worker
from runform.processing.services import job_fail, job_submit
from tests.conftest import ROOT
from tests.runform.world import REFUSED, World, claim_of, make_check, make_clip, make_report, make_user

pytestmark = pytest.mark.django_db

TOKEN = "a token for Prometheus"
REQUEST = """
import django
django.setup()
from django.test import Client
Client().get("/film/", headers={"host": "localhost"})
"""


@pytest.fixture
def scrape(client: Client, settings: Any) -> Callable[[], dict[tuple[str, ...], float]]:
    """What Prometheus reads: name and labels -> value."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[tuple[str, ...], float]:
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {
            (sample.name.removeprefix("runform_"), *sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
        }

    return read


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}"])
def test_metrics_are_for_who_knows_the_token(client: Client, settings: Any, said: str) -> None:
    for token in (TOKEN, ""):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", headers={"authorization": said}).status_code == 404


def test_metrics_tell_of_the_queue(
    scrape: Callable[[], dict[tuple[str, ...], float]], bells: Callable[[str], int], tmp_path: Path
) -> None:
    check = make_check(make_user("runner"))
    job_submit(clip=make_clip(check, b"bulk"), requested_by=None, lane=Lane.BULK)
    waiting = job_submit(clip=make_clip(check, b"waits"), requested_by=None)
    Job.objects.filter(pk=waiting.pk).update(queued_at=timezone.now() - timedelta(seconds=90))
    make_report(make_clip(check, b"refused"), tmp_path, REFUSED)
    failed = claim_of(job_submit(clip=make_clip(check, b"failed"), requested_by=None))
    job_fail(claim=failed, code="unreadable", user_text="No video.", detail="", seconds={})
    Job.objects.filter(state="done").update(seconds={"pose": 12.5, "total": 20.0}, attempt=2)
    Worker.objects.create(name="clips@one", slots=2, seen_at=timezone.now())
    seen = scrape()
    assert seen["works", "broker"] == seen["works", "database"] == 1
    assert (seen["queue_jobs", "people"], seen["queue_jobs", "bulk"]) == (1, 1)
    assert 90 <= seen["queue_oldest_seconds", "people"] < 120
    assert seen["worker_slots",] == 2
    assert (seen["jobs_ended_last_hour", "done"], seen["jobs_ended_last_hour", "failed"]) == (1, 1)
    assert (seen["refusals_last_hour", "strides"], seen["refusals_last_hour", "unreadable"]) == (1, 1)
    assert (seen["attempts_last_hour", "1"], seen["attempts_last_hour", "2"]) == (1, 1)
    assert seen["stage_seconds_last_hour", "0.5", "pose"] == 12.5
    assert seen["storage_free_bytes",] > 0


def test_requests_of_all_processes_are_added_up(
    scrape: Callable[[], dict[tuple[str, ...], float]], client: Client, settings: Any
) -> None:
    def films() -> float:
        return scrape().get(("requests_total", "GET", "200", "film"), 0)

    before = films()
    client.get("/film/")
    assert films() == before + 1
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "runform.settings"}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", REQUEST], cwd=ROOT, env=env, check=True, capture_output=True)
    assert films() == before + 3
    assert scrape()["request_seconds_count", "film"] >= 3


def test_addresses_name_nobody_in_the_metrics(client: Client, world: World, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    client.get("/nowhere/at/all/")
    client.get(f"/checks/{world.check.code}/")
    text = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'view="check"' in text
    assert str(world.check.code) not in text
    assert "nowhere" not in text


def test_a_manager_sees_how_the_analysis_gets_on(
    world: World, client: Client, bells: Callable[[str], int], tmp_path: Path
) -> None:
    athlete = make_user("newcomer")
    member_add(club=world.club, user=athlete, role=Role.ATHLETE)
    check = make_check(athlete)
    make_report(make_clip(check, b"refused"), tmp_path / "one", REFUSED)
    job_submit(clip=make_clip(check, b"waits"), requested_by=None)
    client.force_login(world.manager)

    def page() -> str:
        answer = client.get(f"/clubs/{world.club.code}/status/")
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))

    text = page()
    assert "Nobody is at work on clips just now" in text
    checks = json.loads(REFUSED.read_text())["quality"]["checks"]
    assert all(check["message"] in text for check in checks if check["verdict"] == "fail")
    assert "newcomer" not in text
    Worker.objects.create(name="clips@one", slots=1, seen_at=timezone.now())
    text = page()
    assert "Nobody is at work" not in text
    assert "Room for 1 clip at a time" in text
    assert "There is room for more" in text


class Sentry(BaseHTTPRequestHandler):
    """Takes what is sent, as Sentry would."""

    taken: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    """An address to send errors to, and what came."""
    Sentry.taken = []
    server = HTTPServer(("127.0.0.1", 0), Sentry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", Sentry.taken
    server.shutdown()
    server.server_close()


BREAK = """
import django
django.setup()
import sentry_sdk
from django.test import Client, override_settings
from django.urls import path
import runform.urls as urls
def broken(request, token):
    secret_of_a_runner = "Nora New"
    raise RuntimeError("broken on purpose")
urls.urlpatterns.append(path("s/<str:token>/broken/", broken))
client = Client(raise_request_exception=False)
answer = client.get("/s/secret-token/broken/?q=Nora", headers={"host": "localhost", "cookie": "sessionid=abc"})
print(answer.status_code, answer["X-Request-ID"])
sentry_sdk.flush(5)
"""


def test_errors_reach_sentry_with_their_id_and_without_secrets(sentry: tuple[str, list[bytes]]) -> None:
    pytest.importorskip("sentry_sdk")
    address, taken = sentry
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "runform.settings", "RUNFORM_SENTRY_DSN": address}
    said = subprocess.run([sys.executable, "-c", BREAK], cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    status, request_id = said.stdout.split()
    assert status == "500"
    bodies = [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in taken]
    events = [body.decode() for body in bodies if b"broken on purpose" in body]
    assert events
    assert request_id in events[0]
    # The line of the program that broke is sent, what was in its variables is not.
    assert [secret for secret in ("q=Nora", "secret-token", "sessionid") if secret in "".join(events)] == []
    assert "vars" not in events[0]
