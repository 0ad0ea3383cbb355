"""suno/mashup: the request class, compiled from openapi/models/suno/mashup.yaml. Do not edit."""

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


def _SunoMashup_upload_url_list(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class SunoMashup(Request[MusicResult]):
    """Suno, for mixing recordings into one piece of music. A task gives two tracks.

    Model `suno/mashup` by Suno: mashup.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/generate-mashup.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/mashup` instead.

    Args:
        upload_url_list: The recordings to combine. A URL that cannot be fetched is accepted, and the task fails
            later. Exactly 2 items. URLs or local media.
        custom_mode: Whether you give style, title and lyrics yourself (true) or only a prompt (false). In
            simple mode the service ignores the other fields.
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical; `V5_5` is the newest.
        prompt: In simple mode a short text with the idea of the music; Suno writes the lyrics. In custom mode
            the lyrics themselves, sung word for word, and needed unless `instrumental` is true; `V4` takes shorter
            ones. At most 5,000 characters.
        style: Genre, mood and instruments. Needed in custom mode, without effect in simple mode. `V4` takes a
            shorter one. At most 1,000 characters.
        title: Title of the tracks. Needed in custom mode, without effect in simple mode. At most 80 characters.
        instrumental: Whether the music is without vocals. In custom mode no prompt is needed then.
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice, in custom mode only. It makes one more likely
            and promises nothing.
        style_weight: How closely the music keeps to `style`. 0 to 1, in multiples of 0.01.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1, in multiples of 0.01.
        audio_weight: How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01.
        duration: Length in whole seconds. It takes effect only in custom mode with `V5_5`, where the service
            takes `20` if absent. 10 to 360.

    Rules:
        `style` and `title` are needed when `custom_mode` is true.
        `prompt` is needed when `custom_mode` is true, unless `instrumental` is true: it is the lyrics.
        `prompt` may have at most 500 characters when `custom_mode` is false.
        `prompt` may have at most 3000 characters with V4.
        `style` may have at most 200 characters with V4.

    Advice (a warning, never a refusal):
        Says what the music is to be when `custom_mode` is false.
    """

    info = ModelInfo(
        slug="suno_mashup",
        package="kie_models",
        lifecycle="suno",
        result="music",
        captured="2026-08-19",
        id="suno/mashup",
        operation="mashUpMusic",
        status="superseded",
        successors=("ai-music-api/mashup",),
    )

    upload_url_list: tuple[Media, ...] = attrs.field(
        converter=_SunoMashup_upload_url_list, metadata={"wire": "uploadUrlList"}
    )
    """The recordings to combine. A URL that cannot be fetched is accepted, and the task fails later. Exactly 2 items.
    URLs or local media."""
    custom_mode: bool = attrs.field(metadata={"wire": "customMode"})
    """Whether you give style, title and lyrics yourself (true) or only a prompt (false). In simple mode the service
    ignores the other fields."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical; `V5_5` is the newest."""
    prompt: str | None = None
    """In simple mode a short text with the idea of the music; Suno writes the lyrics. In custom mode the lyrics
    themselves, sung word for word, and needed unless `instrumental` is true; `V4` takes shorter ones. At most 5,000
    characters."""
    style: str | None = None
    """Genre, mood and instruments. Needed in custom mode, without effect in simple mode. `V4` takes a shorter one. At
    most 1,000 characters."""
    title: str | None = None
    """Title of the tracks. Needed in custom mode, without effect in simple mode. At most 80 characters."""
    instrumental: bool | None = None
    """Whether the music is without vocals. In custom mode no prompt is needed then."""
    vocal_gender: Literal["m", "f"] | None = attrs.field(default=None, metadata={"wire": "vocalGender"})
    """Prefer a male (`m`) or a female (`f`) voice, in custom mode only. It makes one more likely and promises nothing."""
    style_weight: float | None = attrs.field(default=None, metadata={"wire": "styleWeight"})
    """How closely the music keeps to `style`. 0 to 1, in multiples of 0.01."""
    weirdness_constraint: float | None = attrs.field(default=None, metadata={"wire": "weirdnessConstraint"})
    """How far the music may stray from the usual. 0 to 1, in multiples of 0.01."""
    audio_weight: float | None = attrs.field(default=None, metadata={"wire": "audioWeight"})
    """How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01."""
    duration: int | None = None
    """Length in whole seconds. It takes effect only in custom mode with `V5_5`, where the service takes `20` if
    absent. 10 to 360."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
        VocalGender = Literal["m", "f"]
