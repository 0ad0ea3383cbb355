"""Write an index of all tasks of a journal from what the service says of each, with the files saved again if lost.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import json
import os
from contextlib import ExitStack
from pathlib import Path

from kie import Journal, Kie, KieError, simulated
from kie.models import NanoBananaPro

JOURNAL, OUT = "tasks.jsonl", Path("out")


def rebuild(client: Kie, index: Path) -> None:
    lines = []
    for entry in Journal(JOURNAL).entries():
        if entry.ref is None:
            continue
        try:
            status = client.task(entry.ref).refresh()
            files = sorted(OUT.glob(f"{entry.ref.id}_*"))
            if status.state == "succeeded" and not files:
                files = client.task(entry.ref).wait().save(OUT)
        except KieError as error:
            print(entry.ref, error)
            continue
        row = {"ref": str(entry.ref), "model": entry.model, "at": entry.at, "state": status.state}
        lines.append(json.dumps({**row, "files": [path.name for path in files]}))
    index.parent.mkdir(exist_ok=True)
    index.write_text("\n".join([*lines, ""]), "utf-8")


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie(journal=JOURNAL))
        else:
            client = stack.enter_context(simulated()).client(journal=JOURNAL)
        client.run(NanoBananaPro(prompt="A lighthouse at dusk"))
        rebuild(client, OUT / "index.jsonl")
    print((OUT / "index.jsonl").read_text("utf-8"), end="")


if __name__ == "__main__":
    main()
