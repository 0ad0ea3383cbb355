"""happyhorse/video-edit: the request class, compiled from openapi/models/happyhorse/video-edit.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.results import VideoResult


def _HappyhorseVideoEdit_reference_image(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class HappyhorseVideoEdit(Request[VideoResult]):
    """HappyHorse, for changing a video of 3 to 60 seconds as a prompt says, with up to five reference images.

    Model `happyhorse/video-edit` by HappyHorse: video-edit, video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/happyhorse/video-edit.md).
    """

    info = ModelInfo(
        slug="happyhorse_video_edit",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="happyhorse/video-edit",
        typical_seconds=(113, None, 1),
    )

    prompt: str
    """What to change, at most 5,000 characters (2,500 in Chinese); more is cut off. (1 to 5000 characters)"""
    video_url: Media
    """URL of the video to change, an MP4 or MOV (preferably H.264) of 3 to 60 seconds, at most 100 MB, 320 px or more
    on the shorter side and up to 2,160 px on the longer, width to height 0.4 to 2.5, more than 8 frames per second.
    (a URL or local media)"""
    reference_image: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_HappyhorseVideoEdit_reference_image
    )
    """Images the change refers to, at most five. Each is a JPEG, PNG or WebP of at most 10 MB, at least 300 px per
    side, width to height 0.4 to 2.5. (at most 5 items; URLs or local media)"""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. (default "1080p")"""
    audio_setting: Literal["auto", "origin"] | None = "auto"
    """Sound of the new video. `auto` leaves it to the model, `origin` keeps the sound of the input. (default "auto")"""
    seed: int | None = None
    """Seed of the random generator, 0 to 2147483647. The same seed and the same input give similar videos. (0 to
    2147483647)"""
