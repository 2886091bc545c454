"""Uploads while processes die at random: as many reports as clips, each once, every original intact."""

import hashlib
import random
import time
import urllib.error
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

import psutil
import pytest

from tests.e2e.client import Client, running
from tests.e2e.clips import other_file, tiny_clip
from tests.e2e.stack import Stack, wait_until

VICTIMS = {
    "worker": ("worker", "clips@"),
    "analyser": ("-m analysis",),
    "reaper": ("upkeep@",),
    "clock": ("beat",),
    "broker": ("valkey-server",),
    "web": ("uvicorn",),
}
# More than one: nobody may send a hundred clips a day.
ATHLETES = ["ada", "ben", "cleo"]
# Every so many clips one in which somebody runs; the others are refused, with a report that says why.
LONG_EVERY = 10
ATTEMPTS = "SELECT coalesce(max(attempt), 0) FROM processing_job WHERE state IN ('queued', 'running')"
LIVE = "SELECT count(*) FROM processing_job WHERE state IN ('queued', 'running')"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with running(tmp_path / "var", athletes=ATHLETES) as app:
        yield app


@dataclass
class Chance:
    """Kills something every few seconds, and now and then everything."""

    stack: Stack
    seed: int
    every_s: float
    at_most: int
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random, self.next_s = random.Random(self.seed), time.monotonic() + self.every_s

    def strike(self) -> None:
        if time.monotonic() < self.next_s or sum(self.kills.values()) >= self.at_most:
            return
        self.next_s = time.monotonic() + self.every_s * self.random.uniform(0.5, 1.5)
        name = self.random.choice([*VICTIMS, *VICTIMS, "everything"])
        # Three lost attempts are the end of a job, as they should be: who was hit once is spared.
        if name in ("worker", "analyser", "everything") and self.stack.rows(ATTEMPTS)[0][0] > 1:
            name = "broker"
        if self._kill(name):
            self.kills[name] += 1

    def _kill(self, name: str) -> bool:
        if name == "everything":
            for process in [psutil.Process(self.stack.up.pid), *self.stack.processes()]:
                process.kill()
            self.stack.up.wait()
            wait_until(lambda: not self.stack.left(), 20, "the end of what was killed")
            self.stack.start()
            return True
        victim = self.stack.find(*VICTIMS[name])
        if victim:
            victim.kill()
        return victim is not None


def send(athlete: Client, clip: Path, chance: Chance) -> None:
    """As a phone does it: again until it is answered, with the token of the first time."""
    token = str(uuid.uuid4())

    def sent() -> bool:
        chance.strike()
        try:
            file = BytesIO(clip.read_bytes())
            file.name = clip.name
            check = athlete.new_check()
            athlete.post(check, f"{check}clips/", upload_token=token, shows="self", file=file)
        except (OSError, HTTPException, urllib.error.URLError):
            return False
        return True

    wait_until(sent, 120, "an answer")


@pytest.mark.parametrize(
    ("n", "every_s", "at_most"), [(6, 3.0, 5), pytest.param(100, 8.0, 1000, marks=pytest.mark.faults)]
)
def test_under_random_kills_every_upload_gets_one_report(
    stack: Stack, demo_clips: Path, tmp_path: Path, n: int, every_s: float, at_most: int
) -> None:
    athletes, chance, hashes = [Client(stack) for _ in ATHLETES], Chance(stack, n, every_s, at_most), {}
    for athlete, name in zip(athletes, ATHLETES, strict=True):
        athlete.log_in(f"{name}@example.org")
    began_s = time.monotonic()
    for number in range(n):
        clip = tmp_path / f"clip{number}.mp4"
        if number % LONG_EVERY == 0:
            other_file(clip, demo_clips / "t01_rear_tape_base.mp4", number)
        else:
            tiny_clip(clip, number)
        hashes[clip.name] = hashlib.sha256(clip.read_bytes()).hexdigest()
        send(athletes[number % len(athletes)], clip, chance)
    wait_until(lambda: (chance.strike(), stack.rows(LIVE) == [(0,)])[1], 60 + 30 * n, "the end of all jobs")

    lasted_s = time.monotonic() - began_s
    attempts = stack.rows("SELECT attempt, count(*) FROM processing_job GROUP BY attempt ORDER BY attempt")
    print(f"\n{n} uploads in {lasted_s:.0f} s; killed: {dict(chance.kills)}; jobs by attempts: {dict(attempts)}")
    assert sum(chance.kills.values()) >= 3
    assert stack.rows("SELECT state, count(*) FROM processing_job GROUP BY state") == [("done", n)]
    reports = "SELECT original_name, count(*) FROM reports_report r JOIN clips_clip c ON c.id = clip_id GROUP BY c.id"
    assert dict(stack.rows(reports)) == dict.fromkeys(hashes, 1)
    for name, file, sha256 in stack.rows("SELECT original_name, file, sha256 FROM clips_clip"):
        stored = hashlib.sha256((stack.var_dir / "media" / file).read_bytes()).hexdigest()
        assert stored == sha256 == hashes[name]
    refused = stack.rows("SELECT count(*) FROM reports_report WHERE verdict = 'refused'")
    assert refused == [(n - len(range(0, n, LONG_EVERY)),)]
