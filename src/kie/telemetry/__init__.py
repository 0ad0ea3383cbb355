"""Typed events about what a client does, and observers for logs, OpenTelemetry and Prometheus.

::

    from kie import Kie
    from kie.telemetry import LoggingObserver

    client = Kie(observers=[LoggingObserver()])

`OpenTelemetryObserver` needs the extra `otel`, `PrometheusObserver` the extra `prometheus`.
"""

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie.telemetry._events import (
        BreakerChanged,
        Event,
        FileDownloaded,
        FileUploaded,
        Observer,
        RequestAnswered,
        RequestLimited,
        RequestRetried,
        RequestSent,
        TaskFinished,
        TaskOutcome,
        TaskPolled,
        TaskSubmitted,
        Work,
        WorkKind,
    )
    from kie.telemetry._logs import LoggingObserver
    from kie.telemetry._otel import OpenTelemetryObserver
    from kie.telemetry._prometheus import PrometheusObserver
else:

    def __getattr__(name):
        from importlib import import_module

        home = _HOME.get(name)
        if home is None:
            raise AttributeError(f"module 'kie.telemetry' has no attribute {name!r}")
        value = getattr(import_module(f"kie.telemetry.{home}"), name)
        globals()[name] = value
        return value


_HOME = {
    "BreakerChanged": "_events",
    "Event": "_events",
    "FileDownloaded": "_events",
    "FileUploaded": "_events",
    "LoggingObserver": "_logs",
    "Observer": "_events",
    "OpenTelemetryObserver": "_otel",
    "PrometheusObserver": "_prometheus",
    "RequestAnswered": "_events",
    "RequestLimited": "_events",
    "RequestRetried": "_events",
    "RequestSent": "_events",
    "TaskFinished": "_events",
    "TaskOutcome": "_events",
    "TaskPolled": "_events",
    "TaskSubmitted": "_events",
    "Work": "_events",
    "WorkKind": "_events",
}

__all__ = [
    "BreakerChanged",
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
    "TaskFinished",
    "TaskOutcome",
    "TaskPolled",
    "TaskSubmitted",
    "Work",
    "WorkKind",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
