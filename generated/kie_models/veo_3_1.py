"""veo-3-1: the request class, compiled from openapi/models/veo/veo-3-1.yaml. Do not edit."""

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


def _Veo31_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Veo31(Request[VideoResult]):
    """Google's Veo 3.1, for videos with sound: from a prompt, from a first and perhaps a last frame, or with the looks
    of reference images. This form has no field for the variant (quality, fast or lite), whose prices differ;
    `VeoGenerate` has.

    Model `veo-3-1` by Google: text-to-video, image-to-video, reference-to-video.
    Facts as of 2026-10-01 (docs.kie.ai (veo-3-1)).

    Args:
        prompt: What happens in the video, as subject, action, scene, style, sound. With images, how they come
            to life.
        image_urls: Images. As frames: a single one from which the video unfolds, or the first and the last
            frame. As references (`generation_type` is `REFERENCE_2_VIDEO`): pictures of what is to appear. At most
            3 items. URLs or local media.
        generation_type: What the images are for. `TEXT_2_VIDEO` takes none, `FIRST_AND_LAST_FRAMES_2_VIDEO`
            frames, `REFERENCE_2_VIDEO` references. If absent, the service decides by whether there are images.
        aspect_ratio: Width to height. `Auto` takes `16:9` or `9:16`, whichever is closer to the image. Default:
            "16:9".
        resolution: Size of the video. A larger one takes longer and costs more. A `720p` video can be enlarged
            afterwards (`VeoGet1080pVideo`, `VeoGet4kVideo`). Default: "720p".
        duration: Length of the video in seconds. It is always `8` with references. Default: 8.
        enable_translation: Whether the service translates the prompt into English first.
        enable_fallback: Whether a backup model may step in where the prompt or an image is refused.
        watermark: Text to show in the video as a watermark. None if absent.

    Rules:
        `image_urls` must be absent when `generation_type` is TEXT_2_VIDEO, which uses the prompt alone.
        `image_urls` needs one or two images when `generation_type` is FIRST_AND_LAST_FRAMES_2_VIDEO.
        `image_urls` may hold only the first and the last frame when `generation_type` is
        FIRST_AND_LAST_FRAMES_2_VIDEO.
        `image_urls` needs one to three images when `generation_type` is REFERENCE_2_VIDEO.
        `duration` must be 8 when `generation_type` is REFERENCE_2_VIDEO.
    """

    info = ModelInfo(
        slug="veo_3_1", package="kie_models", lifecycle="jobs", result="video", captured="2026-10-01", model="veo-3-1"
    )

    prompt: str
    """What happens in the video, as subject, action, scene, style, sound. With images, how they come to life."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Veo31_image_urls)
    """Images. As frames: a single one from which the video unfolds, or the first and the last frame. As references
    (`generation_type` is `REFERENCE_2_VIDEO`): pictures of what is to appear. At most 3 items. URLs or local media."""
    generation_type: Literal["TEXT_2_VIDEO", "FIRST_AND_LAST_FRAMES_2_VIDEO", "REFERENCE_2_VIDEO"] | None = None
    """What the images are for. `TEXT_2_VIDEO` takes none, `FIRST_AND_LAST_FRAMES_2_VIDEO` frames, `REFERENCE_2_VIDEO`
    references. If absent, the service decides by whether there are images."""
    aspect_ratio: Literal["16:9", "9:16", "Auto"] | None = "16:9"
    """Width to height. `Auto` takes `16:9` or `9:16`, whichever is closer to the image. Default: "16:9"."""
    resolution: Literal["720p", "1080p", "4k"] | None = "720p"
    """Size of the video. A larger one takes longer and costs more. A `720p` video can be enlarged afterwards
    (`VeoGet1080pVideo`, `VeoGet4kVideo`). Default: "720p"."""
    duration: Literal[4, 6, 8] | None = 8
    """Length of the video in seconds. It is always `8` with references. Default: 8."""
    enable_translation: bool | None = None
    """Whether the service translates the prompt into English first."""
    enable_fallback: bool | None = None
    """Whether a backup model may step in where the prompt or an image is refused."""
    watermark: str | None = None
    """Text to show in the video as a watermark. None if absent."""

    if TYPE_CHECKING:
        GenerationType = Literal["TEXT_2_VIDEO", "FIRST_AND_LAST_FRAMES_2_VIDEO", "REFERENCE_2_VIDEO"]
        AspectRatio = Literal["16:9", "9:16", "Auto"]
        Resolution = Literal["720p", "1080p", "4k"]
        Duration = Literal[4, 6, 8]
