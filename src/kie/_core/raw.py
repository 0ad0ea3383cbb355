"""Core: requests that are not checked against a schema. May import only `_core`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import attrs

from kie._core import paths
from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._core.model_info import ModelInfo
from kie._core.request import Request, copied, encoded, with_files
from kie._core.results import JsonResult
from kie._core.safe_text import repr_of


def _input(value: Mapping[str, object]) -> Mapping[str, object]:
    """Copy the fields. Raises `ConfigError` if the value is not a mapping."""
    given: object = value
    if not isinstance(given, Mapping):
        raise ConfigError(f"input must be a mapping of the fields of the model, not {repr_of(value):.200}")
    return copied(value)


@attrs.frozen(repr=False)
class RawRequest(Request[JsonResult]):
    """A request for a model that this package does not know. It is sent as it is, without validation.

    Raises:
        ConfigError: `model` is not text, or `input` is not a mapping.
        RequestInvalid: A value is not JSON and not local media.
    """

    model: str
    """The id of the model on the wire; outside the Market, the operation, such as `generateMusic`."""
    input: Mapping[str, object] = attrs.field(converter=_input)
    """The model's fields by their names on the wire; outside the Market the whole body. Local media may be anywhere in
    it."""
    lifecycle: str = attrs.field(default="jobs", kw_only=True)
    """The family that the task will belong to: `jobs` for the Market."""
    info: ModelInfo = attrs.field(init=False, repr=False, eq=False)
    """The facts of the model, as far as they are known."""

    def __attrs_post_init__(self) -> None:
        model: object = self.model
        if not isinstance(model, str) or not model.strip():
            raise ConfigError(f"model must be the id of a model, not {repr_of(model):.200}")
        on_wire = self.model if self.lifecycle == "jobs" else None
        operation = None if self.lifecycle == "jobs" else self.model
        info = ModelInfo(slug=self.model, model=on_wire, operation=operation, lifecycle=self.lifecycle, result="json")
        object.__setattr__(self, "info", info)
        object.__setattr__(self, "input", with_files(self.input, info))
        encoded(info, self.input)

    def _encode(self) -> tuple[JSONObject, dict[str, object]]:
        return encoded(self.info, self.input)

    @classmethod
    def from_wire(cls, body: Mapping[str, JSON]) -> RawRequest:
        """Read a body of the Market.

        Args:
            body: An object with `model` and `input`.

        Returns:
            The request.

        Raises:
            ConfigError: It names no model.
        """
        return cls(str(body.get("model", "")), cast(JSONObject, body.get("input") or {}))

    def resolved(self, urls: Mapping[str, str]) -> RawRequest:
        """Replace local media by the URLs that they were uploaded to.

        Args:
            urls: The URL for each path in the request.

        Returns:
            The request.
        """
        fields = cast("Mapping[str, object]", paths.replaced(self.input, urls))
        return RawRequest(self.model, fields, lifecycle=self.lifecycle)

    def replace(self, **fields: object) -> RawRequest:
        """Change fields of the input. Nothing is validated.

        Args:
            fields: The new values, by the names of the fields on the wire. None removes one.

        Returns:
            The copy.
        """
        changed = {name: value for name, value in {**self.input, **fields}.items() if value is not None}
        return RawRequest(self.model, changed, lifecycle=self.lifecycle)

    def __repr__(self) -> str:
        return f"RawRequest({self.model!r}, {self.input!r})"
