"""suno/upload-cover: the request class, compiled from openapi/models/suno/upload-cover.yaml. Do not edit."""

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
class SunoUploadCover(Request[MusicResult]):
    """Suno, for a cover of a recording of yours: its melody stays, the style is new. A task gives two tracks.

    Model `suno/upload-cover` by Suno: music-cover.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/upload-and-cover-audio.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/upload-and-cover-audio` instead.

    Args:
        upload_url: The recording. A URL that cannot be fetched is accepted, and the task fails later. At most
            480 seconds. A URL or local media.
        custom_mode: Whether you give style, title and lyrics yourself (true) or only a prompt (false).
        instrumental: Whether the cover is without vocals. In custom mode no prompt is needed then.
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical; `V5_5` is the newest.
        prompt: In simple mode a short text with the idea of the cover; Suno writes the lyrics. In custom mode
            the lyrics themselves, sung word for word; `V4` takes shorter ones. Not needed in custom mode when
            `instrumental` is true. At most 5,000 characters.
        style: Genre, mood and instruments of the cover. Needed in custom mode, without effect in simple mode.
            `V4` takes a shorter one. At most 1,000 characters.
        title: Title of the tracks. Needed in custom mode, without effect in simple mode. `V4` and `V4_5ALL`
            take a shorter one. At most 100 characters.
        negative_tags: Styles and traits that the music is to avoid, separated by commas. Example `heavy metal,
            fast drums`.
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice, in custom mode only. It makes one more likely
            and promises nothing.
        style_weight: How closely the music keeps to `style`. 0 to 1, in multiples of 0.01.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1, in multiples of 0.01.
        audio_weight: How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01.
        persona_id: Sing in the manner of a persona (`SunoPersona`) or with a voice of your own
            (`VoiceGenerate`), in custom mode only; `persona_model` says which.
        persona_model: What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice.
            Documented for `V5` and `V5_5` only.
        duration: Length in whole seconds. It takes effect only in custom mode with `V5_5`, where the service
            takes `20` if absent. 10 to 360.

    Rules:
        `style` and `title` are needed when `custom_mode` is true.
        `prompt` is needed when `custom_mode` is true and `instrumental` is false: it is the lyrics.
        `prompt` is needed when `custom_mode` is false.
        `prompt` may have at most 500 characters when `custom_mode` is false.
        `prompt` may have at most 3000 characters with V4.
        `style` may have at most 200 characters with V4.
        `title` may have at most 80 characters with V4 and V4_5ALL.
    """

    info = ModelInfo(
        slug="suno_upload_cover",
        package="kie_models",
        lifecycle="suno",
        result="music",
        captured="2026-08-19",
        id="suno/upload-cover",
        operation="coverMusic",
        status="superseded",
        successors=("ai-music-api/upload-and-cover-audio",),
    )

    upload_url: Media = attrs.field(metadata={"wire": "uploadUrl"})
    """The recording. A URL that cannot be fetched is accepted, and the task fails later. At most 480 seconds. A URL or
    local media."""
    custom_mode: bool = attrs.field(metadata={"wire": "customMode"})
    """Whether you give style, title and lyrics yourself (true) or only a prompt (false)."""
    instrumental: bool
    """Whether the cover is without vocals. In custom mode no prompt is needed then."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical; `V5_5` is the newest."""
    prompt: str | None = None
    """In simple mode a short text with the idea of the cover; Suno writes the lyrics. In custom mode the lyrics
    themselves, sung word for word; `V4` takes shorter ones. Not needed in custom mode when `instrumental` is true.
    At most 5,000 characters."""
    style: str | None = None
    """Genre, mood and instruments of the cover. Needed in custom mode, without effect in simple mode. `V4` takes a
    shorter one. At most 1,000 characters."""
    title: str | None = None
    """Title of the tracks. Needed in custom mode, without effect in simple mode. `V4` and `V4_5ALL` take a shorter
    one. At most 100 characters."""
    negative_tags: str | None = attrs.field(default=None, metadata={"wire": "negativeTags"})
    """Styles and traits that the music is to avoid, separated by commas. Example `heavy metal, fast drums`."""
    vocal_gender: Literal["m", "f"] | None = attrs.field(default=None, metadata={"wire": "vocalGender"})
    """Prefer a male (`m`) or a female (`f`) voice, in custom mode only. It makes one more likely and promises nothing."""
    style_weight: float | None = attrs.field(default=None, metadata={"wire": "styleWeight"})
    """How closely the music keeps to `style`. 0 to 1, in multiples of 0.01."""
    weirdness_constraint: float | None = attrs.field(default=None, metadata={"wire": "weirdnessConstraint"})
    """How far the music may stray from the usual. 0 to 1, in multiples of 0.01."""
    audio_weight: float | None = attrs.field(default=None, metadata={"wire": "audioWeight"})
    """How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01."""
    persona_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "personaId"})
    """Sing in the manner of a persona (`SunoPersona`) or with a voice of your own (`VoiceGenerate`), in custom mode
    only; `persona_model` says which."""
    persona_model: Literal["style_persona", "voice_persona"] | None = attrs.field(
        default=None, metadata={"wire": "personaModel"}
    )
    """What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice. Documented for `V5` and
    `V5_5` only."""
    duration: int | None = None
    """Length in whole seconds. It takes effect only in custom mode with `V5_5`, where the service takes `20` if
    absent. 10 to 360."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
        VocalGender = Literal["m", "f"]
        PersonaModel = Literal["style_persona", "voice_persona"]
