"""grok-imagine/text-to-image: the request class, compiled from openapi/models/grok-imagine/text-to-image.yaml. Do not edit."""

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
class GrokImagineTextToImage(Request[ImageResult]):
    """xAI's Grok Imagine, for six images at once from a prompt.

    Model `grok-imagine/text-to-image` by xAI: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine/text-to-image.md).

    Args:
        prompt: What to draw, in English. 1 to 5,000 characters.
        aspect_ratio: Width to height of the images. Default: "1:1".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
        enable_pro: Whether quality goes before speed.
    """

    info = ModelInfo(
        slug="grok_imagine_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="grok-imagine/text-to-image",
        typical_seconds=(12, None, 1),
    )

    prompt: str
    """What to draw, in English. 1 to 5,000 characters."""
    aspect_ratio: Literal["2:3", "3:2", "1:1", "16:9", "9:16"] | None = "1:1"
    """Width to height of the images. Default: "1:1"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
    enable_pro: bool | None = None
    """Whether quality goes before speed."""

    if TYPE_CHECKING:
        AspectRatio = Literal["2:3", "3:2", "1:1", "16:9", "9:16"]
