"""A page of runs: what stands in it can do nothing, its links lead to the files, and its snippets run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import attrs
import pytest
from click.testing import CliRunner

import kie
from kie import Library, Request, catalog, simulated
from kie._cli import run_command
from kie._cli.app import root as program
from kie._cli.cli_context import CliContext
from kie._library.page import page
from kie._tasks import by_name
from kie.errors import ConfigError
from kie.library import RunError, RunEstimate, RunFile, RunPrompts
from tests.library.pages import HOSTILE, block, fields_of, linked, read_back, run, snippets


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "runs"


class Recorder:
    """Stands for `Kie`: makes the request of a call, and sends nothing."""

    made: list[Request[Any]] = []  # noqa: RUF012 - cleared by each test

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, request: object, **fields: object) -> Any:
        self.made.append(by_name.requested(request, (), fields))
        return self

    def save(self, folder: str) -> list[Path]:
        return []


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[Request[Any]]:
    monkeypatch.setattr(kie, "Kie", Recorder)
    Recorder.made.clear()
    return Recorder.made


def words_of(command: str) -> list[str]:
    """The words that a shell makes of a command."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("needs bash")
    script = f"kie() {{ printf '%s\\0' \"$@\"; }}\n{command}"
    done = subprocess.run([shell, "-c", script], capture_output=True, check=True, env={"HOME": "/nowhere"}, timeout=120)
    assert not done.stderr
    return done.stdout.decode().split("\0")[:-1]


def request_of(command: str) -> Request[Any]:
    """The request that `kie` makes of a command."""
    made: list[Request[Any]] = []

    def caught(context: object, options: object, request: Request[Any]) -> int:
        made.append(request)
        return 0

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run_command, "_dry_run", caught)
        done = CliRunner().invoke(program, [*words_of(command), "--dry-run"], obj=CliContext())
    assert done.exit_code == 0, done.output
    return made[0]


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """A body of each model, without the model."""
    for model in catalog.models():
        facts = cast("dict[str, Any]", model.json_schema()["x-kie"])
        for example in (facts.get("examples") or [])[:1]:
            yield model.id, fields_of(model.request_class(**_python(model.id, example)).to_wire())  # type: ignore[misc]


def _python(model: str, example: dict[str, Any]) -> dict[str, Any]:
    names = {wire: python for python, wire in catalog.get(model).request_class.__kie_plan__()}
    return {names.get(name, name): value for name, value in example.items()}


def test_nothing_in_a_run_ends_the_block_of_data_or_turns_the_text_around_it(root: Path) -> None:
    prompts = [*HOSTILE, "half a letter: \ud83c"]
    runs = [
        run(root, number, prompt, model=prompt, tags=(prompt,), label=prompt, source={prompt: prompt})
        for number, prompt in enumerate(prompts)
    ]
    path = page(runs, root / "index.html", title=HOSTILE[0])
    whole, data = path.read_text("utf-8"), block(path)
    assert not set(data) & set("<>&\u2028\u2029\u202e\u2066")
    assert whole.count("<script") == whole.count("</script>") == 2  # the data and the program
    assert "owned" not in whole.replace(data, "").replace("&lt;script&gt;document.title=&#x27;owned", "").replace(
        "onerror=&quot;document.title=&#x27;owned", ""
    ).replace("(touch owned)", "")
    back = read_back(path)
    assert [one["prompt"].encode("utf-16", "surrogatepass").decode("utf-16", "replace") for one in back] == [
        prompt.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for prompt in prompts
    ]


def test_a_page_asks_no_network_and_runs_only_its_own_script(root: Path) -> None:
    whole = page([run(root)], root / "index.html").read_text("utf-8")
    assert "default-src 'none'" in whole and "unsafe" not in whole
    assert "http://" not in whole and "https://" not in whole


