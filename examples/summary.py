"""Print what is known of a task: state, time, credits, files.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, Result, simulated
from kie.models import NanoBananaPro


def summary(result: Result) -> str:
    status = result.status
    when = f"{status.completed_at:%Y-%m-%d %H:%M}" if status.completed_at else "at a time that is not reported"
    took = f"{status.seconds:.0f} s" if status.seconds is not None else "an unknown time"
    files = ", ".join(asset.url for asset in result.assets)
    return f"{status.ref}: {status.state} {when}, took {took}, {status.credits} credits: {files}"


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        task = client.submit(NanoBananaPro(prompt="A lighthouse at dusk"))
        result = task.wait()
        print(summary(result), *result.save("out"), sep="\n")


if __name__ == "__main__":
    main()
