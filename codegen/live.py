"""Saves what the vendor's Models API documents in a folder that `drift` and `import` read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from kie import Kie, KieError, VendorModel

from .pages import CHAT, LISTING
from .source import CompileFailed, Fault, Node, slug_of


def fetch(folder: Path, say: Callable[[str], None], client: Kie | None = None) -> None:
    """Save the list of models, and the schema of each model that the folder does not contain yet.

    The service answers one request a second, so a whole catalogue takes minutes. After an interruption, the next run
    continues where the last one stopped.

    Raises:
        CompileFailed: There is no key, the service refused, or it did not answer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        client = client or Kie()
        listed = client.vendor.models()
        _write(folder / LISTING, {"models": [_row(model) for model in listed]})
        wanted = [model for model in listed if CHAT not in model.task_types]
        wanted = [model for model in wanted if not (folder / f"{slug_of(model.id)}.json").exists()]
        for number, model in enumerate(wanted, 1):
            say(f"{number} of {len(wanted)}: {model.id}")
            document = client.vendor.schema(model.id)
            if document is not None:
                _write(folder / f"{slug_of(model.id)}.json", {"model": model.id, "openapi": document})
    except KieError as error:
        message = f"{error}; what was read is kept, run the command again to go on"
        raise CompileFailed([Fault(str(folder), "", message)]) from error


def _row(model: VendorModel) -> Node:
    return {
        "model": model.id,
        "title": model.title,
        "taskType": list(model.task_types),
        "pricingDesc": model.price_text,
    }


def _write(path: Path, document: Node) -> None:
    """Write a file completely or not at all."""
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)
