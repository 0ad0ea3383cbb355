"""ai-music-api/separate-vocals: the request class, compiled from openapi/models/ai-music-api/separate-vocals.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import StemsResult
else:
    StemsResult = later("kie._core.music", "StemsResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicSeparateVocals(Request[StemsResult]):
    """Suno, for taking a track or a recording apart: voice and accompaniment, all instruments, or one instrument. The
    three kinds have different prices.

    Model `ai-music-api/separate-vocals` by Suno: stems.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/separate-vocals)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. Together with `audio_id`.
        audio_id: The track of that task, as one of `result.tracks` or its id.
        audio_url: A recording of yours instead of an earlier track. Up to 20 MB. A URL or local media.
        type: `separate_vocal` gives voice and accompaniment, `split_stem` a stem for each group of instruments
            (the dearest), `split_stem_advanced` the one stem that `stem_name` says. The service takes
            `separate_vocal` if absent.
        stem_name: The instrument or voice to take out with `split_stem_advanced`, such as `Drum Kit`.

    Rules:
        Either `task_id` and `audio_id`, or `audio_url` is needed.
        `stem_name` is needed when `type` is split_stem_advanced.
    """

    info = ModelInfo(
        slug="ai_music_api_separate_vocals",
        package="kie_models",
        lifecycle="jobs",
        result="stems",
        captured="2026-10-01",
        model="ai-music-api/separate-vocals",
    )

    task_id: TaskReference | None = None
    """The earlier music task, as its result, its handle or its id. Together with `audio_id`."""
    audio_id: TaskReference | None = None
    """The track of that task, as one of `result.tracks` or its id."""
    audio_url: Media | None = None
    """A recording of yours instead of an earlier track. Up to 20 MB. A URL or local media."""
    type: Literal["separate_vocal", "split_stem", "split_stem_advanced"] | None = None
    """`separate_vocal` gives voice and accompaniment, `split_stem` a stem for each group of instruments (the dearest),
    `split_stem_advanced` the one stem that `stem_name` says. The service takes `separate_vocal` if absent."""
    stem_name: str | None = None
    """The instrument or voice to take out with `split_stem_advanced`, such as `Drum Kit`."""

    if TYPE_CHECKING:
        Type = Literal["separate_vocal", "split_stem", "split_stem_advanced"]
