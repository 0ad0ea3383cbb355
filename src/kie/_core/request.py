"""Core: the base of every request class. May import only `_core`.

Generated classes only add fields. Validation and the wire form of requests are implemented here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

import attrs

from kie._core import paths
from kie._core.encoding import PLANS, TOO_DEEP, Encoder, plain
from kie._core.errors import ArgumentInvalid, MediaPending, RequestInvalid
from kie._core.issues import UNKNOWN_FIELD, Issue, unknown_field
from kie._core.json import JSON, JSONObject
from kie._core.later import later
from kie._core.media import is_array, is_data_url, is_local
from kie._core.model_info import ModelInfo
from kie._core.safe_text import repr_of
from kie._core.tasks import HasRef

if TYPE_CHECKING:
    from inspect import Signature

    from pydantic_core import CoreSchema

    from kie._core.results import AsyncResult, Paired, Result
else:
    CoreSchema = later("pydantic_core", "CoreSchema")
    Result = later("kie._core.results", "Result")


def _plan(cls: type[attrs.AttrsInstance]) -> tuple[tuple[str, str], ...]:
    plan = tuple((field.name, field.metadata.get("wire", field.name)) for field in attrs.fields(cls))
    return PLANS.setdefault(cls, plan)


@cache
def _names(cls: type[attrs.AttrsInstance]) -> tuple[frozenset[str], frozenset[str]]:
    """The attributes that a constructor requires, and all that it accepts."""
    fields = attrs.fields(cls)
    return frozenset(f.name for f in fields if f.default is attrs.NOTHING), frozenset(f.name for f in fields)


@cache
def _parts(cls: type[attrs.AttrsInstance]) -> dict[str, type[Part]]:
    return {f.name: f.metadata["part"] for f in attrs.fields(cls) if "part" in f.metadata}


@cache
def attribute_names(cls: type[attrs.AttrsInstance]) -> Mapping[str, str]:
    """The Python names of fields that differ from their wire names, by key (`dialogue.voiceId`)."""
    names: dict[str, str] = {}
    for field in attrs.fields(cls):
        wire = field.metadata.get("wire", field.name)
        if wire != field.name:
            names[wire] = field.name
        part = field.metadata.get("part")
        if part is not None:
            names |= {f"{wire}.{key}": name for key, name in attribute_names(part).items()}
    return names


class _Named(type):
    """Gives classes at run time the types of field values that type checkers see (`NanoBananaPro.AspectRatio`)."""

    if not TYPE_CHECKING:

        def __getattr__(cls, name):
            if name[:1].isupper():
                from kie._core.literals import literals

                if name in literals(cls):
                    return literals(cls)[name]
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")


class _Record(metaclass=_Named):
    """Fields with wire names, the common base of requests and parts."""

    __slots__ = ()

    @classmethod
    def __kie_plan__(cls) -> tuple[tuple[str, str], ...]:
        return PLANS.get(cls) or _plan(cast("type[attrs.AttrsInstance]", cls))

    @classmethod
    def _from_wire_fields(cls, fields: Mapping[str, JSON]) -> dict[str, object]:
        """Constructor arguments for exactly these wire fields. Absent fields stay absent, without defaults."""
        known = {wire: name for name, wire in cls.__kie_plan__()}
        parts = _parts(cast("type[attrs.AttrsInstance]", cls))
        values: dict[str, object] = {**dict.fromkeys(known.values())}
        for wire, value in fields.items():
            name = known.get(wire, wire)
            part = parts.get(name)
            values[name] = part._rebuild(value) if part else value
        return values

    def __repr__(self) -> str:
        shown = (
            f"{name}={_brief(value)}" for name, _ in self.__kie_plan__() if (value := getattr(self, name)) is not None
        )
        return f"{type(self).__name__}({', '.join(shown)})"


def _brief(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_brief, value))}]"
    if isinstance(value, str) and is_data_url(value):
        return f"<data URL of {len(value)} characters>"
    if is_array(value):
        return f"<{type(value).__name__} of pixels>"
    with suppress(ValueError):  # a released memory view
        if isinstance(value, (bytes, bytearray, memoryview)):
            return f"<{len(value)} bytes>"
    return repr_of(value)


class Part(_Record):
    """Base of nested objects. A part is checked together with the request that contains it."""

    __slots__ = ()

    @classmethod
    def of(cls, value: object) -> Self:
        """A converter. A mapping with this part's fields becomes a part; the schema judges anything else."""
        if type(value) is dict or isinstance(value, Mapping):
            required, names = _names(cast("type[attrs.AttrsInstance]", cls))
            if required <= value.keys() <= names:
                return cls(**value)
        return cast("Self", value)

    @classmethod
    def many(cls, value: Iterable[object]) -> tuple[Self, ...]:
        """A converter for lists of parts."""
        return cast("tuple[Self, ...]", tuple(map(cls.of, value)) if _is_list(value) else value)

    @classmethod
    def _rebuild(cls, value: JSON) -> object:
        if isinstance(value, list):
            return tuple(map(cls._rebuild, value))
        if isinstance(value, dict) and set(value) <= {wire for _, wire in cls.__kie_plan__()}:
            return cls(**cls._from_wire_fields(value))
        return value


