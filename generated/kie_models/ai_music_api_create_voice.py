"""ai-music-api/create-voice: the request class, compiled from openapi/models/ai-music-api/create-voice.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.voices import VoiceResult
else:
    VoiceResult = later("kie._core.voices", "VoiceResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicCreateVoice(Request[VoiceResult]):
    """The second step to a voice of your own for Suno: send the sung phrase of an `AiMusicValidationPhrase`, get a
    voice. The result goes into `persona_id` of `AiMusicGenerate`, with `persona_model="voice_persona"`.

    Model `ai-music-api/create-voice` by Suno: voice-clone.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/create-voice)).

    Args:
        task_id: The validation (an `AiMusicValidationPhrase`) whose phrase was sung.
        verify_url: Recording of the phrase, by the same person. Sung gives better voices than spoken. A URL or
            local media.
        voice_name: Name of the voice.
        description: What the voice is like.
        style: Style of the voice, such as `Pop, Female Vocal`.
        singer_skill_level: How well the person sings. Default: "beginner".
    """

    info = ModelInfo(
        slug="ai_music_api_create_voice",
        package="kie_models",
        lifecycle="jobs",
        result="voice",
        captured="2026-10-01",
        model="ai-music-api/create-voice",
    )

    task_id: TaskReference
    """The validation (an `AiMusicValidationPhrase`) whose phrase was sung."""
    verify_url: Media
    """Recording of the phrase, by the same person. Sung gives better voices than spoken. A URL or local media."""
    voice_name: str | None = None
    """Name of the voice."""
    description: str | None = None
    """What the voice is like."""
    style: str | None = None
    """Style of the voice, such as `Pop, Female Vocal`."""
    singer_skill_level: Literal["beginner", "intermediate", "advanced", "professional"] | None = "beginner"
    """How well the person sings. Default: "beginner"."""

    if TYPE_CHECKING:
        SingerSkillLevel = Literal["beginner", "intermediate", "advanced", "professional"]
