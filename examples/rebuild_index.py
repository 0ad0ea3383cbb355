"""Make the index of a library again of the files of its runs, and repair whatever else can be repaired.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, Library, simulated
from kie.models import NanoBananaPro


def main() -> None:
    library = Library("out/runs")
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie(library=library))
        else:
            client = stack.enter_context(simulated()).client(library=library)
        client.run(NanoBananaPro(prompt="A lighthouse at dusk"))
    library.close()
    (library.path / "index.sqlite").unlink()  # nothing is lost: the truth is one run.json for each run
    print(len(library), "runs")
    print(library.repair())
    for fault in library.verify():
        print(fault)


if __name__ == "__main__":
    main()
