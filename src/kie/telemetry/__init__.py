"""What a client does, told to observers: typed events, and observers for logs, OpenTelemetry and Prometheus.

::

    from kie import Kie
    from kie.telemetry import LoggingObserver

    client = Kie(observers=[LoggingObserver()])

`OpenTelemetryObserver` needs the extra `otel`, `PrometheusObserver` the extra `prometheus`.
"""

TYPE_CHECKING = False
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
        TaskPolled,
        TaskSubmitted,
        Work,
    )
    from kie.telemetry._logs import LoggingObserver
    from kie.telemetry._otel import OpenTelemetryObserver
    from kie.telemetry._prometheus import PrometheusObserver
else:

    def __getattr__(name):
        from importlib import import_module

        home = _ADAPTERS.get(name, "_events")
        if name not in __all__:
            raise AttributeError(f"module 'kie.telemetry' has no attribute {name!r}")
        value = getattr(import_module(f"kie.telemetry.{home}"), name)
        globals()[name] = value
        return value


_ADAPTERS = {"LoggingObserver": "_logs", "OpenTelemetryObserver": "_otel", "PrometheusObserver": "_prometheus"}

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
    "TaskPolled",
    "TaskSubmitted",
    "Work",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
