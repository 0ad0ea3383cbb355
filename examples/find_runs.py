"""Find earlier runs in a library: the last ones, those of a model, those with a tag, the newest, and what they cost.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, Library, simulated
from kie.models import GoogleNanoBanana2, NanoBananaPro


def main() -> None:
    library = Library("out/runs")
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie(library=library))
        else:
            client = stack.enter_context(simulated()).client(library=library)
        client.run(NanoBananaPro(prompt="A lighthouse"), tags=["cover"])
        client.run(GoogleNanoBanana2(prompt="A harbour"))
        print("the last:", *(run.id for run in library.find(limit=10)))
        print("of one model:", *(run.id for run in library.find(model=GoogleNanoBanana2)))
        print("succeeded:", len(library.find(state="succeeded")))
        print("with a word:", *(run.prompt for run in library.find(words="lighthouse")))
        for run in library.find(tag="cover"):
            print("the cover:", *run.files)
        latest = library.latest(kind="image")
        print("the newest image:", *(latest.files if latest is not None else ()))
        for model, spend in library.spend(simulated=not os.environ.get("KIE_API_KEY")).items():
            print(model, spend.runs, spend.credits)


if __name__ == "__main__":
    main()
