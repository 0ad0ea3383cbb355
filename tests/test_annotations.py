"""The annotations of the whole public surface can be evaluated, and name nothing that cannot be imported."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from types import UnionType
from typing import Any

import attrs
import pytest

from tests.surface import FROM_A_CLIENT, MODULES

PUBLIC: dict[str, Any] = {
    f"{module}.{name}": getattr(import_module(module), name)
    for module in MODULES
    for name in import_module(module).__all__
}
PARTS = {
    "headers": {"HasItems"},
    "media": {"HoldsFile", "Picture", "PixelArray", "Readable"},
    "simulator": {"FileStore", "RateLimiter", "SimTask", "StoredFile", "TaskStore"},
    "rules": {"DeliveryProcessor", "MediaFacts", "Schema", "Schemas"},
}
"""What stays inside: the shapes that `Headers` and `Media` join, the inside of a simulator, and what public objects
consult."""


def described(value: Any) -> Iterator[tuple[str, Any]]:
    """A public object and its public members, where they have annotations of their own."""
    yield "", value
    if not isinstance(value, type):
        return
    for name, member in inspect.getmembers_static(value):
        made = attrs.has(value) or is_dataclass(value)
        if name.startswith("_") and (name != "__init__" or made or value.__name__ in FROM_A_CLIENT):
            continue
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(function):
            yield f".{name}", function


ANNOTATED = [
    (f"{name}{member}", function)
    for name, value in PUBLIC.items()
    if isinstance(value, type) or inspect.isroutine(value)
    for member, function in described(value)
]


@pytest.fixture(scope="module")
def hints() -> dict[str, dict[str, Any]]:
    """What the annotations of each public object and member come to."""
    return {name: typing.get_type_hints(value) for name, value in ANNOTATED}


MADE = [
    (name, value)
    for name, value in PUBLIC.items()
    if isinstance(value, type) and (attrs.has(value) or is_dataclass(value)) and inspect.isfunction(value.__init__)
]


def test_the_generated_constructors_can_be_evaluated() -> None:
    """A constructor that attrs writes sees the names that stood before its class, not the class itself."""
    found = {name: typing.get_type_hints(value.__init__) for name, value in MADE}
    assert len(found) > 100
    assert "parent" in found["kie.telemetry.Work"]


def classes(hint: Any) -> Iterator[type]:
    """The classes in an annotation."""
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is not None or isinstance(hint, UnionType):
        for part in (typing.get_origin(hint), *parts):
            yield from classes(part)
    elif isinstance(hint, (list, tuple)):
        for part in hint:
            yield from classes(part)
    elif isinstance(hint, type):
        yield hint


def test_the_annotations_of_every_public_name_can_be_evaluated(hints: dict[str, dict[str, Any]]) -> None:
    assert len(hints) > 1000
    assert hints["kie.TaskStatus"]["credits"] == typing.get_type_hints(PUBLIC["kie.TaskStatus"])["credits"]
    unread = [(name, key) for name, found in hints.items() for key, hint in found.items() if "ForwardRef" in repr(hint)]
    assert unread == []


def test_every_type_in_a_public_annotation_can_be_imported_from_a_public_module(
    hints: dict[str, dict[str, Any]],
) -> None:
    public = {id(value) for value in PUBLIC.values()}
    inside = set[str]().union(*PARTS.values())
    used: set[str] = set()
    hidden: set[str] = set()
    for name, found in hints.items():
        for key, hint in found.items():
            for cls in classes(hint) if not key.startswith("_") else ():
                if cls.__module__.partition(".")[0] in ("kie", "kie_wire", "kie_models") and id(cls) not in public:
                    (used if cls.__name__ in inside else hidden).add(cls.__name__)
                    if cls.__name__ not in inside:
                        hidden.add(f"{name}: {key}")
    assert hidden == set()
    assert used == inside


def test_every_alias_in_a_public_signature_can_be_imported_from_a_public_module() -> None:
    """Aliases vanish when annotations are evaluated; they are what people read in signatures, and write in theirs."""
    import kie

    for alias in ("Files", "JSON", "JSONObject", "OnOutcome", "OnProgress", "OnSubmission", "OnSubmitted"):
        assert alias in kie.__all__
        assert getattr(kie, alias) is not None
