"""The families that moved to the Market: each model gives the result of its kind, and results can be passed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kie import catalog, simulated
from kie._core.result_types import WITH_FILES, result_type
from kie._core.results import Result
from kie.models import (
    AiMusicCheckVoice,
    AiMusicConvertToWavFormat,
    AiMusicCoverGenerate,
    AiMusicCreateVoice,
    AiMusicExtend,
    AiMusicGenerate,
    AiMusicGenerateLyrics,
    AiMusicGenerateMidiFromAudio,
    AiMusicGeneratePersona,
    AiMusicSeparateVocals,
    AiMusicTimeStampedLyrics,
    AiMusicValidationPhrase,
    RunwayExtendAiVideo,
    SunoGenerate,
    Veo31,
    Veo31Extend,
    VeoGenerate,
    VeoGet1080pVideo,
    VeoGet4kVideo,
)
from kie.testing import virtual_kie

MOVED = sorted({id for model in catalog.models(status="superseded") for id in model.successors})
ALL = [*MOVED, "ai-music-api/suno-recovery-audio"]
RECORDING = "https://example.com/voice.mp3"


def made(model: str) -> Result:
    """The result of the model's first example, whose earlier tasks are there."""
    client, service, _ = virtual_kie()
    entry = catalog.get(model)
    fields: dict[str, Any] = dict(entry.request_class.examples[0]) if hasattr(entry.request_class, "examples") else {}
    raise NotImplementedError(client, service, fields)
