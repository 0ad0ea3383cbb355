"""The fuzz run: answers, callbacks, command lines and batch lines that nobody would send, with a fixed seed.

Whatever comes, the library gives a value or a `KieError`, and `kie` an exit code and no traceback.
"""

from __future__ import annotations

import io
import json
import logging
import os
import random
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import attrs
from click.testing import CliRunner

from kie import Kie, KieError, RateLimit, catalog, no_retry
from kie._cli.app import root
from kie._cli.batch_lines import LineReader, read_rows
from kie._cli.cli_context import CliContext
from kie._cli.exit_codes import EXIT_CODES, NEEDS_CONFIRMATION, NEEDS_INPUT
from kie._core.call import HttpRequest, HttpResponse
from kie._flow.overrides import Overrides
from kie._records.lifecycles import lifecycles
from kie.models import NanoBananaPro
from kie.testing import VirtualClock, virtual_kie
from kie.webhooks import parse

ANSWERS, CALLBACKS, COMMANDS, LINES = 100_000, 10_000, 20_000, 20_000
RECORDINGS = Path(__file__).parent.parent / "recordings" / "families"
REQUEST = NanoBananaPro(prompt="A lighthouse")

ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    200,
    1e308,
    float("inf"),
    float("nan"),
    10**400,
    "",
    "success",
    "fail",
    "\ud800",
    "\x00",
    "é" * 50,
    "1e999999999",
    "[" * 2000,
    '{"resultUrls": [1, null]}',
    "https://127.0.0.1/x",
    "../../etc/passwd",
    [],
    {},
    [None],
    [[[[[]]]]],
    {"a": {"b": {}}},
    {"taskId": "other"},
    2**63,
]


def main() -> list[str]:
    """Fuzz everything. Returns the faults that were found."""
    logging.getLogger("kie").setLevel(logging.CRITICAL)
    chance = random.Random(2026)
    faults: list[str] = []
    for name, times, work in (
        ("answers", ANSWERS, answers),
        ("callbacks", CALLBACKS, callbacks),
        ("command lines", COMMANDS, command_lines),
        ("batch lines", LINES, batch_lines),
    ):
        found = [fault for fault in work(chance, times) if fault]
        print(f"fuzz: {times:,} {name}, {len(found)} faults", flush=True)
        faults += dict.fromkeys(found)
    return faults


def tried(what: str, work: Callable[[], object], shown: object) -> str | None:
    """The fault if something else than a `KieError` comes of it; None if not."""
    try:
        work()
    except KieError:
        return None
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{what}: {type(error).__name__}: {str(error)[:100]} at {where.name}:{where.lineno} for {shown!r:.300}"
    return None


# what a service may say


@attrs.define
class Scripted:
    """A transport that gives the answer that was set, to everything."""

    answer: HttpResponse | None = None

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        assert self.answer is not None
        return self.answer

    def stream(self, url: str, headers: object, timeout: float) -> Any:
        raise AssertionError("nothing is fetched")

    def close(self) -> None:
        pass


def answers(chance: random.Random, times: int) -> Iterator[str | None]:
    """Submissions, polls and balances whose answers are spoilt."""
    known = documents()
    transport = Scripted()
    limit = RateLimit.unlimited()
    client = Kie("fuzz-key-0123456789", transport=transport, retry=no_retry(), breaker=None, rate_limit=limit)
    client._driver.session.clock = clock = VirtualClock()
    client._driver.sleep = clock.sleep
    refs = [f"{row.name}:task" for row in lifecycles() if row.poll is not None]
    works: list[Callable[[], object]] = [
        lambda: client.submit(REQUEST),
        lambda: client.task(chance.choice(refs)).refresh(),
        lambda: client.task(chance.choice(refs)).wait(timeout=5),
        client.credits,
    ]
    for _ in range(times):
        transport.answer = spoilt_answer(chance, known)
        yield tried("answer", chance.choice(works), transport.answer)


def documents() -> list[Any]:
    """Answers and records as they were recorded."""
    found: list[Any] = [{"code": 200, "msg": "success", "data": {"taskId": "task"}}, {"code": 200, "data": 12.5}]
    for path in sorted(RECORDINGS.glob("*.json")):
        found += bodies(json.loads(path.read_text("utf-8")))
    return found


