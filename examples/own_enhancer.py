"""Let a program of yours improve the prompt, check the plan again, and run what came of it.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, simulated


def improved(prompt: str, model: str | None) -> str:
    """Stands for a language model of yours, which may know what `model` is good at."""
    return f"{prompt}, on a rocky coast, in the last light, seen from the sea ({model})"


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        prompt = "A lighthouse at dusk"
        plan = client.plan("nano banana 2", prompt=prompt, aspect_ratio="16:9")
        better = plan.answer(prompt=improved(prompt, plan.model))
        if better.request is None:
            print("the prompt stays as it was:", *better.faults, *better.missing)
            better = plan
        print(*client.run(better).save("out"))


if __name__ == "__main__":
    main()
