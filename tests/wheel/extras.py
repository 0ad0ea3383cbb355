"""What an installed wheel has to be able to do with the extra that the argument names: each feature is run."""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
import warnings
import wave
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from subprocess import PIPE
from typing import Any

from service import png, serving  # type: ignore[import-not-found]

import kie
from kie import Kie, MediaRejected
from kie.models import BytedanceSeedance20, Kling30Video, Kling30VideoElement, NanoBananaPro, SunoGenerate
from kie.telemetry import Observer

assert "site-packages" in kie.__file__, kie.__file__

SECRET = "whsec_of_the_trial"
PROMPT = ("nano-banana-pro", "--prompt", "A lighthouse")


def wav(seconds: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000 * seconds))
    return out.getvalue()


def run(*arguments: object, code: int = 0, **variables: str) -> str:
    """Run `kie`, and return what it wrote to both streams."""
    command = [sys.executable, "-W", "error", "-m", "kie", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **variables}, timeout=120)
    told = done.stdout + done.stderr
    assert done.returncode == code and "Traceback" not in told, f"{arguments} exits with {done.returncode}: {told}"
    return told


@contextmanager
def started(*arguments: object, until: str, **variables: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A command that serves, with what it has told until a word."""
    command = [sys.executable, "-m", "kie", *map(str, arguments)]
    environ = {**os.environ, **variables, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environ, stdout=PIPE, stderr=subprocess.STDOUT, text=True) as program:
        try:
            assert program.stdout is not None
            told = ""
            while until not in told:
                line = program.stdout.readline()
                assert line, f"{arguments}: {told}"
                told += line
            yield told, program
        finally:
            program.kill()


def cli(folder: Path) -> None:
    """Every command's help, what needs no service, and the receiver of callbacks."""
    from kie._cli.app import root

    def paths(group: object, *above: str) -> Iterator[tuple[str, ...]]:
        for name, command in getattr(group, "commands", {}).items():
            yield (*above, name)
            yield from paths(command, *above, name)

    for path in [(), *paths(root), ("run", "nano-banana-pro"), ("run", "SunoGenerate")]:
        assert "Usage: kie" in run(*path, "--help"), path
    assert run("--version") == f"kie {kie.__version__}\n"
    assert "nano-banana-pro\t" in run("models", "--kind", "image")
    assert json.loads(run("model", "nano-banana-pro", "--json"))["id"] == "nano-banana-pro"
    assert "aspect_ratio" in run("model", "nano-banana-pro")
    assert "A lighthouse" in run("run", *PROMPT, "--dry-run")
    assert "--prompt" in run("run", "nano-banana-pro", "--dry-run", code=2)
    assert "kie run MODEL" in run("run", "--prompt", "x", code=2)
    completed = run(_KIE_COMPLETE="bash_complete", COMP_WORDS="kie run nano-banana-pro --resolution ", COMP_CWORD="4")
    assert "4K" in completed, completed
    batch = folder / "in.jsonl"
    batch.write_text('{"id": "a", "model": "nano-banana-pro", "prompt": "x"}\n')
    run("batch", batch, "--out", folder / "out.jsonl", "--dry-run")
    run("tasks", KIE_JOURNAL=str(folder / "journal"))
    with serving() as base:
        service = {"KIE_BASE_URL": base, "KIE_UPLOAD_URL": base, "KIE_API_KEY": "trial"}
        told = run("run", *PROMPT, "--save", folder / "out", KIE_JOURNAL=str(folder / "journal"), **service)
        assert "abc_0.png" in told
    with started("webhook", "serve", "--port", 0, "--count", 1, until="http://", KIE_WEBHOOK_SECRET=SECRET) as (
        told,
        program,
    ):
        deliver(told, program)


def deliver(told: str, program: "subprocess.Popen[str]") -> None:
    from kie.webhooks import sign

    (address,) = re.findall(r"http://\S+", told)[:1]
    data = {"taskId": "abc", "state": "success", "model": "x", "resultJson": '{"resultUrls": ["https://e.com/a.png"]}'}
    body = json.dumps({"code": 200, "msg": "success", "data": data}).encode()
    with urllib.request.urlopen(urllib.request.Request(address, body, dict(sign(body, SECRET)))) as answer:
        assert answer.status == 200
    rest, _ = program.communicate(timeout=60)
    assert program.returncode == 0 and "https://e.com/a.png" in rest, rest


def keyring(folder: Path) -> None:
    """A key in a keystore, as `kie init` keeps it: a trial must not touch that of the system."""
    import keyring
    from keyring.backend import KeyringBackend

    from kie._cli import config

    kept: dict[tuple[str, str], str] = {}

    class Memory(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    keyring.set_keyring(Memory())  # type: ignore[no-untyped-call]
    assert config.keep_key("trial", "a key", in_file=False) == {config.KEYSTORE: True}
    assert config.stored_key(config.Profile(name="trial", keystore=True)) == "a key"


def preview(folder: Path) -> None:
    """A picture in a terminal. Ours draws half blocks, which `kie` does not settle for, so they are named otherwise."""
    from textual_image import renderable

    from kie._cli import present

    Drawn = type("Drawn", (renderable.HalfcellImage,), {})
    renderable.Image, present.is_terminal = Drawn, lambda _: True  # type: ignore[assignment,attr-defined]
    picture = folder / "a.png"
    picture.write_bytes(png(64, 64))
    with serving() as base, Kie("trial", base_url=base, upload_url=base, poll=kie.PollPolicy(speed=100)) as client:
        result = client.run(NanoBananaPro(prompt="A lighthouse"))
        written = io.StringIO()
        with redirect_stdout(written), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Image.Image.getdata", DeprecationWarning)  # how the library reads pixels
            present.present(present.ShowOptions(open=False, preview=True), result, [str(picture)])
    assert "\u2580" in written.getvalue(), written.getvalue()


def simulator(folder: Path) -> None:
    """A result of each kind, with an upload; and the service as a program."""
    with kie.simulated(speed=1000) as service, service.client() as client:
        for number, request in enumerate(
            [
                NanoBananaPro(prompt="A lighthouse", image_input=[png(64, 64)]),
                Kling30Video(prompt="Waves", duration="5", mode="std"),
                SunoGenerate(prompt="Rain", custom_mode=False, instrumental=False, model="V4_5"),
            ]
        ):
            files = client.run(request).save(folder / f"out{number}")
            assert files and all(file.stat().st_size > 50 for file in files)
    command = [sys.executable, "-m", "kie.simulator", "--speed", "100"]
    with subprocess.Popen(command, stdout=PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as program:
        assert program.stdout is not None and "Simulated Kie at http://" in program.stdout.readline()
        program.kill()


def media(folder: Path) -> None:
    """The sides of pictures and the length of sounds, from local files that break the rules of a model."""
    bell = Kling30VideoElement(
        name="b", description="a bell", element_input_urls=[png(1000, 1000)], element_input_audio_urls=[wav(1)]
    )
    with Kie("trial") as client:
        for request, why in (
            (Kling30Video(prompt="@b", duration="5", mode="std", kling_elements=[bell]), "at least 5 is needed"),
            (BytedanceSeedance20(prompt="A bell", reference_image_urls=[png(1000, 4)]), "px"),
        ):
            try:
                client.check(request)
            except MediaRejected as error:
                assert why in str(error), error
            else:
                raise AssertionError(f"local media that {request.info.name} does not take were accepted")


PAGE = """# Brush 9

```yaml
paths:
  /api/v1/jobs/createTask:
    post:
      summary: Brush 9, text to image
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
```
"""


def codegen(folder: Path) -> None:
    """A page that the package never saw becomes a class of a user's package, which is known like any other."""
    page, package = folder / "brush.md", folder / "brushes"
    page.write_text(PAGE)
    assert "AcmeBrush9" in run("models", "add", "--from", page, "--into", package)
    run("models", "add", "--from", page, "--into", package, "--check")
    run("models", "add", "--into", package, "--check")
    known: dict[str, Any] = {"PYTHONPATH": str(folder), "KIE_MODELS": "brushes"}
    asked = ("run", "acme/brush-9", "--prompt", "x", "--dry-run", "--finish")
    assert "gloss" in run(*asked, "gloss", **known)
    assert '"satin" is not one of' in run(*asked, "satin", code=2, **known)
    batch = folder / "in.jsonl"
    batch.write_text('{"id": "a", "model": "acme/brush-9", "prompt": "x"}\n')
    run("batch", batch, "--out", folder / "out.jsonl", "--dry-run", **known)
    sys.path.insert(0, str(folder))
    kie.catalog.register("brushes")
    from brushes import AcmeBrush9  # type: ignore[import-not-found]

    assert kie.catalog.get("acme/brush-9").request_class is AcmeBrush9
    made: Any = AcmeBrush9
    assert made(prompt="x", finish="matt").to_wire()["input"] == {"prompt": "x", "finish": "matt"}


def observed(observer: Observer) -> None:
    with serving() as base:
        policy = kie.PollPolicy(speed=100)
        with Kie("trial", base_url=base, upload_url=base, poll=policy, observers=[observer]) as client:
            assert client.run(NanoBananaPro(prompt="A lighthouse")).urls


def otel(folder: Path) -> None:
    """A task under an observer for OpenTelemetry."""
    from kie.telemetry import OpenTelemetryObserver

    observed(OpenTelemetryObserver())


def prometheus(folder: Path) -> None:
    """A task under an observer for Prometheus, and what it counts."""
    from prometheus_client import REGISTRY, generate_latest

    from kie.telemetry import PrometheusObserver

    observed(PrometheusObserver())
    assert b"kie_" in generate_latest(REGISTRY)


def postgres(folder: Path) -> None:
    """The driver: a server that is not there is told by it, and nothing is sent."""
    store = "postgresql://kie@127.0.0.1:1/trial?connect_timeout=5"
    with serving() as base, Kie("trial", base_url=base, upload_url=base, limit_store=store) as client:
        try:
            client.submit(NanoBananaPro(prompt="A lighthouse"))
        except kie.ConfigError as error:
            assert "127.0.0.1:1/trial cannot be used: connection" in str(error), error
            assert "nothing was sent" in str(error), error
        else:
            raise AssertionError("it was submitted without the database")


def mcp(folder: Path) -> None:
    """The server for agents, as a client starts it: the list of its tools, one of them, and the skill."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "trial", "version": "1"}}
    call = {"name": "describe_model", "arguments": {"model": "nano-banana-pro"}}
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/list"},
        {"id": 3, "method": "tools/call", "params": call},
    ]
    command = [sys.executable, "-W", "error", "-m", "kie", "mcp", "--no-journal", "--root", str(folder)]
    with subprocess.Popen(
        command, stdin=PIPE, stdout=PIPE, text=True, env={**os.environ, "KIE_API_KEY": "of-the-trial"}
    ) as program:
        assert program.stdin is not None and program.stdout is not None
        for message in messages:
            program.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        program.stdin.flush()
        answers: dict[int, Any] = {}
        while 3 not in answers:
            told = json.loads(program.stdout.readline())
            answers[told["id"]] = told["result"]
        program.stdin.close()
    assert program.returncode == 0 and len(answers[2]["tools"]) == 9
    assert "aspect_ratio" in answers[3]["content"][0]["text"]
    assert Path(run("skill", "install", "--path", folder).strip(), "references", "errors.md").is_file()


def commands(folder: Path) -> None:
    """Every command that needs a service, against a simulated one."""
    saved = folder / "saved"
    assert "simulated" in run("run", *PROMPT, "--simulate", "--speed", 1000, "--save", saved)
    assert [file.suffix for file in saved.iterdir()] == [".png"]
    batch = folder / "in.jsonl"
    batch.write_text("".join(f'{{"id": "{n}", "model": "nano-banana-pro", "prompt": "x"}}\n' for n in range(3)))
    run("batch", batch, "--out", folder / "out.jsonl", "--simulate", "--save", folder / "many")
    assert len(list((folder / "many").iterdir())) == 3
    with started("simulate", "--speed", 1000, until="KIE_API_KEY") as (exports, _):
        variables = dict(re.findall(r"export (\w+)=(\S+)", exports))
        variables["KIE_JOURNAL"] = str(folder / "journal")
        assert "1000" in run("credits", **variables)
        run("prices", **variables)
        picture = folder / "a.png"
        picture.write_bytes(png(64, 64))
        assert "http" in run("upload", picture, **variables)
        ref = run("run", *PROMPT, "--image-input", picture, "--no-wait", "--quiet", **variables).split()[0]
        assert ref in run("tasks", **variables)
        told = json.loads(run("wait", ref, "--save", folder / "waited", "--json", "--quiet", **variables))
        assert told["state"] == "succeeded" and Path(told["files"][0]).exists()
        assert "succeeded" in run("status", ref, **variables)
        run("tasks", "--resume", **variables)
        run("download", told["urls"][0], "--to", folder / "again", **variables)
        run("batch", batch, "--out", folder / "served.jsonl", **variables)
        run("run", *PROMPT, "--save", folder / "served", **variables)


TRIALS = {
    trial.__name__: trial
    for trial in (cli, keyring, preview, codegen, simulator, media, mcp, otel, prometheus, postgres, commands)
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as temporary:
            TRIALS[name](Path(temporary))
