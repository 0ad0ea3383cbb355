"""Find earlier tasks in a journal: the last ones, those of a model, those of a label, and what became of one.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Journal, Kie, simulated
from kie.models import GoogleNanoBanana2, NanoBananaPro

JOURNAL = "tasks.jsonl"


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie(journal=JOURNAL))
        else:
            client = stack.enter_context(simulated()).client(journal=JOURNAL)
        client.run(NanoBananaPro(prompt="A lighthouse"), label="cover")
        client.run(GoogleNanoBanana2(prompt="A harbour"))
        journal = Journal(JOURNAL)
        entries = journal.entries()
        print("the last:", *(entry.id for entry in entries[-10:]))
        print("of one model:", *(entry.id for entry in entries if entry.model == "nano-banana-2"))
        print("succeeded:", sum(entry.state == "succeeded" for entry in entries))
        cover = journal.find("cover")
        if cover is not None and cover.ref is not None:
            for path in client.task(cover.ref).wait().save("out"):
                print("the cover:", path)


if __name__ == "__main__":
    main()
