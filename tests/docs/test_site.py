"""The documentation site: every page can be found, and what it says of models and names is true."""

from __future__ import annotations

import importlib
import json
import posixpath
import re
import shlex
import unicodedata
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from codegen.site.commands import commands, of_families, own
from codegen.site.sources import outside_of_fences
from kie import Kie, catalog
from kie._cli.app import root
from kie._core.forms import as_documented
from kie._core.prices import price_table
from kie._plans.preset_files import packaged
from tests.docs.assembled import fences, files, model_pages, navigation, texts
from tests.surface import MODULES

USABLE = [model.id for model in catalog.models(status="all") if model.status != "retired"]


def test_every_page_is_in_the_navigation_once_and_exists() -> None:
    listed = navigation()
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(texts())
    reached_by_an_index = {name for name in texts() if name.startswith("models/")}
    assert set(texts()) - set(listed) <= reached_by_an_index


def test_every_model_that_can_be_used_has_a_page_and_every_other_is_listed() -> None:
    assert len(USABLE) > 200
    assert sorted(model_pages()) == USABLE
    index = texts()["models/index.md"]
    assert set(re.findall(r"\]\((\w+)\.md\)", index)) >= {catalog.get(id).slug for id in USABLE}
    retired = index.split("\n## Retired\n")[1]
    for model in catalog.models(status="retired"):
        assert f"`{model.class_name}`" in retired


class Taker:
    """Stands for the client of an example: takes the request, and answers nothing."""

    requests: list[Any]

    def __init__(self) -> None:
        type(self).requests = []

    def __enter__(self) -> Taker:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def run(self, request: Any) -> Any:
        """Take a request."""
        self.requests.append(request)
        return self

    data: None = None

    def save(self, _: str) -> None:
        """Do nothing."""


@pytest.mark.parametrize("id", USABLE)
def test_the_examples_of_a_model_are_those_of_its_schema(id: str) -> None:
    model = catalog.get(id)
    examples: Any = model.json_schema()["x-kie"]
    program, *others = fences("python", model_pages()[id])
    assert "from kie import Kie\n" in program
    space: dict[str, Any] = {"Kie": Taker}
    exec(program.replace("from kie import Kie\n", "", 1), space)
    made = [*Taker.requests, *(eval(other, space) for other in others)]
    bodies: list[Any] = [as_documented(model.json_schema(), body) for body in examples["examples"]]
    wanted = [model.request_class(**_in_python(model, body)) for body in bodies]
    shown = [request.to_wire() for request in made]
    assert [each for each in (request.to_wire() for request in wanted) if each in shown] == shown
    assert len(wanted) - len(shown) == (id == "veo/get-1080p-video"), "one example has a form that is not documented"


def _in_python(model: catalog.Model, body: dict[str, Any]) -> dict[str, Any]:
    names = {wire: python for python, wire in model.request_class.__kie_plan__()}
    return {names[name]: value for name, value in body.items()}


def _described() -> dict[str, str]:
    """The page of every name that mkdocstrings describes."""
    directives = {page: re.findall(r"(?m)^::: ([\w.]+)$", text) for page, text in texts().items()}
    return {name: page for page, names in directives.items() for name in names}


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_described_on_one_page_that_the_page_of_its_module_names(module: str) -> None:
    named = importlib.import_module(module)
    if module.startswith("kie.models"):
        rows = re.findall(r"(?m)^\| `(\w+)` \| \[[^]]+\]\(\.\./models/([\w.#]+)\) \|$", texts()["api/kie.models.md"])
        assert {*named.__all__} - {name for name, _ in rows} == set()
        assert {page.partition("#")[0] for _, page in rows} <= {Path(name).name for name in texts()}
        return
    page = texts()[f"api/{module}.md"]
    elsewhere = dict(re.findall(r"(?m)^\| \[`(\w+)`\]\(([\w.#-]+)\) \|", page))
    for name in {*named.__all__} - {"__version__"}:
        described = _described().get(f"{module}.{name}")
        if described == f"api/{module}.md":
            assert name not in elsewhere
            continue
        place, _, anchor = elsewhere[name].partition("#")
        assert f"api/{place}" in texts()
        assert _described()[anchor] == f"api/{place}" if anchor else place == f"{module}.{name}.md"


def test_a_name_is_described_once() -> None:
    found = [name for text in texts().values() for name in re.findall(r"(?m)^::: ([\w.]+)$", text)]
    assert len(found) == len(set(found)) > 300