T = TypeVar("T")
R_co = TypeVar("R_co", bound="Paired[AsyncResult]", covariant=True)
Q = TypeVar("Q", bound="Request[Any]")


def default_unless(value: T, *others: str) -> T:
    """Make a default that is not sent if another field is given, because it would contradict that field.

    Args:
        value: The default.
        others: The attributes of the other fields. They are defined before.

    Returns:
        A default for `attrs`, typed as the value for type checkers.
    """

    def made(request: object) -> T | None:
        return value if all(getattr(request, other) is None for other in others) else None

    return cast(T, attrs.Factory(made, takes_self=True))


def items(value: Iterable[T]) -> tuple[T, ...]:
    """A converter: any iterable becomes a tuple, so that a frozen request really is frozen.

    Lists inside become tuples too. Any other value (text, bytes, a mapping, a number) is left as it is, for the
    schema to refuse.

    Args:
        value: What was passed.

    Returns:
        The tuple, or the value itself.
    """
    if not _is_list(value):
        return cast("tuple[T, ...]", value)
    return tuple(cast(T, items(item)) if isinstance(item, list) else item for item in value)


def _is_list(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return True
    return isinstance(value, Iterable) and not isinstance(value, (str, Mapping)) and not is_local(value)


def _hashable(value: object) -> object:
    """A hashable stand-in for a value. Equal values give equal stand-ins; an unhashable value gives its type."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_hashable, value))
    if isinstance(value, Mapping):
        return frozenset((name, _hashable(item)) for name, item in value.items())
    if isinstance(value, _Record):
        return _hashable([getattr(value, field.name) for field in attrs.fields(cast("Any", type(value))) if field.eq])
    try:
        hash(value)
    except TypeError:
        return type(value)
    return value


def _hash(self: _Record) -> int:
    return hash((type(self), _hashable(self)))


class _Strict(_Named):
    """Turns wrong arguments into an ordinary `RequestInvalid` with all faults at once.

    It also makes every request hashable, even if it contains an unhashable value such as an image or a mapping.
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], space: dict[str, Any], **more: Any) -> Any:
        if "__hash__" in space:  # made by attrs
            space["__hash__"] = _hash
        return super().__new__(mcs, name, bases, space, **more)

    @property
    def __signature__(cls) -> Signature:
        """The signature for `inspect.signature`: the fields, not the `*args, **kwargs` of `__call__`.

        Its annotations are evaluated, because readers of a class's signature lack the names to do so.
        """
        import inspect

        init = getattr(cls, "__init__")  # noqa: B009 - of the class, which mypy takes for an instance
        try:
            found = inspect.signature(init, eval_str=True)
        except NameError:  # a derived class of a user, with a type imported for type checkers only
            found = inspect.signature(init)
        fields = [parameter for name, parameter in found.parameters.items() if name != "self"]
        return inspect.Signature(fields)

    if not TYPE_CHECKING:

        def __call__(cls, *args, **kwargs):
            try:
                return type.__call__(cls, *args, **kwargs)
            except RecursionError:
                info = getattr(cls, "info", None)
                name = info.name if isinstance(info, ModelInfo) else cls.__name__
                raise RequestInvalid(name, [Issue("", "type", TOO_DEEP)]) from None
            except TypeError:
                if args and isinstance(getattr(cls, "info", None), ModelInfo):
                    first = next(iter(cls.__kie_plan__()))[0]
                    text = f"the fields of {cls.__name__} must be given as keywords: {cls.__name__}({first}=...)"
                    raise ArgumentInvalid(text) from None
                if args or not issubclass(cls, Request) or not isinstance(getattr(cls, "info", None), ModelInfo):
                    raise
                names = dict(cls.__kie_plan__())
                required, known = _names(cls)
                if required <= kwargs.keys() <= known:
                    raise
                encoder = Encoder(cls.info)
                encoder.issues += [
                    Issue(paths.render((key,)), UNKNOWN_FIELD, unknown_field(key, names.values()))
                    for key in kwargs
                    if key not in known
                ]
                body = {
                    names[key]: encoder.value(items(value), (names[key],))
                    for key, value in kwargs.items()
                    if value is not None and key in known
                }
                raise _invalid(cls, encoder, body) from None