def test_links_lead_to_the_files_wherever_the_page_lies(root: Path, tmp_path: Path) -> None:
    odd = root.with_name("a b#c%20?ü")
    file = RunFile(role="output", kind="image", name="original/0 #1.png", web="web/0 #1.webp", thumb="thumb/other.webp")
    kept = run(odd, id="veo:abc", outputs=(file,), inputs=(RunFile(role="image_urls[0]", name="inputs/0.png"),))
    for target in (odd / "index.html", tmp_path / "else" / "where" / "page.html", kept.folder / "here.html"):
        (back,) = snippets([kept], target)
        found = [back["outputs"][0][name] for name in ("original", "web", "thumb")] + [back["inputs"][0]["original"]]
        names = ("original/0 #1.png", "web/0 #1.webp", "thumb/other.webp", "inputs/0.png")
        assert [linked(target, each) for each in found] == [(kept.folder / name).resolve() for name in names]
        assert not any(address.startswith(("/", "file:")) for address in found)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "HTTPS://x.example/a"]
)
def test_only_addresses_of_the_web_are_linked(root: Path, tmp_path: Path, url: str) -> None:
    foreign = run(root, outputs=(RunFile(role="output", url=url),), inputs=(RunFile(role="image", url=url),))
    (facts,) = read_back(page([foreign], tmp_path / "page.html"))
    shown = {file["url"] for file in (*facts["outputs"], *facts["inputs"])}
    assert shown == ({url} if url.startswith("HTTPS") else {None})


def test_links_are_absolute_where_no_relative_one_exists(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def apart(path: str, start: str) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", apart)
    (back,) = snippets([run(root, outputs=(RunFile(role="output", name="original/0.png"),))], root / "index.html")
    assert back["outputs"][0]["original"] == run(root).folder.as_uri() + "/original/0.png"


def test_a_page_says_all_that_is_known_of_a_run(root: Path) -> None:
    whole = run(
        root,
        state="failed",
        prompts=RunPrompts(raw="fox", enhanced="a red fox", final="A lighthouse"),
        estimate=RunEstimate(at_least=Decimal("1.5"), at_most=Decimal(4)),
        credits=Decimal(0),
        seconds=3.25,
        error=RunError(message="refused", code="422"),
        tags=("site", "x"),
        source={"project": "p"},
        label="order 7",
        parents=("elsewhere",),
        changes=("quality -> mode",),
        preset="cinema",
        simulated=True,
    )
    (back,) = snippets([whole], root / "index.html")
    told = {name: back[name] for name in ("state", "raw", "enhanced", "estimate", "credits", "seconds", "error")}
    assert told == {
        "state": "failed",
        "raw": "fox",
        "enhanced": "a red fox",
        "estimate": ["1.5", 4],
        "credits": 0,
        "seconds": 3.25,
        "error": "422: refused",
    }
    assert (back["tags"], back["source"], back["label"]) == (["site", "x"], {"project": "p"}, "order 7")
    assert (back["parents"], back["changes"], back["preset"]) == (["elsewhere"], ["quality -> mode"], "cinema")
    assert back["simulated"] is True and back["at"] == whole.submitted_at.timestamp() * 1000
    for word in ("lighthouse", "fox", "site", "order 7", "nano-banana", "refused"):
        assert word in back["words"]


def test_copied_python_makes_the_same_request_of_every_model(root: Path, recorded: list[Request[Any]]) -> None:
    bodies = [*examples()]
    assert len(bodies) > 100
    runs = [run(root, n, None, model=model, request=body) for n, (model, body) in enumerate(bodies)]
    for back in snippets(runs, root / "index.html"):
        exec(compile(back["python"], back["model"], "exec"), {})
    assert [(made.info.name, fields_of(made.to_wire())) for made in recorded] == bodies


def test_copied_commands_make_the_same_request_of_every_model(root: Path) -> None:
    bodies = [*examples()]
    runs = [run(root, n, None, model=model, request=body) for n, (model, body) in enumerate(bodies)]
    for (model, body), back in zip(bodies, snippets(runs, root / "index.html"), strict=True):
        assert fields_of(request_of(back["command"]).to_wire()) == body, model


def test_copied_code_holds_any_prompt(root: Path, recorded: list[Request[Any]]) -> None:
    runs = [run(root, n, prompt) for n, prompt in enumerate(HOSTILE)]
    for prompt, back in zip(HOSTILE, snippets(runs, root / "index.html"), strict=True):
        exec(compile(back["python"], "snippet", "exec"), {})
        assert fields_of(recorded[-1].to_wire())["prompt"] == prompt
        assert fields_of(request_of(back["command"]).to_wire())["prompt"] == prompt
        assert not any(c in back["python"] + back["command"] for c in "\x1b\x07\u202e\u2028\u200b\u009b")


def test_copied_code_takes_the_kept_copies_of_local_inputs(root: Path, recorded: list[Request[Any]]) -> None:
    url = "https://files.example/a.png"
    kept = run(
        root,
        model="nano-banana-pro",
        fields={"image_input": [url, url]},
        inputs=(
            RunFile(role="image_input[1]", name="inputs/1 a.png", kind="image"),
            RunFile(role="image_input[0]", url=url),
        ),
    )
    copy = kept.folder / "inputs" / "1 a.png"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"\x89PNG\r\n\x1a\n")
    (back,) = snippets([kept], root / "index.html")
    exec(compile(back["python"], "snippet", "exec"), {})
    assert [*cast("Any", recorded[-1]).image_input] == [url, copy]
    assert [*cast("Any", request_of(back["command"])).image_input] == [url, copy]


