"""Floor 1: requests that no schema has seen, or not all of. May import only `core`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import attrs

from kie._core.encoding import Encoder
from kie._core.errors import RequestInvalid
from kie._core.json import JSON, JSONObject
from kie._core.request import ModelInfo, Request, replaced
from kie._core.results import JsonResult, R_co


def _copied(value: Mapping[str, object]) -> dict[str, object]:
    return dict(value)


@attrs.frozen(repr=False)
class UncheckedRequest(Request[R_co]):
    """A request with wire fields that no schema has seen. Made by `request.unchecked(...)`."""

    request: Request[R_co]
    wire_fields: Mapping[str, object] = attrs.field(converter=_copied)
    info: ModelInfo = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "info", self.request.info)
        encoder = Encoder(self.info, anywhere=True)
        encoder.value(self.wire_fields, ())
        if encoder.issues:
            raise RequestInvalid(self.info.name, encoder.issues)

    def _encode(self) -> tuple[JSONObject, dict[str, object]]:
        body, local = self.request._encode()
        encoder = Encoder(self.info, anywhere=True)
        extra = cast(JSONObject, encoder.value(self.wire_fields, ()))
        body.update(extra)
        kept = {path: media for path, media in local.items() if path.split(".")[0].split("[")[0] not in extra}
        return {key: value for key, value in body.items() if value is not None}, kept | encoder.local

    def resolved(self, urls: Mapping[str, str]) -> UncheckedRequest[R_co]:  # pyright: ignore
        fields = {key: replaced(value, key, urls) for key, value in self.wire_fields.items()}
        return UncheckedRequest(self.request.resolved(urls), fields)

    def __repr__(self) -> str:
        return f"<unchecked {self.request!r} with {dict(self.wire_fields)!r}>"


@attrs.frozen(repr=False)
class RawRequest(Request[JsonResult]):
    """A request for a model that this package does not know: sent as it is, without validation.

    `model` is the id on the wire, `input` the model's fields. For another family than the Market name its
    `lifecycle`; `model` is the operation then (`generateMusic`), and `input` the whole body. Local media may stand
    anywhere in `input`.
    """

    model: str
    input: Mapping[str, object] = attrs.field(converter=_copied)
    lifecycle: str = attrs.field(default="jobs", kw_only=True)
    info: ModelInfo = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        on_wire = self.model if self.lifecycle == "jobs" else None
        operation = None if self.lifecycle == "jobs" else self.model
        info = ModelInfo(slug=self.model, model=on_wire, operation=operation, lifecycle=self.lifecycle, result="json")
        object.__setattr__(self, "info", info)
        encoder = Encoder(info, anywhere=True)
        encoder.value(self.input, ())
        if encoder.issues:
            raise RequestInvalid(self.model, encoder.issues)

    def _encode(self) -> tuple[JSONObject, dict[str, object]]:
        encoder = Encoder(self.info, anywhere=True)
        return cast(JSONObject, encoder.value(self.input, ())), encoder.local

    @classmethod
    def from_wire(cls, body: Mapping[str, JSON]) -> RawRequest:  # pyright: ignore
        """Read a Market body (`model` and `input`)."""
        return cls(str(body.get("model", "")), cast(JSONObject, body.get("input") or {}))

    def resolved(self, urls: Mapping[str, str]) -> RawRequest:  # pyright: ignore
        fields = {key: replaced(value, key, urls) for key, value in self.input.items()}
        return RawRequest(self.model, fields, lifecycle=self.lifecycle)

    def __repr__(self) -> str:
        return f"RawRequest({self.model!r}, {self.input!r})"
