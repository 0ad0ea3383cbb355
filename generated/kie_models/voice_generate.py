"""voice/generate: the request class, compiled from openapi/models/voice/generate.yaml. Do not edit."""

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
class VoiceGenerate(Request[VoiceResult]):
    """The second step to a voice of your own for Suno: send the sung phrase of a `VoiceValidate`, get a voice (about a
    minute). The result goes into `persona_id` of `SunoGenerate`, with `persona_model="voice_persona"`. A voice that
    does not match the first recording fails.

    Model `voice/generate` by Suno: voice-clone.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/suno-voice-generate.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/create-voice` instead.

    Args:
        task_id: The validation (a `VoiceValidate`) whose phrase was sung.
        verify_url: Recording of the phrase, by the same person. Sung gives better voices than spoken. A URL or
            local media.
        voice_name: Name of the voice.
        description: What the voice is like.
        style: Style of the voice, such as `Pop, Female Vocal`.
        singer_skill_level: How well the person sings. Default: "beginner".
    """

    info = ModelInfo(
        slug="voice_generate",
        package="kie_models",
        lifecycle="voice-generate",
        result="voice",
        captured="2026-08-19",
        id="voice/generate",
        operation="generateVoice",
        status="superseded",
        successors=("ai-music-api/create-voice",),
        typical_seconds=(60, None, 1),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The validation (a `VoiceValidate`) whose phrase was sung."""
    verify_url: Media = attrs.field(metadata={"wire": "verifyUrl"})
    """Recording of the phrase, by the same person. Sung gives better voices than spoken. A URL or local media."""
    voice_name: str | None = attrs.field(default=None, metadata={"wire": "voiceName"})
    """Name of the voice."""
    description: str | None = None
    """What the voice is like."""
    style: str | None = None
    """Style of the voice, such as `Pop, Female Vocal`."""
    singer_skill_level: Literal["beginner", "intermediate", "advanced", "professional"] | None = attrs.field(
        default="beginner", metadata={"wire": "singerSkillLevel"}
    )
    """How well the person sings. Default: "beginner"."""

    if TYPE_CHECKING:
        SingerSkillLevel = Literal["beginner", "intermediate", "advanced", "professional"]
