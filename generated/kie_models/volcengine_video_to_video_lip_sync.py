"""volcengine/video-to-video-lip-sync: the request class, compiled from openapi/models/volcengine/video-to-video-lip-sync.yaml. Do not edit."""

from __future__ import annotations

from typing import Literal

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult


@attrs.frozen(kw_only=True, repr=False)
class VolcengineVideoToVideoLipSync(Request[VideoResult]):
    """Volcengine's lip sync, for making the person of a video speak another recording.

    Model `volcengine/video-to-video-lip-sync` by Volcengine: lip-sync, video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/volcengine/video-to-video-lip-sync.md).
    """

    info = ModelInfo(
        slug="volcengine_video_to_video_lip_sync",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="volcengine/video-to-video-lip-sync",
    )

    mode: Literal["lite", "basic"]
    """How the lips are changed. `lite` is quick and for one person who faces the camera, `basic` for one person in a
    scene that is harder to read."""
    video_url: Media
    """URL of the video to change, a MOV or MP4 (best H.264) of at most 500 MB, 24 to 60 frames per second, 1 to 30
    Mbps. At least 360p; above 1080p it is shrunk to 1080p. (a URL or local media)"""
    audio_url: Media
    """URL of the speech the lips follow, best a voice alone: an MP3, WAV, AAC, M4A or OGG of at most 10 MB, longer
    than a second, at most 240 seconds in lite mode and 210 in basic mode. (a URL or local media)"""
    separate_vocal: bool | None = False
    """Whether the voice is taken out of the recording first, so that noise behind it disturbs less. (default false)"""
    open_scenedet: bool | None = False
    """Whether the video is cut into scenes and the speaker looked for in each. Only in basic mode. (default false)"""
    align_audio: bool | None = True
    """Whether the video starts over when the recording is longer than it. Only in lite mode. (default true)"""
    align_audio_reverse: bool | None = False
    """Whether the repetition runs backwards. Only in lite mode, and only with `align_audio`. (default false)"""
    templ_start_seconds: float | None = 0
    """Where in the video to begin, in seconds from its start. Only in lite mode. (at least 0; default 0)"""
