"""Core: facts about a field that its schema does not express. May import only `_core`.

The schema of a model holds them under `x-kie.media` and `x-kie.references`, by the key of the field (`dialogue.voice`).
Only this module reads these two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import attrs

from kie._core.json import JSON, JSONObject
from kie._core.media_rules import MediaRule


@attrs.frozen(kw_only=True)
class FieldFacts:
    """What is known of a field that takes media, or names an earlier task."""

    media: MediaRule | None = None
    """What the documentation says of the media in it; None for a field that takes none."""
    families: tuple[str, ...] = ()
    """The families whose tasks it may name, such as `veo`; empty for a field that names no task."""
    parts: tuple[str, ...] = ()
    """Which part of that task it takes (`track`, `voice` …), the first that exists; empty for the task itself."""
    finished: bool = False
    """Whether that task must have succeeded."""


NO_FACTS = FieldFacts()
"""The facts of a field without any."""


def field_facts(document: Mapping[str, JSON]) -> dict[str, FieldFacts]:
    """Read the facts of all fields that have any, by key, from a model's schema. The compiler has checked them."""
    facts = document.get("x-kie")
    if not isinstance(facts, dict):
        return {}
    media = cast("dict[str, JSONObject]", facts.get("media") or {})
    references = cast("dict[str, JSONObject]", facts.get("references") or {})
    return {key: _read(media.get(key), references.get(key) or {}) for key in dict.fromkeys((*media, *references))}


def _read(media: JSONObject | None, reference: JSONObject) -> FieldFacts:
    part = reference.get("part") or ()
    return FieldFacts(
        media=MediaRule.load(media) if media else None,
        families=tuple(cast("list[str]", reference.get("lifecycles") or ())),
        parts=(part,) if isinstance(part, str) else tuple(cast("list[str]", part)),
        finished=bool(reference.get("finished")),
    )
