"""Core: error messages for attributes that an object lacks. May import only `_core`.

Users bring habits from other clients. The error tells them what the thing they mean is called here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

_CANCEL = "the service has no way to stop a task; you can stop waiting, and the task keeps running"
_FILES = "result.assets are its files (read, stream, open, save), result.urls their addresses, result.data the rest"
_RUN = 'here it is run("nano-banana-pro", prompt="..."), or run(NanoBananaPro(prompt="..."))'
_TASK = "here it is task(ref), which finds a task again: task(ref).wait() or task(ref).refresh()"
_WAIT = "here it is wait(), which returns the result; refresh() polls once"


def _each(names: str, text: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), text)


_NAMES_ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "client": {
        **_each("subscribe generate create predict call invoke execute images videos audio music image video", _RUN),
        **_each("predictions replicate runasync chat responses completions", _RUN),
        **_each("queue submitasync createtask enqueue start", "here it is submit(...), which does not wait"),
        **_each("stream runmany map gather concurrent batches", "here it is batch.run(...) or batch.stream(...)"),
        **_each("cancel stop abort delete", _CANCEL),
        **_each("wait status result results poll gettask gettaskstatus retrieve get getstatus getresult tasks", _TASK),
        **_each("balance getbalance getcredits credit account quota usage", "here it is credits()"),
        **_each("models listmodels getmodels getmodel model", "kie.catalog.models() lists the models"),
        **_each("uploadfile files encodefile storage", "here it is upload(...); requests take local files as they are"),
        **_each("downloadfile save", "here it is download(...), or result.save(...)"),
        **_each("cost price getcost estimatecost", "here it is estimate(...), before anything is sent"),
        **_each("pricing getprices", "here it is prices()"),
        **_each("validate dryrun", "here it is check(...), which sends nothing"),
        **_each("aclose shutdown", "here it is close()"),
    },
    "module": {
        **_each("client kieclient kieai api sdk", "here it is Kie"),
        **_each("asyncclient asynckieclient asyncapi", "here it is AsyncKie"),
        **_each("run subscribe generate submit upload batch", "a client does that: Kie().run(...)"),
        **_each("simulate simulator", "here it is kie.simulated(), or the module kie.simulator"),
    },
    "task": {
        **_each("result get output join value results outcome", _WAIT),
        **_each(
            "done finished ready isdone state poll reload update completed",
            "here it is refresh(), whose status has done",
        ),
        **_each("cancel stop abort delete", _CANCEL),
        **_each("taskid requestid predictionid", "here it is ref; ref.id is the id alone"),
        **_each("logs events iterevents progress", "here it is wait(on_progress=...)"),
        **_each("save download", "here it is wait().save(...)"),
    },
    "result": {
        **_each("read write open stream bytes content url output outputs images videos files file image video", _FILES),
        **_each("audio download show text json", _FILES),
        **_each("id taskid requestid", "here it is ref; ref.id is the id alone"),
        **_each("cost price usage", "here it is credits"),
        **_each("duration took time", "here it is seconds"),
    },
    "asset": {
        **_each("write download saveto writetofile", "here it is save(...)"),
        **_each("bytes content data", "here it is read()"),
        **_each("iterbytes iter iterator aiter", "here it is stream()"),
        **_each("show image toimage", "here it is pil()"),
        **_each("href link uri src", "here it is url"),
    },
}
"""Our names for the attributes of other clients. Keys are lower case, without `_`."""


class Guiding:
    """Names the attribute that is probably meant if one does not exist. `_elsewhere` names the table."""

    __slots__ = ()
    _elsewhere = ""

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            raise missing(f"{type(self).__name__!r} object", name, dir(type(self)), self._elsewhere)


def missing(owner: str, name: str, known: Iterable[str], table: str) -> AttributeError:
    """The error for an attribute that does not exist.

    Args:
        owner: What lacks it.
        name: The attribute.
        known: The attributes that there are.
        table: The table of what other clients call them.
    """
    text = f"{owner} has no attribute {name!r}"
    if name.startswith("_"):  # a protocol looks this up, not a person
        return AttributeError(text)
    from kie._core.issues import meant

    said = _NAMES_ELSEWHERE[table].get(name.replace("_", "").lower())
    close = [] if said else meant(name, (each for each in known if not each.startswith("_")))
    way = said or (f"did you mean {' or '.join(close)}?" if close else "")
    return AttributeError(f"{text}; {way}" if way else text)