def test_copied_python_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (back,) = snippets([run(root, prompt=HOSTILE[2])], root / "index.html")
    monkeypatch.chdir(tmp_path)
    with simulated(speed=1000) as service:
        monkeypatch.setattr(kie, "Kie", service.client)
        exec(compile(back["python"], "snippet", "exec"), {})
    assert [*(tmp_path / "out").iterdir()]


def test_a_run_is_made_again_from_its_library(root: Path) -> None:
    (back,) = snippets([run(root)], root / "page" / "index.html")
    found: dict[str, object] = {}
    exec(compile(back["library"].partition("with Kie")[0], "snippet", "exec"), found)
    library = found["library"]
    assert isinstance(library, Library) and library.path == root
    assert f'library["{run(root).id}"].again()' in back["library"]


@pytest.mark.parametrize("more", [{"request": None}, {"prompts": RunPrompts(raw="sha256:" + "0" * 64)}])
def test_there_is_no_code_for_what_was_not_kept(root: Path, more: dict[str, Any]) -> None:
    (back,) = snippets([run(root, **more)], root / "index.html")
    assert back["lacking"] and "python" not in back


def test_integers_that_a_browser_would_round_are_kept(root: Path, recorded: list[Request[Any]]) -> None:
    (back,) = snippets([run(root, fields={"seed": 2**53 + 1})], root / "index.html")
    assert str(2**53 + 1) in back["python"]


def test_a_page_is_written_whole_or_not_at_all(root: Path) -> None:
    path = page([run(root)], root / "index.html")
    before = path.read_bytes()
    broken = attrs.evolve(run(root), estimate=cast("Any", "none"))
    with pytest.raises(AttributeError):
        page([broken], path)
    assert path.read_bytes() == before and [*root.iterdir()] == [path]
    (root / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        page([], root / "file" / "index.html")


def test_a_folder_gets_an_index(root: Path) -> None:
    root.mkdir()
    assert page([], root) == root / "index.html"


def test_two_thousand_runs_fit_into_500_kib(root: Path) -> None:
    words = "A lighthouse at dusk, a storm is coming; wide angle, film grain, warm light {}"
    image = RunFile(role="output", kind="image", name="original/0.png", web="web/0.webp", thumb="thumb/0.webp")
    fields = {"aspect_ratio": "16:9", "resolution": "2K", "output_format": "png"}
    runs = [
        run(
            root, n, words.format(n), fields=fields, outputs=(image,), credits=Decimal(18), tags=("site",), seconds=21.5
        )
        for n in range(2000)
    ]
    assert page(runs, root / "index.html").stat().st_size <= 500 * 1024
