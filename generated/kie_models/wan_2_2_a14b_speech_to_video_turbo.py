"""wan/2-2-a14b-speech-to-video-turbo: the request class, compiled from openapi/models/wan/2-2-a14b-speech-to-video-turbo.yaml. Do not edit."""

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
class Wan22A14bSpeechToVideoTurbo(Request[VideoResult]):
    """Alibaba's Wan 2.2 A14B Turbo, for videos in which the person of an image speaks a recording.

    Model `wan/2-2-a14b-speech-to-video-turbo` by Alibaba: avatar, lip-sync.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-2-a14b-speech-to-video-turbo.md).

    Args:
        prompt: What the video shows. 1 to 5,000 characters.
        image_url: URL of the image of the speaker. It is scaled and cropped around its middle to fit the video.
            JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        audio_url: URL of the recording that is spoken. MP3, WAV, OGG, M4A, FLAC or AAC, up to 10 MB. A URL or
            local media.
        num_frames: How many frames the video has. 40 to 120, in multiples of 4. Default: 80.
        frames_per_second: Frames per second. Should the service add frames in between, the rate of the result
            rises with them. 4 to 60. Default: 16.
        resolution: Size of the video. Default: "480p".
        negative_prompt: What to keep out of the video. At most 500 characters.
        seed: Seed of the random generator. The same seed and the same input give similar results. The service
            picks one if absent.
        num_inference_steps: How many steps the model takes. More look better and take longer. 2 to 40. Default:
            27.
        guidance_scale: How closely the video follows the prompt. High values can cost quality. 1 to 10.
            Default: 3.5.
        shift: Shift of the sampling schedule. 1 to 10. Default: 5.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="wan_2_2_a14b_speech_to_video_turbo",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-2-a14b-speech-to-video-turbo",
    )

    prompt: str
    """What the video shows. 1 to 5,000 characters."""
    image_url: Media
    """URL of the image of the speaker. It is scaled and cropped around its middle to fit the video. JPEG, PNG or WebP,
    up to 10 MB. A URL or local media."""
    audio_url: Media
    """URL of the recording that is spoken. MP3, WAV, OGG, M4A, FLAC or AAC, up to 10 MB. A URL or local media."""
    num_frames: int | None = 80
    """How many frames the video has. 40 to 120, in multiples of 4. Default: 80."""
    frames_per_second: int | None = 16
    """Frames per second. Should the service add frames in between, the rate of the result rises with them. 4 to 60.
    Default: 16."""
    resolution: Literal["480p", "580p", "720p"] | None = "480p"
    """Size of the video. Default: "480p"."""
    negative_prompt: str | None = None
    """What to keep out of the video. At most 500 characters."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results. The service picks one if
    absent."""
    num_inference_steps: int | None = 27
    """How many steps the model takes. More look better and take longer. 2 to 40. Default: 27."""
    guidance_scale: float | None = 3.5
    """How closely the video follows the prompt. High values can cost quality. 1 to 10. Default: 3.5."""
    shift: float | None = 5
    """Shift of the sampling schedule. 1 to 10. Default: 5."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["480p", "580p", "720p"]