class _Preset(_Strict):
    """Makes requests of the base class with some fields set."""

    if not TYPE_CHECKING:

        def __call__(cls, **kwargs):
            names = {wire: name for name, wire in cls.__kie_plan__()}
            fields = {names[wire]: value for wire, value in cls._preset.items()}
            wrong = [
                Issue(wire, "const", f"is already {value!r}, by the model's name; leave it out", (value,))
                for wire, value in cls._preset.items()
                if kwargs.get(names[wire]) not in (None, value)
            ]
            if wrong:
                raise _error(cls.__base__, cls.info, wrong)
            return cls.__base__(**{**kwargs, **fields})


def preset(cls: type[Q], fields: Mapping[str, JSON]) -> type[Q]:
    """Make a class whose requests have some fields set, and are instances of the class itself.

    Args:
        cls: The request class.
        fields: The fields by their names on the wire.

    Returns:
        The class. Another value for one of these fields is a `RequestInvalid`.
    """
    return cast("type[Q]", _Preset(cls.__name__, (cls,), {"__slots__": (), "_preset": dict(fields)}))


def invalid(
    request: Request[Result], issues: Sequence[Issue], kind: type[RequestInvalid] = RequestInvalid
) -> RequestInvalid:
    """The error for a request that turns out to be invalid after it was made, in the names of its class.

    Args:
        request: The request.
        issues: What is wrong with it.
        kind: The class of the error.

    Returns:
        The error, to be raised.
    """
    return _error(type(request), request.info, issues, kind)


def _error(
    cls: type[Request[Any]], info: ModelInfo, issues: Sequence[Issue], kind: type[RequestInvalid] = RequestInvalid
) -> RequestInvalid:
    names = attribute_names(cast("type[attrs.AttrsInstance]", cls))
    return kind(info.name, issues, captured=info.captured, names=names)


_BESIDE_INPUT = {"callBackUrl": "does not belong in a body; give a callback URL on submission"}
"""Messages for keys of a Market body other than `model` and `input`."""


def _invalid(cls: type[Request[Any]], encoder: Encoder, body: JSONObject) -> RequestInvalid:
    """Gather all faults. A value that JSON cannot hold is reported once, and not again by the schema."""
    info = cls.info
    named = {issue.path for issue in encoder.issues}
    found = info.schema.issues(body) if info.schema else []
    return _error(cls, info, [*encoder.issues, *(issue for issue in found if issue.path not in named)])


