"""The reports of a clip as versions: which is which, and what was put right for each."""

from dataclasses import dataclass
from typing import Any

from runform.clips.models import Clip
from runform.processing import wording
from runform.processing.models import Job, JobKind
from runform.processing.selectors import ClipState, clip_states, correction_items, mark_items
from runform.reports.models import Report


@dataclass(frozen=True)
class Version:
    """A report of a clip, ``number`` counted from the first."""

    report: Report
    number: int
    total: int
    corrections: list[wording.Said]
    marks: list[wording.Said]

    @property
    def newest(self) -> bool:
        return self.number == self.total


def versions_of(clip: Clip, speed_unit: str) -> list[Version]:
    """All reports of a clip, the newest first; two queries."""
    reports = list(Report.objects.filter(clip=clip).order_by("created_at", "pk").defer("waveforms", "quality"))
    jobs = Job.objects.filter(code__in=[report.job_code for report in reports]).only("code", "corrections", "marks")
    items = {job.code: (job.corrections, job.marks) for job in jobs}
    out = []
    for number, report in enumerate(reports, start=1):
        corrections, marks = items.get(report.job_code, ([], []))
        said = wording.say_corrections(corrections, speed_unit), wording.say_marks(marks)
        out.append(Version(report, number, len(reports), *said))
    return out[::-1]


@dataclass(frozen=True)
class Desk:
    """What a page needs to know of a clip that may be put right."""

    state: ClipState
    waiting: bool

    @property
    def clip(self) -> Clip:
        return self.state.clip

    @property
    def recomputing(self) -> bool:
        job = self.state.job
        return job is not None and job.is_live

    @property
    def failed_text(self) -> str:
        """Why the last attempt to compute it again did not work; the report before it still stands."""
        job = self.state.job
        failed = job is not None and job.state == "failed" and job.kind == JobKind.RECOMPUTE
        return job.user_text if job is not None and failed else ""


def desk_of(clip: Clip) -> Desk:
    """``waiting``: something was put right or marked that the newest report does not hold yet."""
    state = clip_states([clip])[0]
    return Desk(state, _now(clip) != _then(state))


def _now(clip: Clip) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return correction_items(clip), mark_items(clip)


def _then(state: ClipState) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    job = Job.objects.filter(code=state.report.job_code).first() if state.report else None
    return (job.corrections, job.marks) if job else ([], [])
