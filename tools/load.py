"""Many people browse while clips wait and are analysed: how long do pages take?

    export RUNFORM_VAR_DIR=/tmp/load          # a folder of its own
    .venv/bin/python manage.py migrate && .venv/bin/python manage.py seed
    .venv/bin/python -m tools.load            # 200 people, 50 waiting clips, 4 web processes, 60 seconds

Starts queue server, web and worker by itself, as `make up` does, and takes them down again.  People are athletes, some
coaches and a manager; each opens a page, reads it for a while, and opens the next; those whose clip waits have its page
open, which asks how far it is.  Exit status 1 when the 95th percentile of all answers is over the limit.
"""

import argparse
import asyncio
import gzip
import logging
import os
import random
import re
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "runform.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.urls import reverse  # noqa: E402

from runform.accounts.models import User  # noqa: E402
from runform.clips.models import FormCheck  # noqa: E402
from runform.clips.services import clip_store  # noqa: E402
from runform.clubs.models import Club, Membership, Role  # noqa: E402
from runform.clubs.selectors import athletes_coached_by  # noqa: E402
from runform.core.broker import socket_path  # noqa: E402
from runform.core.stack import processes, services  # noqa: E402
from runform.processing.models import Job, State  # noqa: E402
from runform.processing.services import job_submit  # noqa: E402

LIMIT_S = 0.2
COACHES = 8
ASK_AGAIN = re.compile(rb'hx-trigger="every (\d+)s"')
WARM_UP_S = 10.0


@dataclass
class Person:
    user: User
    cookie: str
    pages: list[str]
    # The status of a clip that waits, when there is one.
    status: str = ""


@dataclass
class Watch:
    """Seconds by kind of page, and what was no answer of 200."""

    began_s: float = field(default_factory=time.monotonic)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    odd: list[str] = field(default_factory=list)
    answers: int = 0

    def note(self, kind: str, lasted_s: float, status: int, path: str) -> None:
        self.answers += 1
        if status not in (200, 302):
            self.odd.append(f"{status} {path}")
        if time.monotonic() - self.began_s > WARM_UP_S:
            self.seconds[kind].append(lasted_s)


def people(n: int, club: Club) -> Iterator[Person]:
    role = {role: [m.user for m in club.memberships.filter(role=role).select_related("user")] for role in Role}
    staff = [*role[Role.MANAGER][:1], *role[Role.COACH][:COACHES]]
    for user in [*staff, *role[Role.ATHLETE]][:n]:
        yield Person(user, _cookie(user), list(_pages(user, club)))


def _pages(user: User, club: Club) -> Iterator[str]:
    yield from (reverse(name) for name in ("home", "home", "notifications", "metric_list"))
    yield reverse("metric", args=["torso_stability"])
    if Membership.objects.filter(user=user, club=club, role=Role.MANAGER).exists():
        yield from (reverse(name, args=[club.code]) for name in ("club", "club_people", "club_squad", "club_status"))
        return
    coached = athletes_coached_by(user)
    if coached.exists():
        yield from [reverse("coach")] * 3
        yield reverse("club_people", args=[club.code])
    checks = FormCheck.objects.filter(athlete__in=coached if coached.exists() else [user])
    yield from (reverse("progress_of", args=[check.athlete.code]) for check in checks.select_related("athlete")[:1])
    yield from (reverse(name, args=[check.code]) for check in checks[:3] for name in ("results", "check"))


def _cookie(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def clips_wait(waiting: list[Person]) -> None:
    """Queue a real clip of each of these athletes, who watch it wait."""
    film = (settings.BASE_DIR / "demo" / "t01_rear_tape_base.mp4").read_bytes()
    for person in waiting:
        check = FormCheck.objects.create(athlete=person.user, created_by=person.user, recorded_on="2026-05-01")
        clip = clip_store(form_check=check, upload=ContentFile(film, "run.mp4"), upload_token=uuid.uuid4()).clip
        job = job_submit(clip=clip, requested_by=person.user)
        person.status = reverse("job_status", args=[job.code])


async def browse(person: Person, port: int, think_s: float, until_s: float, watch: Watch) -> None:
    chance = random.Random(person.cookie)
    await asyncio.sleep(chance.uniform(0, think_s))
    while time.monotonic() < until_s:
        path = chance.choice(person.pages)
        await _get(person, path, port, watch)
        await asyncio.sleep(chance.uniform(0.5, 1.5) * think_s)


async def watch_clip(person: Person, port: int, until_s: float, watch: Watch) -> None:
    """As the page does: it asks again as often as the last answer says, until that says no more."""
    again_s = 5.0
    await asyncio.sleep(random.Random(person.status).uniform(0, again_s))
    while time.monotonic() < until_s:
        answer = await _get(person, person.status, port, watch)
        if not (again := ASK_AGAIN.search(answer)):
            return
        await asyncio.sleep(float(again[1]))


async def _get(person: Person, path: str, port: int, watch: Watch) -> bytes:
    """The page, on a connection of its own: between two pages of a person the server has closed the last one."""
    began_s = time.monotonic()
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {person.cookie}\r\nAccept: text/html\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head}Accept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    lasted_s = time.monotonic() - began_s
    said, _, content = answer.partition(b"\r\n\r\n")
    watch.note(_kind(path), lasted_s, int(said.split(b" ", 2)[1]) if said else 0, path)
    return gzip.decompress(content) if b"content-encoding: gzip" in said.lower() else content


