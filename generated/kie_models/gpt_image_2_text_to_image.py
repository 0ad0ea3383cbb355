"""gpt-image-2-text-to-image: the request class, compiled from openapi/models/gpt-image/gpt-image-2-text-to-image.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class GptImage2TextToImage(Request[ImageResult]):
    """OpenAI's GPT Image 2, for images from a prompt in up to 4K.

    Model `gpt-image-2-text-to-image` by OpenAI: text-to-image.
    Facts as of 2026-10-01 (docs.kie.ai/market/gpt/gpt-image-2-text-to-image.md).

    Args:
        prompt: What to draw. 1 to 20,000 characters.
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
        slug="gpt_image_2_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="gpt-image-2-text-to-image",
        typical_seconds=(57, None, 2),
    )

    prompt: str
    """What to draw. 1 to 20,000 characters."""
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
