"""suno/upload-extend: the request class, compiled from openapi/models/suno/upload-extend.yaml. Do not edit."""

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
class SunoUploadExtend(Request[MusicResult]):
    """Suno, for continuing a recording of yours from a point in time on.

    Model `suno/upload-extend` by Suno: music-extend.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/upload-and-extend-audio.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/upload-and-extend-audio` instead.

    Args:
        upload_url: The recording. A URL that cannot be fetched is accepted, and the task fails later. At most
            480 seconds. A URL or local media.
        default_param_flag: Whether you give the texts yourself (true: `continue_at`, style and title are
            needed) or Suno finds them (false: only `upload_url` and model count).
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical; `V5_5` is the newest.
        instrumental: Whether the extension is without vocals. Default: false.
        prompt: How the music goes on; with texts of your own and vocals, the words that are sung. `V4` takes a
            shorter text. At most 5,000 characters.
        style: Genre, mood and instruments. Needed when `default_param_flag` is true. `V4` takes a shorter one.
            At most 1,000 characters.
        title: Title of the new track. Needed when `default_param_flag` is true. `V4` and `V4_5ALL` take a
            shorter one. At most 100 characters.
        continue_at: Where in the recording the extension begins, in seconds, before its end. Needed when
            `default_param_flag` is true. More than 0.
        negative_tags: Styles and traits that the music is to avoid, separated by commas. Example `heavy metal,
            fast drums`.
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises
            nothing.
        style_weight: How closely the music keeps to `style`. 0 to 1, in multiples of 0.01.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1, in multiples of 0.01.
        audio_weight: How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01.
        persona_id: Sing in the manner of a persona (`SunoPersona`) or with a voice of your own
            (`VoiceGenerate`); `persona_model` says which.
        persona_model: What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice.
            Documented for `V5` and `V5_5` only.

    Rules:
        `continue_at` is needed when `default_param_flag` is true.
        `prompt` may have at most 3000 characters with V4.
        `style` may have at most 200 characters with V4.
        `title` may have at most 80 characters with V4 and V4_5ALL.

    Advice (a warning, never a refusal):
        Says what to make of the recording when `default_param_flag` is true.
    """

    info = ModelInfo(
        slug="suno_upload_extend",
        package="kie_models",
        lifecycle="suno",
        result="music",
        captured="2026-08-19",
        id="suno/upload-extend",
        operation="extendUploadedMusic",
        status="superseded",
        successors=("ai-music-api/upload-and-extend-audio",),
    )

    upload_url: Media = attrs.field(metadata={"wire": "uploadUrl"})
    """The recording. A URL that cannot be fetched is accepted, and the task fails later. At most 480 seconds. A URL or
    local media."""
    default_param_flag: bool = attrs.field(metadata={"wire": "defaultParamFlag"})
    """Whether you give the texts yourself (true: `continue_at`, style and title are needed) or Suno finds them (false:
    only `upload_url` and model count)."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical; `V5_5` is the newest."""
    instrumental: bool | None = False
    """Whether the extension is without vocals. Default: false."""
    prompt: str | None = None
    """How the music goes on; with texts of your own and vocals, the words that are sung. `V4` takes a shorter text. At
    most 5,000 characters."""
    style: str | None = None
    """Genre, mood and instruments. Needed when `default_param_flag` is true. `V4` takes a shorter one. At most 1,000
    characters."""
    title: str | None = None
    """Title of the new track. Needed when `default_param_flag` is true. `V4` and `V4_5ALL` take a shorter one. At most
    100 characters."""
    continue_at: float | None = attrs.field(default=None, metadata={"wire": "continueAt"})
    """Where in the recording the extension begins, in seconds, before its end. Needed when `default_param_flag` is
    true. More than 0."""
    negative_tags: str | None = attrs.field(default=None, metadata={"wire": "negativeTags"})
    """Styles and traits that the music is to avoid, separated by commas. Example `heavy metal, fast drums`."""
    vocal_gender: Literal["m", "f"] | None = attrs.field(default=None, metadata={"wire": "vocalGender"})
    """Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises nothing."""
    style_weight: float | None = attrs.field(default=None, metadata={"wire": "styleWeight"})
    """How closely the music keeps to `style`. 0 to 1, in multiples of 0.01."""
    weirdness_constraint: float | None = attrs.field(default=None, metadata={"wire": "weirdnessConstraint"})
    """How far the music may stray from the usual. 0 to 1, in multiples of 0.01."""
    audio_weight: float | None = attrs.field(default=None, metadata={"wire": "audioWeight"})
    """How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01."""
    persona_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "personaId"})
    """Sing in the manner of a persona (`SunoPersona`) or with a voice of your own (`VoiceGenerate`); `persona_model`
    says which."""
    persona_model: Literal["style_persona", "voice_persona"] | None = attrs.field(
        default=None, metadata={"wire": "personaModel"}
    )
    """What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice. Documented for `V5` and
    `V5_5` only."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
        VocalGender = Literal["m", "f"]
        PersonaModel = Literal["style_persona", "voice_persona"]
