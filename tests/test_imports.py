"""What importing costs, and what can be imported. `test_surface.py` is about which names are public."""

from __future__ import annotations

import inspect
import json
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import pytest

import kie
import kie.models
from kie import catalog, testing
from kie._flow.options import Options
from tests.surface import FROM_A_CLIENT, MODULES

CLASSES: dict[str, str] = json.loads((Path(__file__).parent / "models" / "names.json").read_text("utf-8"))
HTTP = {"httpx", "httpx2", "httpcore", "httpcore2", "h11"}
FACES = {"click", "rich", "uvicorn", "PIL", "av", "hypothesis"}


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after running some code."""
    report = "print(json.dumps(sorted(set(sys.modules) - before)))"
    script = f"import json, sys\nbefore = set(sys.modules)\n{code}\n{report}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(done.stdout))


def roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_nothing_of_plans_is_loaded_before_it_is_used() -> None:
    for code in ("import kie", "from kie import Kie\nKie('key')", "from kie import AsyncKie\nAsyncKie('key')"):
        assert not {name for name in loaded_by(code) if name.startswith(("kie._plans", "kie.plans"))}


def beyond(modules: set[str]) -> set[str]:
    """Modules that a client does without: the CLI, the simulator, the helpers for tests, and the request classes."""
    rooms = (["kie", "_cli"], ["kie", "simulator"], ["kie", "testing"])
    wanted = {name for name in modules if name.split(".")[:2] in rooms}
    return wanted | {name for name in modules if name.startswith("kie_models.")}


def test_importing_kie_loads_next_to_nothing() -> None:
    loaded = loaded_by("import kie")
    assert not roots(loaded) & (HTTP | FACES | {"asyncio", "attr", "attrs", "kie_models", "kie_wire", "jsonschema_rs"})
    assert {name for name in loaded if name.startswith("kie")} == {"kie"}


def test_importing_the_client_loads_no_http_library_no_asyncio_and_no_face() -> None:
    loaded = loaded_by("from kie import Kie")
    assert not roots(loaded) & (HTTP | FACES | {"asyncio", "jsonschema_rs"})
    assert not beyond(loaded)


def test_importing_the_async_client_loads_no_http_library_and_no_face() -> None:
    loaded = loaded_by("from kie import AsyncKie")
    assert not roots(loaded) & (HTTP | FACES)
    assert not beyond(loaded)


def test_importing_one_request_class_loads_no_other() -> None:
    loaded = loaded_by("from kie.models import NanoBananaPro")
    assert {name for name in loaded if name.startswith("kie_models.")} == {"kie_models.nano_banana_pro"}
    assert not roots(loaded) & (HTTP | FACES | {"asyncio"})


def test_building_a_client_loads_no_http_library() -> None:
    loaded = loaded_by("from kie import Kie\nKie('key')")
    assert not roots(loaded) & (HTTP | FACES | {"asyncio"})


def test_searching_the_catalog_imports_no_request_class() -> None:
    loaded = loaded_by("from kie import catalog\nassert catalog.models()")
    assert not [name for name in loaded if name.startswith("kie_models.")]
    assert not roots(loaded) & {"attr", "attrs", "difflib", "jsonschema_rs"}


@pytest.mark.parametrize("name", kie.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(kie, name) is not None


def test_dir_lists_the_public_names_and_a_wrong_one_is_an_attribute_error() -> None:
    assert set(kie.__all__) <= set(dir(kie))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kie.nothing  # type: ignore[attr-defined]


def test_every_request_class_can_be_imported_by_name() -> None:
    names: list[str] = kie.models.__all__  # type: ignore[attr-defined]
    assert set(CLASSES.values()) <= set(names)
    for name in names:
        assert getattr(kie.models, name).__name__ == name
    assert dir(kie.models) == sorted([*names, *kie.models._NAMESPACES])
    with pytest.raises(AttributeError, match=r"kie\.catalog\.models\(\) lists"):
        _ = kie.models.NoSuchModel  # type: ignore[attr-defined]


@pytest.mark.parametrize("package", ["kie", "kie_models", "kie_wire"])
def test_every_module_can_be_imported(package: str) -> None:
    """Also those that are imported late, where they are used."""
    root: Any = import_module(package)
    names = [
        found.name for found in pkgutil.walk_packages(root.__path__, f"{package}.") if "__main__" not in found.name
    ]
    assert len(names) > 5
    for name in names:
        import_module(name)


POSITIONAL = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
ABSTRACT = {"Observer", "Overrides", "Request"}
SEVERAL = {
    "AnyAsset",
    "Asset",
    "AsyncAsset",
    "AsyncMemoryTransport",
    "Exchange",
    "Issue",
    "MemoryTransport",
    "Mutation",
}
SEVERAL |= {"RawRequest", "TaskRef"}
"""Classes that take several arguments by position. None may join them."""
CONSTRUCTORS: dict[str, Any] = {
    "Options": Options,
    "simulated": kie.simulated,
    "virtual_kie": testing.virtual_kie,
    "virtual_async_kie": testing.virtual_async_kie,
    "TransportFailed": kie.TransportFailed,
    "ApiError": kie.ApiError,
} | {
    value.__name__: value
    for module in MODULES
    for value in (getattr(import_module(module), name) for name in import_module(module).__all__)
    if isinstance(value, type) and value.__name__ not in {*SEVERAL, *FROM_A_CLIENT, *ABSTRACT}
    if not issubclass(value, Exception) and not getattr(value, "_is_protocol", False)
    if not value.__module__.startswith("kie_models")
}


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_constructors_take_one_positional_argument_at_most(name: str) -> None:
    parameters = list(inspect.signature(CONSTRUCTORS[name]).parameters.values())
    assert len([parameter for parameter in parameters if parameter.kind in POSITIONAL]) <= 1
    assert not [parameter for parameter in parameters if parameter.kind is inspect.Parameter.VAR_POSITIONAL]


@pytest.mark.parametrize("model", CLASSES)
def test_request_classes_take_keywords_only(model: str) -> None:
    cls: Any = catalog.get(model).request_class
    assert all(field.kw_only for field in attrs.fields(cls))
    with pytest.raises(TypeError):
        cls("a prompt")
