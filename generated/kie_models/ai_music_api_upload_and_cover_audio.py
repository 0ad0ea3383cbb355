"""ai-music-api/upload-and-cover-audio: the request class, compiled from openapi/models/ai-music-api/upload-and-cover-audio.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import MusicResult
else:
    MusicResult = later("kie._core.music", "MusicResult")


def _AiMusicUploadAndCoverAudio_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class AiMusicUploadAndCoverAudio(Request[MusicResult]):
    """Suno, for a cover of a recording of yours: its melody stays, the style is new. A task gives two tracks.

    Model `ai-music-api/upload-and-cover-audio` by Suno: music-cover.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/upload-and-cover-audio)).

    Args:
        upload_url: The recording. At most 480 seconds. A URL or local media.
        prompt: In simple mode the idea of the cover; Suno writes the lyrics. In custom mode the words that are
            sung. The field may be an empty text.
        custom_mode: Whether you give style, title and lyrics yourself (true) or only a prompt (false).
        instrumental: Whether the cover is without vocals.
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants
            are the newest.
        style: Genre, mood and instruments of the cover. Meant for custom mode.
        title: Title of the tracks. Meant for custom mode.
        image_urls: Images that inspire the cover. At most 5 items. URLs or local media.
        negative_tags: Styles and traits that the music is to avoid, separated by commas. Example `heavy metal,
            fast drums`.
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises
            nothing.
        style_weight: How closely the music keeps to `style`. 0 to 1.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1.
        audio_weight: How closely the music keeps to the given audio. 0 to 1.
        persona_id: Sing in the manner of a persona (`AiMusicGeneratePersona`) or with a voice of your own
            (`AiMusicCreateVoice`); `persona_model` says which.
        persona_model: What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice.
        duration: Length in whole seconds. The service takes `20` if absent. 10 to 360.

    Advice (a warning, never a refusal):
        `style` and `title` are usually needed when `custom_mode` is true.
        `prompt` is usually needed when `custom_mode` is false.
        `prompt` and `style` are longer than V4 took so far, 3000 characters for `prompt` and 200 for `style`.
    """

    info = ModelInfo(
        slug="ai_music_api_upload_and_cover_audio",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/upload-and-cover-audio",
    )

    upload_url: Media
    """The recording. At most 480 seconds. A URL or local media."""
    prompt: str
    """In simple mode the idea of the cover; Suno writes the lyrics. In custom mode the words that are sung. The field
    may be an empty text."""
    custom_mode: bool
    """Whether you give style, title and lyrics yourself (true) or only a prompt (false)."""
    instrumental: bool
    """Whether the cover is without vocals."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants are the newest."""
    style: str | None = None
    """Genre, mood and instruments of the cover. Meant for custom mode."""
    title: str | None = None
    """Title of the tracks. Meant for custom mode."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_AiMusicUploadAndCoverAudio_image_urls)
    """Images that inspire the cover. At most 5 items. URLs or local media."""
    negative_tags: str | None = None
    """Styles and traits that the music is to avoid, separated by commas. Example `heavy metal, fast drums`."""
    vocal_gender: Literal["m", "f"] | None = None
    """Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises nothing."""
    style_weight: float | None = None
    """How closely the music keeps to `style`. 0 to 1."""
    weirdness_constraint: float | None = None
    """How far the music may stray from the usual. 0 to 1."""
    audio_weight: float | None = None
    """How closely the music keeps to the given audio. 0 to 1."""
    persona_id: TaskReference | None = None
    """Sing in the manner of a persona (`AiMusicGeneratePersona`) or with a voice of your own (`AiMusicCreateVoice`);
    `persona_model` says which."""
    persona_model: Literal["style_persona", "voice_persona"] | None = None
    """What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice."""
    duration: int | None = None
    """Length in whole seconds. The service takes `20` if absent. 10 to 360."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
        VocalGender = Literal["m", "f"]
        PersonaModel = Literal["style_persona", "voice_persona"]
