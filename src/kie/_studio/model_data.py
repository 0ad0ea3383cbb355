"""Studio: the facts of models that the page gets. May import `_core`, `_library`, `catalog`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from kie import catalog
from kie._core.json import JSON, JSONObject
from kie._core.schema import documented_throughout
from kie._library.page import is_odd

_LISTED = ("active", "superseded")


def listed(status: str) -> JSONObject:
    """List the models.

    Args:
        status: `all` includes retired and undocumented models.

    Returns:
        Their rows.
    """
    found = [model for model in catalog.models(status="all") if status == "all" or model.status in _LISTED]
    return {"models": [_row(model) for model in found]}


def described(id: str) -> JSONObject:
    """Describe a model.

    Args:
        id: Its id.

    Returns:
        Its row, its schema, the facts of its media, examples, and rules in words.

    Raises:
        UnknownModel: There is no such model.
    """
    model = catalog.get(id)
    document = model.json_schema()
    facts = cast(JSONObject, document["x-kie"])
    sources = cast("list[JSONObject]", facts.get("sources") or [])
    named = dict.fromkeys(str(source.get("page", "")) for source in sources)
    return {
        **_row(model),
        "schema": _plain(documented_throughout(document)),
        "media": facts.get("media") or {},
        "bounds": facts.get("bounds") or {},
        "references": facts.get("references") or {},
        "examples": facts.get("examples") or [],
        "rules": facts.get("rules") or [],
        "pages": [
            f"https://{page.removesuffix('.md')}" for page in named if re.fullmatch(r"docs\.kie\.ai/[\w./-]+", page)
        ],
        "successors": [*model.successors],
        "odd": is_odd(cast(JSONObject, document.get("properties") or {})),
    }


def _row(model: catalog.Model) -> JSONObject:
    return {
        "id": model.id,
        "class_name": model.class_name,
        "provider": model.provider,
        "description": model.description,
        "categories": [*model.categories],
        "kind": model.kind,
        "accepts": [*model.accepts],
        "status": model.status,
        "seconds": typical(model),
    }


def typical(model: catalog.Model, pace: float = 1.0) -> JSON:
    """Get the usual duration of a model's tasks.

    Args:
        model: The model.
        pace: How many seconds of a task pass in one real second.

    Returns:
        The median and the 95th percentile in seconds; None if they are not known.
    """
    seconds = model.typical_seconds
    if seconds is None:
        return None
    return {name: round(seconds[name] / pace, 1) if name in seconds else None for name in ("p50", "p95")}


def _plain(node: JSON) -> JSON:
    """Strip the keywords of a schema that only this package understands."""
    if isinstance(node, Mapping):
        return {name: _plain(each) for name, each in node.items() if not name.startswith("x-kie")}
    return [_plain(each) for each in node] if isinstance(node, list) else node
