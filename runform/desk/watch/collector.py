"""The state of the whole app for Prometheus, asked of the database at each scrape: the same from every web process."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from runform.core.storage import free_bytes
from runform.desk.selectors import health_report
from runform.processing.figures import jobs_ended, reasons_of, stage_seconds, waiting_by_lane
from runform.processing.models import Job, State
from runform.processing.workers import slots_alive

HOUR = timedelta(hours=1)
QUANTILES = (0.5, 0.95)


class AppCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        well, facts = health_report()
        yield _gauge("healthy", "Whether /health says ok.", [((), float(well))])
        parts = [((part,), float(facts[part])) for part in ("database", "storage", "broker")]
        yield _gauge("works", "Whether a part below works.", parts, "part")
        free = free_bytes()
        if free is not None:
            yield _gauge("storage_free_bytes", "Room on the disk of the clips.", [((), free)])
        if facts["database"]:
            yield from _queue()
            yield from _last_hour()


def _queue() -> Iterator[Metric]:
    lanes = waiting_by_lane()
    depth = [((lane.name.lower(),), n) for lane, (n, _) in lanes.items()]
    age = [((lane.name.lower(),), round(age_s, 1)) for lane, (_, age_s) in lanes.items()]
    yield _gauge("queue_jobs", "Jobs that wait.", depth, "lane")
    yield _gauge("queue_oldest_seconds", "How long the oldest has waited.", age, "lane")
    yield _gauge("jobs_running", "Jobs that run.", [((), Job.objects.filter(state=State.RUNNING).count())])
    yield _gauge("worker_slots", "Clips that can be analysed at a time.", [((), slots_alive())])


def _last_hour() -> Iterator[Metric]:
    """Windows and no running totals: rows go when people delete what is theirs."""
    ended = jobs_ended(timezone.now() - HOUR)
    states = Counter(ended.values_list("state", "attempt"))
    by_state, by_attempt = Counter[str](), Counter[int]()
    for (state, attempt), n in states.items():
        by_state[state] += n
        by_attempt[attempt] += n
    yield _gauge("jobs_ended_last_hour", "By how they ended.", [((key,), n) for key, n in by_state.items()], "state")
    attempts = [((str(key),), n) for key, n in by_attempt.items()]
    yield _gauge("attempts_last_hour", "Jobs by the attempts they took.", attempts, "attempts")
    reasons = [((reason.key,), reason.n) for reason in reasons_of(ended)]
    yield _gauge("refusals_last_hour", "Clips without results, by reason.", reasons, "reason")
    stages = stage_seconds(ended)
    quantiles = [((stage, str(q)), _quantile(all_s, q)) for stage, all_s in stages.items() for q in QUANTILES]
    yield _gauge("stage_seconds_last_hour", "How long a stage took.", quantiles, "stage", "quantile")


def _quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def _gauge(name: str, text: str, rows: Iterable[tuple[tuple[str, ...], float]], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"runform_{name}", text, labels=labels)
    for key, value in rows:
        family.add_metric(key, value)
    return family
