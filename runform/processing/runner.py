"""Runs one attempt of a job: claim, analyse in a child process, publish.

At most one attempt counts: whoever lost the lease publishes nothing.  Nothing is retried here.
"""

import json
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from analysis.cache import cache_dir
from runform.accounts.selectors import profile_of
from runform.core.storage import MAYBE_COMMITTED, FileGoneError, on_disk
from runform.processing.child import Child, LostJobError, OverLimitError, Progress, SilentError
from runform.processing.models import JobKind
from runform.processing.services import (
    Claim,
    job_complete,
    job_fail,
    job_give_up,
    job_heartbeat,
)
from runform.reports.models import Report
from runform.reports.services import COPY_NAME, JSON_NAME, BadOutputError, output_store

ANALYSED, BAD_CLIP, REFUSED = 0, 2, 3
EARLIER_NAME = "earlier.npz"
CPU_TIME_OVER = -24  # SIGXCPU
# What the child may know: how to run and where the model lies.  No secrets.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "RUNFORM_POSE_MODEL", "RUNFORM_CACHE_DIR", "XDG_CACHE_HOME")

log = structlog.get_logger(__name__)


@dataclass
class Clock:
    """Seconds per stage, as seen from here."""

    started_s: float
    waited_s: float

    def seconds(self, analysis: dict[str, float] | None = None) -> dict[str, float]:
        total_s = round(time.monotonic() - self.started_s, 2)
        return {"waiting": self.waited_s, "total": total_s, **(analysis or {})}


def run(claim: Claim | None) -> None:
    if claim is None:
        return
    names = {"job": str(claim.job.code), "clip": str(claim.clip.code), "attempt": claim.attempt}
    if claim.job.request_id:
        names["request_id"] = claim.job.request_id
    with structlog.contextvars.bound_contextvars(**names), _work_dir(claim) as work_dir:
        log.info("job_started")
        _attempt(claim, work_dir, Clock(time.monotonic(), claim.waited_s))


def _attempt(claim: Claim, work_dir: Path, clock: Clock) -> None:
    try:
        with on_disk(claim.clip.file, work_dir) as path, _child(claim, path, work_dir) as child:
            status = child.watch(lambda progress: _beat(claim, progress))
            said = child.stderr_tail()
        if status in (ANALYSED, REFUSED):
            _publish(claim, work_dir, clock)
        elif status == BAD_CLIP:
            _unreadable(claim, said, clock)
        elif status == CPU_TIME_OVER:
            raise OverLimitError("too_long", "CPU time used up")
        else:
            log.warning("job_crashed", status=status, stderr=said)
            job_give_up(claim=claim, detail=f"exit status {status}\n{said}")
    except LostJobError:
        log.info("job_lost")
    except OverLimitError as error:
        log.warning("job_failed", reason=error.code, detail=str(error))
        job_fail(
            claim=claim, code=error.code, user_text=_over_limit(error.code), detail=str(error), seconds=clock.seconds()
        )
    except FileGoneError:
        _file_gone(claim, clock)
    except (SilentError, BadOutputError) as error:
        log.warning("job_crashed", reason=type(error).__name__, detail=str(error))
        job_give_up(claim=claim, detail=f"{type(error).__name__}: {error}")
    except Exception:
        # The one broad net.  Whatever it was: the reaper decides what comes next, and we can read why.
        log.exception("job_broke")
        job_give_up(claim=claim, detail=traceback.format_exc())


def _unreadable(claim: Claim, said: str, clock: Clock) -> None:
    file = claim.clip.file
    if not file.storage.exists(str(file.name)):
        # It went away while it was read: that says nothing of the clip.
        raise FileGoneError
    text = said.splitlines()[-1][:500] if said else _("This file cannot be read as a video.")
    job_fail(claim=claim, code="unreadable", user_text=text, detail=said, seconds=clock.seconds())
    log.info("job_failed", reason="unreadable")


def _file_gone(claim: Claim, clock: Clock) -> None:
    """A storage may be away for a minute; a file that is still missing at the last attempt is lost."""
    log.error("clip_file_gone", file=claim.clip.file.name)
    if claim.attempt < settings.LIMITS.attempts:
        job_give_up(claim=claim, detail="the clip's file is gone")
        return
    text = _("The file of this clip is gone. That is our fault, not yours. Please upload it again.")
    job_fail(claim=claim, code="file_gone", user_text=text, detail="", seconds=clock.seconds())


