"""Make small pictures of what runs made, for a page or a list, with settings of your own. Needs the extra `media`.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, Library, simulated
from kie.library import DerivativeSettings
from kie.models import NanoBananaPro


def main() -> None:
    library = Library("out/runs", derivatives=DerivativeSettings(web_side=1200, thumb_side=256))
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie(library=library))
        else:
            client = stack.enter_context(simulated()).client(library=library)
        client.run(NanoBananaPro(prompt="A lighthouse at dusk"))
        library.flush()  # they are made in the background
        for run in library:
            for file in run.outputs:
                print(file.path, file.place(file.web), file.place(file.thumb))


if __name__ == "__main__":
    main()