def _kind(path: str) -> str:
    """The address without its codes."""
    return "/".join("..." if len(part) == 36 else part for part in path.split("/"))


async def measure(everybody: list[Person], port: int, seconds: float, think_s: float) -> Watch:
    watch, until_s = Watch(), time.monotonic() + WARM_UP_S + seconds
    tasks = [browse(person, port, think_s, until_s, watch) for person in everybody]
    tasks += [watch_clip(person, port, until_s, watch) for person in everybody if person.status]
    await asyncio.gather(*tasks)
    return watch


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def cpu_s(pid: int) -> float:
    """Processor time of a process and its children so far."""
    root = psutil.Process(pid)
    times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def report(watch: Watch, seconds: float, web_cpu_s: float) -> float:
    everything = [one for values in watch.seconds.values() for one in values]
    print("    n  p50 ms  p95 ms  max ms  page")
    for kind, values in [
        *sorted(watch.seconds.items(), key=lambda item: -quantile(item[1], 0.95)),
        ("all", everything),
    ]:
        figures = (quantile(values, 0.5), quantile(values, 0.95), max(values))
        print(f"{len(values):5}  " + "  ".join(f"{1000 * one:6.0f}" for one in figures) + f"  {kind}")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    waiting = Job.objects.filter(state=State.QUEUED).count()
    rate, each_s = len(everything) / seconds, web_cpu_s / max(1, watch.answers)
    print(f"{rate:.1f} answers a second; {waiting} clips still wait; load of the machine {load}")
    print(f"{1000 * each_s:.0f} ms of processor time an answer: at most {1 / each_s:.0f} a second and processor")
    print("\n".join(f"not answered well: {line}" for line in sorted(set(watch.odd))[:10]) or "every answer was well")
    return quantile(everything, 0.95)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--waiting", type=int, default=50)
    parser.add_argument("--web", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=10, help="seconds between two pages of a person, on average")
    parser.add_argument("--port", type=int, default=8190)
    said = parser.parse_args()
    logging.disable(logging.WARNING)
    club = Club.objects.order_by("pk").first()
    if club is None:
        sys.exit("There is no club here: make one with `manage.py seed`.")
    var_dir = Path(settings.VAR_DIR)
    log_dir = processes.log_folder(var_dir)
    broker = services.valkey(var_dir, settings.BASE_DIR, log_dir)
    app = services.app_services("127.0.0.1", said.port, settings.BASE_DIR, log_dir)
    web = next(service for service in app if service.name == "web")
    # A process that is only short of processor time is not ended as if it hung.
    web.command = [*web.command, "--workers", str(said.web), "--timeout-worker-healthcheck", "60"]
    with ExitStack() as cleanup:
        cleanup.callback(processes.stop, [broker, *app], grace_s=4)
        broker.start()
        services.wait_for_valkey(broker, socket_path(var_dir))
        everybody = list(people(said.people, club))
        clips_wait(everybody[-said.waiting :] if said.waiting else [])
        for service in app:
            service.start()
        deadline = time.monotonic() + 60
        while not services.answers(f"http://127.0.0.1:{said.port}/health") and time.monotonic() < deadline:
            time.sleep(0.5)
        assert web.process
        before_s = cpu_s(web.process.pid)
        watch = asyncio.run(measure(everybody, said.port, said.seconds, said.think))
        p95_s = report(watch, said.seconds, cpu_s(web.process.pid) - before_s)
    return 0 if p95_s <= LIMIT_S and not watch.odd else 1


if __name__ == "__main__":
    sys.exit(main())
