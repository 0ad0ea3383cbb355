"""ai-music-api/replace-section: the request class, compiled from openapi/models/ai-music-api/replace-section.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import MusicResult
else:
    MusicResult = later("kie._core.music", "MusicResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicReplaceSection(Request[MusicResult]):
    """Suno, for singing one section of a track again, with other words, while the rest stays. It takes a track of an
    earlier task, or a recording of yours.

    Model `ai-music-api/replace-section` by Suno: music-edit.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/replace-section)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. Together with `audio_id`.
        audio_id: The track of that task, as one of `result.tracks` or its id.
        upload_url: A recording of yours instead of an earlier track. Together with model. A URL or local media.
        model: Version of Suno for a recording of yours. An earlier track keeps its own.
        prompt: The new words of the section.
        tags: Style of the section, such as `Jazz, slow`.
        title: Title of the new track.
        negative_tags: Styles and traits that the music is to avoid, separated by commas. Example `heavy metal,
            fast drums`.
        infill_start_s: Where the section begins, in seconds. At least 0.
        infill_end_s: Where the section ends, in seconds. At least 0.
        full_lyrics: The lyrics of the whole track as they are to be afterwards, the unchanged parts included.

    Rules:
        Either `task_id` and `audio_id`, or `upload_url` and `model` are needed.
        `infill_end_s` must be at least 10 seconds after `infill_start_s`.

    Advice (a warning, never a refusal):
        `prompt`, `tags`, `title`, `infill_start_s`, `infill_end_s` and `full_lyrics` are usually needed.
    """

    info = ModelInfo(
        slug="ai_music_api_replace_section",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/replace-section",
    )

    task_id: TaskReference | None = None
    """The earlier music task, as its result, its handle or its id. Together with `audio_id`."""
    audio_id: TaskReference | None = None
    """The track of that task, as one of `result.tracks` or its id."""
    upload_url: Media | None = None
    """A recording of yours instead of an earlier track. Together with model. A URL or local media."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"] | None = None
    """Version of Suno for a recording of yours. An earlier track keeps its own."""
    prompt: str | None = None
    """The new words of the section."""
    tags: str | None = None
    """Style of the section, such as `Jazz, slow`."""
    title: str | None = None
    """Title of the new track."""
    negative_tags: str | None = None
    """Styles and traits that the music is to avoid, separated by commas. Example `heavy metal, fast drums`."""
    infill_start_s: float | None = None
    """Where the section begins, in seconds. At least 0."""
    infill_end_s: float | None = None
    """Where the section ends, in seconds. At least 0."""
    full_lyrics: str | None = None
    """The lyrics of the whole track as they are to be afterwards, the unchanged parts included."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
