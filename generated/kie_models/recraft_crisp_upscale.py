"""recraft/crisp-upscale: the request class, compiled from openapi/models/recraft/crisp-upscale.yaml. Do not edit."""

from __future__ import annotations

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import ImageResult


@attrs.frozen(kw_only=True, repr=False)
class RecraftCrispUpscale(Request[ImageResult]):
    """Recraft Crisp Upscale, for a larger and sharper copy of an image.

    Model `recraft/crisp-upscale` by Recraft: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/market/recraft/crisp-upscale.md).

    Args:
        image: URL of the image to enlarge. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        nsfw_checker: Whether the service filters results that are not safe for work. Not known to have an
            effect on this model. Not in the vendor's documentation; seen accepted: the service keeps it and goes on
            (live 2026-04-22 and 2026-04-30).
        aspect_ratio: Width to height. Without effect: the result has the shape of what it is made from, or the
            only one that the model makes. Not in the vendor's documentation; seen accepted: the service keeps
            unknown fields and goes on (live 2026-04); programs send this one.
        output_format: File format. Without effect. Not in the vendor's documentation; seen accepted: the
            service keeps unknown fields and goes on (live 2026-04); programs send this one.

    Advice (a warning, never a refusal):
        `nsfw_checker` is not a field that the vendor documents for this model, and may have no effect.
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect.
        `output_format` is not a field that the vendor documents for this model, and has no effect.
    """

    info = ModelInfo(
        slug="recraft_crisp_upscale",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="recraft/crisp-upscale",
    )

    image: Media
    """URL of the image to enlarge. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Not known to have an effect on this model. Not
    in the vendor's documentation; seen accepted: the service keeps it and goes on (live 2026-04-22 and 2026-04-30)."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the result has the shape of what it is made from, or the only one that the
    model makes. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on
    (live 2026-04); programs send this one."""
    output_format: str | None = None
    """File format. Without effect. Not in the vendor's documentation; seen accepted: the service keeps unknown fields
    and goes on (live 2026-04); programs send this one."""
