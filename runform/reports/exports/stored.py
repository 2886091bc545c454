"""Files that lie in the storage already."""

import json
from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from analysis.metrics.spec import Group
from runform.clips.pain import pain_advice
from runform.core.storage import CHUNK_BYTES
from runform.reports.page import held_tip
from runform.reports.results import ClipReport
from runform.reports.rows import SPECS


def raw(report: ClipReport) -> Iterator[bytes]:
    """As it was written; with a red flag without the cues and drills that the results page holds back as well."""
    pain = pain_advice(report.clip.form_check)
    if not pain.no_drills:
        return file_parts(report.report.raw)
    with report.report.raw.open("rb") as file:
        content = json.load(file)
    for finding in content.get("findings", ()):
        spec = SPECS.get(finding["measurement"])
        if not pain.allows_drills(spec.group if spec else Group.WHOLE):
            finding["tip"] = held_tip(finding["tip"])
    return iter([json.dumps(content).encode()])


def series(report: ClipReport) -> Iterator[bytes]:
    return file_parts(report.report.series)


def file_parts(file: FieldFile) -> Iterator[bytes]:
    with file.storage.open(str(file.name), "rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
