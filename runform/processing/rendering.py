"""Makes one rendering in a child process, as `runner` analyses a clip: claim, draw, publish."""

import json
import os
import shutil
import tempfile
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files.base import File
from django.db.models.fields.files import FieldFile

from runform.core.storage import CHUNK_BYTES, on_disk, open_plain, store
from runform.processing.child import Child, LostJobError, OverLimitError, Progress
from runform.reports.models import RenderKind
from runform.reports.renderings import (
    RenderClaim,
    rendering_claim,
    rendering_complete,
    rendering_fail,
    rendering_give_up,
    rendering_heartbeat,
)

BAD_CLIP = 2
FILM, SERIES, MOMENTS, FRAMES, HIDDEN = "film.mp4", "series.npz", "moments.json", "frames", "hidden"
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL")

log = structlog.get_logger(__name__)


def run(code: uuid.UUID) -> None:
    claim = rendering_claim(code=code)
    if claim is None:
        return
    report = claim.rendering.report
    names = {"rendering": str(code), "kind": claim.rendering.kind, "clip": str(report.clip.code)}
    with structlog.contextvars.bound_contextvars(**names), _work_dir(claim) as work_dir:
        log.info("rendering_started")
        _attempt(claim, work_dir)


def _attempt(claim: RenderClaim, work_dir: Path) -> None:
    try:
        with on_disk(claim.rendering.report.clip.file, work_dir) as original:
            _lay_out(claim, work_dir)
            with _child(claim, original, work_dir) as child:
                status = child.watch(lambda progress: _beat(claim, progress))
                said = child.stderr_tail()
        if status == 0:
            _publish(claim, work_dir)
        elif status == BAD_CLIP:
            rendering_fail(claim=claim, detail=said)
        else:
            log.warning("rendering_crashed", status=status, stderr=said)
            rendering_give_up(claim=claim, detail=f"exit status {status}\n{said}")
    except LostJobError:
        log.info("rendering_lost")
    except OverLimitError as error:
        rendering_fail(claim=claim, detail=str(error))
    except Exception:
        # The one broad net, as in `runner`: the reaper decides what comes next.
        log.exception("rendering_broke")
        rendering_give_up(claim=claim, detail=traceback.format_exc())


def _beat(claim: RenderClaim, progress: Progress) -> bool:
    return rendering_heartbeat(claim=claim, done=progress.done, total=progress.total)


def _lay_out(claim: RenderClaim, work_dir: Path) -> None:
    """What the child reads besides the clip."""
    report = claim.rendering.report
    _fetch(report.series, work_dir / SERIES)
    if claim.rendering.kind != RenderKind.HIDDEN:
        return
    (work_dir / FRAMES).mkdir()
    moments = {}
    for frame in report.frames.all():
        moments[f"{frame.order}.jpg"] = frame.t_s
        _fetch(frame.image, work_dir / FRAMES / f"{frame.order}.jpg")
    (work_dir / MOMENTS).write_text(json.dumps(moments))


def _fetch(file: FieldFile, path: Path) -> None:
    with file.open("rb") as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, CHUNK_BYTES)


def _child(claim: RenderClaim, clip: Path, work_dir: Path) -> Child:
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    env |= {"PYTHONPATH": str(settings.BASE_DIR), "PYTHONUNBUFFERED": "1", "TMPDIR": str(work_dir)}
    command = [*settings.RENDERER_COMMAND, str(clip), str(work_dir / SERIES), "--film", str(work_dir / FILM)]
    if claim.rendering.kind == RenderKind.HIDDEN:
        command += ["--hide-face", "--frames", str(work_dir / FRAMES)]
        command += ["--moments", str(work_dir / MOMENTS), "--hidden", str(work_dir / HIDDEN)]
    return Child(command, cwd=work_dir, env=env, limits=settings.LIMITS, readable=settings.ANALYSER_READS)


def _publish(claim: RenderClaim, work_dir: Path) -> None:
    report = claim.rendering.report
    prefix = f"renderings/{report.clip.code}/{report.code}/{claim.lease.hex[:8]}"
    film = _keep(work_dir, FILM, prefix=prefix)
    pictures = {}
    if claim.rendering.kind == RenderKind.HIDDEN:
        for frame in report.frames.all():
            # A picture that could not be read is missing; it is never replaced by the one with a face.
            with suppress(FileNotFoundError):
                pictures[str(frame.order)] = _keep(work_dir, HIDDEN, f"{frame.order}.jpg", prefix=prefix)
    if not rendering_complete(claim=claim, film=film, pictures=pictures):
        raise LostJobError
    log.info("rendering_done", pictures=len(pictures))


def _keep(work_dir: Path, *names: str, prefix: str) -> str:
    with open_plain(work_dir, *names) as stream:
        return store(f"{prefix}/{names[-1]}", File(stream))


@contextmanager
def _work_dir(claim: RenderClaim) -> Iterator[Path]:
    settings.WORK_DIR.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{claim.rendering.code}-", dir=settings.WORK_DIR))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
