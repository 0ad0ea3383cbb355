"""Make several images at once, saving each as soon as it is there.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, simulated
from kie.models import NanoBananaPro

SEASONS = ("spring", "summer", "autumn", "winter")


def main() -> None:
    requests = [NanoBananaPro(prompt=f"A lighthouse in {season}") for season in SEASONS]
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        for outcome in client.batch.stream(requests, batch_timeout=600):
            if outcome.result is not None:
                print(SEASONS[outcome.index], *outcome.result.save("out"))
            else:
                print(SEASONS[outcome.index], outcome.state, outcome.error)


if __name__ == "__main__":
    main()
