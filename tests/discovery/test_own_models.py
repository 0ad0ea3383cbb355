"""Models that are not ours in the catalog: registered packages, and classes that are made of the vendor's schema."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen import own
from codegen.pages import parse_openapi
from kie import ConfigError, Journal, RequestInvalid, catalog, no_retry, simulated
from kie._core import own_packages
from kie._core.schema import _packaged
from kie.telemetry import LoggingObserver
from kie.testing import strategies
from tests.discovery.vendor_schemas import FIELDS, REFUSED, openapi

ROOT = Path(__file__).resolve().parents[2]
Write = Callable[..., str]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalog of its own, which the next test does not see."""
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
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a package that can be imported, and return its name."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def written(name: str = "brushes", model: str = "acme/brush-9", **fields: Any) -> str:
        page = parse_openapi(openapi({**FIELDS, **fields}, model), "answer")
        own.add(tmp_path / name, page, None, own.About(result="image"), "2026-11-26").write()
        return name

    return written


def distribution(place: Path, text: str, name: str = "brushes") -> None:
    """What an installation leaves behind."""
    folder = place / f"{name}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(text)


@pytest.mark.parametrize("how", ["register", "module", "variable", "entry point", "entry point after many others"])
def test_a_registered_package_is_known_like_ours(
    write: Write, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write()
    if how == "variable":
        monkeypatch.setenv("KIE_MODELS", f" {name}, ")
    elif how == "entry point":
        distribution(tmp_path, f"[kie.models]\nbrushes = {name}\n")
    elif how == "entry point after many others":
        others = "".join(f"tool_{number} = tools:run\n" for number in range(2000))
        distribution(tmp_path, f"[console_scripts]\n{others}[kie.models]\nbrushes = {name}\n")
    elif how == "module":
        import brushes  # type: ignore[import-not-found]

        catalog.register(brushes)
    else:
        catalog.register(name)
    model = catalog.get("acme/brush-9")
    assert (model.source, model.curated, model.result) == ("brushes", False, "image")
    assert model.request_class.__module__ == "brushes.acme_brush_9"
    assert [field.name for field in model.required_fields] == ["prompt"]
    assert catalog.resolve("AcmeBrush9") == model and model in catalog.models(search="brush")
    made: Any = model.request_class
    request = made(prompt="x")
    with simulated(speed=1000) as service, service.client(retry=no_retry()) as client:
        assert client.run(request).urls
        assert [outcome.ok for outcome in client.batch.run([request, request])] == [True, True]
    with pytest.raises(RequestInvalid):
        made(style="x")


def test_a_request_of_a_registered_package_is_drawn(write: Write) -> None:
    catalog.register(write())
    cls = catalog.get("acme/brush-9").request_class

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies.requests(cls))
    def holds(request: Any) -> None:
        assert cls.from_wire(request.to_wire()) == request

    holds()


def test_a_registered_model_wins_over_ours_and_one_notice_says_so(write: Write) -> None:
    name = write(model="nano-banana-pro")
    catalog.register(name)
    with pytest.warns(UserWarning, match="brushes replaces models of kie: nano-banana-pro") as given:
        assert catalog.get("nano-banana-pro").source == name
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        catalog.register(name)
        assert catalog.get("nano-banana-pro").source == name
    assert len(given) == 1


