"""veo: the request class, compiled from openapi/models/veo/veo.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, default_unless, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _VeoGenerate_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class VeoGenerate(Request[VideoResult]):
    """Google's Veo 3.1, for videos with sound: from a prompt, from a first and perhaps a last frame, or with the looks
    of reference images. A clip takes two to five minutes.

    Model `veo` by Google: text-to-video, image-to-video, reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/veo3-api/generate-veo-3-video.md).
    Superseded: it still works, and the vendor now documents `veo-3-1` instead.

    Args:
        prompt: What happens in the video: subject, action, scene, style, sound. With images, how they come to
            life. English, or see `enable_translation`.
        image_urls: Images. As frames: a single one from which the video unfolds, or the first and the last
            frame. As references (`generation_type` is `REFERENCE_2_VIDEO`): pictures of what is to appear. At most
            3 items. URLs or local media.
        model: Variant. `veo3` is Veo 3.1 Quality, the dearest; `veo3_fast` is Veo 3.1 Fast; `veo3_lite` is Veo
            3.1 Lite, the cheapest. References need `veo3_fast` or `veo3_lite`. Default: "veo3_fast".
        generation_type: What the images are for. `TEXT_2_VIDEO` takes none, `FIRST_AND_LAST_FRAMES_2_VIDEO`
            frames, `REFERENCE_2_VIDEO` references. If absent, the service decides by whether there are images.
        resolution: Size of the video. A larger one takes longer and costs more. A `720p` video can be enlarged
            afterwards (`Veo1080p`, `Veo4K`). Default: "720p".
        duration: Length of the video in seconds. It is always `8` with references. Default: 8.
        enable_translation: Whether the service translates the prompt into English first.
        watermark: Text to show in the video as a watermark. None if absent.
        enable_fallback: Whether a backup model may step in where the prompt or an image is refused. The service
            says to leave it out; it was for 16:9 only, and what the backup model makes cannot be had in 1080p.
            Deprecated.
        former_aspect_ratio: Former name of `aspect_ratio`. Not in the vendor's documentation; seen accepted:
            live 2026-03 and 2026-08-06.
        seeds: Seed of the random generator, of five digits. Not in the vendor's documentation; seen accepted:
            the vendor's example, and programs in production.
        aspect_ratio: Width to height. `Auto` takes `16:9` or `9:16`, whichever is closer to the image, and
            crops to the centre. Default: "16:9", if `former_aspect_ratio` is absent.

    Rules:
        `image_urls` must be absent when `generation_type` is TEXT_2_VIDEO, which uses the prompt alone.
        `image_urls` needs one or two images when `generation_type` is FIRST_AND_LAST_FRAMES_2_VIDEO.
        `image_urls` may hold only the first and the last frame when `generation_type` is
        FIRST_AND_LAST_FRAMES_2_VIDEO.
        `image_urls` needs one to three images when `generation_type` is REFERENCE_2_VIDEO.
        `model` must be veo3_fast or veo3_lite when `generation_type` is REFERENCE_2_VIDEO.
        `duration` must be 8 when `generation_type` is REFERENCE_2_VIDEO.

    Advice (a warning, never a refusal):
        `former_aspect_ratio` is the former name of `aspect_ratio`: one program found it ignored; use
        `aspect_ratio`.
    """

    info = ModelInfo(
        slug="veo",
        package="kie_models",
        lifecycle="veo",
        result="video",
        captured="2026-08-19",
        id="veo",
        operation="generateVeo",
        status="superseded",
        successors=("veo-3-1",),
    )

    prompt: str
    """What happens in the video: subject, action, scene, style, sound. With images, how they come to life. English, or
    see `enable_translation`."""
    image_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_VeoGenerate_image_urls, metadata={"wire": "imageUrls"}
    )
    """Images. As frames: a single one from which the video unfolds, or the first and the last frame. As references
    (`generation_type` is `REFERENCE_2_VIDEO`): pictures of what is to appear. At most 3 items. URLs or local media."""
    model: Literal["veo3", "veo3_fast", "veo3_lite"] | None = "veo3_fast"
    """Variant. `veo3` is Veo 3.1 Quality, the dearest; `veo3_fast` is Veo 3.1 Fast; `veo3_lite` is Veo 3.1 Lite, the
    cheapest. References need `veo3_fast` or `veo3_lite`. Default: "veo3_fast"."""
    generation_type: Literal["TEXT_2_VIDEO", "FIRST_AND_LAST_FRAMES_2_VIDEO", "REFERENCE_2_VIDEO"] | None = attrs.field(
        default=None, metadata={"wire": "generationType"}
    )
    """What the images are for. `TEXT_2_VIDEO` takes none, `FIRST_AND_LAST_FRAMES_2_VIDEO` frames, `REFERENCE_2_VIDEO`
    references. If absent, the service decides by whether there are images."""
    resolution: Literal["720p", "1080p", "4k"] | None = "720p"
    """Size of the video. A larger one takes longer and costs more. A `720p` video can be enlarged afterwards
    (`Veo1080p`, `Veo4K`). Default: "720p"."""
    duration: Literal[4, 6, 8] | None = 8
    """Length of the video in seconds. It is always `8` with references. Default: 8."""
    enable_translation: bool | None = attrs.field(default=None, metadata={"wire": "enableTranslation"})
    """Whether the service translates the prompt into English first."""
    watermark: str | None = None
    """Text to show in the video as a watermark. None if absent."""
    enable_fallback: bool | None = attrs.field(default=None, metadata={"wire": "enableFallback"})
    """Whether a backup model may step in where the prompt or an image is refused. The service says to leave it out; it
    was for 16:9 only, and what the backup model makes cannot be had in 1080p. Deprecated."""
    former_aspect_ratio: str | None = attrs.field(default=None, metadata={"wire": "aspectRatio"})
    """Former name of `aspect_ratio`. Not in the vendor's documentation; seen accepted: live 2026-03 and 2026-08-06."""
    seeds: int | str | None = None
    """Seed of the random generator, of five digits. Not in the vendor's documentation; seen accepted: the vendor's
    example, and programs in production."""
    aspect_ratio: Literal["16:9", "9:16", "Auto"] | None = default_unless("16:9", "former_aspect_ratio")
    """Width to height. `Auto` takes `16:9` or `9:16`, whichever is closer to the image, and crops to the centre.
    Default: "16:9", if `former_aspect_ratio` is absent."""

    if TYPE_CHECKING:
        Model = Literal["veo3", "veo3_fast", "veo3_lite"]
        GenerationType = Literal["TEXT_2_VIDEO", "FIRST_AND_LAST_FRAMES_2_VIDEO", "REFERENCE_2_VIDEO"]
        Resolution = Literal["720p", "1080p", "4k"]
        Duration = Literal[4, 6, 8]
        AspectRatio = Literal["16:9", "9:16", "Auto"]
