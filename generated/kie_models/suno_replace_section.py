"""suno/replace-section: the request class, compiled from openapi/models/suno/replace-section.yaml. Do not edit."""

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
class SunoReplaceSection(Request[MusicResult]):
    """Suno, for singing one section of a track again, with other words, while the rest stays. It takes a track of an
    earlier task, or a recording of yours.

    Model `suno/replace-section` by Suno: music-edit.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/replace-section.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/replace-section` instead.

    Args:
        prompt: The new words of the section.
        tags: Style of the section, such as `Jazz, slow`.
        title: Title of the new track.
        infill_start_s: Where the section begins, in seconds. At least 0, in multiples of 0.01.
        infill_end_s: Where the section ends, in seconds. At least 0, in multiples of 0.01.
        full_lyrics: The lyrics of the whole track as they are to be afterwards, the unchanged parts included.
            May not be empty.
        task_id: The earlier music task, as its result, its handle or its id. Together with `audio_id`; leave
            `upload_url` and model out.
        audio_id: The track of that task, as one of `result.tracks` or its id.
        upload_url: A recording of yours instead of an earlier track. Together with model; leave `task_id` and
            `audio_id` out. A URL or local media.
        model: Version of Suno for a recording of yours: `V4` (songs of up to 4 minutes), `V4_5`, `V4_5PLUS`,
            `V4_5ALL` (up to 8), `V5` or `V5_5`. An earlier track keeps its own.
        negative_tags: Styles and traits that the music is to avoid, separated by commas. Example `heavy metal,
            fast drums`.

    Rules:
        Either `task_id` and `audio_id`, or `upload_url` and `model` are needed, and nothing of the other pair.
        `infill_end_s` must be at least 10 seconds after `infill_start_s`.
    """

    info = ModelInfo(
        slug="suno_replace_section",
        package="kie_models",
        lifecycle="suno",
        result="music",
        captured="2026-08-19",
        id="suno/replace-section",
        operation="replaceSection",
        status="superseded",
        successors=("ai-music-api/replace-section",),
    )

    prompt: str
    """The new words of the section."""
    tags: str
    """Style of the section, such as `Jazz, slow`."""
    title: str
    """Title of the new track."""
    infill_start_s: float = attrs.field(metadata={"wire": "infillStartS"})
    """Where the section begins, in seconds. At least 0, in multiples of 0.01."""
    infill_end_s: float = attrs.field(metadata={"wire": "infillEndS"})
    """Where the section ends, in seconds. At least 0, in multiples of 0.01."""
    full_lyrics: str = attrs.field(metadata={"wire": "fullLyrics"})
    """The lyrics of the whole track as they are to be afterwards, the unchanged parts included. May not be empty."""
    task_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "taskId"})
    """The earlier music task, as its result, its handle or its id. Together with `audio_id`; leave `upload_url` and
    model out."""
    audio_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "audioId"})
    """The track of that task, as one of `result.tracks` or its id."""
    upload_url: Media | None = attrs.field(default=None, metadata={"wire": "uploadUrl"})
    """A recording of yours instead of an earlier track. Together with model; leave `task_id` and `audio_id` out. A URL
    or local media."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"] | None = None
    """Version of Suno for a recording of yours: `V4` (songs of up to 4 minutes), `V4_5`, `V4_5PLUS`, `V4_5ALL` (up to
    8), `V5` or `V5_5`. An earlier track keeps its own."""
    negative_tags: str | None = attrs.field(default=None, metadata={"wire": "negativeTags"})
    """Styles and traits that the music is to avoid, separated by commas. Example `heavy metal, fast drums`."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
