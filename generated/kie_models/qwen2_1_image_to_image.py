"""qwen2-1/image-to-image: the request class, compiled from openapi/models/qwen2-1/image-to-image.yaml. Do not edit."""

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


def _Qwen21ImageToImage_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Qwen21ImageToImage(Request[ImageResult]):
    """Alibaba's Qwen Image 2.1, for new or changed images in 1K or 2K, from images, a prompt and a mask.

    Model `qwen2-1/image-to-image` by Alibaba: image-to-image, image-edit.
    Facts as of 2026-10-01 (docs.kie.ai/market/qwen2-1/image-to-image.md).

    Args:
        image_urls: Images to work from, in the order in which the prompt speaks of them. Few images keep more
            of their details than many. 1 to 10 items. JPEG, PNG or WebP, up to 30 MB each. At most 25,000,000
            pixels. URLs or local media.
        prompt: What to make of the images, in any language; with `mask_url`, what fills the white parts of the
            mask. 1 to 5,000 characters.
        mask_url: A black and white image of the same shape as the one in `image_urls`. White parts are drawn
            again and black parts stay. `aspect_ratio` and `enhance_prompt` then have no effect. A URL or local
            media.
        aspect_ratio: Width to height of the image; `auto` takes the shape that is nearest to that of the first
            image. Default: "auto".
        resolution: Size of the image. `2K` takes considerably longer. Default: "1K".
        background: What is behind the subject. `transparent` leaves it out; the prompt then names the subject
            alone, because a scene in it may bring the background back. Default: "opaque".
        output_format: File format of the image. `jpeg` cannot be transparent. Default: "png".
        enhance_prompt: Whether the service rewrites the prompt in more detail first. It noticeably improves the
            image. No effect beside `mask_url`. Default: true.
        seed: Seed of the random generator. The same seed, prompt and fields give the same image as long as the
            service's version stays.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `image_urls` may hold only one image beside `mask_url`.
        `background` must be opaque beside `mask_url`.
        `output_format` must be png or webp when `background` is transparent.
    """

    info = ModelInfo(
        slug="qwen2_1_image_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="qwen2-1/image-to-image",
        typical_seconds=(18, None, 1),
    )

    image_urls: tuple[Media, ...] = attrs.field(converter=_Qwen21ImageToImage_image_urls)
    """Images to work from, in the order in which the prompt speaks of them. Few images keep more of their details than
    many. 1 to 10 items. JPEG, PNG or WebP, up to 30 MB each. At most 25,000,000 pixels. URLs or local media."""
    prompt: str
    """What to make of the images, in any language; with `mask_url`, what fills the white parts of the mask. 1 to 5,000
    characters."""
    mask_url: Media | None = None
    """A black and white image of the same shape as the one in `image_urls`. White parts are drawn again and black
    parts stay. `aspect_ratio` and `enhance_prompt` then have no effect. A URL or local media."""
    aspect_ratio: Literal["auto", "1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "21:9", "9:21"] | None = "auto"
    """Width to height of the image; `auto` takes the shape that is nearest to that of the first image. Default:
    "auto"."""
    resolution: Literal["1K", "2K"] | None = "1K"
    """Size of the image. `2K` takes considerably longer. Default: "1K"."""
    background: Literal["opaque", "transparent"] | None = "opaque"
    """What is behind the subject. `transparent` leaves it out; the prompt then names the subject alone, because a
    scene in it may bring the background back. Default: "opaque"."""
    output_format: Literal["png", "webp", "jpeg"] | None = "png"
    """File format of the image. `jpeg` cannot be transparent. Default: "png"."""
    enhance_prompt: bool | None = True
    """Whether the service rewrites the prompt in more detail first. It noticeably improves the image. No effect beside
    `mask_url`. Default: true."""
    seed: int | None = None
    """Seed of the random generator. The same seed, prompt and fields give the same image as long as the service's
    version stays."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["auto", "1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "21:9", "9:21"]
        Resolution = Literal["1K", "2K"]
        Background = Literal["opaque", "transparent"]
        OutputFormat = Literal["png", "webp", "jpeg"]
