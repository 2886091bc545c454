"""What tests of the queue ask of a running stack."""

import hashlib
import uuid
from pathlib import Path

import psutil

from tests.e2e.client import Client
from tests.e2e.stack import Stack, wait_until

ENDED_S = 300
JOB = "SELECT state, attempt, error_code, user_text FROM processing_job WHERE clip_id = ?"


def upload(athlete: Client, stack: Stack, clip: Path) -> int:
    """Upload a clip and return its row id."""
    athlete.upload(athlete.new_check(), clip)
    (row,) = stack.rows("SELECT id FROM clips_clip WHERE original_name = ?", clip.name)
    return int(row[0])


def in_the_middle(stack: Stack, clip: int) -> None:
    query = "SELECT 1 FROM processing_job WHERE clip_id = ? AND state = 'running' AND stage = 'pose' AND done > 0"
    wait_until(lambda: stack.rows(query, clip), 120, "progress")


def attempt_of(stack: Stack, clip: int) -> int:
    return int(stack.rows(JOB, clip)[0][1])


def one_report(stack: Stack, clip: int) -> int:
    """Wait until the job is done, with one report and an unharmed original; return its number of attempts."""
    wait_until(lambda: stack.rows(JOB, clip)[0][0] not in ("queued", "running"), ENDED_S, "the job's end")
    ((state, attempts, error, text),) = stack.rows(JOB, clip)
    assert state == "done", (error, text)
    assert stack.rows("SELECT count(*) FROM reports_report WHERE clip_id = ?", clip) == [(1,)]
    ((file, sha256),) = stack.rows("SELECT file, sha256 FROM clips_clip WHERE id = ?", clip)
    assert hashlib.sha256(stack.stored(file)).hexdigest() == sha256
    return int(attempts)


def job_code(stack: Stack, clip: int) -> str:
    ((code,),) = stack.rows("SELECT code FROM processing_job WHERE clip_id = ?", clip)
    return str(uuid.UUID(str(code)))


def family(stack: Stack, *words: str) -> list[psutil.Process]:
    """A process of the stack with everything that it started."""
    first = stack.find(*words)
    assert first, words
    return [first, *first.children(recursive=True)]
