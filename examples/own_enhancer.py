"""Let a program of yours improve the prompt. The plan is checked with what it answers, and a failure costs nothing.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, simulated
from kie.plans import Brief


class Mine:
    """Stands for a language model of yours. `brief.instructions` holds what the preset asks of it."""

    def enhance(self, brief: Brief) -> str:
        return f"{brief.prompt}, on a rocky coast, seen from the sea"


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        plan = client.plan("nano banana 2", prompt="A lighthouse at dusk", enhance="auto", enhancer=Mine())
        print(plan.state, *plan.warnings)
        result = client.run(plan)
        print(*result.save("out"))
        # a prompt from elsewhere is an answer like any other
        other = plan.answer(prompt="A lighthouse in a storm", aspect_ratio="16:9")
        print(*client.run(other).save("out"))


if __name__ == "__main__":
    main()
