"""ai-music-api/generate: the request class, compiled from openapi/models/ai-music-api/generate.yaml. Do not edit."""

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


def _AiMusicGenerate_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _AiMusicGenerate_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _AiMusicGenerate_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class AiMusicGenerate(Request[MusicResult]):
    """Suno, for songs and instrumental music. A task gives two tracks. In simple mode a prompt is enough; in custom
    mode you give style, title and lyrics yourself.

    Model `ai-music-api/generate` by Suno: text-to-music.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/generate)).

    Args:
        custom_mode: Whether you give style, title and lyrics yourself (true) or only a prompt (false).
        instrumental: Whether the music is without vocals. In custom mode no prompt is needed then.
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants
            are the newest.
        prompt: In simple mode the idea of the song; Suno writes the lyrics. In custom mode the words that are
            sung; marks such as `[Verse]` and `[Chorus]` shape the song. `V4` takes a shorter text than later
            versions.
        lyrics: Lyrics of the song, apart from the prompt. Nothing more is known of the field.
        style: Genre, mood and instruments, such as `Jazz, late night, double bass`. Meant for custom mode.
        title: Title of the tracks. Meant for custom mode. At most 80 characters.
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
        duration: Length in seconds. The service takes `20` if absent. 10 to 360.
        variety: How varied the music is. The service takes `1` if absent. 0 to 4.
        image_urls: Images that inspire the music. At most 5 items. URLs or local media.
        audio_urls: Recordings that inspire the music. URLs or local media.
        video_urls: A video that inspires the music. At most 1 item. URLs or local media.

    Advice (a warning, never a refusal):
        `style` and `title` are usually needed when `custom_mode` is true.
        When `custom_mode` is true and `instrumental` is false, `prompt` or `lyrics` is usually needed.
        `prompt` is usually needed when `custom_mode` is false.
        `prompt` and `style` are longer than V4 took so far, 3000 characters for `prompt` and 200 for `style`.
    """

    info = ModelInfo(
        slug="ai_music_api_generate",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/generate",
    )

    custom_mode: bool
    """Whether you give style, title and lyrics yourself (true) or only a prompt (false)."""
    instrumental: bool
    """Whether the music is without vocals. In custom mode no prompt is needed then."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants are the newest."""
    prompt: str | None = None
    """In simple mode the idea of the song; Suno writes the lyrics. In custom mode the words that are sung; marks such
    as `[Verse]` and `[Chorus]` shape the song. `V4` takes a shorter text than later versions."""
    lyrics: str | None = None
    """Lyrics of the song, apart from the prompt. Nothing more is known of the field."""
    style: str | None = None
    """Genre, mood and instruments, such as `Jazz, late night, double bass`. Meant for custom mode."""
    title: str | None = None
    """Title of the tracks. Meant for custom mode. At most 80 characters."""
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
    duration: float | None = None
    """Length in seconds. The service takes `20` if absent. 10 to 360."""
    variety: float | None = None
    """How varied the music is. The service takes `1` if absent. 0 to 4."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_AiMusicGenerate_image_urls)
    """Images that inspire the music. At most 5 items. URLs or local media."""
    audio_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_AiMusicGenerate_audio_urls)
    """Recordings that inspire the music. URLs or local media."""
    video_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_AiMusicGenerate_video_urls)
    """A video that inspires the music. At most 1 item. URLs or local media."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
        VocalGender = Literal["m", "f"]
        PersonaModel = Literal["style_persona", "voice_persona"]
