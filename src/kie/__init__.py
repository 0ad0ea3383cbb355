"""Typed, money-safe Python SDK for the Kie.ai marketplace.

::

    from kie import Kie
    from kie.models import NanoBananaPro

    with Kie() as client:                      # KIE_API_KEY from the environment
        result = client.run(NanoBananaPro(prompt="A lighthouse at dusk", aspect_ratio="16:9"))
        result.save("out/")

Importing `kie` loads almost nothing: every name below is imported when it is first used.
"""

__version__ = "0.2.0"

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie import catalog, compat, constants, errors, library, models, telemetry, webhooks
    from kie._aclient import AsyncKie, AsyncTask
    from kie._avendor import AsyncVendor
    from kie._batch.abatch import AsyncBatch
    from kie._batch.batch import Batch
    from kie._client import Kie, Task
    from kie._core.assets import AnyAsset, Asset, AsyncAsset, AsyncSaver, Files, Saver, Target
    from kie._core.call import FilePart, HttpRequest, HttpResponse, Multipart, TransportError
    from kie._core.errors import (
        ApiError,
        ArgumentInvalid,
        BatchStopped,
        BudgetExceeded,
        CircuitOpen,
        ConfigError,
        DownloadFailed,
        KieError,
        MediaRejected,
        RequestInvalid,
        ResultInvalid,
        SubmitUnknown,
        TaskFailed,
        TaskTimeout,
        TransportFailed,
    )
    from kie._core.estimates import Estimate, TermEstimate, TotalEstimate
    from kie._core.field_facts import FieldFacts
    from kie._core.issues import Issue
    from kie._core.journal_entry import JournalEntry
    from kie._core.json import JSON, JSONObject
    from kie._core.media import Media, UploadedFile
    from kie._core.media_rules import MediaRule
    from kie._core.model_info import ModelInfo
    from kie._core.music import (
        AsyncLyricsResult,
        AsyncMidiResult,
        AsyncMusicResult,
        AsyncPersonaResult,
        AsyncStemsResult,
        AsyncTextResult,
        AsyncTimestampsResult,
        Instrument,
        Lyrics,
        LyricsResult,
        MidiResult,
        MusicResult,
        Note,
        PersonaResult,
        StemsResult,
        TextResult,
        TimestampsResult,
        Track,
        Word,
    )
    from kie._core.outcomes import (
        AnyOutcome,
        Failed,
        Ok,
        OnOutcome,
        OnPostponed,
        OnSubmission,
        Outcome,
        OutcomeState,
        Submitted,
    )
    from kie._core.price_list import Price, PriceChange, PriceChanges
    from kie._core.price_snapshot import price_changes
    from kie._core.raw import RawRequest
    from kie._core.request import Request, UncheckedRequest
    from kie._core.results import (
        AnyResult,
        AsyncAudioResult,
        AsyncImageResult,
        AsyncJsonResult,
        AsyncResult,
        AsyncVideoResult,
        AudioResult,
        ImageResult,
        JsonResult,
        Paired,
        Result,
        Switch,
        VideoResult,
    )
    from kie._core.status import State, TaskStatus
    from kie._core.tasks import HasRef, TaskRef
    from kie._core.transfers import OnTransfer, Transfer
    from kie._core.vendor_request import HasSchemas, VendorRequest
    from kie._core.voices import AsyncCharacterResult, AsyncVoiceResult, CharacterResult, VoiceResult
    from kie._flow.effects import Callbacks
    from kie._flow.options import OnProgress, OnSubmitted, Unset
    from kie._flow.overrides import Overrides
    from kie._io.bodies import AsyncStream, Stream
    from kie._io.breakers import Breaker
    from kie._io.budget import Budget, OnUnpriced
    from kie._io.charges import ChargeCheck, check_charges
    from kie._io.journal import Journal
    from kie._io.transport import AsyncHttpxClient, AsyncTransport, HttpxClient, Transport
    from kie._library.library import Library
    from kie._policy.breaker import BreakerState, BreakerStats, CircuitBreaker
    from kie._policy.ledger import Reservation
    from kie._policy.polling import PollPolicy
    from kie._policy.rate import RateLimit
    from kie._policy.retry import RetryPolicy, no_retry
    from kie._tasks.vendor import SuccessRate, VendorModel
    from kie._vendor import Vendor
    from kie.simulator import simulated
else:

    def __getattr__(name):
        from importlib import import_module

        home = _HOME.get(name)
        if home is None:
            raise _missing(name)
        value = import_module(f"kie.{name}") if not home else getattr(import_module(f"kie.{home}"), name)
        globals()[name] = value
        return value


