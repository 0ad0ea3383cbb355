"""Telemetry: an observer that keeps Prometheus metrics. May import `_core`, and `prometheus_client` (an extra)."""

from __future__ import annotations

from kie._core.errors import ConfigError
from kie.telemetry._charged import Charged
from kie.telemetry._events import (
    BreakerChanged,
    BudgetRefused,
    Event,
    FileDownloaded,
    FileUploaded,
    RequestAnswered,
    RequestLimited,
    RequestRetried,
    TaskEstimated,
    TaskFinished,
    TaskRepeated,
    TaskSubmitted,
)

try:
    from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
except ImportError as missing:
    raise ConfigError("PrometheusObserver needs prometheus-client: pip install 'kie[prometheus]'") from missing

TASK_SECONDS = (1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 1200, 1800)
STATES = {"closed": 0, "half_open": 1, "open": 2}


class PrometheusObserver:
    """Keeps counters, histograms and a gauge, all named `kie_…`.

    Make one observer per process and pass it to all clients: a registry accepts a name only once. Labels hold
    operations, models, codes and origins, never ids or URLs.

    Args:
        registry: Where the metrics are registered; the default registry of `prometheus_client` if absent.
    """

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"kie_{name}", text, labels, registry=registry)

        self._seconds = Histogram(
            "kie_request_seconds", "Seconds from a request to its answer", ["operation"], registry=registry
        )
        self._requests = counter(
            "requests", "Requests by status, code and error", "operation", "status", "code", "error"
        )
        self._retries = counter("retries", "Attempts that were followed by another", "operation")
        self._refused = counter("refused", "Requests that the service refused with 429", "bucket")
        self._waited = counter("limited_seconds", "Seconds that requests waited for a permit", "bucket")
        self._breaker = Gauge(
            "kie_breaker_state", "State of the circuit: 0 closed, 1 half-open, 2 open", ["origin"], registry=registry
        )
        self._submitted = counter("tasks_submitted", "Tasks that the service accepted", "model")
        self._finished = counter("tasks_finished", "Runs and waits by how they ended", "model", "outcome")
        self._task_seconds = Histogram(
            "kie_task_seconds",
            "Seconds from the call to the end of the task",
            ["model"],
            buckets=TASK_SECONDS,
            registry=registry,
        )
        self._credits = counter("credits", "Credits that finished tasks cost, where the service reports it", "model")
        self._charged = Charged()
        self._estimated = counter("estimated_credits", "Credits that checked requests may cost at most", "model")
        self._over = counter("budget_refused", "Requests that a budget refused", "model")
        self._repeated = counter("tasks_repeated", "Tasks that failed at no cost and were submitted again", "model")
        self._files = counter("files", "Files transferred", "direction", "error")
        self._bytes = counter("file_bytes", "Bytes of files transferred", "direction")

    def __call__(self, event: Event, /) -> None:
        """Count an event.

        Args:
            event: What happened.
        """
        model = event.model or ""
        match event:
            case RequestAnswered(operation=name, status=status, code=code, error=error, duration=duration):
                self._seconds.labels(name).observe(duration)
                self._requests.labels(name, _text(status), _text(code), error or "").inc()
            case RequestRetried(operation=name):
                self._retries.labels(name).inc()
            case RequestLimited(bucket=bucket, refused=True):
                self._refused.labels(bucket).inc()
            case RequestLimited(bucket=bucket, delay=delay):
                self._waited.labels(bucket).inc(delay)
            case BreakerChanged(origin=origin, after=after):
                self._breaker.labels(origin).set(STATES[after])
            case TaskEstimated(estimate=estimate):
                self._estimated.labels(model).inc(float(estimate.at_most or estimate.at_least))
            case BudgetRefused(requests=requests):
                self._over.labels(model).inc(requests)
            case TaskRepeated():
                self._repeated.labels(model).inc()
            case TaskSubmitted():
                self._submitted.labels(model).inc()
            case TaskFinished(outcome=outcome, duration=duration, credits=credits):
                self._finished.labels(model, outcome).inc()
                self._task_seconds.labels(model).observe(duration)
                if credits and self._charged.first(event.ref):
                    self._credits.labels(model).inc(float(credits))
            case FileUploaded(bytes=size, error=error):
                self._transferred("up", size, error)
            case FileDownloaded(bytes=size, error=error):
                self._transferred("down", size, error)

    def _transferred(self, direction: str, size: int | None, error: str | None) -> None:
        self._files.labels(direction, error or "").inc()
        self._bytes.labels(direction).inc(size or 0)


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
