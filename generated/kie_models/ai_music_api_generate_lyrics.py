"""ai-music-api/generate-lyrics: the request class, compiled from openapi/models/ai-music-api/generate-lyrics.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.music import LyricsResult
else:
    LyricsResult = later("kie._core.music", "LyricsResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicGenerateLyrics(Request[LyricsResult]):
    """Suno, for lyrics alone. A task gives several versions, each with a title and marks for verse and chorus.

    Model `ai-music-api/generate-lyrics` by Suno: lyrics.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/generate-lyrics)).

    Args:
        prompt: What the song is about - theme, mood, style or story. More detail gives better lyrics.
    """

    info = ModelInfo(
        slug="ai_music_api_generate_lyrics",
        package="kie_models",
        lifecycle="jobs",
        result="lyrics",
        captured="2026-10-01",
        model="ai-music-api/generate-lyrics",
    )

    prompt: str
    """What the song is about - theme, mood, style or story. More detail gives better lyrics."""
