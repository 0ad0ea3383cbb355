"""Submit a task, forget it, and finish it by the journal, as after a crash.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator. A program that must lose
nothing calls `finish_open` when it starts.
"""

import os
from contextlib import ExitStack

from kie import Journal, Kie, KieError, simulated
from kie.models import NanoBananaPro

JOURNAL = "tasks.jsonl"


def finish_open(client: Kie) -> None:
    """Finish every task that the journal does not know to have ended."""
    for entry in Journal(JOURNAL).entries():
        if entry.state == "unknown":
            print(f"{entry.model}, submitted {entry.at}: no answer was noted; look at https://kie.ai/logs")
        elif entry.state == "open" and entry.ref is not None:
            try:
                print(entry.ref, *client.task(entry.ref).wait().save("out"))
            except KieError as error:
                print(error)


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie(journal=JOURNAL))
        else:
            client = stack.enter_context(simulated()).client(journal=JOURNAL)
        client.submit(NanoBananaPro(prompt="A lighthouse at dusk"))
        finish_open(client)


if __name__ == "__main__":
    main()
