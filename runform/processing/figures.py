"""How the queue gets on, in figures: counted from the rows, so that they are right however many processes there are."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Now

from runform.processing.models import Job, Lane, State
from runform.reports.models import Report, Verdict

# A busy hour is told from its newest ones.
AT_MOST = 2000


@dataclass(frozen=True)
class Reason:
    """Why clips gave no results: how many, and what was said to the last of them."""

    key: str
    n: int
    said: str


def jobs_ended(since: datetime) -> QuerySet[Job]:
    return Job.objects.filter(finished_at__gt=since).order_by("-finished_at")


def waiting_by_lane() -> dict[Lane, tuple[int, float]]:
    """How many wait, and how long the oldest has, s."""
    waiting = Job.objects.filter(state=State.QUEUED).annotate(age=Now() - F("queued_at"))
    rows = waiting.values_list("lane").annotate(n=Count("pk"), oldest=Max("age"))
    found = {lane: (n, oldest.total_seconds()) for lane, n, oldest in rows}
    return {lane: found.get(lane, (0, 0.0)) for lane in Lane}


def refused_in(jobs: QuerySet[Job]) -> QuerySet[Report]:
    """Reports that say why a clip gives no results."""
    return Report.objects.filter(job_code__in=jobs.order_by().values("code"), verdict=Verdict.REFUSED)


def reasons_of(jobs: QuerySet[Job]) -> list[Reason]:
    """Of jobs that ended: gates that refused the clip, and errors; the most frequent first."""
    count: Counter[str] = Counter()
    said: dict[str, str] = {}
    # Newest first: what was said last stays.
    for code, text in jobs.filter(state=State.FAILED).values_list("error_code", "user_text")[:AT_MOST]:
        count[code] += 1
        said.setdefault(code, text)
    for quality in refused_in(jobs).order_by("-pk").values_list("quality", flat=True)[:AT_MOST]:
        for check in quality.get("checks", []):
            if check["verdict"] == "fail":
                count[check["id"]] += 1
                said.setdefault(check["id"], check["message"])
    return [Reason(key, n, said[key]) for key, n in count.most_common()]


def stage_seconds(jobs: QuerySet[Job]) -> dict[str, list[float]]:
    """Of each stage how long it took, s, each sorted."""
    found: dict[str, list[float]] = defaultdict(list)
    for seconds in jobs.filter(state=State.DONE).values_list("seconds", flat=True)[:AT_MOST]:
        for stage, lasted_s in seconds.items():
            found[stage].append(float(lasted_s))
    return {stage: sorted(values) for stage, values in found.items()}
