"""Ask for the balance: the quickest proof that the key works. Without KIE_API_KEY, the built-in simulator answers."""

import os
from contextlib import ExitStack

from kie import ApiError, Kie, simulated


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        try:
            print(f"{client.credits()} credits")
        except ApiError as error:
            raise SystemExit(f"the service refused: {error}") from error


if __name__ == "__main__":
    main()
