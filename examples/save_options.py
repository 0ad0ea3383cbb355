"""Decide where files go and what they are called: a folder, a template, one name, or memory.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import io
import os
from contextlib import ExitStack
from datetime import date

from kie import Kie, simulated
from kie.models import NanoBananaPro


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        result = client.run(NanoBananaPro(prompt="A lighthouse at dusk"))
        print(*result.save("out"))
        print(*result.save(f"out/{date.today()}/{{model}}-{{n:02}}.{{ext}}"))
        print(*result.save("out/latest.png", overwrite=True))
        memory = io.BytesIO()
        result.save(memory)
        print(len(memory.getvalue()), "bytes in memory")


if __name__ == "__main__":
    main()
