"""Run a plan only if it is ready and cheap enough, or if you say so: `KIE_CONFIRM=1 python examples/guarded.py`.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, simulated
from kie.errors import NotReady


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        plan = client.plan("nano banana 2", prompt="A lighthouse at dusk", confirm_above=50)
        print(plan.decision, plan.estimate, *plan.reasons)
        try:
            result = client.run(plan, confirmed=os.environ.get("KIE_CONFIRM") == "1")
        except NotReady as error:
            raise SystemExit(f"not run: {error}") from error
        print(*result.save("out"))


if __name__ == "__main__":
    main()
