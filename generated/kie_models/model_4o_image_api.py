"""4o-image-api: the request class, compiled from openapi/models/gpt4o-image/4o-image-api.yaml. Do not edit."""

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


def _Gpt4oImageApi_files_url(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Gpt4oImageApi(Request[ImageResult]):
    """OpenAI's GPT-4o, for images from a prompt, from input images, or from both, in three shapes.

    Model `4o-image-api` by OpenAI: text-to-image, image-to-image, image-edit.
    Facts as of 2026-10-01 (docs.kie.ai (4o-image-api)).

    Args:
        size: Width to height of the image.
        prompt: What to draw, or how to change the images. Needed where there is no image.
        files_url: Images to edit or to build on. Needed where there is no prompt. At most 5 items. JPEG, PNG or
            WebP, up to 25 MB each. URLs or local media.
        file_url: One image to build on; `files_url` takes it, too. JPEG, PNG or WebP, up to 25 MB. A URL or
            local media.

    Rules:
        `prompt` or `files_url` is needed, or both.
    """

    info = ModelInfo(
        slug="model_4o_image_api",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="4o-image-api",
    )

    size: Literal["1:1", "3:2", "2:3"]
    """Width to height of the image."""
    prompt: str | None = None
    """What to draw, or how to change the images. Needed where there is no image."""
    files_url: tuple[Media, ...] | None = attrs.field(default=None, converter=_Gpt4oImageApi_files_url)
    """Images to edit or to build on. Needed where there is no prompt. At most 5 items. JPEG, PNG or WebP, up to 25 MB
    each. URLs or local media."""
    file_url: Media | None = None
    """One image to build on; `files_url` takes it, too. JPEG, PNG or WebP, up to 25 MB. A URL or local media."""

    if TYPE_CHECKING:
        Size = Literal["1:1", "3:2", "2:3"]
