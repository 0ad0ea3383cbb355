"""suno/lyrics: the request class, compiled from openapi/models/suno/lyrics.yaml. Do not edit."""

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
class SunoLyrics(Request[LyricsResult]):
    """Suno, for lyrics alone. A task gives several versions, each with a title and marks for verse and chorus.

    Model `suno/lyrics` by Suno: lyrics.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/generate-lyrics.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/generate-lyrics` instead.

    Args:
        prompt: What the song is about - theme, mood, style or story. More detail gives better lyrics. 1 to 200
            characters.
    """

    info = ModelInfo(
        slug="suno_lyrics",
        package="kie_models",
        lifecycle="suno-lyrics",
        result="lyrics",
        captured="2026-08-19",
        id="suno/lyrics",
        operation="writeLyrics",
        status="superseded",
        successors=("ai-music-api/generate-lyrics",),
    )

    prompt: str
    """What the song is about - theme, mood, style or story. More detail gives better lyrics. 1 to 200 characters."""