def _publish(claim: Claim, work_dir: Path, clock: Clock) -> None:
    if not _beat(claim, Progress("publish")):
        raise LostJobError
    output = output_store(
        out_dir=work_dir, prefix=f"reports/{claim.clip.code}/{claim.job.code}/{claim.attempt}-{claim.lease.hex[:8]}"
    )
    output.kept_copy = _copy_of(claim)
    seconds = clock.seconds(output.content.get("timing"))
    try:
        report = job_complete(claim=claim, output=output, seconds=seconds)
    except BaseException as error:
        if not isinstance(error, MAYBE_COMMITTED):
            output.discard()
        raise
    if report is None:
        raise LostJobError
    log.info("job_done", report=str(report.code), verdict=report.verdict, seconds=seconds)


def _beat(claim: Claim, progress: Progress) -> bool:
    return job_heartbeat(claim=claim, stage=progress.stage, done=progress.done, total=progress.total)


def _child(claim: Claim, clip_path: Path, work_dir: Path) -> Child:
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    env |= {"PYTHONPATH": str(settings.BASE_DIR), "PYTHONUNBUFFERED": "1", "TMPDIR": str(work_dir)}
    command = [*settings.ANALYSER_COMMAND, str(clip_path), "--json", str(work_dir / JSON_NAME)]
    command += [
        "--frames",
        str(work_dir / "frames"),
        "--progress",
        "json",
        *_options(claim),
        *_put_right(claim, work_dir),
    ]
    if not _copy_of(claim):
        command += ["--copy", str(work_dir / COPY_NAME)]
    own_model = os.environ.get("RUNFORM_POSE_MODEL")
    readable = [*settings.ANALYSER_READS, cache_dir(), *([Path(own_model)] if own_model else [])]
    return Child(command, cwd=work_dir, env=env, limits=settings.LIMITS, readable=readable)


def _options(claim: Claim) -> list[str]:
    """What was said of runner and occasion; what was not said is left out."""
    check, profile = claim.clip.form_check, profile_of(claim.clip.athlete)
    options = {
        "--speed-mps": check.speed_mps,
        "--incline-pct": check.incline_pct,
        "--surface": check.surface,
        "--height-cm": profile.height_cm,
        "--sex": profile.sex,
        "--kind": claim.clip.kind,
        "--view": claim.clip.view,
    }
    # With "=", so that a negative incline is no option of its own.
    return [f"{name}={value}" for name, value in options.items() if value not in (None, "")]


def _put_right(claim: Claim, work_dir: Path) -> list[str]:
    """What people put right and marked, and the landmarks of an earlier report to measure again."""
    clip, options = claim.clip, []
    # What the uploader chose comes first: a correction goes before it.
    chosen = [] if clip.from_s is None else [{"kind": "stretch", "start_s": clip.from_s, "end_s": clip.to_s}]
    for name, items in (("corrections", [*chosen, *claim.job.corrections]), ("marks", claim.job.marks)):
        if items:
            path = work_dir / f"{name}.json"
            path.write_text(json.dumps(items))
            options.append(f"--{name}={path}")
    earlier = _earlier(claim)
    if claim.job.kind == JobKind.RECOMPUTE and earlier:
        path = work_dir / EARLIER_NAME
        with earlier.series.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        options.append(f"--landmarks={path}")
    return options


def _copy_of(claim: Claim) -> str:
    """The copy for browsers, when an earlier report has it: the same film serves every version."""
    earlier = _earlier(claim) if claim.job.kind != JobKind.ANALYSE else None
    return earlier.review_copy.name or "" if earlier else ""


def _earlier(claim: Claim) -> Report | None:
    return Report.objects.filter(clip=claim.clip).exclude(series="").order_by("-created_at", "-pk").first()


@contextmanager
def _work_dir(claim: Claim) -> Iterator[Path]:
    settings.WORK_DIR.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{claim.job.code}-{claim.attempt}-", dir=settings.WORK_DIR))
    try:
        (folder / "frames").mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _over_limit(code: str) -> str:
    if code == "too_heavy":
        return _("This clip needs too much memory. Please film in Full HD (1080p) or cut it to about 20 seconds.")
    return _("This clip takes too long to analyse. Please cut it to about 20 seconds of steady running.")
