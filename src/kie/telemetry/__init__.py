"""Typed events about what a client does, and observers for logs, OpenTelemetry and Prometheus.

::

    from kie import Kie
    from kie.telemetry import LoggingObserver

    client = Kie(observers=[LoggingObserver()])

`OpenTelemetryObserver` needs the extra `otel`, `PrometheusObserver` the extra `prometheus`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kie._core.call import Bucket
from kie.telemetry._events import (
    BreakerChanged,
    BudgetRefused,
    Event,
    FileDownloaded,
    FileUploaded,
    Observer,
    RequestAnswered,
    RequestLimited,
    RequestRetried,
    RequestSent,
    TaskEstimated,
    TaskFinished,
    TaskOutcome,
    TaskPolled,
    TaskRepeated,
    TaskSubmitted,
    TaskSwitched,
    Work,
    WorkKind,
)
from kie.telemetry._logs import LoggingObserver

if TYPE_CHECKING:
    from kie.telemetry._otel import OpenTelemetryObserver
    from kie.telemetry._prometheus import PrometheusObserver

__all__ = [
    "BreakerChanged",
    "Bucket",
    "BudgetRefused",
    "Event",
    "FileDownloaded",
    "FileUploaded",
    "LoggingObserver",
    "Observer",
    "OpenTelemetryObserver",
    "PrometheusObserver",
    "RequestAnswered",
    "RequestLimited",
    "RequestRetried",
    "RequestSent",
    "TaskEstimated",
    "TaskFinished",
    "TaskOutcome",
    "TaskPolled",
    "TaskRepeated",
    "TaskSubmitted",
    "TaskSwitched",
    "Work",
    "WorkKind",
]


_HOME = {"OpenTelemetryObserver": "_otel", "PrometheusObserver": "_prometheus"}
"""The observers that need an extra. Each is imported when it is first used."""


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'kie.telemetry' has no attribute {name!r}")
    return getattr(import_module(f"kie.telemetry.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
