"""The commands that need no model: catalog, uploads, downloads, balance, prices, simulator."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kie import catalog
from kie._cli import values
from kie._cli.cli_context import CliContext
from kie.simulator import SimulatedService
from tests.cli.conftest import Invoke, VirtualService, document


def test_models_are_lines_of_tab_separated_values(kie: Invoke) -> None:
    lines = [line.split("\t") for line in kie("models").stdout.splitlines()]
    assert [line[0] for line in lines] == [model.id for model in catalog.models()]
    assert {len(line) for line in lines} == {6}


def test_models_are_filtered(kie: Invoke) -> None:
    assert "\nkling-3.0/video\t" in kie("models", "--provider", "kling").stdout
    found = {row["id"] for row in document(kie("models", "--category", "upscale", "--json"))}
    assert found == {model.id for model in catalog.models(category="upscale")}
    assert document(kie("models", "--search", "no such model", "--json")) == []
    everything = document(kie("models", "--status", "all", "--json"))
    assert len(everything) == len(catalog.models(status="all"))
    assert {"id", "class", "description", "provider", "categories", "status", "result"} <= set(everything[0])


def test_on_a_terminal_models_are_a_table(kie: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    from kie._cli import listing, model_commands

    for module in (listing, model_commands):
        monkeypatch.setattr(module, "is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "130")
    text = kie("models").stdout
    assert text.splitlines()[0].split() == ["Model", "Gives", "Provider", "Categories", "Typical", "Credits"]
    assert "nano-banana-pro" in text
    monkeypatch.setenv("COLUMNS", "90")
    assert kie("models").stdout.splitlines()[0].split() == ["Model", "Categories", "Typical", "Credits"]
    monkeypatch.setenv("COLUMNS", "80")
    text = kie("models").stdout
    assert text.splitlines()[0].split() == ["Model", "Categories", "Credits"]
    assert all(f"\n{model.id} " in text for model in catalog.models()), "no id is broken"
    assert "reference-to-video" in text, "no word is broken"


def test_a_model_shows_each_field_with_all_that_is_known(kie: Invoke) -> None:
    lines = kie("model", "Kling30Video").stdout.splitlines()
    rows = {row[0]: row for line in lines if len(row := line.split("\t")) == 6}
    assert rows["Field"] == ["Field", "Type", "Required", "Allowed", "Default", "Description"]
    assert rows["mode"][1:5] == ["string", "yes", "one of std, pro, 4K", ""]
    assert rows["aspect_ratio"][4] == "16:9"
    assert rows["image_urls"][1:4] == [
        "list of string",
        "",
        "at most 2 items; JPEG or PNG, up to 50 MB each; first frame, then last frame",
    ]
    assert rows["multi_prompt[].prompt"][1:4] == ["string", "yes", "1 to 500 characters"]
    assert "5 to 30 s" in rows["kling_elements[].element_input_audio_urls"][3]
    assert "- `multi_prompt` is needed when `multi_shots` is true." in lines
    assert lines[-1] == "kie run kling-3.0/video --duration … --mode … --save out"


@pytest.mark.parametrize("model", [model.id for model in catalog.models(status="all")])
def test_every_model_can_be_shown(kie: Invoke, model: str) -> None:
    assert kie("model", model).exit_code == 0
    shown = document(kie("model", model, "--json"))
    assert shown["id"] == model
    assert shown["json_schema"] == catalog.get(model).json_schema()
    assert {field.name for field in catalog.get(model).fields} <= {row["name"] for row in shown["fields"]}


def test_an_unknown_model_cannot_be_shown(kie: Invoke) -> None:
    outcome = kie("model", "klin-3.0/video")
    assert outcome.exit_code == 2
    assert "did you mean kling-3.0/video" in outcome.stderr


def test_a_file_is_uploaded_under_the_name_that_is_asked_for(
    kie: Invoke, service: VirtualService, picture: Path
) -> None:
    outcome = kie("upload", picture, "--name", "tower.png", "--folder", "mine", "--json")
    shown = document(outcome)
    assert shown["name"] == "tower.png"
    assert "mine" in shown["path"]
    assert shown["url"].startswith("http")
    assert kie("upload", "-", input=picture.read_bytes()).stdout.startswith("http")


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX's")
def test_the_output_of_a_program_is_uploaded_and_a_device_refused(
    kie: Invoke, service: VirtualService, picture: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["sh", "-c", f"cat '{picture}' > '{tmp_path / 'pipe'}'"]):
        assert kie("upload", tmp_path / "pipe").stdout.startswith("http")
    assert [file.body for file in service.state.files.uploads.values()] == [picture.read_bytes()]
    assert "not a regular file" in kie("upload", "/dev/zero").stderr
    assert (
        "is a device, not a file" in kie("run", "NanoBananaPro", "--prompt", "x", "--image-input", "/dev/zero").stderr
    )
    assert kie("upload", "https://example.com/a.png").stdout.startswith("http")
    assert kie("upload", "data:text/plain;base64,aGk=").stdout.startswith("http")


@pytest.mark.skipif(os.name != "posix", reason="devices are POSIX's")
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["run", "nano-banana-pro", "--dry-run", "--prompt", "@-"], "standard input"),
        (["run", "nano-banana-pro", "--dry-run", "--prompt", "x", "--image-input", "-"], "standard input"),
        (["run", "nano-banana-pro", "--dry-run", "--prompt", "@/dev/zero"], "/dev/zero"),
        (["batch", "-", "--out", "out.jsonl"], "standard input"),
        (["batch", "/dev/zero", "--out", "out.jsonl"], "/dev/zero"),
    ],
)
def test_what_does_not_end_is_not_read_for_ever(
    kie: Invoke, arguments: list[str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "MOST_READ", 1024**2)
    outcome = kie(*arguments, input=bytes(1024**2 + 1))
    assert outcome.exit_code == 2
    assert f"{name} has " in outcome.stderr
    assert "more than 1 MiB, the most that is read" in outcome.stderr


def test_a_file_that_is_not_there_is_not_uploaded(kie: Invoke) -> None:
    outcome = kie("upload", "gone.png")
    assert outcome.exit_code == 2
    assert "'gone.png' is neither a URL nor a file that exists" in outcome.stderr


@pytest.mark.parametrize("url", ["picture.png", "file:///etc/passwd", "https://user:secret@example.com/x.png"])
def test_what_is_not_the_url_of_a_file_is_a_wrong_argument(kie: Invoke, url: str) -> None:
    outcome = kie("download", url)
    assert (outcome.exit_code, "Invalid value for 'URL'" in outcome.stderr) == (2, True)
    assert "secret" not in outcome.output


def test_a_result_is_downloaded_without_the_key(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    url = kie("run", "nano-banana-pro", "--prompt", "x", "--quiet").stdout.strip()
    outcome = kie("download", url, "--to", tmp_path / "out")
    path = Path(outcome.stdout.strip())
    assert path.parent == tmp_path / "out"
    assert path.read_bytes().startswith(b"\x89PNG")
    assert document(kie("download", url, "--to", tmp_path, "--json"))["url"] == url
    assert service.state.leaked_keys == []


def test_the_balance_is_exact_and_can_be_a_condition(kie: Invoke, service: VirtualService) -> None:
    assert kie("credits").stdout == "1000\n"
    assert document(kie("credits", "--json", "--min", "999.5"))["credits"].startswith("1000")
    poor = kie("credits", "--min", "1000.01")
    assert poor.exit_code == 6
    assert "1000.01 are needed" in poor.stderr
    assert kie("credits", "--min", "lots").exit_code == 2
    assert kie("credits", "--min", "nan").exit_code == 2


def test_prices_need_no_key(kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIE_API_KEY")
    rows = [line.split("\t") for line in kie("prices").stdout.splitlines()]
    assert rows
    assert {len(row) for row in rows} == {6}
    shown = document(kie("prices", "--kind", "video", "--json"))
    assert {row["kind"] for row in shown} == {"video"}
    assert all(row["credits"] is None or isinstance(row["credits"], str) for row in shown)


def test_the_key_may_be_in_a_file_and_is_never_shown(
    kie: Invoke, service: VirtualService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIE_API_KEY")
    (tmp_path / "key").write_text(f"{service.api_key}\n")
    assert kie("credits", "--key-file", tmp_path / "key").exit_code == 0
    assert kie("--key-file", tmp_path / "key", "credits").exit_code == 0
    (tmp_path / "bad").write_text("not-the-key")
    outcome = kie("credits", "--key-file", tmp_path / "bad")
    assert outcome.exit_code == 1
    assert "not-the-key" not in outcome.output


def test_no_key_or_no_key_file_exits_with_2_and_says_how(kie: Invoke, tmp_path: Path) -> None:
    outcome = kie("credits", "--json")
    assert outcome.exit_code == 2
    assert "KIE_API_KEY" in document(outcome)["error"]["message"]
    assert kie("credits", "--key-file", tmp_path / "gone").exit_code == 2
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    assert "it is not UTF-8 text" in kie("credits", "--key-file", tmp_path / "binary").stderr
    (tmp_path / "empty").touch()
    assert "no API key" in kie("credits", "--key-file", tmp_path / "empty").stderr


def test_no_option_takes_the_key_itself(kie: Invoke) -> None:
    assert kie("credits", "--api-key", "x").exit_code == 2


def test_servers_are_options_before_or_after_the_command(
    kie: Invoke, listening: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIE_BASE_URL")
    for arguments in (("--base-url", listening.base_url, "credits"), ("credits", "--base-url", listening.base_url)):
        assert kie(*arguments).exit_code == 0
    outcome = kie("credits", "--base-url", "http://example.com", context=CliContext())
    assert outcome.exit_code == 2
    assert "must be https" in outcome.stderr


def test_the_simulator_is_served_with_what_was_asked_for(
    kie: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[SimulatedService] = []
    monkeypatch.setattr("kie.simulator.serve", lambda service, **_: served.append(service))
    faults = tmp_path / "f.json"
    faults.write_text('[{"on": "getTask", "do": "refuse"}]')
    options = ("--port", "8123", "--speed", "20", "--credits", "7.5", "--faults", str(faults), "--webhook-key", "w")
    assert kie("simulate", *options, "--accept-unknown", "--no-limits").exit_code == 0
    assert kie("simulate").exit_code == 0
    asked, plain = (service.state for service in served)
    assert (served[0]._port, asked.speed, str(asked.credits), asked.faults.rules[0].do) == (8123, 20.0, "7.5", "refuse")
    assert (asked.webhook_key, asked.accept_unknown, asked.limits) == ("w", True, False)
    assert (plain.accept_unknown, plain.limits) == (False, True)
    assert kie("simulate", "--port", "70000").exit_code == 2


def test_without_its_extra_the_simulator_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from kie.__main__ import main; main()"
    for arguments in (["simulate"], ["run", "nano-banana-pro", "--prompt", "x", "--simulate"]):
        outcome = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=120
        )
        assert outcome.returncode == 2
        assert "pip install 'kie[simulator]'" in outcome.stderr
        assert "Traceback" not in outcome.stderr
