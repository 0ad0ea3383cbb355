"""Make an image and save it. Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator."""

import os
from contextlib import ExitStack

from kie import Kie, TaskFailed, simulated
from kie.models import NanoBananaPro


def main() -> None:
    request = NanoBananaPro(prompt="A lighthouse at dusk, oil on canvas", aspect_ratio="16:9")
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        try:
            result = client.run(request, on_submitted=lambda ref: print(f"submitted {ref}"))
        except TaskFailed as error:
            raise SystemExit(f"no image: {error}") from error
        for path in result.save("out"):
            print(path)
        print(f"{result.credits} credits, {client.credits()} left")


if __name__ == "__main__":
    main()
