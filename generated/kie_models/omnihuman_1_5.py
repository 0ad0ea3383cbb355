"""omnihuman-1-5: the request class, compiled from openapi/models/omnihuman/1-5.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _Omnihuman15_mask_url(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Omnihuman15(Request[VideoResult]):
    """ByteDance's OmniHuman 1.5, for videos in which a person, pet or figure of an image speaks a recording.

    Model `omnihuman-1-5` by ByteDance: avatar, lip-sync.
    Facts as of 2026-08-19 (docs.kie.ai/market/omnihuman-1-5.md).

    Args:
        image_url: URL of the image of who speaks, such as a person, a pet or a drawn figure, in any shape.
            JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        audio_url: URL of the recording to speak. Quality drops with longer recordings. MP3, WAV, AAC, OGG or
            M4A, up to 10 MB. At most 60 seconds. A URL or local media.
        mask_url: Masks of those in the image who speak, as `omnihuman-1-5/subject-detection` finds them. At
            most 5 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        prompt: How the video looks, in Chinese, English, Japanese, Korean, Spanish or Indonesian. Short texts
            work best. 1 to 1,000 characters.
        output_resolution: Size of the video in lines, as text. Default: "1080".
        pe_fast_mode: Whether to give up some quality for speed. Default: false.
        seed: Seed of the random generator. The same positive seed and the same input give nearly the same
            video; `-1` picks one at random, as the service does if absent.
    """

    info = ModelInfo(
        slug="omnihuman_1_5",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="omnihuman-1-5",
    )

    image_url: Media
    """URL of the image of who speaks, such as a person, a pet or a drawn figure, in any shape. JPEG, PNG or WebP, up
    to 10 MB. A URL or local media."""
    audio_url: Media
    """URL of the recording to speak. Quality drops with longer recordings. MP3, WAV, AAC, OGG or M4A, up to 10 MB. At
    most 60 seconds. A URL or local media."""
    mask_url: tuple[Media, ...] | None = attrs.field(default=None, converter=_Omnihuman15_mask_url)
    """Masks of those in the image who speak, as `omnihuman-1-5/subject-detection` finds them. At most 5 items. JPEG,
    PNG or WebP, up to 10 MB each. URLs or local media."""
    prompt: str | None = None
    """How the video looks, in Chinese, English, Japanese, Korean, Spanish or Indonesian. Short texts work best. 1 to
    1,000 characters."""
    output_resolution: Literal["720", "1080"] | None = "1080"
    """Size of the video in lines, as text. Default: "1080"."""
    pe_fast_mode: bool | None = False
    """Whether to give up some quality for speed. Default: false."""
    seed: int | None = None
    """Seed of the random generator. The same positive seed and the same input give nearly the same video; `-1` picks
    one at random, as the service does if absent."""

    if TYPE_CHECKING:
        OutputResolution = Literal["720", "1080"]
