"""Make an image and keep what it was made of beside it, as `kie run --sidecar` does.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import json
import os
from contextlib import ExitStack

from kie import Kie, simulated
from kie.models import NanoBananaPro


def main() -> None:
    request = NanoBananaPro(prompt="A lighthouse at dusk, oil on canvas", aspect_ratio="16:9")
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        result = client.run(request)
        for path in result.save("out"):
            facts = {**request.to_wire(), "ref": str(result.ref), "credits": str(result.credits)}
            path.with_name(f"{path.name}.json").write_text(json.dumps(facts, indent=2), "utf-8")
            print(path)


if __name__ == "__main__":
    main()
