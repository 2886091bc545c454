"""A job as a page shows it: which stage, how far, and what to say."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from runform.clips.models import Clip, FormCheck
from runform.processing.line import line_position
from runform.processing.models import Job, Lane, State
from runform.processing.selectors import ClipState
from runform.processing.waiting import Wait, takes_longer_than_usual, waiting_time

STAGES = {
    "open": gettext_lazy("Reading the clip"),
    "pose": gettext_lazy("Finding the runner in every frame"),
    "pixels": gettext_lazy("Looking for tape dots"),
    "metrics": gettext_lazy("Measuring torso and head"),
    "frames": gettext_lazy("Drawing the pictures"),
    "copy": gettext_lazy("Making a copy that every browser plays"),
    "publish": gettext_lazy("Writing the report"),
}


@dataclass(frozen=True)
class Stage:
    """A line of the progress list."""

    label: str
    state: str  # waiting, active, done or failed
    percent: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Card:
    """Everything that the fragment of a clip shows."""

    state: ClipState
    stages: list[Stage] = field(default_factory=list)
    position: int | None = None
    wait: Wait | None = None
    slow: bool = False
    reasons: list[str] = field(default_factory=list)

    @property
    def clip(self) -> Clip:
        return self.state.clip

    @property
    def job(self) -> Job | None:
        return self.state.job

    @property
    def is_live(self) -> bool:
        return self.job is not None and self.job.is_live

    @property
    def in_bulk(self) -> bool:
        return self.job is not None and self.job.lane == Lane.BULK

    @property
    def ask_again_s(self) -> int:
        """Who is far back in the line need not ask every second."""
        if self.position is None or self.position == 1:
            return 1
        return 5 if self.position <= 5 else 15

    @property
    def results_url(self) -> str:
        return results_url(self.clip.form_check)


def card(state: ClipState) -> Card:
    job, report = state.job, state.report
    reasons = []
    if report and state.name == "refused":
        reasons = [check["message"] for check in report.quality.get("checks", []) if check["verdict"] == "fail"]
    if job is None or not job.is_live:
        return Card(state, reasons=reasons)
    position = line_position(job) if job.state == State.QUEUED else None
    wait = waiting_time(position) if position else None
    return Card(state, _stages(job), position, wait, takes_longer_than_usual(job), reasons)


def _stages(job: Job) -> list[Stage]:
    names = list(STAGES)
    now = names.index(job.stage) if job.stage in names else 0
    if job.state == State.QUEUED:
        return [Stage(str(STAGES[name]), "waiting") for name in names]
    lines = [Stage(str(STAGES[name]), "done") for name in names[:now]]
    note = _("%(done)d of %(total)d") % {"done": job.done, "total": job.total} if job.total else ""
    lines.append(Stage(str(STAGES[names[now]]), "active", job.percent if job.total else None, note))
    return lines + [Stage(str(STAGES[name]), "waiting") for name in names[now + 1 :]]


def results_url(check: FormCheck) -> str:
    return reverse("results", args=[check.code])


def card_url(clip: Clip) -> str:
    return reverse("clip_card", args=[clip.code])
