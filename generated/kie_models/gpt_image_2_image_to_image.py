"""gpt-image-2-image-to-image: the request class, compiled from openapi/models/gpt-image/gpt-image-2-image-to-image.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


def _GptImage2ImageToImage_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class GptImage2ImageToImage(Request[ImageResult]):
    """OpenAI's GPT Image 2, for changing or combining images as a prompt says, in up to 4K.

    Model `gpt-image-2-image-to-image` by OpenAI: image-to-image, image-edit.
    Facts as of 2026-10-01 (docs.kie.ai/market/gpt/gpt-image-2-image-to-image.md).

    Args:
        prompt: What to make of the input images. 1 to 20,000 characters.
        input_urls: Images to work from. 1 to 16 items. URLs or local media.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the model. With `auto`, `3:1`,
            `1:3` or `9:21` the image is 1K, and with `5:4` or `4:5` not 2K. Default: "auto".
        resolution: Size of the image. `2K` and `4K` need a named `aspect_ratio` that allows them, and `4K` one
            other than 1:1. If absent, the service decides.
        background: What is behind the subject; `transparent` leaves it out, `auto` leaves the choice to the
            model. Only for images in 1K.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `resolution` must be 1K when `aspect_ratio` is auto or left out.
        `resolution` must be 1K when `aspect_ratio` is 3:1, 1:3 or 9:21.
        `resolution` must be 1K or 4K when `aspect_ratio` is 5:4 or 4:5.
        `resolution` must be 1K or 2K when `aspect_ratio` is 1:1.
        `resolution` must be 1K, or absent, beside `background`.
    """

    info = ModelInfo(
        slug="gpt_image_2_image_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="gpt-image-2-image-to-image",
        typical_seconds=(48, None, 1),
    )

    prompt: str
    """What to make of the input images. 1 to 20,000 characters."""
    input_urls: tuple[Media, ...] = attrs.field(converter=_GptImage2ImageToImage_input_urls)
    """Images to work from. 1 to 16 items. URLs or local media."""
    aspect_ratio: (
        Literal[
            "auto",
            "1:1",
            "3:2",
            "2:3",
            "4:3",
            "3:4",
            "5:4",
            "4:5",
            "16:9",
            "9:16",
            "2:1",
            "1:2",
            "3:1",
            "1:3",
            "21:9",
            "9:21",
        ]
        | None
    ) = "auto"
    """Width to height of the image; `auto` leaves the choice to the model. With `auto`, `3:1`, `1:3` or `9:21` the
    image is 1K, and with `5:4` or `4:5` not 2K. Default: "auto"."""
    resolution: Literal["1K", "2K", "4K"] | None = None
    """Size of the image. `2K` and `4K` need a named `aspect_ratio` that allows them, and `4K` one other than 1:1. If
    absent, the service decides."""
    background: Literal["transparent", "opaque", "auto"] | None = None
    """What is behind the subject; `transparent` leaves it out, `auto` leaves the choice to the model. Only for images
    in 1K."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal[
            "auto",
            "1:1",
            "3:2",
            "2:3",
            "4:3",
            "3:4",
            "5:4",
            "4:5",
            "16:9",
            "9:16",
            "2:1",
            "1:2",
            "3:1",
            "1:3",
            "21:9",
            "9:21",
        ]
        Resolution = Literal["1K", "2K", "4K"]
        Background = Literal["transparent", "opaque", "auto"]
