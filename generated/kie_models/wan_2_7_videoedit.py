"""wan/2-7-videoedit: the request class, compiled from openapi/models/wan/2-7-videoedit.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class Wan27VideoEdit(Request[VideoResult]):
    """Alibaba's Wan 2.7, for changing a video as a prompt and a reference image say.

    Model `wan/2-7-videoedit` by Alibaba: video-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-7-videoedit.md).

    Args:
        video_url: URL of the video to change. MP4 or MOV, up to 100 MB. 2 to 10 seconds. 240 to 4,096 px per
            side; width to height 0.125 to 8. A URL or local media.
        prompt: What the changed video shows, in English or Chinese. 1 to 5,000 characters.
        negative_prompt: What to keep out of the video, in English or Chinese. At most 500 characters.
        reference_image: URL of an image that shows a person, clothes or a look to take over. It must not be
            transparent. JPEG, PNG, BMP or WebP. 240 to 8,000 px per side; width to height 0.125 to 8. A URL or
            local media.
        resolution: Size of the video. A larger one costs more. Default: "1080p".
        aspect_ratio: Width to height of the result. It stays close to that of the video if absent.
        duration: How many seconds of the video to keep, counted from its start; `0` keeps all of it. Default:
            0.
        audio_setting: Sound of the result. `origin` keeps that of the video; with `auto` the model may make a
            new one if the prompt suggests it. Default: "auto".
        prompt_extend: Whether the service rewrites the prompt in more detail first. It helps short prompts and
            takes longer. Default: true.
        watermark: Whether the lower right corner carries the mark "AI generated". Default: false.
        seed: Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="wan_2_7_videoedit",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-7-videoedit",
        typical_seconds=(786, None, 1),
    )

    video_url: Media
    """URL of the video to change. MP4 or MOV, up to 100 MB. 2 to 10 seconds. 240 to 4,096 px per side; width to height
    0.125 to 8. A URL or local media."""
    prompt: str | None = None
    """What the changed video shows, in English or Chinese. 1 to 5,000 characters."""
    negative_prompt: str | None = None
    """What to keep out of the video, in English or Chinese. At most 500 characters."""
    reference_image: Media | None = None
    """URL of an image that shows a person, clothes or a look to take over. It must not be transparent. JPEG, PNG, BMP
    or WebP. 240 to 8,000 px per side; width to height 0.125 to 8. A URL or local media."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. A larger one costs more. Default: "1080p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4"] | None = None
    """Width to height of the result. It stays close to that of the video if absent."""
    duration: Literal[0, 2, 3, 4, 5, 6, 7, 8, 9, 10] | None = 0
    """How many seconds of the video to keep, counted from its start; `0` keeps all of it. Default: 0."""
    audio_setting: Literal["auto", "origin"] | None = "auto"
    """Sound of the result. `origin` keeps that of the video; with `auto` the model may make a new one if the prompt
    suggests it. Default: "auto"."""
    prompt_extend: bool | None = True
    """Whether the service rewrites the prompt in more detail first. It helps short prompts and takes longer. Default:
    true."""
    watermark: bool | None = False
    """Whether the lower right corner carries the mark "AI generated". Default: false."""
    seed: int | None = None
    """Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
        AspectRatio = Literal["16:9", "9:16", "1:1", "4:3", "3:4"]
        Duration = Literal[0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        AudioSetting = Literal["auto", "origin"]
