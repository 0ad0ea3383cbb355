"""The documents are true: every snippet runs, every output is what comes out, every name and link exists."""

from __future__ import annotations

import builtins
import inspect
import itertools
import json
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar, get_args

import attrs
import click
import pytest
from click.testing import CliRunner
from opentelemetry.metrics import NoOpMeter, NoOpMeterProvider
from prometheus_client import CollectorRegistry

from codegen import clients
from codegen.site.commands import commands, of_families, own
from kie import (
    AsyncKie,
    CircuitBreaker,
    Kie,
    PollPolicy,
    RateLimit,
    Result,
    RetryPolicy,
    Task,
    catalog,
    compat,
    constants,
    errors,
    telemetry,
    webhooks,
)
from kie._agents import catalog_text, thumbnails
from kie._agents.tools import AgentTools
from kie._batch import flow
from kie._batch.batch import Batch
from kie._batch.flow import BatchOptions
from kie._cli import config
from kie._cli.app import root
from kie._cli.exit_codes import EXIT_CODES, NEEDS_CONFIRMATION, NEEDS_INPUT
from kie._cli.studio_command import studio
from kie._core import price_tables
from kie._core.errors import RejectReason
from kie._durable import machines, work
from kie._flow.options import Options
from kie._io import bodies, database, files, local_media, streams
from kie._library import background, contact_sheet, picture
from kie._library.settings import LONGEST_SIDE
from kie._plans import presets as preset_format
from kie._policy import durations
from kie._policy.codes import judge
from kie.library import DerivativeSettings
from kie.plans import ChatEnhancer
from kie.simulator import SimulatedService, simulated
from kie.webhooks import _receiver as webhooks_receiver
from tests import surface

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
ERRORS = (ROOT / "docs" / "errors.md").read_text("utf-8")
COMMANDS = (ROOT / "docs" / "cli.md").read_text("utf-8")
COMPAT = (ROOT / "docs" / "compat.md").read_text("utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")
OPTIONS = (ROOT / "docs" / "options.md").read_text("utf-8")
DOCUMENTS = [README, *(ROOT / f"{name}.md" for name in ("AGENTS", "CONTRIBUTING", "CHANGELOG", "SECURITY"))]
DOCUMENTS += [ROOT / "openapi/README.md", ROOT / "tests/recordings/README.md", *sorted((ROOT / "docs").glob("*.md"))]
TUTORIALS = [ROOT / "docs" / f"{name}.md" for name in ("hobbyist", "application", "data")]
"""Pages that are one program each, from the top to the bottom."""
_KEYS = itertools.count()


@attrs.frozen
class Block:
    """A fenced block: its language, its text, the line it begins at, and the output shown right after it."""

    language: str
    text: str
    line: int
    output: str | None = None
    path: Path = README
    title: str | None = None
    """The name of the file that it is."""

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


def blocks(language: str, path: Path = README) -> list[Block]:
    return [block for block in every_block(path) if block.language == language]


def every_block(path: Path) -> list[Block]:
    text = path.read_text("utf-8")
    found = [
        (match, Block(match[1], match[3], text.count("\n", 0, match.start(3)) + 1, path=path, title=match[2]))
        for match in re.finditer(r'(?ms)^```(\w*)(?: title="([\w.]+)")?\n(.*?)^```$', text)
    ]
    paired = []
    for number, (match, block) in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else None
        shown = after is not None and after[1].language == "text" and not text[match.end() : after[0].start()].strip()
        paired.append(attrs.evolve(block, output=after[1].text if shown and after else None))
    return paired