def _anchors(text: str) -> set[str]:
    """The anchors of a page: those of its headings, as Markdown makes them, and of the names that it describes."""
    prose = "".join(part for is_prose, part in outside_of_fences(text) if is_prose)
    titles = re.findall(r"(?m)^#+ (.+)$", prose)
    plain = [unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode() for title in titles]
    made = {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower()) for title in plain}
    return made | set(re.findall(r"(?m)^::: ([\w.]+)$", text))


def test_every_link_of_the_site_leads_to_a_page_and_to_a_place_on_it() -> None:
    anchors = {page: _anchors(text) for page, text in texts().items()}
    links = 0
    for page, text in texts().items():
        prose = "".join(part for is_prose, part in outside_of_fences(text) if is_prose)
        for target in re.findall(r"(?<=\])\(([^()\s]+)\)", prose):
            if "://" in target:
                continue
            links += 1
            file, _, anchor = target.partition("#")
            place = posixpath.normpath(posixpath.join(posixpath.dirname(page), file)) if file else page
            assert place in files(), f"{page}: {target}"
            assert not anchor or anchor in anchors[place], f"{page}: {target}"
    assert links > 1000


def test_no_list_or_fence_is_written_in_a_way_that_only_github_reads() -> None:
    """The renderer wants an empty line before a list, and four spaces before what belongs to an item of it."""
    for page, text in texts().items():
        prose = [part for is_prose, part in outside_of_fences(text) if is_prose]
        item = r"(?:[-*]|\d+\.) "
        for part in prose:
            assert not re.search(rf"(?m)^(?! |{item}|$)[^\n]+\n{item}", part), page
            assert not re.search(rf"(?m)^ {{1,3}}(?:{item}|```)", part), page


def test_the_index_for_language_models_lists_every_guide_and_model() -> None:
    index = files()["llms.txt"].decode()
    assert index.startswith("# kie\n\n> ")
    entries = re.findall(r"(?m)^- \[([^]]+)\]\(([^)]+)\): (.+)$", index)
    linked = {place for _, place, _ in entries}
    assert linked <= set(files())
    assert {page for page in navigation() if not page.startswith("api/")} <= linked
    assert {f"models/{catalog.get(id).slug}.md" for id in USABLE} <= linked
    assert all(10 < len(about) < 500 for _, _, about in entries)
    whole = files()["llms-full.txt"].decode()
    assert all(texts()[page].strip() in whole for page in ("index.md", "media.md", "cli.md"))


def _options(command: click.Command) -> set[str]:
    """The names of all options of a command, without those of the program."""
    options = [*own(command), *of_families(command)]
    return {name for option in options for name in (*option.opts, *option.secondary_opts) if name.startswith("--")}


def test_the_page_of_commands_has_every_command_and_each_of_its_options() -> None:
    sections = dict(re.findall(r"(?ms)^## (kie[ a-z]*)\n(.*?)(?=^## |\Z)", texts()["commands.md"]))
    found = {"kie": root, **{context.command_path: context.command for context in commands()}}
    assert {*sections} == {*found}
    assert {"kie durable run", "kie webhook serve", *(f"kie {name}" for name in root.commands)} <= {*found}
    for path, command in found.items():
        rows = re.findall(r"(?m)^\| `(.*?)` \| .{5,} \|$", sections[path])
        assert {name for row in rows for name in re.findall(r"--[a-z][a-z-]*", row)} == _options(command), path
    assert {"--dry-run", "--label", "--unchecked", "--confirm-above"} <= _options(root.commands["run"])


