"""gpt4o-image: the request class, compiled from openapi/models/gpt4o-image/gpt4o-image.yaml. Do not edit."""

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


def _Gpt4oImage_files_url(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Gpt4oImage(Request[ImageResult]):
    """OpenAI's GPT-4o, for images from a prompt, from input images, or from both, in three shapes. Results are kept
    for 14 days; `client.download_url(asset)` gives a link that works for 20 minutes.

    Model `gpt4o-image` by OpenAI: text-to-image, image-to-image, image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/4o-image-api/generate-4-o-image.md).
    Superseded: it still works, and the vendor now documents `4o-image-api` instead.

    Args:
        size: Width to height of the image.
        prompt: What to draw, or how to change the images. Needed where there is no image.
        files_url: Images to edit or to build on. Needed where there is no prompt. At most 5 items. JPEG, PNG or
            WebP, up to 25 MB each. URLs or local media.
        file_url: One image to build on. Going to be dropped by the service; use `files_url`. JPEG, PNG or WebP,
            up to 25 MB. A URL or local media. Deprecated.
        n_variants: How many images to make. No longer documented; the service may ignore it. Deprecated.
        mask_url: Image that marks what to edit in the input image. No longer documented; the service may ignore
            it. A URL or local media. Deprecated.
        is_enhance: Whether the service improves the prompt first. No longer documented; the service may ignore
            it. Deprecated.
        upload_cn: Whether files go through servers in China. No longer documented; the service may ignore it.
            Deprecated.
        enable_fallback: Whether another model steps in while GPT-4o is not available. No longer documented; the
            service may ignore it. Deprecated.
        fallback_model: The model that steps in with `enable_fallback`, such as `FLUX_MAX`. No longer
            documented; the service may ignore it. Deprecated.

    Rules:
        `prompt` or `files_url` is needed, or both.
    """

    info = ModelInfo(
        slug="gpt4o_image",
        package="kie_models",
        lifecycle="gpt4o-image",
        result="image",
        captured="2026-08-19",
        id="gpt4o-image",
        operation="generateGpt4oImage",
        status="superseded",
        successors=("4o-image-api",),
    )

    size: Literal["1:1", "3:2", "2:3"]
    """Width to height of the image."""
    prompt: str | None = None
    """What to draw, or how to change the images. Needed where there is no image."""
    files_url: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Gpt4oImage_files_url, metadata={"wire": "filesUrl"}
    )
    """Images to edit or to build on. Needed where there is no prompt. At most 5 items. JPEG, PNG or WebP, up to 25 MB
    each. URLs or local media."""
    file_url: Media | None = attrs.field(default=None, metadata={"wire": "fileUrl"})
    """One image to build on. Going to be dropped by the service; use `files_url`. JPEG, PNG or WebP, up to 25 MB. A
    URL or local media. Deprecated."""
    n_variants: Literal[1, 2, 4] | None = attrs.field(default=None, metadata={"wire": "nVariants"})
    """How many images to make. No longer documented; the service may ignore it. Deprecated."""
    mask_url: Media | None = attrs.field(default=None, metadata={"wire": "maskUrl"})
    """Image that marks what to edit in the input image. No longer documented; the service may ignore it. A URL or
    local media. Deprecated."""
    is_enhance: bool | None = attrs.field(default=None, metadata={"wire": "isEnhance"})
    """Whether the service improves the prompt first. No longer documented; the service may ignore it. Deprecated."""
    upload_cn: bool | None = attrs.field(default=None, metadata={"wire": "uploadCn"})
    """Whether files go through servers in China. No longer documented; the service may ignore it. Deprecated."""
    enable_fallback: bool | None = attrs.field(default=None, metadata={"wire": "enableFallback"})
    """Whether another model steps in while GPT-4o is not available. No longer documented; the service may ignore it.
    Deprecated."""
    fallback_model: str | None = attrs.field(default=None, metadata={"wire": "fallbackModel"})
    """The model that steps in with `enable_fallback`, such as `FLUX_MAX`. No longer documented; the service may ignore
    it. Deprecated."""

    if TYPE_CHECKING:
        Size = Literal["1:1", "3:2", "2:3"]
        NVariants = Literal[1, 2, 4]
