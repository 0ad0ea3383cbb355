"""sora-2-pro-text-to-video: the request class, compiled from openapi/models/sora/sora-2-pro-text-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _Sora2ProTextToVideo_character_id_list(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Sora2ProTextToVideo(Request[VideoResult]):
    """OpenAI's Sora 2 Pro, for videos from a prompt. The vendor has withdrawn it.

    Model `sora-2-pro-text-to-video` by OpenAI: text-to-video.
    Facts as of 2025-12-12 (docs.kie.ai/market/sora2/sora-2-pro-text-to-video).

    Args:
        prompt: What happens in the video. 1 to 10,000 characters.
        aspect_ratio: Whether the video is upright or wide. Default: "landscape".
        n_frames: Length of the video in seconds, as text. It does not count frames. Default: "10".
        size: Quality of the video. Default: "high".
        remove_watermark: Whether the mark that Sora puts on its videos is taken off.
        character_id_list: Ids of characters, made earlier with `sora-2-characters`, that appear in the video.
        upload_method: Where the service stores the result.
    """

    info = ModelInfo(
        slug="sora_2_pro_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2025-12-12",
        model="sora-2-pro-text-to-video",
        status="retired",
        successors=("bytedance/seedance-2", "kling-3.0/video"),
    )

    prompt: str
    """What happens in the video. 1 to 10,000 characters."""
    aspect_ratio: Literal["portrait", "landscape"] | None = "landscape"
    """Whether the video is upright or wide. Default: "landscape"."""
    n_frames: Literal["10", "15"] | None = "10"
    """Length of the video in seconds, as text. It does not count frames. Default: "10"."""
    size: Literal["standard", "high"] | None = "high"
    """Quality of the video. Default: "high"."""
    remove_watermark: bool | None = None
    """Whether the mark that Sora puts on its videos is taken off."""
    character_id_list: tuple[str, ...] | None = attrs.field(
        default=None, converter=_Sora2ProTextToVideo_character_id_list
    )
    """Ids of characters, made earlier with `sora-2-characters`, that appear in the video."""
    upload_method: Literal["s3", "oss"] | None = None
    """Where the service stores the result."""

    if TYPE_CHECKING:
        AspectRatio = Literal["portrait", "landscape"]
        NFrames = Literal["10", "15"]
        Size = Literal["standard", "high"]
        UploadMethod = Literal["s3", "oss"]
