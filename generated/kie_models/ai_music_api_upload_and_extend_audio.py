"""ai-music-api/upload-and-extend-audio: the request class, compiled from openapi/models/ai-music-api/upload-and-extend-audio.yaml. Do not edit."""

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
class AiMusicUploadAndExtendAudio(Request[MusicResult]):
    """Suno, for continuing a recording of yours from a point in time on.

    Model `ai-music-api/upload-and-extend-audio` by Suno: music-extend.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/upload-and-extend-audio)).

    Args:
        upload_url: The recording. At most 480 seconds. A URL or local media.
        default_param_flag: Whether you give the texts yourself (true) or Suno finds them (false).
        continue_at: Where in the recording the extension begins, in seconds, before its end.
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants
            are the newest.
        instrumental: Whether the extension is without vocals. Default: false.
        prompt: How the music goes on; with texts of your own and vocals, the words that are sung.
        style: Genre, mood and instruments.
        title: Title of the new track.
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

    Advice (a warning, never a refusal):
        `style` and `title` are usually needed when `default_param_flag` is true.
        `prompt` and `style` are longer than V4 took so far, 3000 characters for `prompt` and 200 for `style`.
    """

    info = ModelInfo(
        slug="ai_music_api_upload_and_extend_audio",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/upload-and-extend-audio",
    )

    upload_url: Media
    """The recording. At most 480 seconds. A URL or local media."""
    default_param_flag: bool
    """Whether you give the texts yourself (true) or Suno finds them (false)."""
    continue_at: float
    """Where in the recording the extension begins, in seconds, before its end."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants are the newest."""
    instrumental: bool | None = False
    """Whether the extension is without vocals. Default: false."""
    prompt: str | None = None
    """How the music goes on; with texts of your own and vocals, the words that are sung."""
    style: str | None = None
    """Genre, mood and instruments."""
    title: str | None = None
    """Title of the new track."""
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

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
        VocalGender = Literal["m", "f"]
        PersonaModel = Literal["style_persona", "voice_persona"]