def test_of_two_packages_the_one_that_was_named_on_purpose_wins(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(tmp_path, f"[kie.models]\na = {write('brushes_installed')}\n")
    monkeypatch.setenv("KIE_MODELS", write("brushes_named"))
    catalog.register(write("brushes_registered"))
    assert catalog.get("acme/brush-9").source == "brushes_registered"
    monkeypatch.setattr(catalog, "_registered", [])
    catalog._index.cache_clear()
    assert catalog.get("acme/brush-9").source == "brushes_named"


def test_an_unusable_package_is_an_error_only_if_it_was_named_on_purpose(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write()
    index = tmp_path / name / "catalog.json"
    index.write_text(json.dumps(json.loads(index.read_bytes()) | {"format": 99}))
    refused = r"brushes have the format 99 .* this kie reads 1"
    with pytest.raises(ConfigError, match=refused):
        catalog.register(name)
    monkeypatch.setenv("KIE_MODELS", name)
    with pytest.raises(ConfigError, match=refused):
        catalog.get("acme/brush-9")
    monkeypatch.delenv("KIE_MODELS")
    distribution(tmp_path, f"[kie.models]\nbrushes = {name}\n")
    catalog._index.cache_clear()
    with pytest.warns(UserWarning, match="it was left out"):
        assert catalog.find("acme/brush-9") is None
    assert catalog.find("nano-banana-pro") is not None


@pytest.mark.parametrize(
    ("name", "told"),
    [("no_such_package", "cannot be imported"), ("json", "contains no models"), ("brushes", "cannot be read")],
)
def test_what_is_no_package_of_models_is_refused(write: Write, tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / write() / "catalog.json").write_text('{"format": 1, "models": [{"id": "x"}]}')
    with pytest.raises(ConfigError, match=told):
        catalog.register(name)


def test_reading_the_catalog_imports_no_metadata_unless_somebody_registers(tmp_path: Path) -> None:
    program = "import sys; from kie import catalog; catalog.models(); print('importlib.metadata' in sys.modules)"
    paths = [str(ROOT / "src"), str(ROOT / "generated"), str(tmp_path)]

    def loaded() -> str:
        environ = {"PYTHONPATH": ":".join(paths), "PATH": ""}
        return subprocess.run(
            [sys.executable, "-S", "-c", program],
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout.strip()

    distribution(tmp_path, "[console_scripts]\nx = y\n", "other")
    assert loaded() == "False"
    distribution(tmp_path, "[kie.models]\n")
    assert loaded() == "True"


def test_a_package_in_an_archive_is_found(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"PK\x05\x06" + bytes(18))
    assert own_packages._may_register(str(archive)) and not own_packages._may_register(str(tmp_path / "none"))


class Client:
    """What answers for the vendor."""

    def __init__(self, document: Any) -> None:
        self.document = document

    @property
    def vendor(self) -> Client:
        return self

    def schema(self, model: str) -> Any:
        return self.document


def test_a_class_is_made_of_the_vendors_schema(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cls = catalog.load_vendor(
        "acme/brush-9", Client(openapi({**FIELDS, "strokeWidth": {"type": "integer"}})), result="image"
    )
    request = cls(prompt="x", image_urls=["https://example.com/a.png"], border={"width": 2}, stroke_width=3)
    assert request.to_wire()["input"] == {
        "prompt": "x",
        "image_urls": ["https://example.com/a.png"],
        "border": {"width": 2},
        "strokeWidth": 3,
    }
    assert "source='vendor'" in repr(request)
    with pytest.raises(RequestInvalid) as caught:
        cls(style="x", border={}, nothing=1)
    assert {issue.path for issue in caught.value.issues} == {"prompt", "style", "border.width", "nothing"}
    assert catalog.get("acme/brush-9").source == "vendor" and catalog.get("acme/brush-9").request_class is cls
    journal = tmp_path / "journal.jsonl"
    caplog.set_level(logging.INFO, "kie")
    with (
        simulated(speed=1000) as service,
        service.client(retry=no_retry(), journal=journal, observers=[LoggingObserver()]) as client,
    ):
        assert client.run(request).urls
    assert [entry.source for entry in Journal(journal).entries()] == ["vendor"]
    assert "source=vendor" in caplog.text


def test_a_model_of_ours_stays_in_the_catalog_beside_the_vendors() -> None:
    cls = catalog.load_vendor("nano-banana-pro", openapi(FIELDS, "nano-banana-pro"))
    assert cls(prompt="x").info.source == "vendor"
    assert catalog.get("nano-banana-pro").source == "kie"


@pytest.mark.parametrize("case", REFUSED)
def test_a_schema_that_cannot_be_used_is_a_configuration_error(case: str) -> None:
    document, told = REFUSED[case]
    with pytest.raises(ConfigError, match="cannot be used: ") as caught:
        catalog.load_vendor("acme/brush-9", document)
    assert told in str(caught.value) or "not acme/brush-9" in str(caught.value)
    assert catalog.find("acme/brush-9") is None


@pytest.mark.parametrize("document", [None, [], "x", 5])
def test_what_is_no_schema_is_a_configuration_error(document: Any) -> None:
    with pytest.raises(ConfigError):
        catalog.load_vendor("acme/brush-9", Client(document))
    with pytest.raises(ConfigError):
        catalog.load_vendor("acme/brush-9", document)


def test_an_asynchronous_client_has_to_be_awaited() -> None:
    async def schema() -> None:
        return None

    with pytest.raises(ConfigError, match=r"await client\.vendor\.schema"):
        catalog.load_vendor("acme/brush-9", Client(schema()))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_dynamic_class_takes_what_the_vendors_schema_permits(data: st.DataObject) -> None:
    cls = catalog.load_vendor("acme/brush-9", openapi(FIELDS))
    request = data.draw(strategies.requests(cls))
    assert cls.from_wire(request.to_wire()) == request


def test_a_request_of_a_dynamic_class_is_pickled_with_its_schema(tmp_path: Path) -> None:
    cls = catalog.load_vendor("acme/brush-9", openapi(FIELDS), result="image")
    request = cls(prompt="x", image_urls=["https://example.com/a.png"], border={"width": 2})
    assert pickle.loads(pickle.dumps(request)) == request
    assert copy.copy(request) == copy.deepcopy(request) == request
    file = tmp_path / "request"
    file.write_bytes(pickle.dumps(request))
    script = "import pickle, sys; r = pickle.load(open(sys.argv[1], 'rb')); print(r.to_wire()['input'], r.info.result)"
    done = subprocess.run([sys.executable, "-c", script, file], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == f"{request.to_wire()['input']} image"
    catalog.load_vendor("acme/brush-9", openapi({"prompt": {"type": "string"}}))
    assert pickle.loads(pickle.dumps(request)).to_wire() == request.to_wire(), "whatever was loaded since"