def _missing(name: str) -> Exception:
    from kie._core.attributes import missing
    from kie.models import _imports

    error = missing("module 'kie'", name, __all__, "module")
    if name[:1].isupper():
        from kie_models import __all__ as classes

        if name in classes:
            error = AttributeError(f"{name} is in kie.models: from kie.models import {name}")
    # the text of an AttributeError would be lost on its way through `from kie import ...`
    return ImportError(str(error), name="kie") if _imports(2) else error


_HOME = {
    "AnyAsset": "_core.assets",
    "AnyOutcome": "_core.outcomes",
    "AnyResult": "_core.results",
    "ApiError": "_core.errors",
    "ArgumentInvalid": "_core.errors",
    "Asset": "_core.assets",
    "AsyncAsset": "_core.assets",
    "AsyncAudioResult": "_core.results",
    "AsyncBatch": "_batch.abatch",
    "AsyncCharacterResult": "_core.voices",
    "AsyncHttpxClient": "_io.transport",
    "AsyncImageResult": "_core.results",
    "AsyncJsonResult": "_core.results",
    "AsyncKie": "_aclient",
    "AsyncLyricsResult": "_core.music",
    "AsyncMidiResult": "_core.music",
    "AsyncMusicResult": "_core.music",
    "AsyncPersonaResult": "_core.music",
    "AsyncResult": "_core.results",
    "AsyncSaver": "_core.assets",
    "AsyncStemsResult": "_core.music",
    "AsyncStream": "_io.bodies",
    "AsyncTask": "_aclient",
    "AsyncTextResult": "_core.music",
    "AsyncTimestampsResult": "_core.music",
    "AsyncTransport": "_io.transport",
    "AsyncVendor": "_avendor",
    "AsyncVideoResult": "_core.results",
    "AsyncVoiceResult": "_core.voices",
    "AudioResult": "_core.results",
    "Batch": "_batch.batch",
    "BatchStopped": "_core.errors",
    "Breaker": "_io.breakers",
    "BreakerState": "_policy.breaker",
    "BreakerStats": "_policy.breaker",
    "Budget": "_io.budget",
    "BudgetExceeded": "_core.errors",
    "Callbacks": "_flow.effects",
    "CharacterResult": "_core.voices",
    "ChargeCheck": "_io.charges",
    "CircuitBreaker": "_policy.breaker",
    "CircuitOpen": "_core.errors",
    "ConfigError": "_core.errors",
    "DownloadFailed": "_core.errors",
    "Estimate": "_core.estimates",
    "Failed": "_core.outcomes",
    "FieldFacts": "_core.field_facts",
    "FilePart": "_core.call",
    "Files": "_core.assets",
    "HasRef": "_core.tasks",
    "HasSchemas": "_core.vendor_request",
    "HttpRequest": "_core.call",
    "HttpResponse": "_core.call",
    "HttpxClient": "_io.transport",
    "ImageResult": "_core.results",
    "Instrument": "_core.music",
    "Issue": "_core.issues",
    "JSON": "_core.json",
    "JSONObject": "_core.json",
    "Journal": "_io.journal",
    "JournalEntry": "_core.journal_entry",
    "JsonResult": "_core.results",
    "Kie": "_client",
    "KieError": "_core.errors",
    "Library": "_library.library",
    "Lyrics": "_core.music",
    "LyricsResult": "_core.music",
    "Media": "_core.media",
    "MediaRejected": "_core.errors",
    "MediaRule": "_core.media_rules",
    "MidiResult": "_core.music",
    "ModelInfo": "_core.model_info",
    "Multipart": "_core.call",
    "MusicResult": "_core.music",
    "Note": "_core.music",
    "Ok": "_core.outcomes",
    "OnOutcome": "_core.outcomes",
    "OnProgress": "_flow.options",
    "OnPostponed": "_core.outcomes",
    "OnSubmission": "_core.outcomes",
    "OnSubmitted": "_flow.options",
    "OnTransfer": "_core.transfers",
    "OnUnpriced": "_io.budget",
    "Outcome": "_core.outcomes",
    "OutcomeState": "_core.outcomes",
    "Overrides": "_flow.overrides",
    "Paired": "_core.results",
    "PersonaResult": "_core.music",
    "PollPolicy": "_policy.polling",
    "Price": "_core.price_list",
    "PriceChange": "_core.price_list",
    "PriceChanges": "_core.price_list",
    "RateLimit": "_policy.rate",
    "RawRequest": "_core.raw",
    "Request": "_core.request",
    "RequestInvalid": "_core.errors",
    "Reservation": "_policy.ledger",
    "Result": "_core.results",
    "ResultInvalid": "_core.errors",
    "RetryPolicy": "_policy.retry",
    "Saver": "_core.assets",
    "State": "_core.status",
    "StemsResult": "_core.music",
    "Stream": "_io.bodies",
    "SubmitUnknown": "_core.errors",
    "Submitted": "_core.outcomes",
    "SuccessRate": "_tasks.vendor",
    "Switch": "_core.results",
    "Target": "_core.assets",
    "Task": "_client",
    "TaskFailed": "_core.errors",
    "TaskRef": "_core.tasks",
    "TaskStatus": "_core.status",
    "TaskTimeout": "_core.errors",
    "TermEstimate": "_core.estimates",
    "TextResult": "_core.music",
    "TimestampsResult": "_core.music",
    "TotalEstimate": "_core.estimates",
    "Track": "_core.music",
    "Transfer": "_core.transfers",
    "Transport": "_io.transport",
    "TransportError": "_core.call",
    "TransportFailed": "_core.errors",
    "UncheckedRequest": "_core.request",
    "Unset": "_flow.options",
    "UploadedFile": "_core.media",
    "Vendor": "_vendor",
    "VendorModel": "_tasks.vendor",
    "VendorRequest": "_core.vendor_request",
    "VideoResult": "_core.results",
    "VoiceResult": "_core.voices",
    "Word": "_core.music",
    "catalog": "",
    "check_charges": "_io.charges",
    "compat": "",
    "constants": "",
    "errors": "",
    "library": "",
    "models": "",
    "no_retry": "_policy.retry",
    "price_changes": "_core.price_snapshot",
    "simulated": "simulator",
    "telemetry": "",
    "webhooks": "",
}

