"""Make small previews of images that were saved, for a page or a list. Needs Pillow (extra `media`).

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator.
"""

import os
from contextlib import ExitStack
from pathlib import Path

from PIL import Image, ImageOps

from kie import Kie, simulated
from kie.models import NanoBananaPro


def preview(path: Path, side: int) -> Path:
    """Write a WebP that fits a square of `side` pixels, turned as the camera says, and never larger than it was."""
    target = path.with_name(f"{path.stem}-{side}.webp")
    with Image.open(path) as image:
        small = ImageOps.exif_transpose(image)
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        small.save(target, quality=80)
    return target


def main() -> None:
    with ExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = stack.enter_context(Kie())
        else:
            client = stack.enter_context(simulated()).client()
        for path in client.run(NanoBananaPro(prompt="A lighthouse at dusk")).save("out"):
            print(path, preview(path, 1600), preview(path, 384))


if __name__ == "__main__":
    main()