def table(heading: str, text: str) -> list[list[str]]:
    """The rows of the first table below a heading of a page, or below its title."""
    section = re.split(r"(?m)^## ", re.split(rf"(?m)^##? {heading}\n", text, maxsplit=1)[1])[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    assert len(rows) > 2, heading
    return rows[2:]


def names(text: str) -> list[str]:
    """What stands in backticks, outside of fenced blocks."""
    return re.findall(r"`([^`]+)`", re.sub(r"(?ms)^```.*?^```$", "", text))


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedService]:
    """A simulated service that the environment points at, an empty folder with a photo, and no waiting."""
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    Image.new("RGB", (512, 512), "navy").save("photo.png")
    # whatever policy a client has, it is for the clock of the service
    monkeypatch.setattr(PollPolicy, "__attrs_post_init__", lambda self: object.__setattr__(self, "speed", 1000.0))
    monkeypatch.setenv("KIE_WEBHOOK_SECRET", "docs-secret")
    with simulated(speed=1000, limits=False, accept_unknown=True, webhook_key="docs-secret") as started:
        # limits are kept for each key: a key of its own lets no test wait for another
        monkeypatch.setenv("KIE_API_KEY", f"docs-{next(_KEYS)}")
        monkeypatch.setenv("KIE_BASE_URL", started.base_url)
        monkeypatch.setenv("KIE_UPLOAD_URL", started.upload_url)
        yield started


def _snippets() -> Iterator[Block]:
    """The snippets. A tutorial is one, as long as its page."""
    for path in DOCUMENTS:
        found = blocks("python", path)
        if path in TUTORIALS:
            found = [Block("python", "\n\n".join(block.text for block in found), 1, path=path)]
        yield from found


SNIPPETS = list(_snippets())
PRELUDE = "from kie import Kie\n\nclient = Kie()\n"
"""What every snippet may rely on."""


@pytest.mark.parametrize("block", [block for block in SNIPPETS if block.path not in TUTORIALS], ids=str)
def test_a_snippet_runs_and_prints_what_is_shown(block: Block, service: SimulatedService) -> None:
    with Kie() as client:
        _run(block, {"__name__": "readme", "client": client})


