"""ai-music-api/mashup: the request class, compiled from openapi/models/ai-music-api/mashup.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.music import MusicResult
else:
    MusicResult = later("kie._core.music", "MusicResult")


def _AiMusicMashup_upload_url_list(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class AiMusicMashup(Request[MusicResult]):
    """Suno, for mixing recordings into one piece of music. A task gives two tracks.

    Model `ai-music-api/mashup` by Suno: mashup.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/mashup)).

    Args:
        upload_url_list: The recordings to combine. Exactly 2 items. URLs or local media.
        style: Genre, mood and instruments. Without effect in simple mode, where it may be an empty text.
        title: Title of the tracks. Without effect in simple mode, where it may be an empty text.
        custom_mode: Whether you give style, title and lyrics yourself (true) or only a prompt (false).
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants
            are the newest.
        prompt: In simple mode the idea of the music; in custom mode the words that are sung.
        instrumental: Whether the music is without vocals.
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises
            nothing.
        style_weight: How closely the music keeps to `style`. 0 to 1.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1.
        audio_weight: How closely the music keeps to the given audio. 0 to 1.
        duration: Length in whole seconds. The service takes `20` if absent. 10 to 360.

    Advice (a warning, never a refusal):
        `style` and `title` are usually needed when `custom_mode` is true.
        `prompt` is usually needed when `custom_mode` is false.
        `prompt` and `style` are longer than V4 took so far, 3000 characters for `prompt` and 200 for `style`.
    """

    info = ModelInfo(
        slug="ai_music_api_mashup",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/mashup",
    )

    upload_url_list: tuple[Media, ...] = attrs.field(converter=_AiMusicMashup_upload_url_list)
    """The recordings to combine. Exactly 2 items. URLs or local media."""
    style: str
    """Genre, mood and instruments. Without effect in simple mode, where it may be an empty text."""
    title: str
    """Title of the tracks. Without effect in simple mode, where it may be an empty text."""
    custom_mode: bool
    """Whether you give style, title and lyrics yourself (true) or only a prompt (false)."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical, `V5_5` newer; `V6` and its variants are the newest."""
    prompt: str | None = None
    """In simple mode the idea of the music; in custom mode the words that are sung."""
    instrumental: bool | None = None
    """Whether the music is without vocals."""
    vocal_gender: Literal["m", "f"] | None = None
    """Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises nothing."""
    style_weight: float | None = None
    """How closely the music keeps to `style`. 0 to 1."""
    weirdness_constraint: float | None = None
    """How far the music may stray from the usual. 0 to 1."""
    audio_weight: float | None = None
    """How closely the music keeps to the given audio. 0 to 1."""
    duration: int | None = None
    """Length in whole seconds. The service takes `20` if absent. 10 to 360."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
        VocalGender = Literal["m", "f"]
