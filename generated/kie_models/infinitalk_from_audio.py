"""infinitalk/from-audio: the request class, compiled from openapi/models/infinitalk/from-audio.yaml. Do not edit."""

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
class InfinitalkFromAudio(Request[VideoResult]):
    """MeiGen-AI's InfiniteTalk, for videos in which the person of an image speaks a recording.

    Model `infinitalk/from-audio` by MeiGen-AI: avatar, lip-sync.
    Facts as of 2026-08-19 (docs.kie.ai/market/infinitalk/from-audio.md).

    Args:
        image_url: URL of the image of the speaker. It is scaled and cropped around its middle to fit the video.
            JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        audio_url: URL of the recording that is spoken. MP3, WAV, AAC, M4A or OGG, up to 10 MB. A URL or local
            media.
        prompt: What the video shows. 1 to 5,000 characters.
        resolution: Size of the video. Default: "480p".
        seed: Seed of the random generator. 10,000 to 1,000,000.
    """

    info = ModelInfo(
        slug="infinitalk_from_audio",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="infinitalk/from-audio",
    )

    image_url: Media
    """URL of the image of the speaker. It is scaled and cropped around its middle to fit the video. JPEG, PNG or WebP,
    up to 10 MB. A URL or local media."""
    audio_url: Media
    """URL of the recording that is spoken. MP3, WAV, AAC, M4A or OGG, up to 10 MB. A URL or local media."""
    prompt: str
    """What the video shows. 1 to 5,000 characters."""
    resolution: Literal["480p", "720p"] | None = "480p"
    """Size of the video. Default: "480p"."""
    seed: int | None = None
    """Seed of the random generator. 10,000 to 1,000,000."""

    if TYPE_CHECKING:
        Resolution = Literal["480p", "720p"]