def _run(block: Block, space: dict[str, Any]) -> None:
    """Run a snippet and the tests that it defines, and compare what it prints."""
    code = compile("\n" * (block.line - 1) + block.text, str(block.path), "exec")
    printed = StringIO()
    known = set(space)
    with redirect_stdout(printed):
        exec(code, space)
        for name, value in list(space.items()):
            if name.startswith("test_") and name not in known and inspect.isfunction(value):
                value()
    if block.output is not None:
        assert printed.getvalue() == block.output


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_works_from_the_top_to_the_bottom(path: Path, service: SimulatedService) -> None:
    found = every_block(path)
    assert sum(block.language in ("python", "console") for block in found) >= 5
    space: dict[str, Any] = {"__name__": "tutorial"}
    for block in found:
        if block.title is not None:
            Path(block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            _run(block, space)
        elif block.language == "console":
            _follow(block)


def test_the_page_of_habits_lists_every_name_that_is_no_id() -> None:
    page = (ROOT / "docs/habits.md").read_text("utf-8").split("\n## Names\n")[1]
    rows = json.loads((ROOT / "generated/kie_models/shorthand.json").read_text("utf-8"))
    listed = {
        row[0]: tuple(row[1:])
        for line in page.splitlines()
        if (row := re.findall(r"`([^`]+)`", line)) and line[0] == "|"
    }
    assert {name: row[: len(rows[name]["means"])] for name, row in listed.items()} == {
        name: tuple(row["means"]) for name, row in rows.items()
    }


def _steady(text: str) -> str:
    """Output without what differs from run to run: seconds, ids of tasks, and the age of the price list."""
    text = re.sub(r"(?m)^the price list is of .*\n", "", text)
    text = re.sub(r"(?m)(^waiting|^ended after|credits,) \d+ s", r"\1 … s", text)
    return re.sub(r"\b[0-9a-f]{32}", "ID", text)


def _transcripts() -> list[Block]:
    """The sessions in which each command is followed by what it prints."""
    found = [block for path in DOCUMENTS if path not in TUTORIALS for block in blocks("console", path)]
    return [block for block in found if all("\n" in part.rstrip("\n") for part in _typed(block))]


def _typed(block: Block) -> list[str]:
    """The commands of a session, each with what it prints."""
    return re.split(r"(?m)^\$ ", block.text)[1:] or [""]


@pytest.mark.parametrize("block", _transcripts(), ids=str)
def test_a_transcript_is_what_the_commands_print(block: Block, service: SimulatedService) -> None:
    _follow(block)


def _follow(block: Block) -> None:
    """Type a session. A command must print what is shown below it; one with nothing below it must succeed."""
    code = 0
    for part in _typed(block):
        command, _, shown = part.partition("\n")
        if command == "echo $?":
            printed = f"{code}\n"
        else:
            program, *arguments = shlex.split(command)
            assert program == "kie"
            outcome = CliRunner().invoke(root, arguments)
            code, printed = outcome.exit_code, outcome.output
            if not shown.strip():
                assert code == 0, printed
                continue
        assert _steady(printed) == _steady(shown), command


def _commands() -> Iterator[tuple[str, str]]:
    """Every `kie` command in a session or a shell block, and those in the settings of clients, with their places."""
    for path in DOCUMENTS:
        for block in [*blocks("console", path), *blocks("shell", path)]:
            for line in re.findall(r"(?m)^(?:\$ |.* -- )?kie (.+)$", block.text):
                yield str(block), line
        for block in [*blocks("json", path), *blocks("toml", path)]:
            for arguments in _lists_of("args", _read(block)):
                yield str(block), shlex.join(arguments)


def _read(block: Block) -> Any:
    """What a block of data says."""
    return json.loads(block.text) if block.language == "json" else tomllib.loads(block.text)


def _lists_of(name: str, value: Any) -> Iterator[list[str]]:
    for key, each in value.items() if isinstance(value, dict) else ():
        if key == name:
            yield each
        yield from _lists_of(name, each)


@pytest.mark.parametrize(("place", "line"), list(_commands()))
def test_every_command_that_is_shown_is_one_that_the_program_reads(place: str, line: str) -> None:
    """It is read and not carried out: its names and options exist, and it has what they need."""
    command: click.Command = root
    context = root.make_context("kie", shlex.split(line, comments=True))
    while isinstance(command, click.Group) and (left := [*context._protected_args, *context.args]):
        name, found, rest = command.resolve_command(context, left)
        assert found is not None
        context = found.make_context(name, rest, parent=context)
        command = found


def _sentences() -> Iterator[tuple[str, str]]:
    """Every `kie` command that stands in a sentence, with its page."""
    for path in DOCUMENTS:
        for code in names(path.read_text("utf-8")):
            if re.match(r"kie [a-z-]", code):
                yield path.name, " ".join(code.split())


def test_every_command_in_a_sentence_exists_with_the_options_that_are_named() -> None:
    known = {context.command_path: context.command for context in commands()}
    shared = {option for param in root.params for option in param.opts} | {"--help"}
    wrong, seen = [], 0
    for page, said in _sentences():
        words = [word for word in re.sub(r"--(?:journal|profile) \S+ ", "", said).split() if word not in shared]
        path = next((" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in known), None)
        if path is None:
            wrong += [(page, said)] if words[1:] else []
            continue
        seen += 1
        also = [known[name] for name in (path, f"{path} list", f"{path} ls") if name in known]
        each = [option for command in also for option in (*own(command), *of_families(command))]
        options = {name for option in each for name in (*option.opts, *option.secondary_opts)} | shared
        wrong += [(page, said) for option in re.findall(r" (--[a-z][a-z-]*)", said) if option not in options]
    assert wrong == []
    assert seen > 150


@pytest.mark.parametrize("block", [b for p in DOCUMENTS for b in (*blocks("json", p), *blocks("toml", p))], ids=str)
def test_a_block_of_data_can_be_read(block: Block) -> None:
    assert _read(block)


def test_the_settings_of_the_page_of_the_command_line_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [block] = blocks("toml", ROOT / "docs" / "cli.md")
    file = tmp_path / "config.toml"
    file.write_text(block.text, "utf-8")
    monkeypatch.setenv("KIE_CONFIG", str(file))
    assert {name: set(config.profile(name).values) for name in (None, "work")} == {
        None: {"budget_per_task"},
        "work": {"budget_per_task", "key_file", "journal", "budget_per_day"},
    }
    assert (config.profile(None).name, config.profile(None).keystore) == ("home", True)
    sentence = re.search(r"(?s)A profile has a key of its own, and any of (.*?)\.", COMMANDS)
    assert sentence is not None and {*names(sentence[1])} == {*config.SETTINGS} - {"key_file"}


SAVING = """
    image async_batch batch resume webhook save_image save_video previews journal find_runs rebuild_index save_options
    summary own_enhancer guarded
"""
"""The examples that make something and save it."""
READING = "credits payload estimate plan enhance frames preflight request_fixtures"
"""The examples that submit nothing."""


def _printed_by_example(name: str) -> str:
    printed = StringIO()
    with redirect_stdout(printed):
        runpy.run_path(str(ROOT / "examples" / f"{name}.py"), run_name="__main__")
    return printed.getvalue()


@pytest.mark.parametrize("name", SAVING.split())
@pytest.mark.parametrize("live", [False, True], ids=["without a key", "with a key"])
def test_an_example_runs(name: str, live: bool, service: SimulatedService, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key the environment decides about the server; here it points at the simulated one."""
    if not live:
        monkeypatch.delenv("KIE_API_KEY")
    assert _printed_by_example(name)
    assert list(Path("out").iterdir())
    assert bool(service.state.accepted) is live


@pytest.mark.parametrize("name", READING.split())
@pytest.mark.parametrize("live", [False, True], ids=["without a key", "with a key"])
def test_an_example_that_shows_something_submits_nothing(
    name: str, live: bool, service: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not live:
        monkeypatch.delenv("KIE_API_KEY")
    assert _printed_by_example(name)
    assert not service.state.accepted


def test_every_example_is_run() -> None:
    listed = [*SAVING.split(), *READING.split()]
    assert sorted(listed) == sorted(path.stem for path in (ROOT / "examples").glob("*.py"))


def _stated(heading: str) -> dict[str, object]:
    """The defaults that a table of docs/options.md states."""
    space = {"RetryPolicy": RetryPolicy, "PollPolicy": PollPolicy, "CircuitBreaker": CircuitBreaker}
    rows = table(heading, OPTIONS.replace("\\|", "¦"))
    assert all(len(row) == 4 and row[3].endswith(".") for row in rows), "every option is explained"
    return {names(row[0])[0]: eval(names(row[2])[0], space) for row in rows}


def _defaults(value: attrs.AttrsInstance) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}


GROUPS = ("Requests", "Submissions", "Uploads", "Runs", "Waiting", "Keeping runs", "Downloads", "Transfers")


def test_the_page_of_options_states_every_option_with_its_default() -> None:
    groups = [_stated(group) for group in GROUPS]
    servers = {name: _stated("The client")[name] for name in ("base_url", "upload_url")}
    assert {name: value for group in [servers, *groups] for name, value in group.items()} == _defaults(Options())
    assert sum(map(len, groups)) + 2 == len(attrs.fields(Options))
    assert {**_stated("Batches"), **_stated("Submissions of a batch")} == _defaults(BatchOptions())


@pytest.mark.parametrize("policy", [RetryPolicy, PollPolicy, CircuitBreaker, RateLimit])
def test_the_page_of_options_states_every_field_of_a_policy_with_its_default(policy: type) -> None:
    assert _stated(policy.__name__) == _defaults(policy())


@pytest.mark.parametrize("client", [Kie, AsyncKie])
def test_the_page_of_options_states_the_arguments_of_the_client(client: type) -> None:
    parameters = inspect.signature(client).parameters
    options = {field.name for field in attrs.fields(Options)}
    named = {name: each for name, each in parameters.items() if each.kind is not each.VAR_KEYWORD}
    own = {name: parameter.default for name, parameter in named.items() if name not in options}
    stated = _stated("The client")
    assert {name: stated[name] for name in stated if name not in options} == own


def test_the_page_of_options_names_the_methods_that_take_them() -> None:
    account = "upload download download_url credits check_credits has_credits prices refresh_prices price_counts"
    takers: dict[str, Any] = {
        "Kie": Kie,
        "client.with_options": Kie.with_options,
        "client.run": Kie.run,
        "client.submit": Kie.submit,
        "client.compare": Kie.compare,
        **{
            f"client.{name}": getattr(Kie, name) for name in ("upload", "download", "download_url", "credits", "prices")
        },
        **{f"client.{name}": getattr(Kie, name) for name in account.split()},
        "task.refresh": Task.refresh,
        "task.wait": Task.wait,
        "client.batch.run": Batch.run,
        "client.batch.stream": Batch.stream,
        "client.batch.submit": Batch.submit,
        "client.batch.wait": Batch.wait,
    }
    for heading in ("Batches", "Submissions of a batch", *GROUPS):
        sentence = re.search(r"(?s)Taken by (.*?)\.\n", OPTIONS.split(f"\n## {heading}\n")[1])
        assert sentence is not None
        wanted = {
            n for n, method in takers.items() if set(_stated(heading)) <= set(inspect.signature(method).parameters)
        }
        assert set(names(sentence[1])) == wanted


def test_the_page_of_configuration_lists_every_variable_that_the_code_reads() -> None:
    found = {
        name
        for path in (ROOT / "src/kie").rglob("*.py")
        for name in re.findall(r"\bKIE_[A-Z][A-Z_]*[A-Z]\b", path.read_text("utf-8"))
    }
    assert len(found) > 15
    assert {name for row in table("Environment variables", CONFIGURATION) for name in names(row[0])} == found


def test_the_variables_of_programs_are_those_that_the_package_reads_without_the_command_line() -> None:
    rows = [names(row[0]) for row in table("Environment variables", CONFIGURATION)]
    first = [name for row in rows for name in row][:6]
    reading = [path for path in (ROOT / "src/kie").rglob("*.py") if "_cli" not in path.parts]
    code = "\n".join(path.read_text("utf-8") for path in reading)
    assert {name for name in first if re.search(rf'"{name}"', code)} == {*first}


FIGURES: dict[str, dict[str, Any]] = {
    "agents": {
        "waits # seconds": inspect.signature(AgentTools.generate).parameters["wait_seconds"].default,
        "thumbnails of # pixels": thumbnails.SIDE,
        "# tokens at most": catalog_text.MOST_TOKENS,
    },
    "batches": {
        "By default # inputs": flow.AHEAD,
        "another # tasks are being waited for": flow.WAITED_FOR,
        "while # outcomes wait for": flow.UNTAKEN,
        "After # stopped requests in a row": flow.UNPAID,
        "fifth of # submissions in ten seconds": RateLimit().submissions,
    },
    "configuration": {"is not asked for # seconds": CircuitBreaker().pause},
    "durable": {
        "is fresh: # seconds": machines.SILENCE,
        "at most # lines per machine": work.AHEAD,
        "waited for, up to # seconds": database.ABSENCE,
        "somebody else holds, up to # seconds each": database.PATIENCE,
        "may submit # tasks in 10 seconds": RateLimit().submissions,
    },
    "errors": {
        "keep to # per 10 seconds": RateLimit().submissions,
        "reads to # per second": RateLimit().reads,
        "at least every # seconds later": PollPolicy().max_interval,
    },
    "habits": {"more than # MB that breaks off": files.RESUMED / 2**20},
    "limits": {
        "sends them: # submissions in any": RateLimit().submissions,
        "submissions in any # seconds": RateLimit().submissions_window,
        "seconds, # polls in any second": RateLimit().reads,
        "believe that they may submit #": RateLimit().submissions,
        "locked for # seconds": database.PATIENCE,
        "waited for, up to # seconds": database.ABSENCE,
    },
    "media": {
        "for # seconds at most. It opens": local_media.DECODING,
        "(# seconds at most), because": bodies._IN_BUFFERS / bodies._SLOWEST,
        "or to # MiB where": local_media.MOST_OF_A_STREAM / 2**20,
        "in memory up to # MiB": streams.IN_MEMORY / 2**20,
    },
    "pictures": {
        "`web/0.webp`, longer side at most #": DerivativeSettings().web_side,
        "`thumb/0.webp`, longer side at most #": DerivativeSettings().thumb_side,
        "may have # million pixels at most, or": picture.MOST_PIXELS / 10**6,
        "A sheet has # million pixels at most": contact_sheet.MOST_PIXELS / 10**6,
        "and a WebP is at most # pixels high": LONGEST_SIDE,
        "falls behind by # runs": background.MOST_WAITING,
    },
    "presets": {
        "with at most # KiB": preset_format.LARGEST / 2**10,
        "is # seconds unless": ChatEnhancer(Kie("key")).timeout,
    },
    "prices": {"older than # days": price_tables.OLD.days},
    "polling": {
        "`min_interval` (# s)": PollPolicy().min_interval,
        "`max_interval` (# s)": PollPolicy().max_interval,
        "before the #th percentile": durations.EARLY * 100,
    },
    "studio": {"listens, # by default": {each.name: each.default for each in studio.params}["port"]},
    "webhooks": {
        "more than `window` seconds (#)": webhooks_receiver.WINDOW,
        "remembers up to # reports": webhooks_receiver.REMEMBERED,
        "(#), in case a report": 3 * PollPolicy().max_interval,
    },
}
"""Figures of the pages, by what stands around each, and where they are in the code."""


@pytest.mark.parametrize("page", FIGURES)
def test_a_figure_of_a_page_is_that_of_the_code(page: str) -> None:
    text = " ".join((ROOT / "docs" / f"{page}.md").read_text("utf-8").split())
    for around, figure in FIGURES[page].items():
        found = re.findall(re.escape(around).replace("\\#", r"([\d,]+)"), text)
        assert [float(each.replace(",", "")) for each in found] == [figure], around


def test_the_telemetry_tables_name_every_event_and_observer() -> None:
    section = CONFIGURATION.split("\n## Telemetry\n")[1].split("\n## ")[0]
    types = {"Bucket", "Event", "Observer", "TaskOutcome", "Work", "WorkKind"}
    public = set(telemetry.__all__) - types
    assert public <= {name.removesuffix("()") for name in names(section)}


def test_the_page_of_configuration_names_every_metric() -> None:
    class Meter(NoOpMeter):
        made: ClassVar[list[str]] = []

        def create_counter(self, name: str, unit: str = "", description: str = "") -> Any:
            self.made.append(name)
            return super().create_counter(name)

        def create_histogram(self, name: str, *_: Any, **__: Any) -> Any:
            self.made.append(name)
            return super().create_histogram(name)

    class Provider(NoOpMeterProvider):
        def get_meter(self, *_: Any, **__: Any) -> Any:
            return Meter("kie")

    telemetry.OpenTelemetryObserver(meter_provider=Provider())
    registry = CollectorRegistry()
    telemetry.PrometheusObserver(registry=registry)
    named = {name for name in names(CONFIGURATION) if re.fullmatch(r"(?:kie_|http\.|kie\.(?!telemetry))[a-z_.]+", name)}
    assert named == {*Meter.made, *(metric.name for metric in registry.collect())}
    assert len(named) > 20


def go_client(reference: Path) -> str:
    """What the Go client's README says; the test is skipped where it is not."""
    seeds = reference.parent / "seeds"
    if not seeds.is_dir():
        pytest.skip(f"the Go client's README is not at {seeds}")
    (text,) = [text for text in (path.read_text("utf-8") for path in seeds.glob("*.txt")) if "func NewClient" in text]
    return text


def test_every_option_and_factory_of_the_go_client_has_its_counterpart(reference: Path) -> None:
    text = go_client(reference)
    wanted = set(re.findall(r"\bWith[A-Z]\w+(?= ?\()", text)) | set(re.findall(r"(?m)^(\w+Config|NoRetry)\(\)$", text))
    assert len(wanted) > 30
    stated = {*names(CONFIGURATION), *names(COMPAT)}
    assert {name for name in wanted if name not in stated} == set()


def test_every_call_type_and_error_of_the_go_client_has_its_counterpart(reference: Path) -> None:
    text = go_client(reference)
    wanted = set(re.findall(r"(?m)^([A-Z]\w+)\(.*\).*$", text)) | set(re.findall(r"\bErr[A-Z]\w+", text))
    wanted |= set(re.findall(r"\b[A-Z][a-z]\w+(?:Info|State|Result|Request|Response|Options|Handler|Error)\b", text))
    setters = {name.replace("_", "") for name in vars(compat.RequestBuilder)}
    # methods of interfaces that a user of it writes, and names that are the same here or that Go has
    same = {"SetAttribute", "RecordError", "IncCounter", "ObserveHistogram", "StatusBadRequest", "ErrCodeSuccess"}
    wanted = {name for name in wanted - same if name.lower() not in setters}
    assert len(wanted) > 60
    stated = {word for name in (*names(CONFIGURATION), *names(COMPAT)) for word in re.findall(r"\w+", name)}
    assert wanted - stated == set()


def test_every_name_that_the_page_for_users_of_the_go_client_gives_exists() -> None:
    modules: dict[str, object] = {"compat": compat, "constants": constants, "catalog": catalog, "errors": errors}
    modules |= {"webhooks": webhooks, "client": Kie("key"), "builder": compat.request("nano-banana-pro")}
    modules |= {"client.batch": Kie("key").batch, "task": Task, "result": Result}
    found = [match.groups() for match in re.finditer(r"`((?:client\.)?\w+)\.(\w+)[`(]", COMPAT)]
    given = {(home, name) for home, name in found if home != "kie"}
    assert len(given) > 40
    assert {f"{home}.{name}" for home, name in given if not hasattr(modules[home], name)} == set()


def test_the_page_for_users_of_the_go_client_names_every_setter() -> None:
    members = {name for name in vars(compat.RequestBuilder) if not name.startswith("_")}
    stated = {name.removeprefix("builder.") for name in names(COMPAT)}
    assert members - stated == set()


def test_every_error_class_is_on_the_page_of_errors() -> None:
    section = ERRORS.split("# Errors\n", 1)[1].split("\n## ", 1)[0]
    classes = {name for name in errors.__all__ if name != "Issue"}
    assert classes <= set(names(section))
    for row in table("Errors", ERRORS):
        name, *base = names(row[0])
        if base:
            assert issubclass(getattr(errors, name), getattr(errors, base[0], None) or getattr(builtins, base[0]))


def test_the_codes_of_the_page_of_errors_name_their_errors() -> None:
    line = re.search(r"(?s)The kinds of `ApiError`: (.*?)\n\n", ERRORS)
    assert line is not None
    for name, codes in re.findall(r"`(\w+)` (\d+(?: and \d+)?)", line[1]):
        for code in codes.split(" and "):
            assert judge(200, int(code)).error == name, code


def test_what_the_pages_say_of_sending_twice_is_the_table() -> None:
    rows = {code: judge(200, code) for code in range(201, 600)}
    again = {code for code, row in rows.items() if row.retry_submit}
    assert again == {429, 430, 455, 550}
    assert "nothing was started: 429, 430, 455, 550" in ERRORS
    readme = " ".join(README.read_text("utf-8").split())
    assert "service refused it with 429, 430, 455 or 550, which mean that nothing was started" in readme
    unknown = {code for code, row in rows.items() if row.task_created is None and row.meaning != "unknown"}
    assert unknown == {500, 501, 408, 531}
    assert "code 500, 501, 408, 531 or one that nobody documented" in ERRORS
    ending = {code for code, row in rows.items() if row.ends_task}
    assert ending == {408, 451, 501, 531}
    assert "the codes 408, 451, 501 and 531 end the task" in " ".join(ERRORS.split())
    assert {code for code, row in rows.items() if row.retry_read} == again | {500}


def test_the_reasons_of_refused_deliveries_are_those_of_the_code() -> None:
    page = (ROOT / "docs/webhooks.md").read_text("utf-8")
    stated = dict(re.findall(r"(?m)^\| `(\w+)` \| (\d+) \|$", page))
    assert stated == {reason: str(errors.WebhookRejected(reason).status) for reason in get_args(RejectReason)}


def test_the_page_of_the_command_line_names_every_command() -> None:
    section = COMMANDS.split("\n## Commands\n", 1)[1].split("\n## ", 1)[0]
    assert {name.split()[1] for name in names(section) if name.startswith("kie ")} == set(root.commands)


def test_the_page_of_the_command_line_names_every_command_that_shows_a_list() -> None:
    sentence = COMMANDS.split("\n## Lists\n", 1)[1].split(" show rows", 1)[0]
    found = [each for each in commands() if any("--sort" in option.opts for option in own(each.command))]
    assert {*names(sentence)} == {re.sub(r" (?:list|ls)$", "", each.command_path) for each in found}


def test_the_exit_codes_of_the_page_are_those_of_the_program() -> None:
    section = COMMANDS.split("Exit codes: ", 1)[1].split("\n\n", 1)[0]
    stated = {int(text) for text in re.findall(r"(?:^|, )(\d+) ", " ".join(section.split()))}
    assert stated == {0, 1, 130, NEEDS_INPUT, NEEDS_CONFIRMATION, *(code for _, code in EXIT_CODES)}


def test_the_table_of_models_lists_every_model() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| `(\w+)` \|", (ROOT / "generated" / "MODELS.md").read_text(), re.MULTILINE)
    assert set(rows) == {(model.id, model.class_name) for model in catalog.models(status="all")}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        found = (path.parent / file) if file else path
        assert found.exists(), target
        if anchor:
            titles = re.findall(r"(?m)^#+ (.+)$", found.read_text("utf-8"))
            assert anchor in {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_the_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 200


def test_the_readme_names_every_extra() -> None:
    with (ROOT / "pyproject.toml").open("rb") as settings:
        extras = tomllib.load(settings)["project"]["optional-dependencies"]
    assert set(re.findall(r"`kie\[(\w+)\]`", README.read_text("utf-8"))) == set(extras)


def _named_paths(path: Path) -> set[str]:
    """What stands in backticks and looks like a path of this repository."""
    tops = "|".join(re.escape(entry.name) for entry in ROOT.iterdir() if entry.is_dir() and entry.name[0] != ".")
    return {name for name in names(path.read_text("utf-8")) if re.fullmatch(rf"(?:{tops})/[\w./-]*", name)}


@pytest.mark.parametrize("path", [ROOT / "CONTRIBUTING.md", ROOT / "docs/architecture.md"], ids=lambda path: path.name)
def test_every_path_that_is_named_exists(path: Path) -> None:
    assert {name for name in _named_paths(path) if not (ROOT / name).exists()} == set()


def test_every_page_that_the_code_names_exists() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "src/kie").rglob("*.py")]
    named = {page for text in texts for page in re.findall(r"\bdocs/[\w-]+\.md", text)}
    assert len(named) > 8
    assert {page for page in named if not (ROOT / page).is_file()} == set()


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        named = set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"(?m)^make ([a-z-]+)", text))
        assert named <= targets, path.name


def test_the_page_for_contributors_names_every_room_and_every_file_of_the_compiler() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    [tree] = [block.text for block in blocks("text", ROOT / "CONTRIBUTING.md")]
    rooms = {f"{path.name}/" for path in (ROOT / "src/kie").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    truth = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / "openapi").iterdir()} - {"README.md"}
    compiler = {path.name for path in (ROOT / "codegen").glob("[a-z]*.py")}
    assert {name for name in rooms | truth | compiler if name not in tree} == {"_pyinstaller/"}
    written = {*clients.OUTPUTS, "docs/options.md"}
    agents = (ROOT / "AGENTS.md").read_text("utf-8")
    assert {path for path in written if f"`{path.removeprefix('src/kie/')}`" not in agents} == set()
    assert "`src/kie/_client.py`" not in page, "it is generated"


def test_the_list_of_changes_names_every_public_module() -> None:
    listed = re.search(r"(?s)Public are (`kie`, .*?), and the names", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    public = {name for name in surface.MODULES if name.count(".") < 2}
    assert listed is not None and {*names(listed[1])} == public