def bodies(value: Any) -> Iterator[Any]:
    """Every object in a recording that looks like the body of an answer."""
    if isinstance(value, dict):
        if "code" in value or "taskId" in value:
            yield value
        for inner in value.values():
            yield from bodies(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from bodies(inner)


def spoilt_answer(chance: random.Random, known: list[Any]) -> HttpResponse:
    """An answer with faults in its status, its headers, its document or its bytes."""
    body = json.dumps(spoilt(chance, chance.choice(known))).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        body = torn(chance, body)
    status = 200 if chance.random() < 0.7 else chance.choice([0, 101, 204, 301, 400, 401, 402, 404, 429, 455, 500, 503])
    headers = (
        {} if chance.random() < 0.8 else {"retry-after": str(chance.choice([*ODD, "Wed, 21 Oct 2015 07:28:00 GMT"]))}
    )
    return HttpResponse(status=status, headers=headers, body=body)


def spoilt(chance: random.Random, value: Any) -> Any:
    """A copy of a document in which some values are others, gone, or in the wrong place."""
    if chance.random() < 0.06:
        return chance.choice(ODD)
    if isinstance(value, dict):
        kept = {key: spoilt(chance, inner) for key, inner in value.items() if chance.random() > 0.03}
        if chance.random() < 0.05:
            kept[str(chance.choice(["taskId", "data", "code", "state", "successFlag", "x"]))] = chance.choice(ODD)
        return kept
    if isinstance(value, list):
        return [spoilt(chance, inner) for inner in value]
    return value


def torn(chance: random.Random, body: bytes) -> bytes:
    """Bytes with some changed, cut off, or doubled."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0 if place < len(data):
                data[place] = chance.randrange(256)
            case 1:
                del data[place:]
            case 2:
                data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            case _:
                data[place:place] = data[: chance.randint(0, 40)]
    return bytes(data)


def callbacks(chance: random.Random, times: int) -> Iterator[str | None]:
    """Callbacks whose documents are spoilt."""
    known = documents()
    for _ in range(times):
        body = json.dumps(spoilt(chance, chance.choice(known))).encode("utf-8", "surrogatepass")
        document = torn(chance, body) if chance.random() < 0.3 else body
        yield tried("callback", lambda document=document: parse(document), document)  # type: ignore[misc]


# what a user may type


@attrs.define(kw_only=True)
class FuzzContext(CliContext):
    """An invocation whose service is in memory."""

    def connect(self, key: str | None, journal: Path | None, options: Overrides) -> Kie:
        client, _, _ = virtual_kie(api_key=key or "fuzz-key-0123456789", journal=journal, **options)
        return client


WORDS = [
    *("run", "batch", "models", "model", "status", "wait", "tasks", "upload", "download", "credits", "prices", "check"),
    *(
        "--help",
        "--json",
        "--quiet",
        "--dry-run",
        "--no-wait",
        "--save",
        "--timeout",
        "--set",
        "--unchecked",
        "--label",
    ),
    *("--prompt", "--image-input", "--aspect-ratio", "--journal", "--no-journal", "--key-file", "--base-url", "--out"),
    *("nano-banana-pro", "kling-3.0/video", "suno/generate", "veo3", "google/veo3", "some/model", "task_1", "veo:1"),
    *("", "-", "--", "-1", "0", "1e999", "nan", "9" * 400, "@", "@nothing", "null", "[", '{"a":', "[[1],2]", "x=1"),
    *(
        "prompt=1",
        'prompt="a"',
        "a.b.c=1",
        "\udcff",
        "\x00",
        "é",
        "http://[",
        "https://例え.jp/x.png",
        "../..",
        "~",
        "{}",
    ),
]


NEARLY = [
    ["run", "nano-banana-pro", "--prompt", "A lighthouse"],
    ["run", "nano-banana-pro", "--prompt", "x", "--aspect-ratio", "16:9", "--save", "out", "--json"],
    ["run", "kling-3.0/video", "--prompt", "x", "--duration", "5", "--dry-run"],
    ["run", "suno/generate", "--set", 'prompt="a"', "--no-wait", "--label", "order-1"],
    ["wait", "task_1", "--timeout", "5", "--json"],
    ["status", "veo:1", "task_1"],
    ["tasks", "--json"],
    ["upload", "in.png"],
    ["download", "https://example.com/a.png", "out"],
    ["credits", "--min", "5"],
    ["prices", "veo", "--json"],
    ["models", "--json"],
    ["model", "kling-3.0/video"],
]
"""Lines that are right, or nearly: some of their words are changed."""


def command_lines(chance: random.Random, times: int) -> Iterator[str | None]:
    """Lines of words that `kie` knows, in any order, and lines of which a few words are wrong."""
    models = [model.id for model in catalog.models()]
    options = [f"--{field.name.replace('_', '-')}" for model in catalog.models()[:40] for field in model.fields]
    words = [WORDS, WORDS, models, options]
    with fuzz_folder():
        Path("in.png").write_bytes(b"GIF89a;")
        for _ in range(times):
            if chance.random() < 0.5:
                line = [chance.choice(chance.choice(words)) for _ in range(chance.randint(1, 9))]
            else:
                line = changed(chance, chance.choice(NEARLY), words)
            yield invoked(line)


def changed(chance: random.Random, line: list[str], words: list[list[str]]) -> list[str]:
    """A line with a few words replaced, added, doubled or left out."""
    line = list(line)
    for _ in range(chance.randint(0, 3)):
        place = chance.randrange(len(line) + 1)
        match chance.randrange(4):
            case 0 if place < len(line):
                line[place] = chance.choice(chance.choice(words))
            case 1 if place < len(line):
                del line[place]
            case 2:
                line[place:place] = line[:2]
            case _:
                line.insert(place, chance.choice(chance.choice(words)))
    return line


@contextmanager
def fuzz_folder() -> Iterator[Path]:
    """An empty folder to work in, with a key in the environment."""
    os.environ["KIE_API_KEY"] = "fuzz-key-0123456789"
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["XDG_STATE_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            os.chdir(here)


CODES = {0, 1, *(code for _, code in EXIT_CODES), NEEDS_INPUT, NEEDS_CONFIRMATION}
"""Those that docs/cli.md explains, but that of an interruption."""


def invoked(line: list[str]) -> str | None:
    """Run a command line. Returns what is wrong with how it ended."""
    outcome = CliRunner().invoke(root, line, obj=FuzzContext(), input=b"{}")
    error = outcome.exception
    if error is not None and not isinstance(error, SystemExit):
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"command line: {type(error).__name__}: {str(error)[:100]} at {where.name}:{where.lineno} for {line}"
    if "Traceback" in outcome.output or outcome.exit_code not in CODES:
        return f"command line: exit {outcome.exit_code} for {line}: {outcome.output[-200:]}"
    return None


TOGETHER = 20
"""Lines of one batch file."""


def read_line(text: bytes) -> None:
    """What `kie batch` makes of a line."""
    for row in read_rows(io.BytesIO(text), "-"):
        LineReader().line(row)


def batch_lines(chance: random.Random, times: int) -> Iterator[str | None]:
    """Lines of batch files that are spoilt: each is read alone, and all of a file are run by `kie batch`.

    A file ends with a line that is right: whatever stands before it, that one is run.
    """
    models = [model.id for model in catalog.models()]
    with fuzz_folder() as folder:
        for number in range(times // TOGETHER):
            lines = [spoilt_line(chance, models) for _ in range(TOGETHER)]
            for text in lines:
                yield tried("batch line", partial(read_line, text), text)
            right = {"model": "nano-banana-pro", "prompt": "A lighthouse", "id": f"right-{number}"}
            file, out = folder / f"{number}.jsonl", folder / f"{number}.out"
            file.write_bytes(b"\n".join([*lines, json.dumps(right).encode()]))
            fault = invoked(
                ["batch", str(file), "--out", str(out), "--quiet", "--no-journal", "--batch-timeout", "600"]
            )
            yield fault and f"batch of {[*lines]!r:.3000}: {fault}"
            yield run_to_the_end(out, str(right["id"]))


def run_to_the_end(out: Path, last: str) -> str | None:
    """What is wrong with the record of the last line of a batch."""
    if not out.exists():
        return f"batch {out.name}: no record"
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    states = {str(row["id"]): str(row["state"]) for row in rows}
    return None if states.get(last) == "succeeded" else f"batch {out.name}: {Counter(states.values())}"


def spoilt_line(chance: random.Random, models: list[str]) -> bytes:
    """A line with faults in its values, or in its bytes. Line ends are left out: they would make two of it."""
    line: dict[str, Any] = {"model": chance.choice(models), "prompt": "A lighthouse", "id": chance.choice([*ODD, "a"])}
    if chance.random() < 0.3:
        line = {"model": line["model"], "input": {"prompt": "x", "image_urls": chance.choice(ODD)}}
    data = json.dumps(spoilt(chance, line)).encode("utf-8", "surrogatepass")
    text = torn(chance, data) if chance.random() < 0.4 else data
    return text.replace(b"\n", b" ").replace(b"\r", b" ")
