"""Runs openapi-python-client to make one pure function per endpoint and one attrs class per answer type."""

from __future__ import annotations

import contextlib
import copy
import io
import tempfile
from pathlib import Path
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.strings import snake_case

from . import endpoints
from .dialect import python_name
from .source import CompileFailed, Document, Fault, Operation, operations

TEMPLATES = Path(__file__).parent / "templates" / "wire"
READ = '''"""Reads an answer into its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kie._core.json import JSON

A = TypeVar("A")


def read(make: Callable[[Mapping[str, Any]], A], answer: JSON) -> A:
    """Read a JSON answer; one that is not an object reads as an empty one. Unknown fields and nulls are fine."""
    return make(answer if isinstance(answer, dict) else {})
'''


def render(api: Document, lifecycles: Document) -> dict[str, str]:
    """Make the files of `kie_wire`, not yet formatted. Any complaint of the generator is an error."""
    reduced = _reduce(api)
    with tempfile.TemporaryDirectory() as folder:
        config = Config.from_sources(
            ConfigFile(post_hooks=[], docstrings_on_attributes=True),
            MetaType.NONE,
            document_source=Path("kie.yaml"),
            file_encoding="utf-8",
            overwrite=True,
            output_path=Path(folder) / "kie_wire",
        )
        data = GeneratorData.from_dict(reduced, config=config)
        if isinstance(data, GeneratorError):
            raise CompileFailed([_fault(data)])
        project = Project(openapi=data, config=config, custom_template_path=TEMPLATES)
        project.env.globals["facts"] = {snake_case(op.id): _facts(op) for op in operations(api)}
        with contextlib.redirect_stdout(io.StringIO()):
            problems = project.build()
        if problems:
            raise CompileFailed([_fault(problem) for problem in problems])
        made = sum(len(tag.endpoints) for tag in data.endpoint_collections_by_tag.values())
        wanted = len(operations(api))
        if made != wanted:
            raise CompileFailed([Fault("kie.yaml", "/paths", f"{wanted} operations became {made} functions")])
        root = Path(folder) / "kie_wire"
        files = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.py"))}
    for unused in ("client.py", "errors.py"):
        files.pop(unused)
    files["read.py"] = READ
    files["endpoints.py"] = endpoints.render(endpoints.compile_endpoints(api, lifecycles))
    return files


def _fault(problem: GeneratorError) -> Fault:
    return Fault("kie.yaml", "", f"{problem.header}: {problem.detail}".replace("\n", " "))


def _facts(operation: Operation) -> dict[str, Any]:
    content = operation.document.get("requestBody", {}).get("content", {})
    form = content.get("multipart/form-data", {}).get("schema")
    schema = content.get("application/json", {}).get("schema", {})
    opaque = "answer" in operation.facts
    answer = _name(operation.answer_schema)
    raw_body = opaque and bool(schema)
    return {
        "constant": endpoints.constant_of(operation.id),
        "opaque": opaque,
        "answer": answer,
        "raw_body": raw_body,
        "models": {*([] if opaque else [answer]), *([] if raw_body or not schema else [_name(schema)])},
        "multipart": None
        if form is None
        else [
            {"name": python_name(wire, {}), "wire": wire, "required": wire in form.get("required", [])}
            for wire in sorted(form["properties"], key=lambda name: name not in form.get("required", []))
            if wire != "file"
        ],
    }


def _name(schema: Document) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


def _reduce(api: Document) -> Document:
    """Make the document for the generator: answers read by lifecycle rows and bodies of models become opaque."""
    document = copy.deepcopy(api)
    unused: set[str] = set()
    for operation in operations(document):
        content = operation.document.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            content["multipart/form-data"]["schema"] = {}
        if "answer" in operation.facts:
            unused.add(_name(operation.answer_schema))
            operation.document["responses"]["200"]["content"]["application/json"]["schema"] = {}
            if "application/json" in content:
                unused.add(_name(content["application/json"]["schema"]))
                content["application/json"]["schema"] = {}
        operation.document.pop("servers", None)
    for name in unused:
        document["components"]["schemas"].pop(name, None)
    for item in document["paths"].values():
        item.pop("servers", None)
    return document
