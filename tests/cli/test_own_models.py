"""`kie models add` and `kie models outdated`: from a file and from a service, with one message for what cannot be."""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kie import catalog
from kie._core.schema import _packaged
from tests.cli.conftest import At, Invoke, VirtualService, document
from tests.discovery.vendor_schemas import REFUSED

PAGE = """# Brush 9

```yaml
paths:
  /api/v1/jobs/createTask:
    post:
      summary: Brush 9
      tags: [docs/en/Market/Image Models/Acme]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                model: {type: string, enum: [acme/brush-9]}
                input:
                  type: object
                  required: [prompt]
                  properties:
                    prompt: {type: string, maxLength: 40, description: What to paint.}
                    finish: {type: string, enum: [matt, gloss], description: How it shines.}
                    fram: {typ: string}
```
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, empty in (("_registered", []), ("_noticed", set()), ("_loaded", {})):
        monkeypatch.setattr(catalog, name, empty)
    catalog._index.cache_clear()
    _packaged.cache_clear()
    yield
    catalog._index.cache_clear()
    _packaged.cache_clear()
    for name in [name for name in sys.modules if name.startswith("brushes")]:
        del sys.modules[name]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "brush.md"
    path.write_text(PAGE)
    return path


@pytest.fixture
def into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "brushes"


def test_a_page_becomes_a_class_and_what_could_not_be_read_is_listed(kie: Invoke, page: Path, into: Path) -> None:
    outcome = kie("models", "add", "--from", page, "--into", into)
    assert outcome.exit_code == 0, outcome.output
    first, *rest = outcome.stdout.splitlines()
    assert first == f"wrote {into}/acme_brush_9.py (AcmeBrush9) and its schema; 2 facts could not be read:"
    assert [line.split(": ")[0].strip() for line in rest] == [
        "/properties/input/properties/fram/typ",
        "/properties/input/properties/fram/type",
    ]
    assert 'Literal["matt", "gloss"]' in (into / "acme_brush_9.py").read_text("utf-8")


def test_the_model_is_run_checked_and_listed_like_ours(
    kie: Invoke, page: Path, into: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kie("models", "add", "--from", page, "--into", into)
    monkeypatch.setenv("KIE_MODELS", "brushes")
    assert document(kie("run", "acme/brush-9", "--prompt", "x", "--finish", "gloss", "--dry-run"))["input"] == {
        "prompt": "x",
        "finish": "gloss",
    }
    assert (
        '"satin" is not one of "matt", "gloss"'
        in kie("run", "acme/brush-9", "--prompt", "x", "--finish", "satin").stderr
    )
    assert "acme/brush-9 (from brushes, not curated)" in kie("models", "--search", "brush").stdout
    shown = document(kie("model", "acme/brush-9", "--json"))
    assert (shown["curated"], shown["source"]) == (False, "brushes")
    batch = tmp_path / "in.jsonl"
    batch.write_text('{"id": "a", "model": "acme/brush-9", "prompt": "x"}\n')
    assert kie("batch", batch, "--out", tmp_path / "out.jsonl", "--dry-run").exit_code == 0


def test_check_writes_nothing_and_exits_with_1_if_something_would_be_written(
    kie: Invoke, page: Path, into: Path
) -> None:
    arguments = ("models", "add", "--from", page, "--into", into)
    assert kie(*arguments, "--check").exit_code == 1 and not into.exists()
    kie(*arguments)
    assert kie(*arguments, "--check").exit_code == 0
    assert kie("models", "add", "--into", into, "--check").stdout == f"{into} is up to date\n"
    (into / "acme_brush_9.py").write_text("x = 1")
    stale = kie("models", "add", "--into", into, "--check", "--json")
    assert (stale.exit_code, document(stale)["files"]) == (1, [{"path": f"{into}/acme_brush_9.py", "was": "differs"}])
    assert (into / "acme_brush_9.py").read_text() == "x = 1"
    assert kie("models", "add", "--into", into).stdout == f"wrote 1 of 5 files in {into}\n"
    assert kie("models", "add", "--into", into, "--check").exit_code == 0


def test_a_model_is_read_from_the_service(kie: Invoke, service: VirtualService, into: Path) -> None:
    outcome = kie("models", "add", "nano-banana-pro", "--into", into, "--json")
    assert outcome.exit_code == 0, outcome.output
    assert document(outcome)["model"] == "nano-banana-pro"
    schema = json.loads((into / "schemas/nano_banana_pro.json").read_bytes())
    ours = catalog.get("nano-banana-pro").json_schema()
    assert set(schema["properties"]) == set(ours["properties"])  # type: ignore[arg-type]
    assert schema["x-kie"]["provider"] == catalog.get("nano-banana-pro").provider
    assert schema["x-kie"]["sources"] == [
        {"page": "models/nano-banana-pro/schema", "captured": service.clock.wall().date().isoformat()}
    ]


def test_a_model_that_the_service_does_not_know_is_one_message(
    kie: Invoke, service: VirtualService, into: Path
) -> None:
    outcome = kie("models", "add", "acme/brush-9", "--into", into)
    assert outcome.exit_code == 1 and "Traceback" not in outcome.output
    assert not into.exists()


BAD: dict[str, tuple[str, str]] = {
    **{f"{case}.json": (json.dumps(answer), told) for case, (answer, told) in REFUSED.items() if case != "no paths"},
    "no paths.json": ('{"openapi": "3.1.0"}', "no schema of"),
    "login.md": ("<!DOCTYPE html><html><title>Log in</title><form action=/login></form></html>", "it is HTML"),
    "login.json": ("<!DOCTYPE html><html></html>", "is not JSON: it is HTML"),
    "null.json": (
        '{"code": 200, "msg": "success", "data": {"model": "acme/brush-9", "openapi": null}}',
        "no schema of",
    ),
    "refused.json": ('{"code": 401, "msg": "Unauthorized"}', ""),
    "huge.json": ('{"openapi": "3.1.0", "paths": {}, "x": "' + "x" * 50_000_000 + '"}', "larger than"),
    "deep.json": ("[" * 100_000, "nested too deeply"),
    "half.json": ('{"openapi": ', "is not JSON"),
    "yaml.yaml": ("a: !!python/object/apply:os.system [echo]", ""),
    "binary.md": ("\x00\x01", "holds no OpenAPI"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_schema_is_one_message_and_nothing_is_written(
    kie: Invoke, tmp_path: Path, into: Path, name: str
) -> None:
    content, told = BAD[name]
    path = tmp_path / name.replace(" ", "_")
    path.write_text(content)
    outcome = kie("models", "add", "--from", path, "--into", into)
    assert outcome.exit_code == 2, outcome.output
    assert told in outcome.stderr and outcome.stderr.endswith("; nothing was written\n")
    assert len(outcome.stderr.splitlines()) <= 2 and len(outcome.stderr) < 1000
    assert not into.exists()


def test_without_the_extra_the_command_says_what_to_install(
    kie: Invoke, page: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str, *arguments: Any, **named: Any) -> Any:
        if name.startswith("datamodel_code_generator"):
            raise ModuleNotFoundError(name, name=name)
        return real(name, *arguments, **named)

    real = builtins.__import__
    for name in [name for name in sys.modules if name.startswith(("kie_codegen", "datamodel_code_generator"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)
    outcome = kie("models", "add", "--from", page, "--into", into)
    assert outcome.exit_code == 2
    assert "datamodel_code_generator: pip install 'kie[codegen]'" in outcome.stderr


@pytest.mark.parametrize("name", ["no-package", "file"])
def test_a_place_that_cannot_be_a_package_is_refused(kie: Invoke, page: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    outcome = kie("models", "add", "--from", page, "--into", tmp_path / name)
    assert outcome.exit_code == 2 and "cannot be a package" in outcome.stderr


def test_what_the_vendor_has_otherwise_or_in_addition_is_listed(
    kie: Invoke, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    at()
    assert kie("models", "outdated", "nano-banana-pro", "z-image").exit_code == 0
    found = catalog._index()["z-image"]
    known = {id: model for id, model in catalog._index().items() if id != "z-image"}
    real = catalog.find
    monkeypatch.setattr(catalog, "find", lambda id: None if id == "z-image" else real(id))
    outcome = kie("models", "outdated", "--new", "--json")
    assert outcome.exit_code == 1 and found.id not in known
    assert [row["model"] for row in document(outcome)["new"]] == ["z-image"]
    gone = kie("models", "outdated", "acme/brush-9")
    assert (gone.exit_code, gone.stdout) == (1, "gone\tacme/brush-9\tthe vendor does not list it\n")


def test_models_without_a_command_are_listed_as_before(kie: Invoke) -> None:
    assert kie("models", "--search", "nano-banana-pro").stdout.startswith("nano-banana-pro\t")


def test_a_comparison_of_everything_says_how_far_it_is_and_asks_one_question_a_second(kie: Invoke, at: At) -> None:
    service = at()
    began = service.clock.now()
    outcome = kie("models", "outdated")
    assert (outcome.exit_code, outcome.stdout) == (0, ""), outcome.stdout
    told = outcome.stderr.splitlines()
    count = sum(model.lifecycle == "jobs" for model in catalog.models())
    assert told[0].startswith(f"comparing {count} models: one a second at most, about ")
    assert len([line for line in told if "models compared; about" in line]) == count // 20
    assert told[-1].startswith("0 new, 0 changed;")
    assert count - 1 <= service.clock.now() - began < 1.5 * count, "no faster than the limit, and not much slower"
