"""grok-imagine/image-to-video: the request class, compiled from openapi/models/grok-imagine/image-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _GrokImagineImageToVideo_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineImageToVideo(Request[VideoResult]):
    """xAI's Grok Imagine, for videos from images, or from an image of an earlier Grok Imagine task.

    Model `grok-imagine/image-to-video` by xAI: image-to-video, reference-to-video.
    Facts as of 2026-10-01 (docs.kie.ai/market/grok-imagine/image-to-video.md).

    Args:
        image_urls: Images to make the video from. 1080p takes a single one. Name one in the prompt as
            `@image1`, followed by a space. Not together with `task_id`, and not with `mode` spicy. At most 7 items.
            JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        task_id: Id of a `grok-imagine/text-to-image` task, one image of which becomes the video; `index` says
            which. Not together with `image_urls`. 1 to 100 characters.
        index: Which of the six images of `task_id` to take, counted from `0`. No effect without `task_id`. 0 to
            5. Default: 0.
        prompt: What moves and how, in English. 1 to 5,000 characters.
        mode: Manner of the motion. `fun` is playful, `normal` balanced, `spicy` intense; `spicy` only with
            `task_id`. Default: "normal".
        duration: Length of the video in whole seconds, as text or as a number. 6 to 30.
        resolution: Size of the video. `1080p` takes a single image. Default: "480p".
        aspect_ratio: Width to height of a video from several images. A video from one image has the shape of
            the image. Default: "16:9".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `mode` cannot be spicy beside `image_urls`.
        `image_urls` may hold only one image when `resolution` is 1080p.

    Advice (a warning, never a refusal):
        `image_urls` and `task_id` are not meant to be used together.
    """

    info = ModelInfo(
        slug="grok_imagine_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="grok-imagine/image-to-video",
        typical_seconds=(83, None, 2),
    )

    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_GrokImagineImageToVideo_image_urls)
    """Images to make the video from. 1080p takes a single one. Name one in the prompt as `@image1`, followed by a
    space. Not together with `task_id`, and not with `mode` spicy. At most 7 items. JPEG, PNG or WebP, up to 10 MB
    each. URLs or local media."""
    task_id: TaskReference | None = None
    """Id of a `grok-imagine/text-to-image` task, one image of which becomes the video; `index` says which. Not
    together with `image_urls`. 1 to 100 characters."""
    index: int | None = 0
    """Which of the six images of `task_id` to take, counted from `0`. No effect without `task_id`. 0 to 5. Default: 0."""
    prompt: str | None = None
    """What moves and how, in English. 1 to 5,000 characters."""
    mode: Literal["fun", "normal", "spicy"] | None = "normal"
    """Manner of the motion. `fun` is playful, `normal` balanced, `spicy` intense; `spicy` only with `task_id`.
    Default: "normal"."""
    duration: str | int | None = None
    """Length of the video in whole seconds, as text or as a number. 6 to 30."""
    resolution: Literal["480p", "720p", "1080p"] | None = "480p"
    """Size of the video. `1080p` takes a single image. Default: "480p"."""
    aspect_ratio: Literal["2:3", "3:2", "1:1", "16:9", "9:16"] | None = "16:9"
    """Width to height of a video from several images. A video from one image has the shape of the image. Default:
    "16:9"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Mode = Literal["fun", "normal", "spicy"]
        Resolution = Literal["480p", "720p", "1080p"]
        AspectRatio = Literal["2:3", "3:2", "1:1", "16:9", "9:16"]
