"""ai-music-api/check-voice: the request class, compiled from openapi/models/ai-music-api/check-voice.yaml. Do not edit."""

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
class AiMusicCheckVoice(Request[VoiceResult]):
    """Asks whether a voice of your own can be used (`result.available`).

    Model `ai-music-api/check-voice` by Suno: voice-clone.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/check-voice)).

    Args:
        task_id: The task that made the voice (an `AiMusicCreateVoice`).
    """

    info = ModelInfo(
        slug="ai_music_api_check_voice",
        package="kie_models",
        lifecycle="jobs",
        result="voice",
        captured="2026-10-01",
        model="ai-music-api/check-voice",
    )

    task_id: TaskReference
    """The task that made the voice (an `AiMusicCreateVoice`)."""
