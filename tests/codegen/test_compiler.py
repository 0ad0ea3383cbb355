"""The compiler on a truth that fits on a page: golden files, the compiled classes at work, byte-identical output."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from codegen.__main__ import main, write
from codegen.compiler import compile_tree
from codegen.source import CompileFailed
from tests.codegen.conftest import Truth

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parent.parent.parent
SHOWN = [
    "kie_models/acme_tiny_1.py",
    "kie_models/__init__.py",
    "kie_models/image.py",
    "kie_models/music.py",
    "kie_models/catalog.json",
    "kie_models/lifecycles.json",
    "kie_wire/endpoints.py",
    "kie_wire/api/things/make_thing.py",
    "kie_wire/api/things/look_at_thing.py",
    "kie_wire/api/account/get_balance.py",
    "kie_wire/models/balance_answer.py",
    "counterexamples.json",
]


@pytest.fixture(scope="module")
def unspoiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the truth as it is."""
    return compile_tree(Truth(tmp_path_factory.mktemp("truth") / "openapi").write())


@pytest.mark.parametrize("name", SHOWN)
def test_the_compiled_files_are_those_that_were_looked_at(name: str, unspoiled: dict[str, bytes]) -> None:
    """`KIE_UPDATE_GOLDEN=1` writes them again; read the difference before you commit it."""
    compiled = unspoiled[name]
    golden = GOLDEN / name.replace("/", "__").replace(".py", ".py.txt")
    if os.environ.get("KIE_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(compiled)
    assert compiled.decode() == golden.read_text("utf-8")


@pytest.fixture
def compiled(truth: Truth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The compiled `kie_models`, imported in place of the real one."""
    out = tmp_path / "generated"
    write(out, compile_tree(truth.write()))
    ours = {name: module for name, module in sys.modules.items() if name.split(".")[0] in ("kie_models", "kie_wire")}
    for name in ours:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(out))
    from kie._core import schema

    schema._packaged.cache_clear()
    try:
        yield importlib.import_module("kie_models")
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] in ("kie_models", "kie_wire")]:
            del sys.modules[name]
        sys.modules.update(ours)
        schema._packaged.cache_clear()


def test_a_compiled_class_works_as_its_schema_says(compiled: Any) -> None:
    made = compiled.AcmeTiny1(prompt="a page", images=(url for url in ["https://example.com/a.png"]), length="5")
    assert made.to_wire() == {
        "model": "acme/tiny-1",
        "input": {
            "prompt": "a page",
            "customMode": False,
            "size": "small",
            "count": 1,
            "images": ["https://example.com/a.png"],
            "length": "5",
        },
    }
    assert compiled.AcmeTiny1.from_wire(made.to_wire()) == made
    nested = compiled.AcmeTiny1(prompt="a page", scenes=[{"text": "hello", "still": b"png"}])
    assert dict(nested.local_media) == {"scenes[0].still": b"png"}
    with pytest.raises(ValueError, match="count: may only be 1 for large ones"):
        compiled.AcmeTiny1(prompt="a page", size="large", count=2)


def test_every_compiled_name_can_be_imported(compiled: Any) -> None:
    assert sorted(compiled.__all__) == ["AcmeTiny1", "AcmeTiny1Scene", "AcmeTiny1SceneDict"]
    assert all(getattr(compiled, name).__name__ == name for name in compiled.__all__)
    assert set(compiled.__all__) <= set(dir(compiled))
    with pytest.raises(AttributeError, match="NoSuchModel"):
        compiled.NoSuchModel  # noqa: B018


def test_a_class_is_in_the_namespace_of_what_its_model_gives(compiled: Any) -> None:
    image, video = (importlib.import_module(f"kie_models.{kind}") for kind in ("image", "video"))
    assert image.__all__ == compiled.__all__
    assert image.AcmeTiny1 is compiled.AcmeTiny1
    assert video.__all__ == []


def test_other_names_are_packaged_where_there_are_some(truth: Truth) -> None:
    assert compile_tree(truth.write())["kie_models/shorthand.json"] == b"{}\n"
    truth.shorthand["tiny"] = {"means": ["acme/tiny-1"], "note": "No model has this id."}
    assert json.loads(compile_tree(truth.write())["kie_models/shorthand.json"]) == truth.shorthand


def test_a_field_for_any_file_accepts_what_its_formats_are(truth: Truth) -> None:
    truth.model["x-kie"]["media"] = {
        "images": {"kind": "file", "formats": ["png", "mp4"]},
        "scenes.still": {"kind": "audio"},
    }
    (entry,) = json.loads(compile_tree(truth.write())["kie_models/catalog.json"])
    assert entry["accepts"] == ["audio", "image", "video"]
    truth.model["x-kie"]["media"] = {"images": {"kind": "file"}}
    (entry,) = json.loads(compile_tree(truth.write())["kie_models/catalog.json"])
    assert entry["accepts"] == ["file"]


def test_a_description_names_fields_as_python_does(truth: Truth) -> None:
    truth.model["description"] = "With `customMode` and `size`."
    truth.model["properties"]["count"]["description"] = "See `fromTask`, not `camelCase`."
    source = compile_tree(truth.write())["kie_models/acme_tiny_1.py"].decode()
    assert "With `custom_mode` and `size`." in source
    assert "See `from_task`, not `camelCase`." in source


def test_an_operation_with_a_figure_in_its_name_and_an_optional_parameter_is_called_by_its_row(truth: Truth) -> None:
    look = truth.api["paths"]["/look"]["get"]
    look["operationId"] = truth.lifecycles["jobs"]["poll"] = "look4K"
    look["parameters"].append(
        {"name": "part", "in": "query", "required": False, "schema": {"type": "integer"}, "description": "Part."}
    )
    files = compile_tree(truth.write())
    assert json.loads(files["kie_models/lifecycles.json"])["jobs"]["poll"] == "look4K"
    table: dict[str, Any] = {}
    exec(files["kie_wire/endpoints.py"], table)
    module, _, name = table["ENDPOINTS"]["look4K"].function.partition(":")
    source = files[f"{module.replace('.', '/')}.py"].decode()
    space: dict[str, Any] = {**table}
    exec(source.replace("from ...endpoints import", "# the table is in the namespace:"), space)
    assert space[name](thing_id="1").query == {"thingId": "1"}
    assert space[name](thing_id="1", part="0").query == {"thingId": "1", "part": "0"}


def test_the_output_is_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """What was generated was written under another seed."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "codegen", "generate", "--out", str(out)]
    subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "77"}, check=True, capture_output=True, timeout=120
    )
    made = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert made == {name: (ROOT / "generated" / name).read_bytes() for name in made}
    assert len(made) > 50


