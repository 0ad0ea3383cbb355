"""voice/regenerate: the request class, compiled from openapi/models/voice/regenerate.yaml. Do not edit."""

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
class VoiceRegenerate(Request[VoiceResult]):
    """Another phrase for a validation, where the first does not suit. It was refused (code 422) each time it was seen,
    for a phrase that was ready as well as for a failed one: a new `VoiceValidate` is the safer way.

    Model `voice/regenerate` by Suno: voice-clone.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/suno-voice-regenerate.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/regenerate-phrase` instead.

    Args:
        task_id: The validation whose phrase does not suit.
    """

    info = ModelInfo(
        slug="voice_regenerate",
        package="kie_models",
        lifecycle="voice-validate",
        result="voice",
        captured="2026-08-19",
        id="voice/regenerate",
        operation="regenerateVoice",
        status="superseded",
        successors=("ai-music-api/regenerate-phrase",),
        typical_seconds=(20, None, 1),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The validation whose phrase does not suit."""
