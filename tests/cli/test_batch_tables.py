"""`kie batch` with tables: CSV in and out, what holds for all lines, and what a second run does."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kie import ConfigError
from kie._cli.batch_lines import Defaults, GivenLine, Line, LineReader, read_rows, seeds_of
from kie._cli.batch_table import cell_of, is_csv, write_csv
from kie.models import NanoBananaPro
from tests.cli.conftest import At, Invoke, VirtualService, document

MODEL = "nano-banana-pro"
SEEDED = "bytedance/seedream"


def read_lines(data: bytes, name: str = "-", defaults: Defaults | None = None) -> list[Line]:
    reader = LineReader(defaults or Defaults())
    return [reader.line(row) for row in seeded(read_rows(io.BytesIO(data), name), reader.defaults.seeds)]


def seeded(rows: Iterator[GivenLine], seeds: Sequence[int]) -> Iterator[GivenLine]:
    return (attrs.evolve(row, seed=seed) for row in rows for seed in seeds or (None,))


def inputs(lines: list[Line]) -> list[dict[str, Any]]:
    """What the requests of the lines would send."""
    assert [line.fault for line in lines] == [None] * len(lines)
    return [dict(line.request._encode()[0]) for line in lines if line.request is not None]


def read(text: str, name: str = "x.csv", **defaults: Any) -> list[Line]:
    return read_lines(text.encode(), name, Defaults(**defaults))


def faults(lines: list[Line]) -> list[str]:
    return [str(line.fault["message"]) if isinstance(line.fault, dict) else "" for line in lines]


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "batch.csv"
        path.write_text(text, "utf-8")
        return path

    return write


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_header_names_the_fields_and_an_empty_cell_gives_nothing() -> None:
    lines = read(f'id,model,prompt,resolution\na,{MODEL},A fox,2K\nb,{MODEL},@home,\n\nc,{MODEL},"two\nlines",\n')
    assert [(line.number, line.id) for line in lines] == [(2, "a"), (3, "b"), (5, "c")]
    first, second, third = inputs(lines)
    assert (first["prompt"], first["resolution"]) == ("A fox", "2K")
    assert second["prompt"] == "@home", "no file is read for a text"
    assert second.get("resolution") != ""
    assert third["prompt"] == "two\nlines"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_may_be_separated_as_spreadsheets_do(delimiter: str) -> None:
    rows = [["model", "prompt"], [MODEL, "x"]]
    text = "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    assert [body["prompt"] for body in inputs(read(text))] == ["x"]


@pytest.mark.parametrize("said", ["sep=|", '"sep=|"', "SEP=|\r"])
def test_a_first_line_may_say_what_stands_between_cells(said: str) -> None:
    text = f"{said}\nmodel|prompt\n{MODEL}|A fox; red, and quick\n"
    for name in ("a.csv", "-"):
        lines = read(text, name)
        assert [line.number for line in lines] == [3]
        assert inputs(lines)[0]["prompt"] == "A fox; red, and quick"


def test_cells_become_numbers_switches_and_lists_as_their_fields_ask(tmp_path: Path) -> None:
    pictures = [tmp_path / name for name in ("a.png", "b.png")]
    for picture in pictures:
        picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    header = "model,prompt,duration,mode,sound,image_urls"
    rows = [f"kling-3.0/video,x,5,std,{typed},{pictures[0]} | {pictures[1]}" for typed in ("TRUE", "no")]
    lines = read("\n".join([header, *rows]))
    assert [body["sound"] for body in inputs(lines)] == [True, False]
    assert len(inputs(lines)[0]["image_urls"]) == 2
    [seeded] = read(f"model,prompt,seed\n{SEEDED},x,7\n")
    assert inputs([seeded])[0]["seed"] == 7
    shots = json.dumps([{"prompt": "a", "duration": 3}]).replace('"', '""')
    [line] = read(f'model,duration,mode,multi_shots,multi_prompt\nkling-3.0/video,5,std,true,"{shots}"\n')
    assert inputs([line])[0]["multi_prompt"] == [{"prompt": "a", "duration": 3}]


def test_a_column_is_named_as_in_python_on_the_wire_or_as_an_option() -> None:
    assert read(f"ID,Model,Prompt\n7,{MODEL},x\n")[0].id == "7"
    for name in ("aspect_ratio", "aspect-ratio", "Aspect Ratio"):
        assert inputs(read(f"model,prompt,{name}\n{MODEL},x,16:9\n"))[0]["aspect_ratio"] == "16:9"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model,,prompt\n", "column 2 has no name"),
        ("model,prompt,prompt\n", "column 3 is named prompt, like an earlier one"),
        (f'model,prompt\n{MODEL},"x\n', "is not CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read(text)
    with pytest.raises(ConfigError, match="not UTF-8 text; save it as"):
        read_lines("prompt\nGrüße\n".encode("latin-1"), "x.csv")


def test_a_row_with_too_many_cells_is_the_only_one_that_is_wrong() -> None:
    lines = read(f"model,prompt\n{MODEL},a fox, running\n{MODEL},b\n")
    assert "has 3 cells, but the header has 2; a text with ',' needs quotes" in faults(lines)[0]
    assert faults(lines)[1] == ""


@pytest.mark.parametrize(
    ("name", "text", "csv_"),
    [
        ("a.csv", "{}", True),
        ("a.tsv", "x", True),
        ("a.jsonl", "model,prompt", False),
        ("-", "model,prompt\n", True),
        ("-", '"model";"prompt"\n', True),
        ("-", '{"model": 1}\n', False),
        ("list.txt", "{broken", False),
        ("prompts.txt", "prompt\nA lighthouse\n", True),
        ("prompts.txt", "Prompt;Aspect Ratio\n", True),
        ("prompts.txt", "animal\nfox\n", True),
        ("prompts.txt", "animal\n", False),
        ("prompts.txt", "A lighthouse at dusk\n", False),
        ("-", "A lighthouse at dusk\nA fox\n", False),
        ("-", "A lighthouse, oil painting\nA fox, ink\n", False),
    ],
)
def test_csv_is_known_by_its_name_else_by_its_first_line(name: str, text: str, csv_: bool) -> None:
    assert is_csv(name, text.encode()) is csv_


@pytest.mark.parametrize("text", ["Product Name,Colour\nchair,red\n", "Colour;Product Name\nred;chair\n"])
@pytest.mark.parametrize("source", ["products.txt", "-"])
def test_a_header_has_the_columns_that_the_command_names(
    kie: Invoke, service: VirtualService, tmp_path: Path, text: str, source: str
) -> None:
    place = source if source == "-" else str(tmp_path / source)
    if source != "-":
        Path(place).write_text(text)
    template = ("--model", MODEL, "--prompt", "A {Product Name}", "--ignore", "Colour")
    outcome = kie("batch", place, *template, "--out", tmp_path / "out.jsonl", input=text.encode())
    assert outcome.exit_code == 0
    assert [task.input["prompt"] for task in service.state.accepted] == ["A chair"]


@pytest.mark.parametrize("text", ["A lighthouse at dusk", "A lighthouse at dusk\r\nA fox, in ink!\r\n", "A fox!"])
@pytest.mark.parametrize("source", ["prompts.txt", "prompts", "-"])
def test_a_file_of_plain_prompts_is_refused_with_its_first_line(
    kie: Invoke, service: VirtualService, tmp_path: Path, text: str, source: str
) -> None:
    place = source if source == "-" else str(tmp_path / source)
    if source != "-":
        Path(place).write_bytes(text.encode("utf-8-sig"))
    for more in ((), ("--dry-run",)):
        args = ("batch", place, "--model", MODEL, "--out", tmp_path / "out.jsonl", "--json", *more)
        outcome = kie(*args, input=text.encode())
        assert (outcome.exit_code, service.state.accepted) == (2, [])
        said = document(outcome)["error"]["message"]
        assert "is neither JSON Lines nor CSV: its first line is 'A " in said and "such as `prompt`" in said


@pytest.mark.parametrize(
    "text", ['[\n{"prompt": "a"},\n{"prompt": "b"}\n]\n', '[ {"prompt": "a"}]', '{\n "prompt": "a"\n}\n']
)
@pytest.mark.parametrize("name", ["list.json", "list.jsonl", "list"])
def test_a_json_document_over_several_lines_is_refused_as_a_whole(text: str, name: str) -> None:
    with pytest.raises(
        ConfigError, match="is one JSON document, not JSON Lines: write each request as an object on a l"
    ):
        read_lines(text.encode(), name)


@pytest.mark.parametrize("first", ["[", "{", '[{"prompt": "a"}]', '[{"pro'])
@pytest.mark.parametrize(
    "below", ['{"prompt": "b"}', '{"prompt": "b"}\n{"prompt": "c"}\n', '{"prom\n\n{"prompt": "b"}\nx\n']
)
def test_a_first_line_that_is_spoilt_does_not_make_a_document_of_lines(first: str, below: str) -> None:
    spoilt, *others = read(f"{first}\n{below}", "x.jsonl", model=MODEL)
    assert spoilt.request is None
    assert [line.request.prompt for line in others if isinstance(line.request, NanoBananaPro)][:1] == ["b"]


@pytest.mark.parametrize("first", ["# requests", '"prompt": "a"}', "Reading list: done"])
@pytest.mark.parametrize("name", ["-", "requests.txt"])
def test_a_first_line_that_is_no_json_stops_no_line_below_it(first: str, name: str) -> None:
    spoilt, line = read(f'{first}\n{{"prompt": "b"}}\n', name, model=MODEL)
    assert spoilt.request is None
    assert isinstance(line.request, NanoBananaPro) and line.request.prompt == "b"


def test_a_csv_file_with_one_line_that_is_a_prompt_is_refused() -> None:
    with pytest.raises(ConfigError, match="has only one line, 'A lighthouse at dusk', and that is its header"):
        read("A lighthouse at dusk\n")
    assert read("prompt\n") == read("animal\n") == read("Aspect Ratio\n") == []


def test_the_command_gives_model_and_fields_to_lines_without_them() -> None:
    own = {"model": "z-image", "prompt": "c", "aspect_ratio": "1:1"}
    text = f'{{"prompt": "a"}}\n{{"prompt": "b", "resolution": "4K"}}\n{json.dumps(own)}\n'
    lines = read(text, "x.jsonl", model=MODEL, fields={"resolution": "2K"})
    assert [line.model for line in lines] == [MODEL, MODEL, "z-image"]
    assert [line.request._encode()[0].get("resolution") for line in lines if line.request] == ["2K", "4K"]
    [inner] = read('{"input": {"prompt": "a"}}\n', "x.jsonl", model=MODEL, fields={"resolution": "2K"})
    assert inputs([inner])[0]["resolution"] == "2K"


def test_a_template_takes_what_the_line_gives() -> None:
    lines = read("animal,city\nfox,Rome\nowl,\n", model=MODEL, fields={"prompt": "A {animal} in {{old}} {city}"})
    assert inputs(lines[:1])[0]["prompt"] == "A fox in {old} Rome"
    assert "the template needs `city`; the line has animal" in faults(lines)[1]
    assert "animal" not in inputs(lines[:1])[0]


def test_a_column_that_is_not_a_field_is_refused_unless_it_is_ignored() -> None:
    text = f"model,prompt,note\n{MODEL},x,mine\n"
    assert "note" in faults(read(text))[0]
    [line] = read(text, ignored=frozenset({"note"}))
    assert "note" not in inputs([line])[0]
    assert line.fields["note"] == "mine"


def test_seeds_make_a_line_several() -> None:
    lines = read(f"id,model,prompt\na,{SEEDED},x\nb,{SEEDED},y\n", seeds=[1, 2])
    assert [line.id for line in lines] == ["a-1", "a-2", "b-1", "b-2"]
    assert [body["seed"] for body in inputs(lines)] == [1, 2, 1, 2]
    assert len({line.key for line in read(f"model,prompt\n{SEEDED},x\n", seeds=[1, 2, 3])}) == 3
    assert "`seed` is given in the line" in faults(read(f"model,prompt,seed\n{SEEDED},x,3\n", seeds=[1]))[0]
    assert "seed" in faults(read(f"model,prompt\n{MODEL},x\n", seeds=[1]))[0], "the model has no such field"


@pytest.mark.parametrize(("text", "seeds"), [("1-4", [1, 2, 3, 4]), ("7", [7]), ("1, 5,9-11", [1, 5, 9, 10, 11])])
def test_seeds_are_numbers_and_ranges(text: str, seeds: list[int]) -> None:
    assert seeds_of(text) == seeds


@pytest.mark.parametrize("text", ["", "a", "4-1", "1-", "1-99999999"])
def test_what_does_not_name_seeds_is_refused(kie: Invoke, sheet: Callable[[str], Path], text: str) -> None:
    outcome = kie("batch", sheet("prompt\nx\n"), "--model", MODEL, "--dry-run", "--seeds", text)
    assert outcome.exit_code == 2
    assert "--seeds must be numbers and ranges" in outcome.stderr


def test_the_same_line_has_the_same_key_without_defaults_as_ever() -> None:
    [line] = read('{"model": "m", "prompt": "p"}\n', "x.jsonl")
    assert line.key == "874d182380c9813a"
    assert read('{"prompt": "p"}\n', "x.jsonl", model="m")[0].key == line.key


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), st.integers(), st.booleans(), st.none()
)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
@settings(max_examples=30)
def test_a_table_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]) -> None:
    path = tmp_path_factory.mktemp("table") / "t.csv"
    write_csv(str(path), ["a", "b"], [dict(zip("ab", row, strict=True)) for row in rows])
    assert [[row["a"], row["b"]] for row in table(path)] == [[cell_of(cell) for cell in row] for row in rows]


def test_a_table_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    with pytest.raises(ConfigError, match=r"the --table file .* cannot be written"):
        write_csv(str(tmp_path / "t"), ["a"], [])
    assert [path.name for path in tmp_path.iterdir()] == ["t"]


def test_the_table_has_every_field_and_what_came_of_it(
    kie: Invoke, at: At, sheet: Callable[[str], Path], tmp_path: Path
) -> None:
    service = at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 2}])
    source = sheet("id,prompt,note,resolution\na,A fox,mine,2K\nb,bad,,\nc,x,,9K\n")
    results = tmp_path / "results.csv"
    command = ("batch", source, "--model", MODEL, "--ignore", "note", "--concurrency", "1")
    outcome = kie(*command, "--out", tmp_path / "o.jsonl", "--save", tmp_path / "out", "--table", results)
    assert outcome.exit_code == 3, outcome.output
    first, second, third = table(results)
    assert list(first) == ["line", "id", "model", "prompt", "note", "resolution",
                           "state", "file", "url", "credits", "seconds", "ref", "error"]  # fmt: skip
    assert (first["id"], first["prompt"], first["note"], first["state"]) == ("a", "A fox", "mine", "succeeded")
    assert Path(first["file"]).is_file()
    assert float(first["credits"]) > 0 and float(first["seconds"]) > 0
    assert {first["ref"], second["ref"]} == {task.task_id for task in service.state.accepted}
    assert (second["state"], third["state"]) == ("failed", "invalid")
    assert second["error"] and "9K" in third["error"]


def test_the_table_has_the_seeds(
    kie: Invoke, service: VirtualService, sheet: Callable[[str], Path], tmp_path: Path
) -> None:
    results = tmp_path / "results.csv"
    kie("batch", sheet("prompt\nx\n"), "--model", SEEDED, "--seeds", "3-4", "--out", tmp_path / "o", "--table", results)
    assert [row["seed"] for row in table(results)] == ["3", "4"]


def test_the_table_may_not_replace_the_input_or_the_output_file(
    kie: Invoke, service: VirtualService, sheet: Callable[[str], Path], tmp_path: Path
) -> None:
    source = sheet(f"model,prompt\n{MODEL},x\n")
    before = source.read_bytes()
    assert "--table names the input file" in kie("batch", source, "--out", "o", "--table", source).stderr
    assert "the same file" in kie("batch", source, "--out", tmp_path / "o", "--table", tmp_path / "o").stderr
    assert (source.read_bytes(), service.state.accepted) == (before, [])


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are POSIX's")
def test_a_table_takes_the_place_of_nothing_but_a_file(
    kie: Invoke, service: VirtualService, sheet: Callable[[str], Path], tmp_path: Path
) -> None:
    source, pipe, link = sheet(f"model,prompt\n{MODEL},x\n"), tmp_path / "pipe", tmp_path / "link.csv"
    os.mkfifo(pipe)  # what is said of it holds of /dev/null and every other device, too
    for more in (["--dry-run"], ["--out", tmp_path / "o"]):
        outcome = kie("batch", source, *more, "--table", pipe)
        assert (outcome.exit_code, "it is not a regular file" in outcome.stderr) == (2, True)
    with pytest.raises(ConfigError, match="not a regular file"):
        write_csv(str(pipe), ["a"], [])
    assert (pipe.is_fifo(), service.state.accepted) == (True, [])
    link.symlink_to(tmp_path / "real.csv")
    assert kie("batch", source, "--out", tmp_path / "o", "--table", link).exit_code == 0
    assert link.is_symlink() and table(tmp_path / "real.csv")[0]["prompt"] == "x"


def test_a_dry_run_needs_no_output_file_and_a_run_does(kie: Invoke, sheet: Callable[[str], Path]) -> None:
    source = sheet("prompt\nx\ny\n")
    assert kie("batch", source, "--model", MODEL, "--dry-run").stdout.startswith("2 lines: 2 to run")
    outcome = kie("batch", source, "--model", MODEL)
    assert (outcome.exit_code, "--out PATH is needed" in outcome.stderr) == (2, True)


def test_failed_lines_are_run_again_on_demand_only_and_their_errors_are_repeated(
    kie: Invoke, at: At, sheet: Callable[[str], Path], tmp_path: Path
) -> None:
    service = at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 1}])
    out = tmp_path / "o.jsonl"
    command = ("batch", sheet("prompt\nx\ny\n"), "--model", MODEL, "--out", out, "--concurrency", "1")
    first = kie(*command)
    why = next(line for line in first.stderr.splitlines() if line.startswith("line 2: failed: "))
    again = kie(*command)
    assert (again.exit_code, len(service.state.accepted)) == (3, 2)
    assert why in again.stderr.splitlines()
    assert "--retry-failed runs the failed lines again" in again.stderr
    third = kie(*command, "--retry-failed")
    assert (third.exit_code, third.stdout, len(service.state.accepted)) == (0, "2 succeeded\n", 3)
    assert [row["state"] for row in records(out)] == ["succeeded"] * 2


def test_only_missing_runs_new_lines_and_fetches_files_that_are_gone(
    kie: Invoke, at: At, sheet: Callable[[str], Path], tmp_path: Path
) -> None:
    service = at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 1}])
    out, folder = tmp_path / "o.jsonl", tmp_path / "out"
    command = ("--model", MODEL, "--out", out, "--save", folder, "--concurrency", "1")
    kie("batch", sheet("prompt\nbad\nx\ny\n"), *command)
    gone = Path(records(out)[1]["files"][0])
    gone.unlink()
    outcome = kie("batch", sheet("prompt\nbad\nx\ny\nz\n"), *command, "--only-missing")
    assert outcome.exit_code == 3
    assert len(service.state.accepted) == 4, "the failed line is left alone, nothing is paid twice"
    assert all(Path(row["files"][0]).is_file() for row in records(out)[1:])
    assert len(list(folder.iterdir())) == 3
    assert "choose one" in kie("batch", "-", *command, "--only-missing", "--retry-failed").stderr


def test_wrong_lines_are_counted_and_ten_kinds_of_faults_shown(kie: Invoke, sheet: Callable[[str], Path]) -> None:
    same = kie("batch", sheet("prompt,colour\n" + "x,red\n" * 30), "--model", MODEL, "--dry-run")
    assert same.exit_code == 2
    [fault] = [line for line in same.stderr.splitlines() if "lines (" in line]
    assert fault.startswith("30 lines (2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 20 more): invalid:")
    each = "".join(f"x,{number}K\n" for number in range(100, 125))
    several = kie("batch", sheet("prompt,resolution\n" + each), "--model", MODEL, "--dry-run")
    assert sum(line.startswith("line ") for line in several.stderr.splitlines()) == 10
    assert "and 15 more lines with 15 other errors; --json lists all of them" in several.stderr
    shown = document(kie("batch", sheet("prompt,resolution\n" + each), "--model", MODEL, "--dry-run", "--json"))
    assert len(shown["faults"]) == 25


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    st.sampled_from(["x.csv", "x.jsonl", "-"]),
)
def test_no_file_whatever_it_holds_ends_in_anything_but_lines_or_a_sentence(data: bytes, name: str) -> None:
    try:
        lines = read_lines(data, name, Defaults(model=MODEL, fields={"prompt": "{a} {}"}, seeds=[1]))
    except ConfigError as error:
        assert name in error.message
        return
    assert all(line.request is not None or line.fault is not None for line in lines)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3), st.lists(st.text(max_size=20), max_size=4))
def test_any_header_and_any_cells_give_a_line_or_a_sentence(header: list[str], cells: list[str]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([header, cells])
    try:
        lines = read_lines(file.getvalue().encode("utf-8", "replace"), "x.csv", Defaults(model=MODEL))
    except ConfigError:
        return
    assert len(lines) <= 1


def test_a_column_that_is_not_a_field_is_reported_with_how_to_do_without_it() -> None:
    [fault] = faults(read_lines(b"prompt,colour\nx,red\n", "a.csv", Defaults(model=MODEL)))
    assert "colour: is not a field of this model" in fault
    assert "--ignore colour leaves the column out; {colour} in a text is replaced with its cell" in fault


def test_seeds_for_a_model_without_seeds_are_reported_by_the_option() -> None:
    for fault in faults(read_lines(b"prompt\nx\n", "a.csv", Defaults(model=MODEL, seeds=[1, 2]))):
        assert "seed: is not a field of this model: leave --seeds out" in fault


@pytest.mark.parametrize(("template", "named"), [("{}", "`{}`"), ("{0} {1}", "`0`, `1`"), ("{fox} {a b}", "`a b`")])
def test_slots_that_no_column_fills_are_reported_one_by_one(template: str, named: str) -> None:
    defaults = Defaults(model=MODEL, fields={"prompt": template})
    [fault] = faults(read_lines(b"id,fox\n1,red\n", "a.csv", defaults))
    assert f"the template needs {named}; the line has id, fox; write a literal brace twice" in fault


def test_everything_that_is_wrong_with_a_line_is_reported_at_once() -> None:
    reader = LineReader(Defaults(model="nano-banana-pr", fields={"prompt": "A {animl}"}))
    made = reader.line(GivenLine(number=2, text="", given={"animal": "fox"}, cells=True))
    assert isinstance(made.fault, dict)
    said = str(made.fault["message"])
    assert "the template needs `animl`" in said and "no model 'nano-banana-pr' in the catalog" in said
    assert "RawRequest" not in said, "the library's way is not one of the command line"
    reader = LineReader(Defaults(model=MODEL, fields={"prompt": "{animl}"}))
    made = reader.line(GivenLine(number=2, text="", given={"id": 2.5, "resolution": "9K"}, cells=True))
    assert isinstance(made.fault, dict)
    said = str(made.fault["message"])
    assert all(part in said for part in ("`id` must be text", "the template needs `animl`", 'resolution: "9K" is not'))
    assert "prompt" not in said, "nobody knows yet what it will be"


def test_every_option_that_is_wrong_is_reported_at_once(kie: Invoke, sheet: Callable[[str], Path]) -> None:
    wrong = ("--seeds", "x", "--shard", "3/2", "--rate", "foo", "--set", "a", "--sidecar")
    outcome = kie("batch", sheet("prompt\nx\n"), *wrong)
    assert outcome.exit_code == 2
    for option in ("--seeds must be", "--shard", "--rate (KIE_RATE)", "--set", "--sidecar needs", "--out PATH"):
        assert option in outcome.stderr, option


def test_a_quoted_text_without_an_end_is_reported() -> None:
    with pytest.raises(ConfigError, match=r"a\.csv is not CSV: a quoted text is not closed"):
        read_lines(b'prompt\n"x\n', "a.csv")


def test_files_that_were_not_saved_leave_their_cells_empty(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("prompt\nx\n")
    done = kie(
        "batch", tmp_path / "a.csv", "--model", MODEL, "--out", tmp_path / "o.jsonl", "--table", tmp_path / "t.csv"
    )
    assert done.exit_code == 0, done.output
    [row] = csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text("utf-8")))
    assert row["file"] == "" and row["url"].startswith("https://")


@pytest.mark.parametrize(("rows", "said"), [("", "0 lines: nothing to run"), ("x\n", "1 line: 1 to run")])
def test_the_plan_counts_in_words(kie: Invoke, service: VirtualService, tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / "a.csv").write_text(f"prompt\n{rows}")
    assert kie("batch", tmp_path / "a.csv", "--model", MODEL, "--dry-run").stdout.splitlines()[0] == said
