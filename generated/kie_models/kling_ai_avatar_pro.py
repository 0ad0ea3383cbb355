"""kling/ai-avatar-pro: the request class, compiled from openapi/models/kling/ai-avatar-pro.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
class KlingAiAvatarPro(Request[VideoResult]):
    """Kling AI Avatar Pro, the finer and dearer tier, for videos in which the person of an image speaks a recording.

    Model `kling/ai-avatar-pro` by Kling: avatar, lip-sync.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/ai-avatar-pro.md).

    Args:
        image_url: URL of the image of the person who speaks. JPEG or PNG, up to 10 MB. A URL or local media.
        audio_url: URL of the recording to speak. MP3, WAV, AAC, M4A or OGG, up to 100 MB. At most 300 seconds.
            A URL or local media.
        prompt: How the person behaves in the video. May be empty. At most 5,000 characters.
    """

    info = ModelInfo(
        slug="kling_ai_avatar_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling/ai-avatar-pro",
    )

    image_url: Media
    """URL of the image of the person who speaks. JPEG or PNG, up to 10 MB. A URL or local media."""
    audio_url: Media
    """URL of the recording to speak. MP3, WAV, AAC, M4A or OGG, up to 100 MB. At most 300 seconds. A URL or local
    media."""
    prompt: str
    """How the person behaves in the video. May be empty. At most 5,000 characters."""
