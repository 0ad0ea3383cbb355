"""suno/style: the request class, compiled from openapi/models/suno/style.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.music import TextResult
else:
    TextResult = later("kie._core.music", "TextResult")


@attrs.frozen(kw_only=True, repr=False)
class SunoStyle(Request[TextResult]):
    """Writes a few words on a style out into a full description, fit for the `style` of a music request. It answers at
    once and is charged.

    Model `suno/style` by Suno: music-style.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/boost-music-style.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/boost-music-style` instead.

    Args:
        content: The style in a few clear words, such as `Pop, mysterious`.
    """

    info = ModelInfo(
        slug="suno_style",
        package="kie_models",
        lifecycle="suno-style",
        result="text",
        captured="2026-08-19",
        id="suno/style",
        operation="boostStyle",
        status="superseded",
        successors=("ai-music-api/boost-music-style",),
    )

    content: str
    """The style in a few clear words, such as `Pop, mysterious`."""
