"""happyhorse/video-edit: the request class, compiled from openapi/models/happyhorse/video-edit.yaml. Do not edit."""

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


def _HappyhorseVideoEdit_reference_image(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class HappyhorseVideoEdit(Request[VideoResult]):
    """HappyHorse, for changing a video as a prompt says, with reference images.

    Model `happyhorse/video-edit` by HappyHorse: video-edit, video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/happyhorse/video-edit.md).

    Args:
        prompt: What to change. Chinese text may only be half as long; anything beyond the limit is cut off. 1
            to 5,000 characters.
        video_url: URL of the video to change, preferably encoded as H.264. MP4 or MOV, up to 100 MB. 3 to 60
            seconds. 320 to 2,160 px per side; width to height 0.4 to 2.5; at least 8 frames per second. A URL or
            local media.
        reference_image: Images the change refers to. At most 5 items. JPEG, PNG or WebP, up to 10 MB each. At
            least 300 px per side; width to height 0.4 to 2.5. URLs or local media.
        resolution: Size of the video. Default: "1080p".
        audio_setting: Sound of the new video. `auto` leaves it to the model, `origin` keeps the sound of the
            input. Default: "auto".
        seed: Seed of the random generator. The same seed and the same input give similar videos. 0 to
            2,147,483,647.
        aspect_ratio: Width to height. Without effect: the video has the shape of what it is made from. Not in
            the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
            programs send this one.
        duration: Length in seconds. Without effect: the video stays as long as the one it is made from. Not in
            the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
            programs send this one.

    Advice (a warning, never a refusal):
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect: the video has the
        shape of what it is made from.
        `duration` is not a field that the vendor documents for this model, and has no effect: the video stays as
        long as the one it is made from.
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
    """What to change. Chinese text may only be half as long; anything beyond the limit is cut off. 1 to 5,000
    characters."""
    video_url: Media
    """URL of the video to change, preferably encoded as H.264. MP4 or MOV, up to 100 MB. 3 to 60 seconds. 320 to 2,160
    px per side; width to height 0.4 to 2.5; at least 8 frames per second. A URL or local media."""
    reference_image: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_HappyhorseVideoEdit_reference_image
    )
    """Images the change refers to. At most 5 items. JPEG, PNG or WebP, up to 10 MB each. At least 300 px per side;
    width to height 0.4 to 2.5. URLs or local media."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. Default: "1080p"."""
    audio_setting: Literal["auto", "origin"] | None = "auto"
    """Sound of the new video. `auto` leaves it to the model, `origin` keeps the sound of the input. Default: "auto"."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar videos. 0 to 2,147,483,647."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the video has the shape of what it is made from. Not in the vendor's
    documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04); programs send this
    one."""
    duration: int | None = None
    """Length in seconds. Without effect: the video stays as long as the one it is made from. Not in the vendor's
    documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04); programs send this
    one."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
        AudioSetting = Literal["auto", "origin"]
