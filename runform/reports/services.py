"""From the analyser's output folder to rows and files."""

import json
import math
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from runform.clips.models import Clip
from runform.clips.services import clip_facts_record
from runform.core.storage import open_plain, store
from runform.reports.models import AnnotatedFrame, MetricResult, Report

JSON_NAME = "report.json"
COPY_NAME = "copy.mp4"
FRAMES_FOLDER = "frames"
SCHEMA = 1


class BadOutputError(Exception):
    """The analyser wrote something that does not keep its contract."""


@dataclass
class StoredOutput:
    """An analysis whose files lie in the storage and whose rows are still to be made."""

    content: dict[str, Any]
    raw: str = ""
    series: str = ""
    review_copy: str = ""
    images: list[str] = field(default_factory=list)
    # The copy of an earlier report of the clip, when this one made none; never discarded.
    kept_copy: str = ""

    def discard(self) -> None:
        """Nobody will need the files: the job was lost on the way."""
        for name in filter(None, [self.raw, self.series, self.review_copy, *self.images]):
            default_storage.delete(name)


def output_store(*, out_dir: Path, prefix: str) -> StoredOutput:
    """Read the analyser's output and put its files into the storage under ``prefix``, a folder of this attempt alone.

    Slow work, outside of any transaction.
    """
    output = StoredOutput(_read(out_dir))
    try:
        output.raw = _keep(out_dir, JSON_NAME, prefix)
        if output.content.get("series"):
            output.series = _keep(out_dir, output.content["series"], prefix)
        if (out_dir / COPY_NAME).exists():
            output.review_copy = _keep(out_dir, COPY_NAME, prefix)
        for frame in output.content.get("frames", []):
            output.images.append(_keep(out_dir, f"{FRAMES_FOLDER}/{frame['file']}", prefix))
    except BaseException:
        output.discard()
        raise
    return output


@transaction.atomic
def report_publish(*, clip: Clip, job_code: uuid.UUID, output: StoredOutput) -> Report:
    """Make all rows of a report, or none."""
    content = output.content
    engine, view, gait = content["engine"], content.get("view") or {}, content.get("gait") or {}
    report = Report.objects.create(
        clip=clip,
        job_code=job_code,
        analysis_version=engine["version"],
        model_sha256=engine.get("pose_model_sha256") or "",
        parameters_sha256=engine.get("parameters_sha256") or "",
        verdict=content["quality"]["verdict"],
        view=view.get("name") or "",
        facing=view.get("facing") or "",
        activity=gait.get("activity") or "",
        quality=content["quality"],
        waveforms=content.get("waveforms") or {},
        gait=gait,
        findings=content.get("findings") or [],
        marking_frames=content.get("marking_frames") or [],
        raw=output.raw,
        series=output.series,
        review_copy=output.review_copy or output.kept_copy,
    )
    MetricResult.objects.bulk_create(_metrics(report, content.get("measurements") or []))
    AnnotatedFrame.objects.bulk_create(_frames(report, content.get("frames") or [], output.images))
    clip_facts_record(clip=clip, facts=content.get("clip") or {})
    return report


def _metrics(report: Report, measurements: list[dict[str, Any]]) -> list[MetricResult]:
    return [
        MetricResult(
            report=report,
            order=order,
            key=item["id"],
            value=item["value"],
            low=item.get("low"),
            high=item.get("high"),
            unit=item.get("unit") or "",
            grade=item["grade"],
            view_grade=item.get("view_grade") or "",
            status=item.get("status") or "",
            reason=item.get("reason") or "",
            note=item.get("note") or "",
            source=item.get("source") or "",
            marked_by=item.get("marked_by") or "",
            strides=item.get("strides"),
            view=report.view,
            views=item.get("views") or [],
            band=item.get("band"),
        )
        for order, item in enumerate(measurements)
    ]


def _frames(report: Report, frames: list[dict[str, Any]], images: list[str]) -> list[AnnotatedFrame]:
    return [
        AnnotatedFrame(
            report=report,
            order=order,
            image=image,
            t_s=item["t_s"],
            frame_index=item.get("frame_index"),
            event=item.get("event") or "",
            side=item.get("side") or "",
            caption=item.get("caption") or "",
            measurements=item.get("measurements") or [],
        )
        for order, (item, image) in enumerate(zip(frames, images, strict=True), start=1)
    ]


def _read(out_dir: Path) -> dict[str, Any]:
    try:
        with open_plain(out_dir, JSON_NAME) as stream:
            content = json.load(stream, parse_float=_finite, parse_constant=lambda _: None)
    except (OSError, ValueError) as error:
        raise BadOutputError(f"report.json: {error}") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise BadOutputError(f"report.json is not of schema {SCHEMA}")
    for key in ("engine", "quality"):
        if not isinstance(content.get(key), dict):
            raise BadOutputError(f"report.json has no {key}")
    return content


def _finite(text: str) -> float | None:
    # 1e999 is infinity, which PostgreSQL's JSON does not take.
    value = float(text)
    return value if math.isfinite(value) else None


def _keep(out_dir: Path, name: str, prefix: str) -> str:
    """Store one file of the child's."""
    try:
        stream = open_plain(out_dir, *name.split("/"))
    except OSError as error:
        raise BadOutputError(f"no plain file: {name!r}") from error
    with stream:
        return store(f"{prefix}/{name}", File(stream))
