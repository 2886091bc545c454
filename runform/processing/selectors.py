"""What people may know of jobs, clips and FormChecks on their way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clips.selectors import clips_editable_by, clips_visible_to
from runform.processing.models import Correction, Job, JobKind, Line, Mark
from runform.reports.models import Report, Verdict
from runform.reports.selectors import reports_by_clip


def jobs_visible_to(user: User) -> QuerySet[Job]:
    rows = Job.objects.filter(clip__in=clips_visible_to(user))
    return rows.select_related("clip__form_check__athlete")


def jobs_editable_by(user: User) -> QuerySet[Job]:
    return Job.objects.filter(clip__in=clips_editable_by(user)).select_related("clip__form_check__athlete")


def corrections_of(clip: Clip) -> QuerySet[Correction]:
    """Those that hold, in the order in which they were made."""
    return Correction.objects.filter(clip=clip, withdrawn_at=None).select_related("made_by")


def corrections_visible_to(user: User) -> QuerySet[Correction]:
    rows = Correction.objects.filter(clip__in=clips_visible_to(user), withdrawn_at=None)
    return rows.select_related("clip__form_check__athlete")


def correction_items(clip: Clip) -> list[dict[str, Any]]:
    """What holds now, as the analyser takes it, with names."""
    return [{**row.item, "by": str(row.made_by or "")} for row in corrections_of(clip)]


def mark_items(clip: Clip) -> list[dict[str, Any]]:
    """All lines on a clip, as the analyser takes them, with names."""
    rows = Mark.objects.filter(clip=clip).select_related("marked_by")
    return [_mark_item(row) for row in rows]


def deck_lines_of(clip: Clip) -> QuerySet[Mark]:
    return Mark.objects.filter(clip=clip, line=Line.DECK).select_related("marked_by")


def _mark_item(row: Mark) -> dict[str, Any]:
    said = {"t_s": row.t_s, "marked_by": str(row.marked_by or "")}
    if row.line == Line.DECK:
        return {"kind": "deck_line", "points": row.ends, **said}
    left, right = row.ends
    return {"kind": "line", "line": row.line, "side": row.side, "left": left, "right": right, **said}


@dataclass(frozen=True)
class ClipState:
    """A clip with its newest job and newest report.  ``name`` is the state in one word."""

    clip: Clip
    job: Job | None
    report: Report | None

    @property
    def name(self) -> str:
        """new, queued, running, failed, cancelled, refused or ready.

        An older report still counts when a newer analysis was cancelled or failed, or while it is computed again.
        """
        if self.job and self.job.is_live and not (self.report and self.job.kind != JobKind.ANALYSE):
            return self.job.state
        if self.report:
            return "refused" if self.report.verdict == Verdict.REFUSED else "ready"
        return self.job.state if self.job else "new"


@dataclass(frozen=True)
class CheckState:
    """A FormCheck with its clips.  ``name``: empty, waiting, running, ready, refused or failed."""

    check: FormCheck
    clips: list[ClipState]

    @property
    def name(self) -> str:
        names = {clip.name for clip in self.clips}
        if not names:
            return "empty"
        for one in ("running", "queued", "ready", "refused"):
            if one in names:
                return "waiting" if one == "queued" else one
        return "failed"

    @property
    def has_results(self) -> bool:
        return any(clip.report for clip in self.clips)


def clip_states(clips: Iterable[Clip]) -> list[ClipState]:
    """Three queries, however many clips."""
    clips = list(clips)
    newest = Job.objects.filter(clip=OuterRef("clip")).order_by("-created_at", "-pk").values("pk")[:1]
    jobs = {job.clip_id: job for job in Job.objects.filter(clip__in=clips, pk=Subquery(newest))}
    reports = reports_by_clip(clips)
    return [ClipState(clip, jobs.get(clip.pk), reports.get(clip.pk)) for clip in clips]


def check_states(checks: Iterable[FormCheck]) -> list[CheckState]:
    by_pk = {check.pk: CheckState(check, []) for check in checks}
    clips = Clip.objects.filter(form_check__in=by_pk, deleted_at=None)
    for state in clip_states(clips):
        whole = by_pk[state.clip.form_check_id]
        state.clip.form_check = whole.check
        whole.clips.append(state)
    return list(by_pk.values())
