"""Typed, money-safe Python SDK for the Kie.ai marketplace.

::

    from kie import Kie
    from kie.models import NanoBananaPro

    with Kie() as client:                      # KIE_API_KEY from the environment
        result = client.run(NanoBananaPro(prompt="A lighthouse at dusk", aspect_ratio="16:9"))
        result.save("out/")

Importing `kie` loads next to nothing: every name below is imported when it is first used.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kie import catalog, constants, errors, models, telemetry, webhooks
    from kie.aclient import AsyncKie, AsyncTask
    from kie.builder import request
    from kie.client import Kie, Task
    from kie.core.errors import (
        ApiError,
        BatchStopped,
        CircuitOpen,
        ConfigError,
        DownloadFailed,
        Issue,
        KieError,
        MediaRejected,
        RequestInvalid,
        ResultInvalid,
        SubmitUnknown,
        TaskFailed,
        TaskTimeout,
        TransportFailed,
    )
    from kie.core.media import Media, UploadedFile
    from kie.core.music import (
        LyricsResult,
        MidiResult,
        MusicResult,
        PersonaResult,
        StemsResult,
        TextResult,
        TimestampsResult,
        Track,
    )
    from kie.core.outcomes import Outcome
    from kie.core.raw import RawRequest
    from kie.core.request import Request
    from kie.core.results import Asset, AudioResult, ImageResult, JsonResult, Result, VideoResult
    from kie.core.tasks import TaskRef, TaskStatus
    from kie.core.voices import CharacterResult, VoiceResult
    from kie.flows.account import Price
    from kie.io.journal import Journal, JournalEntry
    from kie.policy.breaker import CircuitBreaker
    from kie.policy.polling import PollPolicy
    from kie.policy.rate import RateLimit
    from kie.policy.retry import RetryPolicy, no_retry
    from kie.simulator import simulated

    __version__: str
else:

    def __getattr__(name):
        from importlib import import_module

        if name == "__version__":
            from importlib.metadata import version

            return version("kie")
        home = _HOME.get(name)
        if home is None:
            raise AttributeError(f"module 'kie' has no attribute {name!r}")
        value = import_module(f"kie.{name}") if not home else getattr(import_module(f"kie.{home}"), name)
        globals()[name] = value
        return value


_HOME = {
    "ApiError": "core.errors",
    "Asset": "core.results",
    "AsyncKie": "aclient",
    "AsyncTask": "aclient",
    "AudioResult": "core.results",
    "BatchStopped": "core.errors",
    "CharacterResult": "core.voices",
    "CircuitBreaker": "policy.breaker",
    "CircuitOpen": "core.errors",
    "ConfigError": "core.errors",
    "DownloadFailed": "core.errors",
    "ImageResult": "core.results",
    "Issue": "core.errors",
    "Journal": "io.journal",
    "JournalEntry": "io.journal",
    "JsonResult": "core.results",
    "Kie": "client",
    "KieError": "core.errors",
    "LyricsResult": "core.music",
    "Media": "core.media",
    "MediaRejected": "core.errors",
    "MidiResult": "core.music",
    "MusicResult": "core.music",
    "Outcome": "core.outcomes",
    "PersonaResult": "core.music",
    "PollPolicy": "policy.polling",
    "Price": "flows.account",
    "RateLimit": "policy.rate",
    "RawRequest": "core.raw",
    "Request": "core.request",
    "RequestInvalid": "core.errors",
    "Result": "core.results",
    "ResultInvalid": "core.errors",
    "RetryPolicy": "policy.retry",
    "StemsResult": "core.music",
    "SubmitUnknown": "core.errors",
    "Task": "client",
    "TaskFailed": "core.errors",
    "TaskRef": "core.tasks",
    "TaskStatus": "core.tasks",
    "TaskTimeout": "core.errors",
    "TextResult": "core.music",
    "TimestampsResult": "core.music",
    "Track": "core.music",
    "TransportFailed": "core.errors",
    "UploadedFile": "core.media",
    "VideoResult": "core.results",
    "VoiceResult": "core.voices",
    "catalog": "",
    "constants": "",
    "errors": "",
    "models": "",
    "no_retry": "policy.retry",
    "request": "builder",
    "simulated": "simulator",
    "telemetry": "",
    "webhooks": "",
}

__all__ = [
    "ApiError",
    "Asset",
    "AsyncKie",
    "AsyncTask",
    "AudioResult",
    "BatchStopped",
    "CharacterResult",
    "CircuitBreaker",
    "CircuitOpen",
    "ConfigError",
    "DownloadFailed",
    "ImageResult",
    "Issue",
    "Journal",
    "JournalEntry",
    "JsonResult",
    "Kie",
    "KieError",
    "LyricsResult",
    "Media",
    "MediaRejected",
    "MidiResult",
    "MusicResult",
    "Outcome",
    "PersonaResult",
    "PollPolicy",
    "Price",
    "RateLimit",
    "RawRequest",
    "Request",
    "RequestInvalid",
    "Result",
    "ResultInvalid",
    "RetryPolicy",
    "StemsResult",
    "SubmitUnknown",
    "Task",
    "TaskFailed",
    "TaskRef",
    "TaskStatus",
    "TaskTimeout",
    "TextResult",
    "TimestampsResult",
    "Track",
    "TransportFailed",
    "UploadedFile",
    "VideoResult",
    "VoiceResult",
    "__version__",
    "catalog",
    "constants",
    "errors",
    "models",
    "no_retry",
    "request",
    "simulated",
    "telemetry",
    "webhooks",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
