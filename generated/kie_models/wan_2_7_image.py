"""wan/2-7-image: the request class, compiled from openapi/models/wan/2-7-image.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request, items

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


class Wan27ImagePaletteColorDict(TypedDict):
    """A color and how much of the image it takes.

    The same as `Wan27ImagePaletteColor`, as a plain dict.
    """

    hex: Required[str]
    ratio: Required[str]


@attrs.frozen(kw_only=True, repr=False)
class Wan27ImagePaletteColor(Part):
    """A color and how much of the image it takes.

    Args:
        hex: The color as `#` and six hexadecimal digits.
        ratio: Its share of the image, in percent with two decimals, as in `23.51%`.
    """

    hex: str
    """The color as `#` and six hexadecimal digits."""
    ratio: str
    """Its share of the image, in percent with two decimals, as in `23.51%`."""


def _Wan27Image_input_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Wan27Image_color_palette(
    value: Iterable[Wan27ImagePaletteColor | Wan27ImagePaletteColorDict] | None,
) -> tuple[Wan27ImagePaletteColor, ...] | None:
    return Wan27ImagePaletteColor.many(value) if value is not None else None


def _Wan27Image_bbox_list(
    value: Iterable[Sequence[Sequence[int]]] | None,
) -> tuple[Sequence[Sequence[int]], ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Wan27Image(Request[ImageResult]):
    """Alibaba's Wan 2.7 Image, for new images, for edits, and for groups of images that belong together.

    Model `wan/2-7-image` by Alibaba: text-to-image, image-to-image, image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-7-image.md).

    Args:
        prompt: What to draw, or how to change the input images, in English or Chinese. 1 to 5,000 characters.
        input_urls: Images to edit or to take as reference. At most 9 items. URLs or local media.
        aspect_ratio: Width to height of the image. It counts only without `input_urls`.
        enable_sequential: Whether the images form a group that belongs together. Default: false.
        n: How many images to make; the higher figures need `enable_sequential`. The service makes as many as it
            may if absent, and each image costs. 1 to 12.
        resolution: Size of the image. Default: "2K".
        thinking_mode: Whether the model thinks before it draws. Only without `input_urls` and without
            `enable_sequential`. Default: false.
        color_palette: Colors the image keeps to. Eight work best. Only without `enable_sequential`. 3 to 10
            items.
        bbox_list: Where to edit: one entry per image of `input_urls`, in the same order, each a list of boxes.
            A box is `[x1, y1, x2, y2]`; an image without boxes has an empty list. At most 9 items. Each has at most
            2 items, of which each has exactly 4 items.
        watermark: Whether the image carries a watermark. Default: false.
        seed: Seed of the random generator. 0 to 2,147,483,647.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
        output_format: File format. Without effect. Not in the vendor's documentation; seen accepted: the
            service keeps unknown fields and goes on (live 2026-04); programs send this one.

    Rules:
        `n` may be at most 4 unless `enable_sequential` is true.
        `enable_sequential` must be false when `thinking_mode` is true.
        `input_urls` must be left out when `thinking_mode` is true.
        `enable_sequential` must be false when `color_palette` is given.
        `input_urls` is needed, and not empty, beside `bbox_list`.

    Advice (a warning, never a refusal):
        `bbox_list` has to hold one entry for each image of `input_urls`, by the vendor; an image without boxes has
        an empty list.
        `output_format` is not a field that the vendor documents for this model, and has no effect.
    """

    info = ModelInfo(
        slug="wan_2_7_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="wan/2-7-image",
        typical_seconds=(13, None, 1),
    )

    prompt: str
    """What to draw, or how to change the input images, in English or Chinese. 1 to 5,000 characters."""
    input_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Wan27Image_input_urls)
    """Images to edit or to take as reference. At most 9 items. URLs or local media."""
    aspect_ratio: Literal["1:1", "16:9", "4:3", "21:9", "3:4", "9:16", "8:1", "1:8"] | None = None
    """Width to height of the image. It counts only without `input_urls`."""
    enable_sequential: bool | None = False
    """Whether the images form a group that belongs together. Default: false."""
    n: int | None = None
    """How many images to make; the higher figures need `enable_sequential`. The service makes as many as it may if
    absent, and each image costs. 1 to 12."""
    resolution: Literal["1K", "2K", "4K"] | None = "2K"
    """Size of the image. Default: "2K"."""
    thinking_mode: bool | None = False
    """Whether the model thinks before it draws. Only without `input_urls` and without `enable_sequential`. Default:
    false."""
    color_palette: tuple[Wan27ImagePaletteColor, ...] | None = attrs.field(
        default=None, converter=_Wan27Image_color_palette, metadata={"part": Wan27ImagePaletteColor}
    )
    """Colors the image keeps to. Eight work best. Only without `enable_sequential`. 3 to 10 items."""
    bbox_list: tuple[Sequence[Sequence[int]], ...] | None = attrs.field(default=None, converter=_Wan27Image_bbox_list)
    """Where to edit: one entry per image of `input_urls`, in the same order, each a list of boxes. A box is `[x1, y1,
    x2, y2]`; an image without boxes has an empty list. At most 9 items. Each has at most 2 items, of which each has
    exactly 4 items."""
    watermark: bool | None = False
    """Whether the image carries a watermark. Default: false."""
    seed: int | None = None
    """Seed of the random generator. 0 to 2,147,483,647."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
    output_format: str | None = None
    """File format. Without effect. Not in the vendor's documentation; seen accepted: the service keeps unknown fields
    and goes on (live 2026-04); programs send this one."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "16:9", "4:3", "21:9", "3:4", "9:16", "8:1", "1:8"]
        Resolution = Literal["1K", "2K", "4K"]
