"""Library: the index rows of a run, by which searches find it. May import `_core`, `catalog`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from kie._library.hiding import without_query
from kie._library.words import folded, texts_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    since = aware - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(maxsize=512)
def _kind_of(model: str) -> str | None:
    """The kind of output of a model, by the catalog."""
    from kie import catalog

    found = catalog.find(model)
    kind = None if found is None else {"music": "audio"}.get(found.kind, found.kind)
    return kind if kind in ("image", "video", "audio") else None


as_fact = json.JSONEncoder(sort_keys=True).encode
"""Encode a JSON value as it is searched for."""


def fact(name: str, value: object) -> str:
    """Encode a fact for the column `facts`: between line ends, which encoded JSON never contains."""
    return _text_fact(name, value) if type(value) is str else f"\n{name}={as_fact(value)}\n"


@lru_cache(maxsize=4096)
def _text_fact(name: str, value: str) -> str:
    return f"\n{name}={as_fact(value)}\n"


def source_fact(name: str, value: object) -> str:
    """The fact for an entry of `source`."""
    return fact(source_name(name), value)


@lru_cache(maxsize=512)
def source_name(name: str) -> str:
    """The name of the fact for an entry of `source`."""
    return f"source.{as_fact(name)}"


def row(document: Mapping[str, Any]) -> tuple[object, ...]:
    """The search columns of a run, from `model` on."""
    state, outputs = document["state"], document.get("outputs") or ()
    unsaved = any(each.get("name") is None for each in outputs) if state == "succeeded" else state == "open"
    found = (document["model"], state, document.get("label"), bool(document.get("simulated")), unsaved)
    estimate = document.get("estimate") or {}
    amounts = (document.get("credits"), estimate.get("at_least"), estimate.get("at_most"))
    texts = (None if amount is None else str(amount) for amount in amounts)
    return (*found, *texts, _facts(document), _words(document))


def facts_of(facts: str, name: str) -> list[Any]:
    """The values of a name in the column `facts`, each once."""
    start = f"{name}="
    found = dict.fromkeys(line for line in facts.split("\n") if line.startswith(start))
    return [json.loads(line.removeprefix(start)) for line in found]


def _facts(document: Mapping[str, Any]) -> str:
    outputs = document.get("outputs")
    kinds = {each.get("kind") or "file" for each in outputs} if outputs else {_kind_of(document["model"])}
    found = [_text_fact("kind", kind) for kind in kinds if kind]
    found += [_text_fact("tag", tag) for tag in document.get("tags") or ()]
    if source := document.get("source"):
        found += [source_fact(name, value) for name, value in source.items()]
    return "".join(found)


def links(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The links of a run: its parents, and the hashes and URLs of the files that it made."""
    found = {("parent", parent) for parent in document.get("parents") or ()}
    for each in document.get("outputs") or ():
        if digest := each.get("sha256"):
            found.add(("sha256", digest))
        if url := each.get("url"):
            found.add(("url", without_query(url)))
    return found


def _words(document: Mapping[str, Any]) -> str:
    """Each word of a run once, separated by blanks, which no searched word contains."""
    texts = texts_of(map(document.get, ("prompts", "request", "label", "tags", "source", "model")))
    return " ".join(dict.fromkeys(folded("\n".join(texts)).split()))
