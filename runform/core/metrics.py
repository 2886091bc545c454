"""What this web process counts for Prometheus.  Each process has its file in one folder, and /metrics adds them up."""

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.registry import Collector

LATENCY_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)
REQUESTS = Counter("runform_requests", "Requests answered.", ["view", "method", "status"], registry=None)
SECONDS = Histogram("runform_request_seconds", "How long they took.", ["view"], registry=None, buckets=LATENCY_S)
# Anybody may invent a method; a label must not grow by that.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestMetricsMiddleware:
    """Counts by the name of the address, never by the address: those are without number and name people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began_s = time.perf_counter()
        response = self.get_response(request)
        found = request.resolver_match
        view = (found.view_name or "unnamed") if found else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began_s)
        return response


def exposition(*collectors: Collector) -> bytes:
    """The text that Prometheus reads: requests of all web processes of this host, and what the collectors know."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(settings.METRICS_DIR))  # type: ignore[no-untyped-call]
    for collector in collectors:
        registry.register(collector)
    return generate_latest(registry)


def forget_earlier_processes() -> None:
    """For whoever starts all processes: their counts begin at nought."""
    for path in Path(settings.METRICS_DIR).glob("*.db"):
        path.unlink(missing_ok=True)
