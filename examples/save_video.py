"""Make an image, then a video that begins with it. The image goes from task to task without a download.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack

from kie import Kie, simulated
from kie.models import Kling26ImageToVideo, NanoBananaPro


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        image = client.run(NanoBananaPro(prompt="A lighthouse at dusk", aspect_ratio="16:9"))
        video = client.run(
            Kling26ImageToVideo(prompt="The lamp begins to turn", image_urls=[image], sound=False, duration="5")
        )
        for path in [*image.save("out"), *video.save("out")]:
            print(path)


if __name__ == "__main__":
    main()