class Request(_Record, Generic[R_co], metaclass=_Strict):
    """Base of every request. `R` is the type of result that `client.run` returns for it.

    Constructing a request validates it. Instances are frozen. Lists become tuples, and mappings for nested objects
    become instances of their classes.

    Raises:
        RequestInvalid: Fields are missing, unknown or break the schema; the error lists every fault.
    """

    __slots__ = ()

    info: ModelInfo
    """The facts of the class: model id, family, kind of result, media fields …"""

    def __attrs_post_init__(self) -> None:
        info = self.info
        plan = PLANS.get(type(self)) or self.__kie_plan__()
        compiled = info.schema
        fast = plain(self, plan)
        if fast is not None and compiled is not None and compiled.is_valid(fast):
            return
        for name, _ in plan:
            value = getattr(self, name)
            if type(value) is list:  # one value is documented here, but the service was seen to accept a list
                object.__setattr__(self, name, items(value))
        self._spread(plan)
        encoder = Encoder(info)
        body = encoder.record(self, plan)
        if encoder.issues or (compiled is not None and not compiled.is_valid(body)):
            raise _invalid(type(self), encoder, body)

    def _spread(self, plan: tuple[tuple[str, str], ...]) -> None:
        """In fields that take several files, replace results and tasks by their files."""
        info = self.info
        if not info.media_fields:
            return
        from kie._core.made import spread

        held = {wire: value for name, wire in plan if (value := getattr(self, name)) is not None}
        lists = frozenset(key for key in info.media_fields if key in held and info.takes_list(key))
        made = cast("Mapping[str, object]", spread(held, info.fields, lists=lists))
        for name, wire in plan if made is not held else ():
            if wire in made and made[wire] is not held[wire]:
                object.__setattr__(self, name, made[wire])

    def _encode(self) -> tuple[JSONObject, dict[str, object]]:
        """Encode the model's input. Returns it, and the local media whose URLs it still lacks, by path."""
        plan = self.__kie_plan__()
        fast = plain(self, plan)
        if fast is not None:
            return fast, {}
        encoder = Encoder(self.info)
        body = encoder.record(self, plan)
        if encoder.issues:  # for example, it comes from a pickled error, which could not contain an open file
            raise _error(type(self), self.info, encoder.issues)
        return body, encoder.local

    @property
    def local_media(self) -> Mapping[str, object]:
        """The local media that must be uploaded first, by their path, such as `image_urls[0]`."""
        return self._encode()[1]

    def to_wire(self) -> JSONObject:
        """Get the exact JSON body that is sent.

        Returns:
            The body: `{"model": …, "input": {…}}` in the Market, the fields themselves elsewhere.

        Raises:
            MediaPending: The request contains local media that are not uploaded yet.
        """
        body, local = self._encode()
        if local:
            raise MediaPending(list(local))
        return self._on_wire(body)

    def _on_wire(self, body: JSONObject) -> JSONObject:
        """Make the body to send from an encoded input."""
        return {"model": self.info.model, "input": body} if self.info.model is not None else body

    @classmethod
    def from_wire(cls, body: Mapping[str, JSON]) -> Self:
        """Read a wire body: the inverse of `to_wire`. Fields that the body lacks stay absent, without defaults.

        Args:
            body: The body. Fields have their names on the wire.

        Returns:
            The request.

        Raises:
            RequestInvalid: The body breaks the schema, or belongs to another model.
        """
        info = cls.info
        fields: JSON = dict(body)
        if info.model is not None:
            fields = body.get("input")
            faults = [
                Issue(key, UNKNOWN_FIELD, _BESIDE_INPUT.get(key, "is beside `input`, where the fields belong"))
                for key in body
                if key not in ("model", "input")
            ]
            if body.get("model") != info.model:
                faults.append(
                    Issue("model", "const", f"must be {info.model}, not {body.get('model')!r}", (info.model,))
                )
            if not isinstance(fields, dict):
                faults.append(Issue("input", "type", "must be an object"))
            if faults:
                raise RequestInvalid(info.name, faults, captured=info.captured)
        if info.schema and isinstance(fields, dict) and not fields.keys() <= {wire for _, wire in cls.__kie_plan__()}:
            # checked here, because the constructor knows some fields by other names
            raise RequestInvalid(info.name, info.schema.issues(fields), captured=info.captured)
        try:
            return cls(**cls._from_wire_fields(cast(JSONObject, fields)))
        except RequestInvalid as error:  # here the caller knows the wire names
            raise RequestInvalid(error.model, error.issues, captured=error.captured) from None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        """Support pydantic: `TypeAdapter(NanoBananaPro)`, fields of models, bodies of FastAPI routes."""
        from kie._core.pydantic_fields import core_schema

        return core_schema(cls)

    def replace(self, **fields: object) -> Self:
        """Change fields. The copy is validated like a new request.

        Args:
            fields: The new values, by the names of the fields in Python or on the wire. None removes a field.

        Returns:
            The copy. Defaults that make room for other fields are chosen again.

        Raises:
            RequestInvalid: The copy breaks the schema, or there is no such field.
        """
        cls: Any = type(self)
        names = {wire: name for name, wire in self.__kie_plan__()}
        kept: dict[str, object] = {}
        for field in attrs.fields(cls):
            value, default = getattr(self, field.name), field.default
            chosen = getattr(default, "takes_self", False) and cast("Any", default).factory(self) == value
            if not chosen:
                kept[field.name] = value
        return cast("Self", cls(**{**kept, **{names.get(name, name): value for name, value in fields.items()}}))

    def resolved(self, urls: Mapping[str, str]) -> Self:
        """Replace local media by the URLs that they were uploaded to.

        Args:
            urls: The URL for each path in `local_media`. Media without a URL here are unchanged.

        Returns:
            A copy of the request.
        """
        return cast("Self", paths.replaced(self, urls))

    def unchecked(self, **wire_fields: JSON) -> UncheckedRequest[R_co]:
        """Add or override fields without validation.

        Use it if the service has changed and this package has not been updated yet. The family and the type of the
        result stay the same.

        Args:
            wire_fields: The fields by their names on the wire. None removes one.

        Returns:
            A copy of the request, whose own fields stay validated.

        Raises:
            RequestInvalid: A value is not JSON and not local media.
        """
        return UncheckedRequest(self, wire_fields=wire_fields)

    def advice(self) -> tuple[Issue, ...]:
        """List what is probably useless or contradictory in this request, although the service may accept it.

        `client.check` and `client.submit` log it as a warning. It never keeps a request from being sent.

        Returns:
            The advice, with the field names of this class.
        """
        return self._advised(self._encode()[0])

    def _advised(self, body: JSONObject, names: Mapping[str, str] | None = None) -> tuple[Issue, ...]:
        """The advice on the request in its wire form, with field names from `names`."""
        found = self.info.schema.advice(body) if self.info.schema else []
        if not found:
            return ()
        named = attribute_names(cast("type[attrs.AttrsInstance]", type(self))) if names is None else names
        return tuple(issue.renamed(named) for issue in found)

    def fingerprint(self) -> str:
        """Hash the wire form, to recognise a request without storing it.

        Returns:
            64 hex digits (SHA-256). Requests with equal wire forms have the same. For local media, only their paths
            count, not their content.
        """
        import hashlib
        import json

        body, _ = self._encode()
        text = json.dumps([self.info.name, body], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def copied(value: Mapping[str, object]) -> dict[str, object]:
    return dict(value)


def with_files(fields: Mapping[str, object], info: ModelInfo) -> Mapping[str, object]:
    """Unchecked fields, in which values that stand for several files are replaced by the files."""
    from kie._core.made import spread

    return cast("Mapping[str, object]", spread(fields, info.fields, anywhere=True))


def encoded(info: ModelInfo, fields: Mapping[str, object]) -> tuple[JSONObject, dict[str, object]]:
    """Encode unchecked fields. Returns them, and their local media by path. Raises `RequestInvalid`."""
    encoder = Encoder(info, anywhere=True)
    body = cast(JSONObject, encoder.value(fields, ()))
    if encoder.issues:
        raise RequestInvalid(info.name, encoder.issues)
    return body, encoder.local


@attrs.frozen(repr=False)
class UncheckedRequest(Request[R_co]):
    """A request with wire fields that no schema has checked. Made by `request.unchecked(...)`."""

    request: Request[R_co]
    """The request that was checked."""
    wire_fields: Mapping[str, object] = attrs.field(converter=copied, kw_only=True)
    """The fields to add or override, by their names on the wire; None removes one."""
    info: ModelInfo = attrs.field(init=False, repr=False)
    """The facts of the request's class."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "info", self.request.info)
        object.__setattr__(self, "wire_fields", with_files(self.wire_fields, self.info))
        encoded(self.info, self.wire_fields)

    def _encode(self) -> tuple[JSONObject, dict[str, object]]:
        body, local = self.request._encode()
        extra, extra_local = encoded(self.info, self.wire_fields)
        body.update(extra)
        kept = {path: media for path, media in local.items() if paths.parse(path)[0] not in extra}
        return {key: value for key, value in body.items() if value is not None}, kept | extra_local

    def resolved(self, urls: Mapping[str, str]) -> UncheckedRequest[R_co]:
        """Replace local media by the URLs that they were uploaded to, as `Request.resolved` does.

        Args:
            urls: The URL for each path in `local_media`. Media without a URL here are unchanged.

        Returns:
            A copy of the request.
        """
        fields = cast("Mapping[str, object]", paths.replaced(self.wire_fields, urls))
        return UncheckedRequest(self.request.resolved(urls), wire_fields=fields)

    def replace(self, **fields: object) -> UncheckedRequest[R_co]:
        """Change fields of the request that was checked, as `Request.replace` does. Unchecked fields are unchanged.

        Args:
            fields: The new values, by the names of the fields in Python or on the wire. None removes a field.

        Returns:
            The copy.

        Raises:
            RequestInvalid: The copy breaks the schema, or there is no such field.
        """
        return UncheckedRequest(self.request.replace(**fields), wire_fields=self.wire_fields)

    def __repr__(self) -> str:
        return f"<unchecked {self.request!r} with {dict(self.wire_fields)!r}>"


def unknown_references(request: Request[Result]) -> Iterator[tuple[str, HasRef | str, tuple[str, ...]]]:
    """Yield fields that need a finished task and name a task that is not known to have finished.

    Args:
        request: The request. An unchecked one has no such fields.

    Yields: The path of a field, its value, and the families that fit.
    """
    for key, facts in sorted(request.info.fields.items()):
        if not facts.finished or facts.parts:
            continue
        from kie._core.status import TaskStatus

        for found in paths.reach(request, key):
            for value in found if isinstance(found, (list, tuple)) else (found,):
                status = value if isinstance(value, TaskStatus) else getattr(value, "status", None)
                if isinstance(value, (HasRef, str)) and value != "" and status is None:
                    yield key, value, facts.families
