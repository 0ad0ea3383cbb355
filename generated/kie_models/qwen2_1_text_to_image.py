"""qwen2-1/text-to-image: the request class, compiled from openapi/models/qwen2-1/text-to-image.yaml. Do not edit."""

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
class Qwen21TextToImage(Request[ImageResult]):
    """Alibaba's Qwen Image 2.1, for images from a prompt in 1K or 2K, with or without a background.

    Model `qwen2-1/text-to-image` by Alibaba: text-to-image.
    Facts as of 2026-10-01 (docs.kie.ai/market/qwen2-1/text-to-image.md).

    Args:
        prompt: What to draw, in any language. 1 to 5,000 characters.
        aspect_ratio: Width to height of the image. Default: "1:1".
        resolution: Size of the image. `2K` takes considerably longer. Default: "1K".
        background: What is behind the subject. `transparent` leaves it out; the prompt then names the subject
            alone, because a scene in it may bring the background back. Default: "opaque".
        output_format: File format of the image. `jpeg` cannot be transparent. Default: "png".
        enhance_prompt: Whether the service rewrites the prompt in more detail first. It noticeably improves the
            image. Default: true.
        seed: Seed of the random generator. The same seed, prompt and fields give the same image as long as the
            service's version stays.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `output_format` must be png or webp when `background` is transparent.
    """

    info = ModelInfo(
        slug="qwen2_1_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="qwen2-1/text-to-image",
        typical_seconds=(25, None, 1),
    )

    prompt: str
    """What to draw, in any language. 1 to 5,000 characters."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "21:9", "9:21"] | None = "1:1"
    """Width to height of the image. Default: "1:1"."""
    resolution: Literal["1K", "2K"] | None = "1K"
    """Size of the image. `2K` takes considerably longer. Default: "1K"."""
    background: Literal["opaque", "transparent"] | None = "opaque"
    """What is behind the subject. `transparent` leaves it out; the prompt then names the subject alone, because a
    scene in it may bring the background back. Default: "opaque"."""
    output_format: Literal["png", "webp", "jpeg"] | None = "png"
    """File format of the image. `jpeg` cannot be transparent. Default: "png"."""
    enhance_prompt: bool | None = True
    """Whether the service rewrites the prompt in more detail first. It noticeably improves the image. Default: true."""
    seed: int | None = None
    """Seed of the random generator. The same seed, prompt and fields give the same image as long as the service's
    version stays."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "21:9", "9:21"]
        Resolution = Literal["1K", "2K"]
        Background = Literal["opaque", "transparent"]
        OutputFormat = Literal["png", "webp", "jpeg"]