__all__ = [
    "JSON",
    "AnyAsset",
    "AnyOutcome",
    "AnyResult",
    "ApiError",
    "ArgumentInvalid",
    "Asset",
    "AsyncAsset",
    "AsyncAudioResult",
    "AsyncBatch",
    "AsyncCharacterResult",
    "AsyncHttpxClient",
    "AsyncImageResult",
    "AsyncJsonResult",
    "AsyncKie",
    "AsyncLyricsResult",
    "AsyncMidiResult",
    "AsyncMusicResult",
    "AsyncPersonaResult",
    "AsyncResult",
    "AsyncSaver",
    "AsyncStemsResult",
    "AsyncStream",
    "AsyncTask",
    "AsyncTextResult",
    "AsyncTimestampsResult",
    "AsyncTransport",
    "AsyncVendor",
    "AsyncVideoResult",
    "AsyncVoiceResult",
    "AudioResult",
    "Batch",
    "BatchStopped",
    "Breaker",
    "BreakerState",
    "BreakerStats",
    "Budget",
    "BudgetExceeded",
    "Callbacks",
    "CharacterResult",
    "ChargeCheck",
    "CircuitBreaker",
    "CircuitOpen",
    "ConfigError",
    "DownloadFailed",
    "Estimate",
    "Failed",
    "FieldFacts",
    "FilePart",
    "Files",
    "HasRef",
    "HasSchemas",
    "HttpRequest",
    "HttpResponse",
    "HttpxClient",
    "ImageResult",
    "Instrument",
    "Issue",
    "JSONObject",
    "Journal",
    "JournalEntry",
    "JsonResult",
    "Kie",
    "KieError",
    "Library",
    "Lyrics",
    "LyricsResult",
    "Media",
    "MediaRejected",
    "MediaRule",
    "MidiResult",
    "ModelInfo",
    "Multipart",
    "MusicResult",
    "Note",
    "Ok",
    "OnOutcome",
    "OnPostponed",
    "OnProgress",
    "OnSubmission",
    "OnSubmitted",
    "OnTransfer",
    "OnUnpriced",
    "Outcome",
    "OutcomeState",
    "Overrides",
    "Paired",
    "PersonaResult",
    "PollPolicy",
    "Price",
    "PriceChange",
    "PriceChanges",
    "RateLimit",
    "RawRequest",
    "Request",
    "RequestInvalid",
    "Reservation",
    "Result",
    "ResultInvalid",
    "RetryPolicy",
    "Saver",
    "State",
    "StemsResult",
    "Stream",
    "SubmitUnknown",
    "Submitted",
    "SuccessRate",
    "Switch",
    "Target",
    "Task",
    "TaskFailed",
    "TaskRef",
    "TaskStatus",
    "TaskTimeout",
    "TermEstimate",
    "TextResult",
    "TimestampsResult",
    "TotalEstimate",
    "Track",
    "Transfer",
    "Transport",
    "TransportError",
    "TransportFailed",
    "UncheckedRequest",
    "Unset",
    "UploadedFile",
    "Vendor",
    "VendorModel",
    "VendorRequest",
    "VideoResult",
    "VoiceResult",
    "Word",
    "__version__",
    "catalog",
    "check_charges",
    "compat",
    "constants",
    "errors",
    "library",
    "models",
    "no_retry",
    "price_changes",
    "simulated",
    "telemetry",
    "webhooks",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
