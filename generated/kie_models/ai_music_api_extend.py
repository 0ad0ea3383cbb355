"""ai-music-api/extend: the request class, compiled from openapi/models/ai-music-api/extend.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

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
class AiMusicExtend(Request[MusicResult]):
    """Suno, for continuing a track that it made earlier: from a point in time on, with texts of your own or with those
    of the track.

    Model `ai-music-api/extend` by Suno: music-extend.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/extend)).

    Args:
        default_param_flag: Whether you give the texts yourself (true) or the extension takes them from the
            track (false: only `audio_id` and model count).
        audio_id: The track to continue, as one of `result.tracks` or its id.
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants
            are the newest.
        prompt: How the music goes on, as the words to be sung or what is to happen.
        style: Genre, mood and instruments; best close to those of the track.
        title: Title of the new track.
        continue_at: Where in the track the extension begins, in seconds, before its end.
        instrumental: Whether the extension is without vocals. Default: false.
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
        `continue_at`, `style` and `title` are usually needed when `default_param_flag` is true.
        `prompt` and `style` are longer than V4 took so far, 3000 characters for `prompt` and 200 for `style`.
    """

    info = ModelInfo(
        slug="ai_music_api_extend",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/extend",
    )

    default_param_flag: bool
    """Whether you give the texts yourself (true) or the extension takes them from the track (false: only `audio_id`
    and model count)."""
    audio_id: TaskReference
    """The track to continue, as one of `result.tracks` or its id."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants are the newest."""
    prompt: str | None = None
    """How the music goes on, as the words to be sung or what is to happen."""
    style: str | None = None
    """Genre, mood and instruments; best close to those of the track."""
    title: str | None = None
    """Title of the new track."""
    continue_at: float | None = None
    """Where in the track the extension begins, in seconds, before its end."""
    instrumental: bool | None = False
    """Whether the extension is without vocals. Default: false."""
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