def test_every_option_that_a_page_names_is_one_of_the_program() -> None:
    fields = {name for model in catalog.models(status="all") for name, _ in model.request_class.__kie_plan__()}
    known = {f"--{name.replace('_', '-')}" for name in fields} | {"--help", *_options(root)}
    known = known.union(*(_options(context.command) for context in commands()))
    known |= {f"--no-{name.removeprefix('--')}" for name in known}
    total = 0
    for page in {*navigation()} - {"contributing.md"}:  # which names those of other programs
        prose = "".join(part for is_prose, part in outside_of_fences(texts()[page]) if is_prose)
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", " ".join(re.findall(r"`([^`]+)`", prose))))
        assert named <= known, page
        total += len(named)
    assert total > 200


BESIDE = ("cost", "refused")
"""What `--dry-run` prints beside the body of a request."""
NO_CALLBACK = "https://callback.invalid/kie"
"""What stands for a callback where the service wants one."""


@pytest.mark.parametrize("id", USABLE)
def test_the_command_of_a_model_makes_the_request_of_its_first_example(
    id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = catalog.get(id)
    [line] = fences("shell", model_pages()[id])
    program, *words = shlex.split(line.replace("\\\n", ""))
    assert program == "kie"
    done = CliRunner().invoke(root, [*words, "--dry-run", "--json"])
    assert done.exit_code == 0, done.output
    examples: Any = model.json_schema()["x-kie"]
    request = model.request_class(**_in_python(model, examples["examples"][0]))
    printed = json.loads(done.stdout)
    sent = printed["input"] if model.lifecycle == "jobs" else printed
    given = {name: value for name, value in sent.items() if name not in BESIDE and value != NO_CALLBACK}
    assert given == dict(Kie("key").check(request))


@pytest.mark.parametrize("id", USABLE)
def test_a_page_of_a_model_has_all_its_fields_and_rules_and_its_price(id: str) -> None:
    model = catalog.get(id)
    text = model_pages()[id]
    names = {wire: python for python, wire in model.request_class.__kie_plan__()}
    table = text.partition("\n## Fields\n")[2].partition("\n## ")[0]
    for field in model.fields:
        [row] = [line for line in table.splitlines() if line.startswith(f"| `{names[field.name]}` | ")]
        assert ("| yes |" in row) is field.required
    facts: Any = model.json_schema()["x-kie"]
    assert text.count("\n- ") == len(facts["rules"]) + len(facts.get("advice", []))
    assert ("\n## Price\n" in text) is (price_table(id) is not None)
    assert text.count("\n## Curation\n") == bool(facts["curation"])


@pytest.mark.parametrize("id", USABLE)
def test_a_page_of_a_model_speaks_of_fields_by_their_names_in_python(id: str) -> None:
    others = {wire for python, wire in catalog.get(id).request_class.__kie_plan__() if wire != python}
    prose = "".join(part for is_prose, part in outside_of_fences(model_pages()[id]) if is_prose)
    named = re.sub(r"On the wire: `[^`]+`", "", prose.partition("\n## Curation\n")[0])
    assert others.intersection(re.findall(r"`([^`]+)`", named)) == set()


def test_every_rule_and_advice_of_a_page_is_a_sentence_that_begins_with_what_it_is_about() -> None:
    lines = [line for text in model_pages().values() for line in re.findall(r"(?m)^- (.+)$", text)]
    assert len(lines) > 150
    assert [line for line in lines if not re.match(r"[`A-Z\d]", line) or not line.endswith(".")] == []


def test_the_cells_of_a_price_table_are_values_of_their_fields() -> None:
    for id, text in model_pages().items():
        names = {wire: python for python, wire in catalog.get(id).request_class.__kie_plan__()}
        fields = {names[field.name]: {*map(str, field.enum)} for field in catalog.get(id).fields if field.enum}
        section = text.partition("\n## Price\n")[2].partition("\n## ")[0]
        for head, body in re.findall(r"(?m)^\| (.*credits for each.*) \|\n\| [- |]+ \|\n((?:\|.*\n?)+)", section):
            for place, name in enumerate(head.split(" | ")[:-1]):
                cells = {row.strip("| ").split(" | ")[place].strip("`") for row in body.splitlines()}
                known = fields.get(name.strip("`"), cells)
                assert cells <= known | {"given", "not given", " "}, (id, name)


def test_a_page_names_the_presets_that_fit_the_model() -> None:
    named = {id: re.search(r"(?m)^\| presets \| (.*?): \[", text) for id, text in model_pages().items()}
    found = {id: set(re.findall(r"`([\w-]+)`", match[1])) for id, match in named.items() if match}
    assert found["nano-banana-pro"] == {"edit", "image"}
    assert {"text-to-video", "image-to-video", "first-and-last-frame"} <= found["kling-3.0/video"]
    assert set().union(*found.values()) <= {preset.name for preset in packaged()}


def test_the_price_of_an_example_is_within_the_range_of_its_page() -> None:
    client = Kie("key")
    for id in USABLE:
        table = price_table(id)
        if table is None:
            continue
        examples: Any = catalog.get(id).json_schema()["x-kie"]
        request = catalog.get(id).request_class(**_in_python(catalog.get(id), examples["examples"][0]))
        low, high = table.range
        found = client.estimate(request)
        assert low <= found.at_least, id
        assert found.at_most is None or high is None or found.at_most <= high, id
