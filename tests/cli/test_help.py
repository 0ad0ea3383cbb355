"""What `kie` says of itself and of the models."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kie import _cli as kie_cli
from kie import catalog
from kie._cli.app import root
from kie._cli.fields import entries, kebab
from kie._cli.run_command import command_of, common_options, execute
from tests.cli.conftest import Invoke, document

MODELS = [model.id for model in catalog.models(status="all")]


def test_the_help_documents_every_exit_code(kie: Invoke) -> None:
    text = kie("--help").stdout
    for code in (0, 1, 2, 3, 4, 5, 6, 130):
        assert f" {code}  " in text


def test_the_version_is_that_of_the_distribution(kie: Invoke) -> None:
    from kie import __version__

    assert kie("--version").stdout == f"kie {__version__}\n"


def commands(group: click.Group = root, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it, apart from those of single models."""
    for name, command in group.commands.items():
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


COMMANDS = dict(commands())


def _option_of_its_own(group: tuple[str, ...], command: click.Command) -> str | None:
    """An option with a value that a command takes, and its group does not."""
    above = COMMANDS[group] if group else root
    taken = [*above.params, *getattr(getattr(above, "default", None), "params", [])]
    known = {option for each in taken for option in each.opts}
    for each in command.params:
        if isinstance(each, click.Option) and not each.is_flag and known.isdisjoint(each.opts):
            return each.opts[0]
    return None


BY_WORDS = pytest.mark.parametrize("words", sorted(COMMANDS), ids=" ".join)


@BY_WORDS
def test_every_command_has_help_with_a_sentence(kie: Invoke, words: tuple[str, ...]) -> None:
    command, outcome = COMMANDS[words], kie(*words, "--help")
    assert outcome.exit_code == 0
    assert f"Usage: kie {' '.join(words)}" in outcome.stdout
    assert re.fullmatch(r"[A-Z].{8,58}\.", command.short_help or ""), "a line of the list of commands"
    assert re.match(r"[A-Z][^.]{8,}[.:(]", command.help or ""), "begins with a sentence"


@BY_WORDS
def test_every_option_of_a_command_has_help_with_a_sentence(words: tuple[str, ...]) -> None:
    options = [param for param in COMMANDS[words].params if isinstance(param, click.Option)]
    for option in options:
        assert re.fullmatch(r"[A-Z].{6,}[.)]", option.help or ""), f"{' '.join(words)} {option.opts}"


PRIVATE = re.compile(
    r"\b(face|wish|tell|told|teller|looks?|looked|strand|luck|thrift|dearer|seal|intake|ticket|claim|anew"
    r"|of late|so many|(?<!there )(?:is|are) no|a place|takes it up|goes on|noted?|shall)\b",
    re.IGNORECASE,
)
"""Words that people had to learn to use the program, and turns of phrase that nobody uses."""

MODULES = sorted(path for path in Path(kie_cli.__file__).parent.glob("*.py"))


