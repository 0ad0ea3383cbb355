"""Core: facts about a model besides its fields. May import only `_core`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from kie._core import schema
from kie._core.later import later

if TYPE_CHECKING:
    from kie._core.field_facts import FieldFacts
else:
    FieldFacts = later("kie._core.field_facts", "FieldFacts")


@attrs.frozen(kw_only=True, eq=False)
class ModelInfo:
    """What is known of a model or operation besides its fields."""

    slug: str
    """Its name in files and modules: `kling_3_0_video`."""
    lifecycle: str = "jobs"
    """The family that its tasks belong to: a row of the lifecycle table."""
    result: str = "json"
    """The kind of its result: one of `kie._core.result_types.RESULT_KINDS`."""
    model: str | None = None
    """Its id on the wire; None if it has none there, and `id` names it."""
    id: str | None = None
    """Its id in the catalog, if that differs from `model`."""
    operation: str | None = None
    """The endpoint that it uses; None if its family has only one."""
    package: str | None = None
    """The package that holds its schema; None for a model without one."""
    status: str = "active"
    """`active`, `superseded`, `undocumented` or `retired`."""
    captured: str = ""
    """The date of the documentation that the schema was checked against (ISO 8601); empty where there is none."""
    successors: tuple[str, ...] = ()
    """The ids to use instead of a retired or superseded model."""
    typical_seconds: tuple[float, float | None, int] | None = None
    """How long its tasks took, in seconds: the median, the 95th percentile if known, and the number of tasks seen."""

    source: str = ""
    """`vendor` for a class that was made from the vendor's schema while the program runs; empty for any other."""

    @property
    def name(self) -> str:
        """The id in the catalog."""
        return self.model or self.id or self.slug

    @cached_property
    def schema(self) -> schema.Schema | None:
        """The packaged schema; None for a request that has none."""
        return schema.load(self.package, self.slug) if self.package else None

    @cached_property
    def fields(self) -> Mapping[str, FieldFacts]:
        """What is known of the fields that take media or name earlier tasks, by their keys (`dialogue.voice`)."""
        from kie._core.field_facts import field_facts

        return field_facts(self.schema.document) if self.schema else {}

    def takes_list(self, name: str) -> bool:
        """Tell whether a field takes a list.

        Args:
            name: The name of the field on the wire.

        Returns:
            True if it does; False if not, or if the model has no such field.
        """
        node = self.schema.document.get("properties", {}) if self.schema else {}
        field = node.get(name) if isinstance(node, dict) else None
        return isinstance(field, dict) and schema.documented(field).get("type") == "array"

    @property
    def media_fields(self) -> frozenset[str]:
        """The keys of the fields that take media."""
        return frozenset(key for key, facts in self.fields.items() if facts.media)
