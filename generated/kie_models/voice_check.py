"""voice/check: the request class, compiled from openapi/models/voice/check.yaml. Do not edit."""

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
class VoiceCheck(Request[VoiceResult]):
    """Asks whether a voice of your own can be used (`result.available`). The answer comes at once; nothing is started.

    Model `voice/check` by Suno: voice-clone.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/suno-voice-check-voice.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/check-voice` instead.

    Args:
        task_id: The task that made the voice (a `VoiceGenerate`).
    """

    info = ModelInfo(
        slug="voice_check",
        package="kie_models",
        lifecycle="voice-check",
        result="voice",
        captured="2026-08-19",
        id="voice/check",
        operation="checkVoice",
        status="superseded",
        successors=("ai-music-api/check-voice",),
    )

    task_id: TaskReference
    """The task that made the voice (a `VoiceGenerate`)."""