def texts(path: Path) -> list[str]:
    """The help texts, messages and docstrings in a module."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_program_speaks_the_words_of_its_field(path: Path) -> None:
    found = [(match[0], text) for text in texts(path) for match in PRIVATE.finditer(text)]
    assert found == []


def test_a_private_word_would_be_found() -> None:
    for text in ("Look at a task once.", "'x' is no number", "End after so many callbacks.", "task 1 goes on"):
        assert PRIVATE.search(text)


@pytest.mark.parametrize("model", MODELS)
def test_the_help_of_every_model_shows_every_field_with_its_meaning(kie: Invoke, model: str) -> None:
    outcome = kie("run", model, "--help")
    assert outcome.exit_code == 0
    words = " ".join(outcome.stdout.split()).replace("- ", "-")  # a long option may be broken at a hyphen
    for field in catalog.get(model).fields:
        assert f"--{kebab(field.name)}" in words
    for field in catalog.get(model).required_fields:
        assert f"--{kebab(field.name)} …" in words
    assert words.count("[required]") == len(catalog.get(model).required_fields)


def test_help_shows_choices_bounds_defaults_and_media_facts(kie: Invoke) -> None:
    kling = " ".join(kie("run", "kling-3.0/video", "--help").stdout.split())
    assert "--mode [std|pro|4K]" in kling
    assert "--sound / --no-sound" in kling
    assert "prompt (string, 1 to 500 characters, required), duration (integer, 1 to 12, required)" in kling
    assert "(at most 2 items; JPEG or PNG, up to 50 MB each; first frame, then last frame) Repeatable." in kling
    wan = " ".join(kie("run", "wan/2-7-r2v", "--help").stdout.split())
    assert "--duration INTEGER" in wan
    assert "(2 to 10) [default: 5]" in wan
    dialogue = " ".join(kie("run", "elevenlabs/text-to-dialogue-v3", "--help").stdout.split())
    assert "one of af, ar, hy" in dialogue


@pytest.mark.parametrize("name", ["nano-banana-pro", "NanoBananaPro", "nano_banana_pro", "NANOBANANAPRO"])
def test_a_model_is_found_by_id_class_or_slug(kie: Invoke, name: str) -> None:
    outcome = kie("run", name, "--prompt", "x", "--dry-run")
    assert outcome.exit_code == 0
    assert document(outcome)["model"] == "nano-banana-pro"


def test_an_unknown_model_is_refused_with_the_nearest_names(kie: Invoke) -> None:
    outcome = kie("run", "google/nano-bananna", "--prompt", "x")
    assert outcome.exit_code == 2
    assert "google/nano-banana" in outcome.stderr
    assert "google/nano-banana-edit" in outcome.stderr
    assert "--unchecked" in outcome.stderr
    assert "Traceback" not in outcome.output


def test_no_model_has_two_options_of_one_name() -> None:
    for model in catalog.models(status="all"):
        command = command_of(model, execute)
        names = [kebab(n) for p in command.params for n in (*p.opts, *p.secondary_opts)]
        assert len(names) == len(set(names)), model.id


def test_a_field_named_like_an_option_of_run_gets_a_prefix() -> None:
    model = catalog.get("nano-banana-pro")
    found = entries(model, frozenset({"prompt", "no-resolution"}))
    assert {e.python: e.option for e in found if e.python in ("prompt", "resolution")} == {
        "prompt": "input-prompt",
        "resolution": "input-resolution",
    }


def test_every_option_that_all_models_share_has_help_with_a_sentence() -> None:
    for option in common_options():
        assert re.fullmatch(r"[A-Z].{6,}[.)]", option.help or ""), option.opts


def test_choices_and_files_are_completed_by_the_shell() -> None:
    from click.shell_completion import ShellComplete

    complete = ShellComplete(root, {}, "kie", "_KIE_COMPLETE")
    found = complete.get_completions(["run", "kling-3.0/video", "--mode"], "p")
    assert [item.value for item in found] == ["pro"]
    assert complete.get_completions(["run", "kling-3.0/video", "--image-urls"], "a")[0].type == "file"
    assert "nano-banana-pro" in [item.value for item in complete.get_completions(["run"], "nano")]


@pytest.mark.parametrize("missing", ["click", "rich", "platformdirs"])
def test_without_its_extra_the_script_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from kie.__main__ import main; main()"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert outcome.returncode == 2
    assert outcome.stderr == f"kie: the command line needs {missing}: pip install 'kie[cli]'\n"
    assert outcome.stdout == ""


def test_importing_the_package_loads_nothing_of_the_command_line() -> None:
    code = "import sys, kie; print([m for m in sys.modules if m in ('click', 'rich', 'platformdirs', 'kie._cli')])"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert outcome.stdout == "[]\n"


def test_the_module_runs_as_the_script_does() -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "kie", "--version"], capture_output=True, text=True, check=True, timeout=120
    )
    assert outcome.stdout.startswith("kie ")


def test_the_program_without_arguments_shows_its_help(kie: Invoke) -> None:
    assert "Usage: kie" in kie().output
    assert isinstance(root, click.Group)


@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize(
    "words",
    [
        (),
        *COMMANDS,
        *(("run", id) for id in ("veo-3-1", "grok-imagine-image-2-0/segment-edit", "pixverse-v6/image-to-video")),
    ],
    ids=lambda words: " ".join(words) or "kie",
)
def test_help_is_broken_between_words_alone_and_fits_the_screen(
    words: tuple[str, ...], columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(width: int) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        with pytest.raises(SystemExit):
            root.main([*words, "--help"])
        return capsys.readouterr().out

    text = shown(columns)
    assert sorted(text.split()) == sorted(shown(400).split())
    names = re.compile(r" +\S+|  --\S+ / --\S+")  # a word, and the two names of a switch, are longer than some lines
    assert [line for line in text.splitlines() if len(line) > columns and not names.fullmatch(line)] == []


def test_the_list_of_commands_is_shown_without_importing_any() -> None:
    code = "import sys; from kie._cli.app import root; root.main(['--help'])"
    script = (
        f"import sys\ntry:\n    exec({code!r})\nfinally:\n    print([m for m in sys.modules if m.startswith('kie')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    loaded = set(ast.literal_eval(done.stdout.splitlines()[-1]))
    assert "Show the balance." in done.stdout
    assert not {name for name in loaded if "command" in name or name in ("kie._client", "kie.catalog")}


def test_completing_the_name_of_a_command_says_what_it_does() -> None:
    found = {item.value: item.help for item in root.shell_complete(click.Context(root), "pri")}
    assert found == {"price": "Say what a request would cost.", "prices": "Show the public price list."}


GROUPS = [
    words
    for words, command in COMMANDS.items()
    if isinstance(command, click.Group) and words[0] not in ("run", "price")
]
BEFORE = [
    (group, words[-1], option)
    for group in [(), *GROUPS]
    for words, command in COMMANDS.items()
    if words[:-1] == group and not isinstance(command, click.Group)
    for option in [_option_of_its_own(group, command)]
    if option is not None
]


@pytest.mark.parametrize(("group", "name", "option"), BEFORE, ids=lambda part: " ".join(part) if part else "kie")
def test_options_before_their_command_belong_after_it(
    kie: Invoke, group: tuple[str, ...], name: str, option: str
) -> None:
    outcome = kie(*group, option, "kept-to-ourselves", name)
    assert outcome.exit_code == 2
    assert (
        f"the command comes first, and its options after it: kie {' '.join([*group, name])} {option} …"
        in outcome.stderr
    )
    assert "kept-to-ourselves" not in outcome.output


@pytest.mark.parametrize("group", [words for words in GROUPS if words[0] in ("library", "presets")], ids=" ".join)
def test_a_word_that_names_no_command_of_a_group_is_reported_so(kie: Invoke, group: tuple[str, ...]) -> None:
    outcome = kie(*group, "nonesuch")
    assert outcome.exit_code == 2
    assert "No such command 'nonesuch'" in outcome.stderr
    assert f"Usage: kie {group[0]} [OPTIONS]" in outcome.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nano-banana-pro", "'nano-banana-pro' is a model, not a command: `kie run nano-banana-pro` runs it"),
        ("kling-3.0/video", "`kie run kling-3.0/video` runs it"),
        ("NanoBananaPro", "`kie run nano-banana-pro` runs it"),
        ("veo", "`kie run veo` runs it"),
        ("nano-bananna-pro", "No such command 'nano-bananna-pro'. Did you mean `kie run nano-banana-pro`?"),
        ("rnu", "No such command 'rnu'."),
    ],
)
def test_the_name_of_a_model_as_a_command_says_how_to_run_it(kie: Invoke, name: str, said: str) -> None:
    outcome = kie(name, "--prompt", "A fox")
    assert (outcome.exit_code, said in outcome.stderr, outcome.stdout) == (2, True, "")
    outcome = kie(name, "--prompt", "A fox", "--json")
    assert outcome.exit_code == 2 and said in document(outcome)["error"]["message"]
