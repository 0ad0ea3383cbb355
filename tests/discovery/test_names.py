"""The published class names, and the namespaces they are in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import kie
from kie import catalog
from kie.models import _NAMESPACES

PINNED = Path(__file__).parent.parent / "models" / "names.json"
EVERY = catalog.models(status="all")


def test_a_published_class_name_neither_changes_nor_vanishes() -> None:
    """`KIE_UPDATE_NAMES=1` adds what is new. Whoever wants to break a name edits the file by hand, and says why."""
    pinned: dict[str, str] = json.loads(PINNED.read_text("utf-8")) if PINNED.exists() else {}
    now = {model.id: model.class_name for model in EVERY}
    if os.environ.get("KIE_UPDATE_NAMES"):
        pinned = dict(sorted({**now, **pinned}.items()))
        PINNED.write_text(json.dumps(pinned, indent=2) + "\n", encoding="utf-8")
    broken = {model: (name, now.get(model)) for model, name in pinned.items() if now.get(model) != name}
    assert not broken, "published names that changed or vanished"
    assert not set(now) - set(pinned), "new names: pin them with KIE_UPDATE_NAMES=1"


@pytest.mark.parametrize("kind", _NAMESPACES)
def test_a_namespace_holds_the_classes_of_its_kind(kind: str) -> None:
    namespace: Any = import_module(f"kie.models.{kind}")
    assert getattr(kie.models, kind) is namespace
    classes = {model.class_name for model in EVERY if model.kind == kind}
    nested = set(namespace.__all__) - classes
    assert classes <= set(namespace.__all__)
    assert all(any(name.startswith(cls) for cls in classes) for name in nested)
    assert dir(namespace) == sorted(namespace.__all__)
    for name in namespace.__all__:
        assert getattr(namespace, name) is getattr(kie.models, name)
    with pytest.raises(AttributeError, match=rf"kie\.models\.{kind} has no class 'NoSuchModel'"):
        namespace.NoSuchModel  # noqa: B018


def test_every_class_of_a_model_that_gives_files_is_in_one_namespace() -> None:
    listed = [name for kind in _NAMESPACES for name in getattr(kie.models, kind).__all__]
    assert len(listed) == len(set(listed))
    assert {model.class_name for model in EVERY if model.kind in _NAMESPACES} <= set(listed)


@pytest.mark.parametrize(
    "code",
    ["import kie; kie.models.image.GoogleImagen4", "from kie.models.image import GoogleImagen4"],
)
def test_a_namespace_loads_the_one_class_that_is_asked_for(code: str) -> None:
    report = "import sys; print(*sorted(name for name in sys.modules if name.startswith('kie_models.')))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["kie_models.google_imagen4", "kie_models.image"]


def test_a_star_import_takes_the_classes_and_nothing_else() -> None:
    space: dict[str, object] = {}
    exec("from kie.models.audio import *", space)
    space.pop("__builtins__")
    assert set(space) == set(kie.models.audio.__all__)  # type: ignore[attr-defined]