def test_check_tells_what_is_out_of_date(truth: Truth, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = str(truth.write()), tmp_path / "out"
    assert main(["generate", "--openapi", source, "--out", str(out)]) == 0
    (out / "kie_models" / "acme_tiny_1.py").write_text("# by hand")
    (out / "kie_models" / "stale.py").write_text("")
    (out / "openapi.json").unlink()
    assert main(["check", "--openapi", source, "--out", str(out)]) == 1
    said = capsys.readouterr().err
    for line in ("acme_tiny_1.py: differs", "stale.py: should not be there", "openapi.json: is missing"):
        assert line in said
    assert main(["generate", "--openapi", source, "--out", str(out)]) == 0
    assert not (out / "kie_models" / "stale.py").exists()


def test_the_published_document_is_valid_openapi() -> None:
    document = json.loads((ROOT / "generated" / "openapi.json").read_text("utf-8"))
    validate(document, cls=OpenAPIV31SpecValidator)
    mapping = document["components"]["schemas"]["MarketRequest"]["discriminator"]["mapping"]
    assert mapping["nano-banana-pro"] == "#/components/schemas/NanoBananaProRequest"
    assert all(name.rsplit("/", 1)[-1] in document["components"]["schemas"] for name in mapping.values())


def test_a_path_item_in_a_file_of_its_own_is_compiled_too(truth: Truth) -> None:
    item = truth.api["paths"].pop("/balance")
    folder = truth.write()
    (folder / "paths").mkdir()
    (folder / "paths" / "account.yaml").write_text(json.dumps({"/balance": item}))
    assert "kie_wire/api/account/get_balance.py" in compile_tree(folder)


def test_a_path_that_stands_twice_is_a_fault(truth: Truth) -> None:
    folder = truth.write()
    (folder / "paths").mkdir()
    (folder / "paths" / "account.yaml").write_text(json.dumps({"/balance": truth.api["paths"]["/balance"]}))
    with pytest.raises(CompileFailed, match=r"paths/account\.yaml#/~1balance: is in the document already"):
        compile_tree(folder)
