"""volcengine/video-to-video-lip-sync: the request class, compiled from openapi/models/volcengine/video-to-video-lip-sync.yaml. Do not edit."""

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
class VolcengineVideoToVideoLipSync(Request[VideoResult]):
    """Volcengine's lip sync, for making the person of a video speak another recording.

    Model `volcengine/video-to-video-lip-sync` by Volcengine: lip-sync, video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/volcengine/video-to-video-lip-sync.md).

    Args:
        mode: How the lips are changed. `lite` is quick and for one person who faces the camera, `basic` for one
            person in a scene that is harder to read.
        video_url: URL of the video to change, best encoded as H.264, at 1 to 30 Mbit/s. One above 1080p is
            shrunk to 1080p. MOV or MP4, up to 500 MB. At least 360 px per side; 24 to 60 frames per second. A URL
            or local media.
        audio_url: URL of the speech the lips follow, best a voice alone. With `mode` basic it has to be
            slightly shorter than with `mode` lite. MP3, WAV, AAC, M4A or OGG, up to 10 MB. 1 to 240 seconds. A URL
            or local media.
        separate_vocal: Whether the voice is taken out of the recording first, so that noise behind it disturbs
            less. Default: false.
        open_scenedet: Whether the video is cut into scenes and the speaker looked for in each. Only in basic
            mode. Default: false.
        align_audio: Whether the video starts over when the recording is longer than it. Only in lite mode.
            Default: true.
        align_audio_reverse: Whether the repetition runs backwards. Only in lite mode, and only with
            `align_audio`. Default: false.
        templ_start_seconds: Where in the video to begin, in seconds from its start. Only in lite mode. At least
            0. Default: 0.

    Rules:
        `mode` must be basic when `open_scenedet` is true.
        `align_audio` must be true when `align_audio_reverse` is true.
        `mode` must be lite when `align_audio_reverse` is true.
        `mode` must be lite when `templ_start_seconds` is not 0.
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
    """URL of the video to change, best encoded as H.264, at 1 to 30 Mbit/s. One above 1080p is shrunk to 1080p. MOV or
    MP4, up to 500 MB. At least 360 px per side; 24 to 60 frames per second. A URL or local media."""
    audio_url: Media
    """URL of the speech the lips follow, best a voice alone. With `mode` basic it has to be slightly shorter than with
    `mode` lite. MP3, WAV, AAC, M4A or OGG, up to 10 MB. 1 to 240 seconds. A URL or local media."""
    separate_vocal: bool | None = False
    """Whether the voice is taken out of the recording first, so that noise behind it disturbs less. Default: false."""
    open_scenedet: bool | None = False
    """Whether the video is cut into scenes and the speaker looked for in each. Only in basic mode. Default: false."""
    align_audio: bool | None = True
    """Whether the video starts over when the recording is longer than it. Only in lite mode. Default: true."""
    align_audio_reverse: bool | None = False
    """Whether the repetition runs backwards. Only in lite mode, and only with `align_audio`. Default: false."""
    templ_start_seconds: float | None = 0
    """Where in the video to begin, in seconds from its start. Only in lite mode. At least 0. Default: 0."""

    if TYPE_CHECKING:
        Mode = Literal["lite", "basic"]
