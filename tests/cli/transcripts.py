"""Transcripts of the command line on terminals of two widths: `python -m tests.cli.transcripts` writes them again.

Each session is run by a process of its own under a real pseudo-terminal, against a simulator in virtual time: ids,
times and figures are the same in each run. `golden/NAME.WIDTH.txt` is what the screen showed in the end.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cli.terminal import run, screen

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = (80, 120)
REF = "$REF"
"""Stands for the ref of the task that was submitted last."""

PLACE = "/tmp/transcripts"
"""Stands for the folder in which a session runs, whose name is as long."""

ANIMALS = "id,animal,resolution\nfox,fox,2K\nowl,owl,\nbad,bat,9K\n,hen,8K\n"
SHEET = {"animals.csv": ANIMALS, "same.csv": "id,animal\nfox,wolf\nowl,owl\n"}
BATCH = "--model nano-banana-pro --prompt 'A {animal} at dusk'"

SESSIONS: dict[str, list[str]] = {
    "help": ["--help", "run", "run --help", "batch --help", "models --help"],
    "models": [
        "models upscale",
        "models --kind video --limit 12",
        "models --categories",
        "models --category upscale --kind image --limit 2",
        "models --fields id,accepts,credits --sort -credits --limit 5",
        "model kling-3.0/video",
        "model nano-banana",
        "run nano-banana-2 --help",
    ],
    "prices": [
        "prices --limit 12",
        "prices kling --limit 5 --fields description,credits",
        "price kling-3.0/video --prompt Waves --duration 5 --mode pro --sound true",
    ],
    "run": [
        "run nano-banana-pro --prompt 'A lighthouse at dusk' --save 'out/{model}-{n}.{ext}' --sidecar",
        "run nano-banana-pro --prompt 'A lighthouse at dusk' --resolution 8K --colour red",
        "run kling-3.0/video --prompt x --sound maybe",
        "run midjourney --prompt x --dry-run",
        "run nano-banana-pro --prompt 'A lighthouse' --budget 10",
    ],
    "plan": [
        "plan 'kling 3.0' --prompt Waves --duration 5s --quality pro --first-frame https://example.com/a.png",
        "plan 'kling 3.0' --prompt Waves --duration 5s",
        "plan kling-2.6 --prompt Waves --image a.png --colour red",
        "run nano-banana --prompt Waves --ratio 16x9 --confirm-above 2 --yes",
    ],
    "tasks": [
        "run veo-3-1 --prompt 'A lighthouse at dusk' --no-wait --label lamp",
        "run nano-banana-pro --prompt 'A lighthouse at dusk' --no-wait",
        "tasks",
        f"status {REF}",
        f"wait {REF}",
        f"status {REF}",
        "wait 0123456789abcdef0123456789abcdef",
        "tasks --all --fields model,state,label",
        "upload animals.csv same.csv",
        "credits",
    ],
    "library": [
        "library",
        "run nano-banana-pro --prompt 'A lighthouse at dusk' --aspect-ratio 16:9 --library runs --tag site",
        "compare 'A fox in the rain' nano-banana-pro 'seedream 4.5' kling-2.6 --duration 5 --resolution 2K",
        "compare 'A fox in the rain' nano-banana-pro 'seedream 4.5' --resolution 2K --library runs --yes",
        "library --library runs",
        "library --library runs --words fox --fields model,prompt,credits",
        f"library show {REF} --library runs",
        "library spend --library runs --by tag",
        "library page --library runs --state succeeded",
        "library show 0123 --library runs",
    ],
    "batch": [
        f"batch animals.csv {BATCH} --dry-run",
        f"batch animals.csv {BATCH} --out animals.jsonl --save out --table done.csv",
        f"batch animals.csv {BATCH} --out animals.jsonl --save out",
        f"batch same.csv {BATCH} --out animals.jsonl --save out",
    ],
}


def session(name: str) -> None:
    """Run the commands of a session in this process: what the pseudo-terminal sees."""
    from kie._cli.app import root
    from kie.simulator import Simulator
    from tests.cli.conftest import VirtualContext, VirtualService

    key = "a-key-for-transcripts"
    os.environ["KIE_API_KEY"] = key
    service = VirtualService(state=Simulator(keys=[key], seed=1), api_key=key)
    for file, text in SHEET.items():
        Path(file).write_text(text, "utf-8")
    for line in SESSIONS[name]:
        sys.stdout.write(f"$ kie {line}\n")
        sys.stdout.flush()
        ref = service.state.accepted[-1].task_id if service.state.accepted else ""
        args = [arg.replace(REF, ref) for arg in shlex.split(line)]
        try:
            root.main(args, obj=VirtualContext(service=service))
        except SystemExit as end:
            sys.stdout.flush()
            sys.stderr.flush()
            if end.code:
                sys.stdout.write(f"[exit code {end.code}]\n")
        sys.stdout.write("\n")


def transcript(name: str, columns: int) -> str:
    """What the screen shows after a session on a terminal of this width."""
    with TemporaryDirectory(prefix="tmp", dir="/tmp") as folder:  # paths are as long on every machine
        places = {f"XDG_{kind}_HOME": f"{folder}/{kind.lower()}" for kind in ("CONFIG", "STATE", "CACHE")}
        env = {**places, "HOME": folder, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        code, written = run(["-m", "tests.cli.transcripts", name], columns=columns, env=env, folder=folder)
    shown = screen(written).replace(folder, PLACE)
    if code:
        raise RuntimeError(shown)
    return shown


def main(names: list[str]) -> None:
    """Run a session, or write all transcripts."""
    if names:
        session(names[0])
        return
    GOLDEN.mkdir(exist_ok=True)
    for name in SESSIONS:
        for columns in WIDTHS:
            (GOLDEN / f"{name}.{columns}.txt").write_text(transcript(name, columns), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
