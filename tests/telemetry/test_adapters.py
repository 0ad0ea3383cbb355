"""The observers that come along: log lines, OpenTelemetry, Prometheus."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv.attributes import error_attributes, http_attributes, server_attributes, url_attributes
from opentelemetry.semconv.metrics.http_metrics import HTTP_CLIENT_REQUEST_DURATION
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import CollectorRegistry

from kie import ApiError, Budget, BudgetExceeded, DownloadFailed, Kie, RateLimit, TaskFailed, no_retry
from kie.models import Kling30Video, NanoBananaPro
from kie.telemetry import (
    BudgetRefused,
    LoggingObserver,
    Observer,
    OpenTelemetryObserver,
    PrometheusObserver,
    TaskEstimated,
    TaskFinished,
    TaskRepeated,
    TaskSubmitted,
)
from kie.testing import virtual_kie

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
REQUEST = NanoBananaPro(prompt="A lighthouse at dusk", image_input=[PNG])
LIMITED = [{"on": "createTask", "do": "rate_limit", "retry_after": 3, "nth": 1}]
HOST = "api.kie.ai"


class Telescope:
    """An OpenTelemetry set-up in memory."""

    def __init__(self, **options: Any) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.observer = OpenTelemetryObserver(
            tracer_provider=self.tracers, meter_provider=MeterProvider([self.reader]), **options
        )

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())

    def named(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def metrics(self) -> dict[str, list[Any]]:
        data = self.reader.get_metrics_data()
        assert data is not None
        found: dict[str, list[Any]] = {}
        for resource in data.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = list(metric.data.data_points)
        return found


def test_a_task_is_a_span_with_its_exchanges_and_uploads_below() -> None:
    telescope = Telescope()
    client, _, _ = virtual_kie(observers=[telescope.observer], faults=LIMITED)
    with telescope.tracers.get_tracer("mine").start_as_current_span("mine") as mine:
        result = client.run(REQUEST)
    task, upload = telescope.named("kie.run nano-banana-pro"), telescope.named("kie.upload nano-banana-pro")
    assert task.context is not None and upload.context is not None
    assert task.parent == mine.get_span_context()
    assert upload.parent == task.context
    assert task.attributes is not None
    assert task.attributes["kie.task.id"] == result.ref.id
    assert task.attributes["kie.task.outcome"] == "succeeded"
    assert [event.name for event in task.events] == ["kie.refused", "kie.retry", *["kie.poll"] * (len(task.events) - 2)]
    exchanges = [span for span in telescope.spans if span.kind is SpanKind.CLIENT]
    assert [span.name for span in exchanges][:4] == ["POST", "POST", "POST", "GET"]
    assert exchanges[0].parent == upload.context
    assert all(span.parent == task.context for span in exchanges[1:])
    assert task.status.status_code is StatusCode.UNSET


def test_exchanges_follow_the_semantic_conventions() -> None:
    telescope = Telescope()
    client, _, _ = virtual_kie(
        observers=[telescope.observer], faults=[{"on": "getCredits", "do": "http", "status": 503}]
    )
    with pytest.raises(ApiError):
        client.credits()
    first, second = telescope.spans[:2]
    assert first.attributes is not None and second.attributes is not None
    assert first.kind is SpanKind.CLIENT and first.name == "GET" and first.parent is None
    assert dict(first.attributes) == {
        http_attributes.HTTP_REQUEST_METHOD: "GET",
        http_attributes.HTTP_RESPONSE_STATUS_CODE: 503,
        server_attributes.SERVER_ADDRESS: HOST,
        server_attributes.SERVER_PORT: 443,
        url_attributes.URL_FULL: f"https://{HOST}/api/v1/chat/credit",
        error_attributes.ERROR_TYPE: "503",
        "http.response.body.size": first.attributes["http.response.body.size"],
        "kie.operation": "getCredits",
    }
    assert first.status.status_code is StatusCode.ERROR
    assert second.attributes[http_attributes.HTTP_REQUEST_RESEND_COUNT] == 1
    points = telescope.metrics()[HTTP_CLIENT_REQUEST_DURATION]
    assert sum(point.count for point in points) == 4
    assert points[0].attributes[error_attributes.ERROR_TYPE] == "503"
    assert points[0].sum == pytest.approx(4 * 0.05)


@pytest.mark.parametrize(("show", "full"), [(False, "/a.png"), (True, "/a.png?signature=s3cr3t")])
def test_a_signed_url_loses_its_query_unless_asked(show: bool, full: str) -> None:
    telescope = Telescope(show_queries=show)
    client, _, _ = virtual_kie(observers=[telescope.observer])
    with pytest.raises(DownloadFailed):
        client.download("https://files.kie.example/a.png?signature=s3cr3t", "/nowhere/at/all")
    exchange = telescope.spans[0]
    assert exchange.attributes is not None
    assert exchange.attributes["url.full"] == f"https://files.kie.example{full}"
    assert telescope.named("kie.download").status.status_code is StatusCode.ERROR


def test_a_wait_links_to_the_submission() -> None:
    telescope = Telescope()
    client, _, _ = virtual_kie(observers=[telescope.observer])
    task = client.submit(NanoBananaPro(prompt="x"))
    submission = telescope.named("kie.submit nano-banana-pro")
    client.task(str(task.ref)).wait()
    wait = telescope.named("kie.wait")
    assert [link.context for link in wait.links] == [submission.context]


def test_a_failed_task_is_an_error_span_and_metrics_count_it() -> None:
    telescope = Telescope()
    client, _, clock = virtual_kie(
        observers=[telescope.observer],
        faults=[{"on": "createTask", "do": "fail_task", "code": 501, "nth": 1}],
        rate_limit=RateLimit(reads=1, reads_window=60),
    )
    with pytest.raises(TaskFailed):
        client.run(REQUEST)
    span = telescope.named("kie.run nano-banana-pro")
    assert span.attributes is not None and span.status.status_code is StatusCode.ERROR
    assert (span.attributes["error.type"], span.attributes["kie.task.fail_code"]) == ("TaskFailed", "501")
    took = clock.now()
    paid = client.run(REQUEST).credits
    found = telescope.metrics()
    outcomes = {point.attributes["kie.task.outcome"]: point for point in found["kie.task.duration"]}
    assert set(outcomes) == {"failed", "succeeded"}
    assert outcomes["failed"].sum == pytest.approx(took)
    assert [point.value for point in found["kie.task.submitted"]] == [2]
    assert [point.value for point in found["kie.task.credits"]] == [float(paid or 0)]
    assert [point.value for point in found["kie.file.size"]] == [2 * len(PNG)]
    assert found["kie.limit.wait"][0].value > 0


def test_a_change_of_the_circuit_and_refusals_are_counted() -> None:
    telescope = Telescope()
    client, _, _ = virtual_kie(
        observers=[telescope.observer],
        faults=[
            {"on": "getTask", "do": "http", "status": 503, "times": 5},
            {"on": "createTask", "do": "rate_limit", "nth": 1},
        ],
    )
    client.run(NanoBananaPro(prompt="x"))
    found = telescope.metrics()
    assert {point.attributes["kie.breaker.state"]: point.value for point in found["kie.breaker.changes"]} == {
        "open": 1,
        "half_open": 1,
    }
    assert found["kie.limit.refused"][0].value == 1
    assert found["kie.request.retries"][0].value == 1


def test_no_span_is_left_open() -> None:
    telescope = Telescope()
    client, _, _ = virtual_kie(
        observers=[telescope.observer], faults=[{"on": "createTask", "do": "envelope", "code": 402}]
    )
    with pytest.raises(ApiError):
        client.run(REQUEST)
    client.upload(PNG)
    assert not telescope.observer._works and not telescope.observer._exchanges
    assert {span.name for span in telescope.spans} >= {"kie.run nano-banana-pro", "kie.upload"}


def test_prometheus_keeps_the_figures(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    client, _, _ = virtual_kie(
        observers=[PrometheusObserver(registry)],
        faults=[*LIMITED, {"on": "getTask", "do": "http", "status": 503, "times": 5}],
        rate_limit=RateLimit(reads=1, reads_window=5),
    )
    result = client.run(REQUEST)
    (path,) = result.save(tmp_path)

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(f"kie_{name}", labels)

    model = "nano-banana-pro"
    limited = {"operation": "createTask", "status": "200", "code": "429", "error": "RateLimited"}
    assert value("requests_total", **limited) == 1
    assert value("requests_total", operation="getTask", status="503", code="", error="ServerError") == 5
    assert value("request_seconds_sum", operation="createTask") == pytest.approx(0.1)
    assert value("retries_total", operation="createTask") == 1
    assert value("refused_total", bucket="submit") == 1
    assert (value("limited_seconds_total", bucket="read") or 0) > 0
    assert value("breaker_state", origin=f"https://{HOST}") == 1
    assert value("tasks_submitted_total", model=model) == 1
    assert value("tasks_finished_total", model=model, outcome="succeeded") == 1
    assert value("task_seconds_count", model=model) == 1
    assert value("credits_total", model=model) == float(result.credits or 0)
    assert value("file_bytes_total", direction="up") == len(PNG)
    assert value("file_bytes_total", direction="down") == Path(path).stat().st_size
    assert value("files_total", direction="down", error="") == 1
    with pytest.raises(ValueError, match="Duplicated"):
        PrometheusObserver(registry)


def test_log_lines_have_levels_by_what_they_say(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    client, _, _ = virtual_kie(
        observers=[LoggingObserver()],
        faults=[
            *LIMITED,
            {"on": "getTask", "do": "http", "status": 503, "times": 5},
            {"on": "createTask", "do": "envelope", "code": 402, "nth": 3},
            {"on": "result", "do": "gone", "nth": 2},
        ],
        rate_limit=RateLimit(reads=1, reads_window=5),
    )
    with caplog.at_level(logging.DEBUG, "kie"):
        result = client.run(REQUEST)
        result.save(tmp_path)
        with pytest.raises(ApiError):
            client.run(REQUEST)
        with pytest.raises(DownloadFailed):
            client.download("https://files.kie.example/none.png", tmp_path)
    said = [(record.levelname, record.getMessage()) for record in caplog.records if hasattr(record, "kie_event")]
    for level, text in [
        ("DEBUG", "createTask: sent POST https://api.kie.ai/api/v1/jobs/createTask, attempt 1 [nano-banana-pro]"),
        ("DEBUG", "createTask: HTTP 200, code 429, RateLimited after 0.050 s, attempt 1 [nano-banana-pro]"),
        ("WARNING", "the service refused a submit request with 429; it asks to wait 3 s [nano-banana-pro]"),
        ("WARNING", "createTask: attempt 1 failed (RateLimited 429); the next in 3.00 s [nano-banana-pro]"),
        ("INFO", "uploaded 72 bytes in 0.05 s [nano-banana-pro]"),
        ("INFO", f"submitted after 3.15 s [{result.ref}]"),
        ("DEBUG", f"polled: succeeded (success) [{result.ref}]"),
        ("WARNING", f"the circuit of https://api.kie.ai went from closed to open [{result.ref}]"),
    ]:
        assert (level, text) in said, text
    texts = "\n".join(f"{level} {text}" for level, text in said)
    for part in [
        "DEBUG a read request waits",
        f"{result.credits} credits [{result.ref}]",
        "INFO downloaded https://files.kie.example/results/",
        "WARNING refused after 0.1 s: InsufficientCredits 402 [nano-banana-pro]",
        "WARNING download of https://files.kie.example/none.png failed after",
    ]:
        assert part in texts, part


@pytest.mark.parametrize(
    ("missing", "name", "extra"),
    [
        ("opentelemetry", "OpenTelemetryObserver", "kie[otel]"),
        ("prometheus_client", "PrometheusObserver", "kie[prometheus]"),
    ],
)
def test_without_its_extra_an_observer_says_what_to_install(missing: str, name: str, extra: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None\nfrom kie.telemetry import LoggingObserver, {name}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode and f"pip install '{extra}'" in done.stderr


def test_a_client_without_observers_loads_no_telemetry() -> None:
    code = (
        "import sys; from kie.testing import virtual_kie; client, _, _ = virtual_kie(); client.credits(); "
        "assert not [name for name in sys.modules if name.startswith('kie.telemetry') "
        "or name.partition('.')[0] in ('opentelemetry', 'prometheus_client')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_a_plain_client_takes_observers() -> None:
    assert Kie("key", observers=[LoggingObserver()], retry=no_retry())._ctx.options.observers


CITY = NanoBananaPro(prompt="A city", resolution="2K")  # 18 credits
FOX = Kling30Video(prompt="A fox", duration="15", mode="pro", sound=True)  # 405 credits


class Counted:
    """Everything that the adapters say of money, beside the events."""

    def __init__(self, **options: Any) -> None:
        self.telescope, self.registry, self.events = Telescope(), CollectorRegistry(), list[Any]()
        observers: list[Observer] = [
            self.telescope.observer,
            PrometheusObserver(self.registry),
            LoggingObserver(),
            self.events.append,
        ]
        self.client, self.service, self.clock = virtual_kie(observers=observers, credits=10_000, **options)

    def values(self, name: str, sample: str) -> float:
        """The sum of a metric, which both adapters have to agree about."""
        points = self.telescope.metrics().get(f"kie.{name}", []) if self.events else []
        found = sum(point.value for point in points)
        others = [
            one.value for family in self.registry.collect() for one in family.samples if one.name == f"kie_{sample}"
        ]
        assert sum(others) == found
        return float(found)

    @property
    def figures(self) -> dict[str, float]:
        names = {
            "estimated": ("task.estimated", "estimated_credits_total"),
            "credits": ("task.credits", "credits_total"),
            "refused": ("budget.refused", "budget_refused_total"),
            "repeated": ("task.repeated", "tasks_repeated_total"),
            "submitted": ("task.submitted", "tasks_submitted_total"),
        }
        return {name: self.values(*metric) for name, metric in names.items()}

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def test_a_batch_tells_of_each_estimate_charge_and_refusal_once(caplog: pytest.LogCaptureFixture) -> None:
    counted = Counted(budget=Budget(1000, per_task=100))
    with caplog.at_level(logging.DEBUG, "kie"):
        counted.client.batch.run([CITY, FOX, CITY.unchecked(novelty=True), CITY])
    assert counted.figures == {
        **{"estimated": 18 + 405 + 18 + 18, "credits": 36, "refused": 2, "repeated": 0, "submitted": 2}
    }
    assert [(event.requests, event.needed, event.left) for event in counted.of(BudgetRefused)] == [
        (1, 405, 100),
        (1, None, None),
    ]
    said = [record.getMessage() for record in caplog.records]
    assert sum("refused by the budget: up to 405 credits, 100 left [kling-3.0/video]" in line for line in said) == 1
    assert sum("refused by the budget: its cost is not known [nano-banana-pro]" in line for line in said) == 1
    assert sum("may cost 18 credits" in line for line in said) == 2
    assert not counted.telescope.observer._works


def test_a_batch_that_does_not_begin_is_one_refusal_of_all_its_requests(caplog: pytest.LogCaptureFixture) -> None:
    counted = Counted(budget=Budget(100))
    with caplog.at_level(logging.DEBUG, "kie"), pytest.raises(BudgetExceeded):
        counted.client.batch.run([CITY] * 6)
    assert counted.figures == {"estimated": 0, "credits": 0, "refused": 6, "repeated": 0, "submitted": 0}
    (refusal,) = counted.events
    assert (refusal.requests, refusal.needed, refusal.left, refusal.model) == (6, 108, 100, None)
    assert "6 requests refused by the budget: up to 108 credits, 100 left" in caplog.text


def test_a_task_that_failed_at_no_cost_and_its_successor_are_told_apart() -> None:
    free: Any = {"on": "createTask", "do": "fail_task", "code": 500, "nth": 1}
    counted = Counted(budget=Budget(1000), faults=[free])
    counted.client.batch.run([CITY, CITY], retry_free=2)
    assert counted.figures == {"estimated": 54, "credits": 36, "refused": 0, "repeated": 1, "submitted": 3}
    (again,) = counted.of(TaskRepeated)
    assert [event.ref for event in counted.of(TaskEstimated)] == [None] * 3, "none is about the task that failed"
    assert again.ref in {event.ref for event in counted.of(TaskSubmitted)}


def test_whoever_waits_for_a_task_twice_counts_its_charge_once() -> None:
    counted = Counted(budget=Budget(1000))
    task = counted.client.submit(CITY)
    for _ in range(2):
        task.wait()
        counted.client.task(task.ref).wait()
    counted.client.run(CITY)
    assert counted.figures == {"estimated": 36, "credits": 36, "refused": 0, "repeated": 0, "submitted": 2}
    assert {event.credits for event in counted.of(TaskFinished)} == {18}


def test_tasks_that_are_cancelled_have_no_charge() -> None:
    counted = Counted(budget=Budget(1000))
    counted.client.batch.run([CITY] * 3, batch_timeout=5)
    assert counted.figures == {"estimated": 54, "credits": 0, "refused": 0, "repeated": 0, "submitted": 3}
    assert [event.outcome for event in counted.of(TaskFinished)] == ["error"] * 3
    assert not counted.telescope.observer._works
    budget = counted.client.budget
    assert budget is not None and budget.reserved == 54
