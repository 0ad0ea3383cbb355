"""ai-music-api/suno-recovery-audio: the request class, compiled from openapi/models/ai-music-api/suno-recovery-audio.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import MusicResult
else:
    MusicResult = later("kie._core.music", "MusicResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicSunoRecoveryAudio(Request[MusicResult]):
    """New links to the audio of an earlier music task, whose own links work no more. It has no form outside the
    Market.

    Model `ai-music-api/suno-recovery-audio` by Suno: music-recovery.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/suno-recovery-audio)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id.
    """

    info = ModelInfo(
        slug="ai_music_api_suno_recovery_audio",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/suno-recovery-audio",
    )

    task_id: TaskReference
    """The earlier music task, as its result, its handle or its id."""
