"""ai-music-api/regenerate-phrase: the request class, compiled from openapi/models/ai-music-api/regenerate-phrase.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.voices import VoiceResult
else:
    VoiceResult = later("kie._core.voices", "VoiceResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicRegeneratePhrase(Request[VoiceResult]):
    """Another phrase for a validation (`AiMusicValidationPhrase`), where the first does not suit.

    Model `ai-music-api/regenerate-phrase` by Suno: voice-clone.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/regenerate-phrase)).

    Args:
        task_id: The validation whose phrase does not suit.
    """

    info = ModelInfo(
        slug="ai_music_api_regenerate_phrase",
        package="kie_models",
        lifecycle="jobs",
        result="voice",
        captured="2026-10-01",
        model="ai-music-api/regenerate-phrase",
    )

    task_id: TaskReference
    """The validation whose phrase does not suit."""
