"""ai-music-api/boost-music-style: the request class, compiled from openapi/models/ai-music-api/boost-music-style.yaml. Do not edit."""

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
class AiMusicBoostMusicStyle(Request[TextResult]):
    """Writes a few words on a style out into a full description, fit for the `style` of a music request. It is
    charged.

    Model `ai-music-api/boost-music-style` by Suno: music-style.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/boost-music-style)).

    Args:
        content: The style in a few clear words, such as `Pop, mysterious`.
    """

    info = ModelInfo(
        slug="ai_music_api_boost_music_style",
        package="kie_models",
        lifecycle="jobs",
        result="text",
        captured="2026-10-01",
        model="ai-music-api/boost-music-style",
    )

    content: str
    """The style in a few clear words, such as `Pop, mysterious`."""
