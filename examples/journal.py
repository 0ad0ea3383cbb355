"""Note every submission in a journal, under labels of your own: what has a label is never submitted twice.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Journal, Kie, simulated
from kie.models import NanoBananaPro

JOURNAL = "tasks.jsonl"


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie(journal=JOURNAL))
        else:
            client = stack.enter_context(simulated()).client(journal=JOURNAL)
        for order in ("order-1", "order-2", "order-1"):  # the last is the first task again
            result = client.run(NanoBananaPro(prompt=f"A poster for {order}"), label=order)
            print(order, result.ref, *result.save("out"))
    print(f"{len(Journal(JOURNAL).entries())} tasks in {JOURNAL}")


if __name__ == "__main__":
    main()
